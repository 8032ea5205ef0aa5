import type { Disposable } from '../../kernel/disposable.ts';
import { Scope } from '../../kernel/disposable.ts';
import type { Aggregate } from '../../kube/columns/aggregate.ts';
import { meta } from '../../kube/columns/schema.ts';
import type { Table } from '../../kube/columns/table.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { Capacity, Cluster, ToneCounts } from './contract.ts';

/** Figures of each cluster that the tables keep up to date by themselves. */
export interface Totals extends Disposable {
  nodes(cluster: number): NonNullable<Cluster['nodes']>;
  pods(cluster: number): ToneCounts;
  capacity(cluster: number): Capacity;
}

const nodeColumns = ['cpu', 'memory', 'pods'] as const;
const podColumns = ['cpurequest', 'memoryrequest'] as const;

/** @param changed called when a figure of some cluster may have changed. */
export function createTotals(tables: Tables, changed: () => void): Totals {
  const scope = new Scope();
  let ready: Aggregate | undefined;
  let offered: Aggregate | undefined;
  let requested: Aggregate | undefined;

  const follow = (table: Table) => {
    if (table.schema.id === 'nodes') {
      // `Ready`, or `Ready,SchedulingDisabled`; not `NotReady`.
      const isReady = (nodes: Table, row: number) => /^Ready(,|$)/.test(nodes.text(row, meta.status));
      ready = scope.add(table.aggregate({ sums: [], where: isReady }));
      offered = scope.add(table.aggregate({ sums: nodeColumns }));
    } else if (table.schema.id === 'pods') {
      requested = scope.add(table.aggregate({ sums: podColumns, where: takesRoom }));
    } else return;
    scope.add(table.onChange(changed));
  };
  for (const table of tables.all()) follow(table);
  scope.add(tables.onTable(follow));

  return {
    nodes: (cluster) => ({ total: tables.get('nodes')?.countOf(cluster) ?? 0, ready: ready?.of(cluster).rows ?? 0 }),
    pods(cluster) {
      const [healthy = 0, progressing = 0, warning = 0, failed = 0, unknown = 0, stopped = 0] =
        tables.get('pods')?.tonesOf(cluster) ?? [];
      return { healthy, progressing, warning, failed, unknown, stopped };
    },
    capacity(cluster) {
      const [cpu = 0, memory = 0, podsAllocatable = 0] = offered?.of(cluster).sums ?? [];
      const [cpuRequest = 0, memoryRequest = 0] = requested?.of(cluster).sums ?? [];
      return {
        cpuAllocatableMillicores: cpu,
        cpuRequestedMillicores: cpuRequest,
        memoryAllocatableBytes: memory,
        memoryRequestedBytes: memoryRequest,
        podsAllocatable,
      };
    },
    dispose: () => scope.dispose(),
  };
}

/** As the scheduler counts: on a node, and not ended. */
function takesRoom(pods: Table, row: number): boolean {
  const node = pods.column('node');
  const phase = pods.column('phase');
  if (node < 0 || pods.text(row, node) === '') return false;
  const value = phase < 0 ? '' : pods.text(row, phase);
  return value !== 'Succeeded' && value !== 'Failed';
}
