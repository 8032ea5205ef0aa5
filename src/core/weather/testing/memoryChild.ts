import { parseArgs } from 'node:util';
import { createEngine } from '../../engine.ts';

/** A line of what the child says. */
export interface Told {
  rows: number;
  rss: number;
  notices: { key: string; message: string; hint?: string }[];
}

/**
 * An engine that shows all pods of every cluster of a kubeconfig and has left as many other lists; it tells the rows, its
 * memory and its notices, a line of JSON every half second. Ends with its standard input.
 */
const { values } = parseArgs({ options: { kubeconfig: { type: 'string' }, limit: { type: 'string' } } });
const engine = await createEngine({
  host: 'test',
  version: '0.0.1',
  dataFolder: undefined,
  env: { KUBECONFIG: values.kubeconfig, KUBERC: 'off' },
  homeFolder: '/nonexistent',
  discover: true,
  askShell: false,
  demo: 'never',
  startDemo: () => Promise.reject(new Error('No demo here')),
  workers: 2,
  ...(values.limit !== undefined && { memoryLimit: Number(values.limit) }),
  log: (message) => process.stderr.write(`${message}\n`),
});
const context = { principal: { id: 'local', name: 'me' }, signal: new AbortController().signal };
const { dispatch } = engine.server;
const clusters = await dispatch.live('fleet.clusters', {}, context);
const ids = clusters.read().rows.map((row) => (row as { key: string }).key);
await dispatch.call('fleet.open', { clusters: ids }, context);
// Looked at and left: they are watched on for a minute.
for (const kind of ['nodes', 'events', 'configmaps', 'deployments.apps', 'replicasets.apps']) {
  (await dispatch.live('resources.list', { kind, limit: 100 }, context)).dispose();
}
const pods = await dispatch.live('resources.list', { kind: 'pods', limit: 100 }, context);
const notices = await dispatch.live('system.notices', {}, context);
setInterval(() => {
  const { head } = pods.read() as { head: { total: number } };
  const told: Told = {
    rows: head.total,
    rss: process.memoryUsage.rss(),
    notices: notices.read().rows as Told['notices'],
  };
  process.stdout.write(`${JSON.stringify(told)}\n`);
}, 500);
process.stdin.resume().on('end', () => process.exit(0));
