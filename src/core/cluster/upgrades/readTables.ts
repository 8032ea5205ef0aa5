import { decodeLabels, meta } from '../../kube/columns/schema.ts';
import type { NumberStore } from '../../kube/columns/stores.ts';
import type { Table } from '../../kube/columns/table.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { NodeGroup } from './contract.ts';
import type { ImageUse } from './evidence.ts';
import type { Hazards } from './hazards.ts';
import type { PackedNode, PackedPod } from './packing.ts';
import { compareVersions } from './versions.ts';

const mostNames = 50;
const mostObjects = 20;

/** Where rows are read: the number that tables know a cluster by. */
export interface ClusterRows {
  tables: Tables;
  cluster: string;
  index: number;
}

/** Nodes that are alike, the newest kubelet first; undefined while nodes are not listed. */
export function nodeGroups({ tables, index }: Pick<ClusterRows, 'tables' | 'index'>): NodeGroup[] | undefined {
  const table = tables.get('nodes');
  if (table === undefined) return undefined;
  const groups = new Map<string, NodeGroup>();
  const columns = ['version', 'runtime', 'os', 'kernel', 'arch'].map((id) => table.column(id));
  for (const row of table.rowsOf(index)) {
    const [kubelet = '', runtime = '', os = '', kernel = '', arch = ''] = columns.map((at) => table.text(row, at));
    const key = [kubelet, runtime, os, kernel, arch].join('\n');
    let group = groups.get(key);
    if (group === undefined) {
      group = { kubelet, runtime, os, kernel, arch, cgroup: null, count: 0, names: [] };
      groups.set(key, group);
    }
    group.count++;
    if (group.names.length < mostNames) group.names.push(table.text(row, meta.name));
  }
  return [...groups.values()].sort((a, b) => compareVersions(b.kubelet, a.kubelet) || b.count - a.count);
}

/** Images of the pods that run, each with some of the pods. */
export function imagesOf({ tables, cluster, index }: ClusterRows): ImageUse[] {
  const table = tables.get('pods');
  if (table === undefined) return [];
  const found = new Map<string, ImageUse>();
  const column = table.column('images');
  for (const row of table.rowsOf(index)) {
    if (hasEnded(table, row)) continue;
    for (const image of table.text(row, column).split(/,\s*/)) {
      if (image === '') continue;
      let use = found.get(image);
      if (use === undefined) {
        use = { image, count: 0, objects: [], labels: decodeLabels(table.text(row, meta.labels)) };
        found.set(image, use);
      }
      use.count++;
      if (use.objects.length >= mostObjects) continue;
      use.objects.push({
        cluster,
        kind: 'pods',
        namespace: table.text(row, meta.namespace),
        name: table.text(row, meta.name),
      });
    }
  }
  return [...found.values()];
}

/** Adds pods that nobody would bring back. Returns how many pods there are. */
export function findBarePods({ tables, cluster, index }: ClusterRows, hazards: Hazards): number {
  const table = tables.get('pods');
  if (table === undefined) return 0;
  const rows = table.rowsOf(index);
  for (const row of rows) {
    if (table.text(row, meta.owner) !== '' || hasEnded(table, row)) continue;
    const object = {
      cluster,
      kind: 'pods',
      namespace: table.text(row, meta.namespace),
      name: table.text(row, meta.name),
    };
    hazards.add('bare', { object, text: `On ${table.text(row, table.column('node')) || 'no node yet'}` });
  }
  return rows.length;
}

/** What the packing wants to know of nodes and pods. */
export function packed({ tables, index }: ClusterRows): { nodes: PackedNode[]; pods: PackedPod[] } {
  const nodes: PackedNode[] = [];
  const pods: PackedPod[] = [];
  const nodeTable = tables.get('nodes');
  const podTable = tables.get('pods');
  if (nodeTable !== undefined) {
    for (const row of nodeTable.rowsOf(index)) {
      const taints = nodeTable
        .text(row, nodeTable.column('tainted'))
        .split('\n')
        .filter((taint) => /:(NoSchedule|NoExecute)$/.test(taint) && !taint.startsWith('node.kubernetes.io/'));
      nodes.push({
        name: nodeTable.text(row, meta.name),
        cordoned: number(nodeTable, row, 'unschedulable') === 1,
        pool: [nodeTable.text(row, nodeTable.column('arch')), ...taints.sort()].join('\n'),
        allocatable: {
          cpu: number(nodeTable, row, 'cpu'),
          memory: number(nodeTable, row, 'memory'),
          pods: number(nodeTable, row, 'pods'),
        },
      });
    }
  }
  if (podTable !== undefined) {
    for (const row of podTable.rowsOf(index)) {
      const node = podTable.text(row, podTable.column('node'));
      if (node === '' || hasEnded(podTable, row)) continue;
      pods.push({
        node,
        cpu: number(podTable, row, 'cpurequest'),
        memory: number(podTable, row, 'memoryrequest'),
        stays: /^(DaemonSet|Node)\//.test(podTable.text(row, meta.owner)),
      });
    }
  }
  return { nodes, pods };
}

function hasEnded(table: Table, row: number): boolean {
  const phase = table.text(row, table.column('phase'));
  return phase === 'Succeeded' || phase === 'Failed';
}

/** 0 where nothing is said. */
function number(table: Table, row: number, id: string): number {
  const value = (table.store(id) as NumberStore | undefined)?.values[row] ?? 0;
  return Number.isNaN(value) ? 0 : value;
}
