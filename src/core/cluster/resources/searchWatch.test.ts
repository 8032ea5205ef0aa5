import { expect, test } from 'vitest';
import { sampleBatches, sampleUid } from '../../kube/columns/rowBatches.ts';
import type { KindSchema } from '../../kube/columns/schema.ts';
import { discovered } from './fakeFleet.ts';
import { context, podSchema, sampleFleet } from './sampleFleet.ts';
import { keptMs } from './searchWatch.ts';

const named = (id: string): KindSchema => ({ ...podSchema, id, resource: id.split('.')[0] ?? id });
const secrets = discovered(named('secrets'));
const leases = discovered(named('leases.coordination.k8s.io'));
const metrics = discovered(named('pods.metrics.k8s.io'), { verbs: ['get', 'list'] });
const widgets = discovered(named('widgets.example.com'), { custom: true });
const pods = discovered(podSchema);

function stage() {
  const sample = sampleFleet();
  const { fleet } = sample;
  fleet.setClusters([
    { id: 'prod', index: 0, kinds: [pods, secrets, leases, metrics] },
    { id: 'dev', index: 1, kinds: [pods, secrets, widgets] },
    { id: 'shut', index: 2, kinds: [pods], open: false },
  ]);
  return {
    ...sample,
    /** Clusters in which a kind is asked for. */
    wantedIn: (kind: string) => [...fleet.wanted].filter((it) => it.kind === kind).flatMap((it) => it.clusters ?? []),
    ask: (text: string, clusters?: string[]) => sample.search({ text, clusters, limit: 5 }, context),
  };
}

test('a search has every kind of the open clusters watched, but for what only repeats names', async () => {
  const { fleet, clock, ask, wantedIn } = stage();
  await ask('');
  expect([...new Set([...fleet.wanted].map((it) => it.kind))].sort()).toEqual(['pods', 'secrets']);
  await clock.advance(100);
  expect([wantedIn('pods'), wantedIn('secrets')]).toEqual([
    ['prod', 'dev'],
    ['prod', 'dev'],
  ]);
  expect(wantedIn('widgets.example.com')).toEqual(['dev']);
  expect(fleet.wanted.size).toBe(5);
});

test('watches begin a few at a time, and the answer counts what waits as still being listed', async () => {
  const { fleet, clock, ask } = stage();
  const ids = ['leases', 'endpoints', 'pods', 'deployments.apps', 'widgets', 'services'];
  const kinds = ids.map((id) => discovered(named(id), { custom: id === 'widgets' }));
  fleet.setClusters(Array.from({ length: 100 }, (_, index) => ({ id: `c${index}`, index, kinds })));
  const { incomplete } = await ask('web');
  expect(incomplete).toEqual([
    '100 clusters: leases, endpoints, pods, deployments and 2 more kinds are still being listed',
  ]);
  let before = 0;
  const kindsInTurn: string[] = [];
  for (let turn = 0; turn < 75; turn++) {
    const all = [...fleet.wanted];
    expect(all.length - before).toBe(8);
    kindsInTurn.push(...all.slice(before).map((it) => it.kind));
    before = all.length;
    await clock.advance(32);
  }
  expect(fleet.wanted.size).toBe(600);
  const nearest = ['deployments.apps', 'pods', 'services', 'leases', 'endpoints', 'widgets'];
  expect(kindsInTurn.filter((kind, at) => kind !== kindsInTurn[at - 1])).toEqual(nearest);
});

test('what was searched five minutes ago is not watched any more', async () => {
  const { fleet, clock, ask, wantedIn } = stage();
  await ask('web');
  await clock.advance(keptMs / 2);
  await ask('web', ['dev']);
  await clock.advance(keptMs / 2 + 1000);
  expect([wantedIn('pods'), wantedIn('secrets')]).toEqual([['dev'], ['dev']]);
  await clock.advance(keptMs / 2);
  expect(fleet.demands.size).toBe(0);
  await ask('web');
  expect(wantedIn('pods')).toEqual(['prod', 'dev']);
});

test('kinds and clusters that come while there is searching are watched as well', async () => {
  const { fleet, clock, ask, wantedIn } = stage();
  await ask('web');
  fleet.setClusters([
    { id: 'prod', index: 0, kinds: [pods, widgets] },
    { id: 'dev', index: 1, kinds: [pods], open: false },
  ]);
  await clock.advance(100);
  expect(wantedIn('widgets.example.com')).toEqual(['prod']);
  expect(wantedIn('pods')).toEqual(['prod']);
  expect(fleet.demands.has('secrets')).toBe(false);
});

test('the answer says what is still being listed, and when nothing is missing', async () => {
  const { fleet, ask } = stage();
  expect((await ask('web')).incomplete).toEqual([
    'prod: secrets are still being listed',
    'dev: secrets, widgets are still being listed',
    'Events and leases are searched only while their lists are open',
  ]);
  for (const cluster of ['prod', 'dev']) fleet.setScope('secrets', { cluster, state: 'live' });
  fleet.setScope('widgets.example.com', { cluster: 'dev', state: 'live' });
  fleet.setScope('leases.coordination.k8s.io', { cluster: 'prod', state: 'live' });
  expect((await ask('web')).incomplete).toEqual([]);
});

test('a kind of too many objects is let go, and told', async () => {
  const { clock, tables, ask, wantedIn } = stage();
  const table = tables.table(secrets.schema);
  await ask('web');
  const batch = sampleBatches(secrets.schema);
  const rows = (from: number) =>
    Array.from({ length: 50_000 }, (_, at) => ({ uid: sampleUid(from + at), version: '1', name: 's', namespace: 'n' }));
  for (let from = 100; from < 200_000; from += 50_000) {
    tables.apply({ type: 'rows', batch: batch(1, rows(from)), scope: '' });
  }
  await clock.advance(1_000);
  expect(wantedIn('secrets')).toEqual(['prod', 'dev']);
  tables.apply({ type: 'rows', batch: batch(1, rows(300_000).slice(0, 1)), scope: '' });
  await clock.advance(1_000);
  expect(table.countOf(1)).toBe(200_001);
  expect(wantedIn('secrets')).toEqual(['prod']);
  expect((await ask('web', ['dev'])).incomplete).toContain(
    'dev: secrets are too many to be kept; open their lists to search them all',
  );
});

test('a hundred clusters are not all watched in full, and that is told', async () => {
  const { fleet, clock, ask } = stage();
  const kinds = Array.from({ length: 30 }, (_, at) => discovered(named(`kind${at}`)));
  fleet.setClusters(Array.from({ length: 100 }, (_, index) => ({ id: `c${index}`, index, kinds })));
  const { incomplete } = await ask('web');
  await clock.advance(10_000);
  expect(fleet.wanted.size).toBe(1000);
  expect(incomplete).toEqual([
    '34 clusters: kind0, kind1, kind2, kind3 and 26 more kinds are still being listed',
    '67 clusters: kind10, kind11, kind12, kind13 and 26 more kinds are not watched, since many clusters are open; open their lists to search them',
  ]);
});
