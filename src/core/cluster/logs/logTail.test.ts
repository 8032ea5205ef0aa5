import { expect, test } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import { type SampleRow, sampleBatches, samplePods, sampleUid } from '../../kube/columns/rowBatches.ts';
import { createTables } from '../../kube/columns/tables.ts';
import type { StreamRequest } from '../../kube/transport/index.ts';
import { discovered, FakeFleet } from '../resources/fakeFleet.ts';
import type { LogItem, LogQuery } from './contract.ts';
import { LogTail } from './logTail.ts';

const podSchema = samplePods({ id: 'node', title: 'Node', type: 'text', priority: 1 });
const query: LogQuery = { objects: [], labels: [], types: ['default'], previous: false, maxSources: 60 };

/** A cluster with pods, each with a container `main` that has written its pod's name. */
function stage() {
  const clock = new FakeClock();
  const tables = createTables();
  const fleet = Object.assign(new FakeFleet(), {
    stream: async (_cluster: string, { path, onHead, onData }: StreamRequest) => {
      const [, pod = ''] = /pods\/([^/]+)\/log/.exec(path) ?? [];
      if (pod === 'secret') throw new KubeSageError('forbidden', 'You may not get pods/log');
      onHead?.({ status: 200, headers: {} } as never);
      const bytes = new TextEncoder().encode(
        `2026-01-01T00:00:0${pod.at(-1)}Z ${path.includes('sidecar') ? 'beside ' : ''}${pod}\n`,
      );
      onData(bytes, 0, bytes.length);
    },
    upgrade: () => Promise.reject(new Error('Not here')),
  });
  fleet.setClusters([{ id: 'prod', index: 0, kinds: [discovered(podSchema, {})] }]);
  fleet.setScope('pods', { cluster: 'prod', state: 'live' });
  tables.table(podSchema);
  const make = sampleBatches(podSchema);
  let version = 1;
  const add = (name: string, labels: Record<string, string>, more: Partial<SampleRow> = {}) => {
    const uid = sampleUid(version);
    const row = { uid, name, namespace: 'shop', version: String(version++), labels, cells: { node: 'n1' }, ...more };
    tables.apply({ type: 'rows', batch: make(0, [row]), scope: '' });
    const containers = [{ name: 'main' }, { name: 'sidecar' }];
    fleet.objects.set(`/api/v1/namespaces/shop/pods/${name}`, {
      metadata: { uid, annotations: { 'kubectl.kubernetes.io/default-container': 'main' } },
      spec: { nodeName: 'n1', restartPolicy: 'Never', containers },
      status: {
        phase: 'Succeeded',
        containerStatuses: containers.map((it) => ({
          ...it,
          containerID: 'x',
          state: { terminated: { exitCode: 0 } },
        })),
      },
    });
    return uid;
  };
  async function all(wanted: Partial<LogQuery>) {
    const tail = new LogTail({ fleet, tables, clock }, { ...query, ...wanted, follow: false });
    const items: LogItem[] = [];
    const reading = (async () => {
      for await (const item of tail.items) items.push(item);
    })();
    for (let turn = 0; turn < 100; turn++) await clock.advance(100);
    await reading;
    const last = items.findLast((item) => item.type === 'sources');
    return {
      text: items.flatMap((item) => (item.type === 'lines' ? item.lines.text : [])),
      sources: last?.sources ?? [],
      problems: last?.problems ?? [],
    };
  }
  return { fleet, tables, clock, add, all };
}

test('pods of a label query, of a node, of a namespace, in the order of time', async () => {
  const { add, all } = stage();
  add('web-2', { app: 'web' });
  add('web-1', { app: 'web' });
  add('db-3', { app: 'db' }, { cells: { node: 'n2' } });
  const labels = [{ cluster: 'prod', namespace: 'shop', selector: 'app=web' }];
  expect((await all({ labels })).text).toEqual(['web-1', 'web-2']);
  const ofKind = (kind: string, name: string) => ({ objects: [{ cluster: 'prod', kind, namespace: '', name }] });
  expect((await all(ofKind('nodes', 'n2'))).text).toEqual(['db-3']);
  expect((await all(ofKind('namespaces', 'shop'))).text).toEqual(['web-1', 'web-2', 'db-3']);
});

test('a pod by its name, which need not be listed; other containers by type and by name', async () => {
  const { fleet, add, all } = stage();
  add('web-1', {});
  fleet.setScope('pods', { cluster: 'prod', state: 'forbidden', reason: 'no list' });
  const objects = [{ cluster: 'prod', kind: 'pods', namespace: 'shop', name: 'web-1' }];
  const byDefault = await all({ objects });
  expect(byDefault.text).toEqual(['web-1']);
  expect(byDefault.problems).toEqual(['prod: pods may not be listed: no list']);
  expect(byDefault.sources.map(({ container, chosen }) => [container, chosen])).toEqual([
    ['main', true],
    ['sidecar', false],
  ]);
  expect((await all({ objects, types: ['main'] })).text).toEqual(['web-1', 'beside web-1']);
  expect((await all({ objects, containers: ['sidecar'] })).text).toEqual(['beside web-1']);
});

test('more containers than are read at once are named, and said', async () => {
  const { add, all } = stage();
  for (const place of [1, 2, 3]) add(`web-${place}`, { app: 'web' });
  const labels = [{ cluster: 'prod', namespace: '', selector: 'app' }];
  const { text, sources, problems } = await all({ labels, maxSources: 2 });
  expect(text).toHaveLength(2);
  expect(sources.filter(({ container, chosen }) => container === 'main' && !chosen)).toMatchObject([
    { state: 'unread', reason: 'at most 2 at once' },
  ]);
  expect(problems).toEqual(['1 more containers are not read: at most 2 at once']);
});

test('one that may not be read does not keep the others from being read', async () => {
  const { add, all } = stage();
  add('secret', { app: 'web' });
  add('web-1', { app: 'web' });
  const { text, sources } = await all({ labels: [{ cluster: 'prod', namespace: '', selector: 'app=web' }] });
  expect(text).toEqual(['web-1']);
  expect(sources.find(({ pod, chosen }) => pod === 'secret' && chosen)).toMatchObject({
    state: 'forbidden',
    reason: 'You may not get pods/log',
  });
});

test('severities and texts that are wanted, and an expression that cannot be used', async () => {
  const { fleet, tables, clock, add, all } = stage();
  add('web-1', { app: 'web' });
  add('web-2', { app: 'web' });
  const labels = [{ cluster: 'prod', namespace: '', selector: 'app=web' }];
  expect((await all({ labels, include: { text: 'WEB-2', regex: false } })).text).toEqual(['web-2']);
  expect((await all({ labels, exclude: { text: '-[2]$', regex: true } })).text).toEqual(['web-1']);
  expect((await all({ labels, severities: ['error'] })).text).toEqual([]);
  const broken = { ...query, labels, include: { text: '(a+)+', regex: true }, follow: false };
  expect(() => new LogTail({ fleet, tables, clock }, broken)).toThrow(KubeSageError);
});
