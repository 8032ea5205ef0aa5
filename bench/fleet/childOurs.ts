import { createTables } from '../../src/core/kube/columns/tables.ts';
import { builtInSchema } from '../../src/core/kube/projectors/index.ts';
import { createWatchers } from '../../src/core/kube/reflector/index.ts';
import { readAccess } from './access.ts';

/** One side of the comparison: a process that has the complete live list of pods in the store, as the engine does. */
const access = readAccess(process.argv[2] ?? '');
/** Absent for all. */
const namespace = process.argv[3];
const watchers = createWatchers({ workerUrl: new URL('./watcherWorker.mjs', import.meta.url), version: 'bench' });
const tables = createTables();
const schema = builtInSchema('pods');
if (schema === undefined) throw new Error('There are no pods');
const table = tables.table(schema, 1);
// The engine lives by its ports; this process by its timer.
setTimeout(() => process.exit(1), 120_000);
watchers.onMessage((message) => {
  tables.apply(message);
  if (message.type === 'state' && message.state.state === 'stale') console.error(message.state.reason);
  if (message.type !== 'listed') return;
  const { user, system } = process.cpuUsage();
  process.stdout.write(JSON.stringify({ rows: table.count, cpuSeconds: (user + system) / 1e6 }), () => process.exit(0));
});
watchers.connect(
  1,
  { server: access.server, ca: access.ca, insecureSkipTlsVerify: false, disableCompression: false },
  { get: async () => ({ clientCertificate: access.cert, clientKey: access.key, generation: 1 }) },
);
watchers.watch(1, { schema, namespaces: namespace === undefined ? null : [namespace], custom: false, priority: 0 });
