import { createTables } from '../../src/core/kube/columns/tables.ts';
import { builtInSchema } from '../../src/core/kube/projectors/index.ts';
import { createWatchers } from '../../src/core/kube/reflector/index.ts';
import { readContexts } from './contexts.ts';

/** Watches 12 kinds of every context, as the engine does, until it is ended. Prints a line when all were listed. */
const kinds = [
  'pods',
  'nodes',
  'namespaces',
  'events',
  'services',
  'configmaps',
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'ingresses.networking.k8s.io',
];
const watchers = createWatchers({ workerUrl: new URL('./watcherWorker.mjs', import.meta.url), version: 'bench' });
const tables = createTables();
const listed = new Set<string>();
const contexts = readContexts(process.argv[2] ?? '');
watchers.onMessage((message) => {
  tables.apply(message);
  if (message.type === 'state' && message.state.state === 'stale') {
    console.error(`${message.kind} of ${message.cluster}: ${message.state.reason}`);
  }
  if (message.type !== 'listed') return;
  listed.add(`${message.cluster} ${message.kind}`);
  if (listed.size === kinds.length * contexts.length) process.stdout.write('listed\n');
});
for (const [index, { server, ca, token }] of contexts.entries()) {
  watchers.connect(
    index,
    { server, ca, insecureSkipTlsVerify: false, disableCompression: false },
    { get: async () => ({ token, generation: 1 }) },
  );
  for (const kind of kinds) {
    const schema = builtInSchema(kind);
    if (schema === undefined) throw new Error(`There are no ${kind}`);
    tables.table(schema, index);
    watchers.watch(index, { schema, namespaces: null, custom: false, priority: 1 });
  }
}
// The engine lives by its ports; this process by its timer.
setTimeout(() => process.exit(1), 150_000);
