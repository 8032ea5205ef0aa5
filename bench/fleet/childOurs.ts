import { createTables } from '../../src/core/kube/columns/tables.ts';
import { builtInSchema } from '../../src/core/kube/projectors/index.ts';
import { createWatchers } from '../../src/core/kube/reflector/index.ts';
import { readAccess } from './access.ts';

/**
 * One side of the comparison: a process that has the complete live list of pods in the store, as the engine does. Asked for
 * more than one list, it opens the server again as another cluster, each when the one before is complete.
 */
const access = readAccess(process.argv[2] ?? '');
const lists = Number(process.argv[3] ?? 1);
/** Absent for all. */
const namespace = process.argv[4];
const watchers = createWatchers({ workerUrl: new URL('./watcherWorker.mjs', import.meta.url), version: 'bench' });
const tables = createTables();
const schema = builtInSchema('pods');
if (schema === undefined) throw new Error('There are no pods');
const table = tables.table(schema, 1);
const cpuSeconds: number[] = [];
// The engine lives by its ports; this process by its timer.
setTimeout(() => process.exit(1), 120_000);
watchers.onMessage((message) => {
  tables.apply(message);
  if (message.type === 'state' && message.state.state === 'stale') console.error(message.state.reason);
  if (message.type !== 'listed') return;
  const { user, system } = process.cpuUsage();
  cpuSeconds.push((user + system) / 1e6);
  if (cpuSeconds.length < lists) return open(cpuSeconds.length + 1);
  process.stdout.write(JSON.stringify({ rows: table.count, cpuSeconds }), () => process.exit(0));
});
open(1);

function open(cluster: number): void {
  watchers.connect(
    cluster,
    { server: access.server, ca: access.ca, insecureSkipTlsVerify: false, disableCompression: false },
    { get: async () => ({ clientCertificate: access.cert, clientKey: access.key, generation: 1 }) },
  );
  if (schema !== undefined)
    watchers.watch(cluster, {
      schema,
      namespaces: namespace === undefined ? null : [namespace],
      custom: false,
      priority: 0,
    });
}
