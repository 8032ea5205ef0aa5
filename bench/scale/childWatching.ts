import { createTables } from '../../src/core/kube/columns/tables.ts';
import { builtInSchema } from '../../src/core/kube/projectors/index.ts';
import { createWatchers } from '../../src/core/kube/reflector/index.ts';
import { readAccess } from '../fleet/access.ts';

/** Our side of scale.kind: the live table of pods. Prints a line when it is complete; ends with its input. */
const access = readAccess(process.argv[2] ?? '');
const watchers = createWatchers({ workerUrl: new URL('./watcherWorker.mjs', import.meta.url), version: 'bench' });
const tables = createTables();
const schema = builtInSchema('pods');
if (schema === undefined) throw new Error('There are no pods');
const table = tables.table(schema, 1);
watchers.onMessage((message) => {
  tables.apply(message);
  if (message.type === 'state' && message.state.state === 'stale') console.error(message.state.reason);
  if (message.type === 'listed') process.stdout.write(`listed ${table.count}\n`);
});
watchers.connect(
  1,
  { server: access.server, ca: access.ca, insecureSkipTlsVerify: false, disableCompression: false },
  { get: async () => ({ clientCertificate: access.cert, clientKey: access.key, generation: 1 }) },
);
watchers.watch(1, { schema, namespaces: null, custom: false, priority: 0 });
process.stdin.on('end', () => process.exit(0)).resume();
