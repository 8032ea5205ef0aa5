import { createTables } from '../../src/core/kube/columns/tables.ts';
import { builtInSchema } from '../../src/core/kube/projectors/index.ts';
import { createWatchers } from '../../src/core/kube/reflector/index.ts';
import { readContexts } from './contexts.ts';
import { watchTasks } from './longTasks.ts';
import { memoryOf } from './processes.ts';

/**
 * Our side: a process that has the complete live list of pods of every context in its tables, by the engine's watchers
 * and tables. Ends when it is complete.
 */
const contexts = readContexts(process.argv[2] ?? '');
const tasks = watchTasks();
const watchers = createWatchers({ workerUrl: new URL('./watcherWorker.mjs', import.meta.url), version: 'bench' });
const tables = createTables();
const schema = builtInSchema('pods');
if (schema === undefined) throw new Error('There are no pods');
const table = tables.table(schema);
// The engine lives by its ports; this process by its timer.
setTimeout(() => process.exit(1), 60_000);
const listed = new Set<number>();
watchers.onMessage((message) => {
  tables.apply(message);
  if (message.type === 'state' && message.state.state === 'stale') console.error(message.state.reason);
  if (message.type !== 'listed') return;
  listed.add(message.cluster);
  if (listed.size < contexts.length) return;
  const { user, system } = process.cpuUsage();
  // The task that this is the end of counts as well.
  setImmediate(() => {
    const { rssBytes, peakBytes } = memoryOf(process.pid);
    const report = {
      rows: table.count,
      cpuSeconds: (user + system) / 1e6,
      rssBytes,
      peakBytes,
      tableBytes: tables.bytes(),
      longestTaskMs: tasks.longestMs(),
    };
    process.stdout.write(JSON.stringify(report), () => process.exit(0));
  });
});
for (const [index, { server, ca, tlsServerName, token }] of contexts.entries()) {
  tables.table(schema, index);
  watchers.connect(
    index,
    { server, ca, ...(tlsServerName && { tlsServerName }), insecureSkipTlsVerify: false, disableCompression: false },
    { get: async () => ({ token, generation: 1 }) },
  );
  watchers.watch(index, { schema, namespaces: null, custom: false, priority: 0 });
}
