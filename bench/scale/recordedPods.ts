// Pods of 20 clusters in one of the engine's tables, as its watchers fill it.
import { BatchBuilder } from '../../src/core/kube/columns/batchBuilder.ts';
import type { KindSchema } from '../../src/core/kube/columns/schema.ts';
import type { Table } from '../../src/core/kube/columns/table.ts';
import { createTables } from '../../src/core/kube/columns/tables.ts';
import { builtInSchema } from '../../src/core/kube/projectors/index.ts';

export const clusterCount = 20;

/** @returns a table of that many pods, evenly over the clusters. */
export function podTable(pods: number): Table {
  const schema = builtInSchema('pods');
  if (schema === undefined) throw new Error('There are no pods');
  const tables = createTables();
  const table = tables.table(schema);
  const builder = new BatchBuilder(schema);
  for (let cluster = 0; cluster < clusterCount; cluster++) {
    tables.table(schema, cluster);
    for (let row = cluster; row < pods; row += clusterCount) writePod(builder, schema, row);
    tables.apply({ type: 'rows', batch: builder.take(cluster), scope: '' });
  }
  if (table.count !== pods) throw new Error(`The table has ${table.count} pods`);
  return table;
}

/** What a pod of a Deployment shows: unique names, addresses and pod hashes, few statuses, nodes, images. */
function writePod(builder: BatchBuilder, schema: KindSchema, row: number): void {
  const app = `checkout-${row % 97}`;
  const namespace = `team-${row % 40}`;
  const hash = ((row >>> 2) * 2_654_435_761).toString(36).slice(-9);
  const node = `node-${row % 250}.eu-central-1.compute.internal`;
  const started = 1_790_000_000 - row;
  const texts: Record<string, string> = {
    namespace,
    status: ['Running', 'Pending', 'ContainerCreating', 'CrashLoopBackOff', 'Completed'][row % 5] as string,
    labels: `app=${app}\npod-template-hash=${hash}\nteam=${namespace}`,
    owner: `ReplicaSet/${app}-${hash}`,
    owneruid: uid(row >>> 2, 0x0a11),
    node,
  };
  const names: Record<string, string> = {
    name: `${app}-${hash}-${(row * 40_503).toString(36).slice(-5)}`,
    ip: `10.${row % 200}.${(row >>> 8) % 250}.${row % 251}`,
  };
  const numbers: Record<string, number> = { tone: row % 6, restarts: row % 7 };
  builder.begin(uid(row, 0x4c1e), String(1_000_000 + row), 0);
  for (const [at, { id, type }] of schema.columns.entries()) {
    if (type === 'text') builder.text(at, texts[id] ?? (row % 3 === 0 ? '' : `${id}-${row % 30}`));
    else if (type === 'name') builder.name(at, names[id] ?? '');
    else if (type === 'number') builder.number(at, numbers[id] ?? (at * 100 + (row % 4)) * 1_000);
    else if (['created', 'started', 'scheduled'].includes(id)) builder.time(at, started + at);
  }
  builder.end();
}

function uid(seed: number, version: number): string {
  const hex = (value: number, digits: number) => (value >>> 0).toString(16).padStart(digits, '0').slice(-digits);
  return `${hex(seed * 2_654_435_761, 8)}-7f3a-${hex(version, 4)}-9b2d-${hex(seed * 40_503, 4)}${hex(seed, 8)}`;
}
