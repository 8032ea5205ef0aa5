import { FakeClock } from '../../kernel/clock.ts';
import type { CallContext } from '../../kernel/contract.ts';
import { type SampleRow, sampleBatches, samplePods, sampleUid } from '../../kube/columns/rowBatches.ts';

import { createTables } from '../../kube/columns/tables.ts';
import { ListQuery } from './contract.ts';
import { discovered, FakeFleet } from './fakeFleet.ts';
import { createResources, type Sources } from './resources.ts';

export const podSchema = samplePods(
  { id: 'ready', title: 'Ready', type: 'text', priority: 0 },
  { id: 'restarts', title: 'Restarts', type: 'number', unit: 'count', priority: 0 },
  { id: 'cpu', title: 'CPU', type: 'number', unit: 'millicores', priority: 0 },
  { id: 'memory', title: 'Memory', type: 'number', unit: 'bytes', priority: 0 },
  { id: 'node', title: 'Node', type: 'text', priority: 1 },
  { id: 'ip', title: 'IP', type: 'name', priority: 1 },
);

export const context: CallContext = {
  principal: { id: 'local', name: 'Local' },
  signal: new AbortController().signal,
};

const gibibyte = 1024 ** 3;

/**
 * Tests' fleet: two clusters, prod and dev, with a few pods.
 * @param more.pause what long work waits for between its turns
 */
export function sampleFleet({ clock = new FakeClock(), pause }: { clock?: FakeClock; pause?: Sources['pause'] } = {}) {
  const now = clock.now() / 1000;
  const fleet = new FakeFleet();
  const tables = createTables();
  const kinds = [discovered(podSchema, { shortNames: ['po'], categories: ['all'] })];
  fleet.setClusters([
    { id: 'prod', index: 0, name: 'prod-eu', kinds },
    { id: 'dev', index: 1, name: 'dev', kinds },
  ]);
  tables.table(podSchema);
  const make = sampleBatches(podSchema);
  let version = 1;
  const apply = (cluster: number, rows: readonly (Omit<SampleRow, 'version'> & { version?: string })[]) => {
    const batch = make(
      cluster,
      rows.map((row) => ({ version: String(version++), ...row })),
    );
    tables.apply({ type: 'rows', batch, scope: '' });
  };
  apply(0, [
    {
      uid: sampleUid(1),
      name: 'api-server-0',
      namespace: 'shop',
      status: 'Running',
      created: now - 3600,
      labels: { app: 'api', tier: 'backend' },
      cells: { ready: '1/1', restarts: 0, cpu: 600, memory: 2 * gibibyte, node: 'n1', ip: '10.0.0.1' },
    },
    {
      uid: sampleUid(2),
      name: 'web-7d9f',
      namespace: 'shop',
      status: 'CrashLoopBackOff',
      tone: 'failed',
      created: now - 3 * 86_400,
      labels: { app: 'web', tier: 'frontend' },
      cells: { ready: '0/1', restarts: 12, cpu: 100, memory: gibibyte / 2, node: 'n2', ip: '10.0.0.2' },
    },
    {
      uid: sampleUid(3),
      name: 'coredns-x',
      namespace: 'kube-system',
      status: 'Running',
      created: now - 90 * 86_400,
      labels: { 'k8s-app': 'kube-dns' },
      cells: { ready: '1/1', restarts: 2, cpu: 20, memory: 64 * 1024 ** 2, node: 'n1', ip: '10.0.0.3' },
    },
  ]);
  apply(1, [
    {
      uid: sampleUid(4),
      name: 'web-canary',
      namespace: 'shop',
      status: 'OOMKilled',
      tone: 'failed',
      created: now - 60,
      labels: { app: 'web', 'app.kubernetes.io/name': 'web' },
      cells: { ready: '0/2', restarts: 6, cpu: 1500, memory: gibibyte, node: '', ip: '' },
    },
  ]);
  for (const cluster of ['prod', 'dev']) fleet.setScope('pods', { cluster, state: 'live' });
  const capability = createResources({ fleet, tables, clock, pause });
  return { clock, fleet, tables, apply, capability, ...capability.implementation };
}

/** The query as the server hands it over: parsed, with its defaults. */
export function listQuery(query: ListQuery) {
  return ListQuery.parse(query);
}
