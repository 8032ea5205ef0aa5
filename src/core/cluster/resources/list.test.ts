import { expect, test } from 'vitest';
import type { LiveSource } from '../../kernel/contract.ts';
import { sampleBatches, sampleUid } from '../../kube/columns/rowBatches.ts';
import { withUserColumns } from '../../kube/projectors/index.ts';
import type { ListHead, Row } from './contract.ts';
import { createResources } from './resources.ts';
import { context, listQuery, podSchema, sampleFleet } from './sampleFleet.ts';

type Lists = LiveSource<ListHead, Row>;

function names(source: Lists): string[] {
  return source.read().rows.map((row) => row.name);
}

test('a list is filtered, sorted, cut to its window, counted and grouped over all open clusters', async () => {
  const { list } = sampleFleet();
  const query = listQuery({
    kind: 'pods',
    filter: 'restarts>1',
    sort: [{ column: 'restarts', descending: true }],
    group: 'cluster',
    columns: ['name', 'cluster', 'restarts', 'created'],
    offset: 1,
    limit: 1,
  });
  const source = await list(query, context);
  const { head, rows } = source.read();
  expect(rows).toEqual([
    {
      key: `dev/${sampleUid(4)}`,
      cluster: 'dev',
      namespace: 'shop',
      name: 'web-canary',
      uid: sampleUid(4),
      tone: 'failed',
      cells: ['web-canary', 'dev', 6, Date.UTC(2026, 0, 1) - 60_000],
    },
  ]);
  expect(head).toMatchObject({
    kind: 'pods',
    total: 4,
    matched: 3,
    offset: 1,
    tones: { healthy: 1, progressing: 0, warning: 0, failed: 2, unknown: 0, stopped: 0 },
    filterProblems: [],
  });
  expect(head.columns.map((column) => column.id)).toEqual(['name', 'cluster', 'restarts', 'created']);
  expect(head.groups?.map(({ value, count }) => [value, count])).toEqual([
    ['prod-eu', 2],
    ['dev', 1],
  ]);
  expect(head.scopes.map(({ cluster, state, rows: count }) => [cluster, state, count])).toEqual([
    ['prod', 'live', 3],
    ['dev', 'live', 1],
  ]);
});

test('of many groups the worst and the largest are told, and the others summed up', async () => {
  const { list, apply } = sampleFleet();
  const pod = (node: number, at: number, tone: 'failed' | 'healthy') => ({
    uid: sampleUid(1_000 + node * 10 + at),
    name: `p${node}-${at}`,
    namespace: 'shop',
    tone,
    cells: { node: `node-${node}` },
  });
  // Of 300 nodes the first 150 have two pods, and the last 20 a failed one.
  for (let node = 0; node < 300; node++) {
    apply(0, [pod(node, 0, node < 280 ? 'healthy' : 'failed'), ...(node < 150 ? [pod(node, 1, 'healthy')] : [])]);
  }
  const { head } = (await list(listQuery({ kind: 'pods', group: 'node', filter: 'node:node-' }), context)).read();
  expect(head.groups).toHaveLength(100);
  expect(head.groups?.filter((group) => group.tones.failed === 1)).toHaveLength(20);
  expect(head.groups?.filter((group) => group.count === 2)).toHaveLength(80);
  expect(head.otherGroups).toMatchObject({ values: 200, count: 270, tones: { healthy: 270, failed: 0 } });
});

test('changes within one frame are one change, and rows that stayed keep their identity', async () => {
  const { list, clock, apply } = sampleFleet();
  const source = await list(listQuery({ kind: 'pods' }), context);
  const before = source.read();
  let changes = 0;
  source.onChange(() => changes++);
  apply(0, [{ uid: sampleUid(5), name: 'aaa', namespace: 'shop' }]);
  apply(0, [{ uid: sampleUid(6), name: 'bbb', namespace: 'shop' }]);
  expect(changes).toBe(0);
  await clock.advance(16);
  expect(changes).toBe(1);
  const after = source.read();
  expect(after.rev).toBeGreaterThan(before.rev);
  expect(after.rows.map((row) => row.name)).toEqual([
    'aaa',
    'api-server-0',
    'bbb',
    'coredns-x',
    'web-7d9f',
    'web-canary',
  ]);
  expect(after.rows[1]).toBe(before.rows[0]);
  expect(source.read()).toBe(after);
});

test('what a reader sees is never behind what was applied', async () => {
  const { list, apply } = sampleFleet();
  const source = await list(listQuery({ kind: 'pods', filter: 'aaa' }), context);
  const before = source.read();
  apply(1, [{ uid: sampleUid(9), name: 'aaa', namespace: 'x' }]);
  const after = source.read();
  expect(after.rows).toHaveLength(1);
  expect(after.rev).toBeGreaterThan(before.rev);
  apply(1, [{ uid: sampleUid(9), name: 'aaa', namespace: 'x', deleted: true }]);
  expect(names(source)).toEqual([]);
});

test('a list keeps its kind watched while it lives', async () => {
  const { list, fleet } = sampleFleet();
  const one = await list(listQuery({ kind: 'po' }), context);
  const two = await list(listQuery({ kind: 'pods' }), context);
  expect([...fleet.demands]).toEqual([['pods', 2]]);
  one.dispose();
  two.dispose();
  expect([...fleet.demands]).toEqual([]);
});

test('clusters that are opened or closed join and leave the list; named ones stay', async () => {
  const { list, fleet } = sampleFleet();
  const all = await list(listQuery({ kind: 'pods' }), context);
  const named = await list(listQuery({ kind: 'pods', clusters: ['dev'] }), context);
  const clusters = fleet.all();
  fleet.setClusters(clusters.map((cluster) => ({ ...cluster, open: cluster.id === 'prod' })));
  expect(names(all)).toEqual(['api-server-0', 'coredns-x', 'web-7d9f']);
  expect(names(named)).toEqual(['web-canary']);
});

test('a broken part of a filter is named with its place, and the rest still counts', async () => {
  const { list } = sampleFleet();
  const source = await list(listQuery({ kind: 'pods', filter: 'staus:crash web' }), context);
  const { head } = source.read();
  expect(head.matched).toBe(2);
  expect(head.filterProblems).toEqual([{ message: 'Pod has no column staus; did you mean status?', start: 0, end: 5 }]);
});

test('ages pass limits while nothing else happens', async () => {
  const { list, clock } = sampleFleet();
  const source = await list(listQuery({ kind: 'pods', filter: 'age<2m' }), context);
  expect(names(source)).toEqual(['web-canary']);
  let changes = 0;
  source.onChange(() => changes++);
  await clock.advance(61_000);
  expect(changes).toBe(1);
  expect(names(source)).toEqual([]);
});

test("labels can be columns of the user's own, and sorted by", async () => {
  const { list } = sampleFleet();
  const query = listQuery({
    kind: 'pods',
    columns: ['name'],
    userColumns: [{ title: 'App', from: 'label', path: 'app' }],
    sort: [{ column: 'label:app', descending: true }],
  });
  const source = await list(query, context);
  expect(source.read().rows.map((row) => row.cells)).toEqual([
    ['web-7d9f', 'web'],
    ['web-canary', 'web'],
    ['api-server-0', 'api'],
    ['coredns-x', ''],
  ]);
});

test("annotations are read for the visible rows only, once per version, and never a secret's", async () => {
  const { list, fleet, clock, apply } = sampleFleet();
  const path = '/api/v1/namespaces/shop/pods/web-7d9f';
  fleet.objects.set(path, { metadata: { annotations: { team: 'red' } }, spec: { containers: [{ image: 'web:1' }] } });
  const query = listQuery({
    kind: 'pods',
    filter: 'web-7d9f',
    columns: [],
    userColumns: [
      { title: 'Team', from: 'annotation', path: 'team' },
      { title: 'Image', from: 'jsonPath', path: '{.spec.containers[*].image}' },
    ],
  });
  const source = await list(query, context);
  expect(source.read().rows[0]?.cells).toEqual([null, null]);
  await clock.advance(1);
  expect(source.read().rows[0]?.cells).toEqual(['red', 'web:1']);
  expect(fleet.requests).toEqual([{ cluster: 'prod', path }]);
  apply(0, [{ uid: sampleUid(2), name: 'web-7d9f', namespace: 'shop', status: 'Running' }]);
  source.read();
  await clock.advance(1);
  expect(fleet.requests).toHaveLength(2);
});

test("a user's column that the watches read sorts, filters and groups, and asks for no object", async () => {
  const team = { title: 'The team', from: 'annotation', path: 'team' } as const;
  const schema = withUserColumns(podSchema, [team]);
  const { fleet, tables, clock } = sampleFleet();
  const { implementation } = createResources({
    fleet,
    tables,
    clock,
    userColumns: { of: (kind) => (kind === 'pods' ? [team] : []), onChange: () => ({ dispose: () => undefined }) },
  });
  tables.forget(0, 'pods');
  tables.table(schema, 0);
  const rows = ['red', 'blue', '', 'red'].map((value, at) => ({
    uid: sampleUid(20 + at),
    version: '9',
    name: `web-${at}`,
    namespace: 'shop',
    cells: { 'annotation:team': value },
  }));
  tables.apply({ type: 'rows', batch: sampleBatches(schema)(0, rows), scope: '' });
  const ask = async (more: object) => {
    const query = listQuery({ kind: 'pods', clusters: ['prod'], columns: ['name'], userColumns: [team], ...more });
    const source = await implementation.list(query, context);
    const { head, rows: found } = source.read();
    source.dispose();
    return { head, cells: found.map((row) => row.cells) };
  };
  const sorted = await ask({ sort: [{ column: 'annotation:team', descending: false }] });
  expect(sorted.cells).toEqual([
    ['web-1', 'blue'],
    ['web-0', 'red'],
    ['web-3', 'red'],
    ['web-2', ''],
  ]);
  expect(sorted.head.columns.map(({ id }) => id)).toEqual(['name', 'annotation:team']);
  expect(sorted.head.available.filter(({ id }) => id === 'annotation:team')).toHaveLength(1);
  const filtered = await ask({ filter: 'theteam:red', group: 'annotation:team' });
  expect(filtered.head.filterProblems).toEqual([]);
  expect(filtered.head.groups?.map(({ value, count }) => [value, count])).toEqual([['red', 2]]);
  expect(fleet.requests).toEqual([]);
});

test('a query waits for the lists under way, and answers with the reasons of those that fail', async () => {
  const { query, fleet, clock } = sampleFleet();
  fleet.setScope('pods', { cluster: 'dev', state: 'listing' });
  let answer: { head: ListHead; rows: Row[] } | undefined;
  const asking = Promise.resolve(query(listQuery({ kind: 'pods' }), context)).then((result) => {
    answer = result as { head: ListHead; rows: Row[] };
  });
  await clock.advance(1000);
  expect(answer).toBeUndefined();
  fleet.setScope('pods', { cluster: 'dev', state: 'forbidden', reason: 'pods is forbidden' });
  await asking;
  expect(answer?.head.scopes.map((scope) => scope.state)).toEqual(['live', 'forbidden']);
  expect(answer?.rows).toHaveLength(4);
  expect([...fleet.demands]).toEqual([]);
});

test('a kind that no cluster serves yet is an empty list that fills when its columns are known', async () => {
  const { list, tables, fleet } = sampleFleet();
  const source = await list(listQuery({ kind: 'widgets.example.com' }), context);
  expect(source.read()).toMatchObject({ rows: [], head: { kind: 'widgets.example.com', columns: [], total: 0 } });
  let changes = 0;
  source.onChange(() => changes++);
  const pods = tables.get('pods');
  if (pods !== undefined) tables.table({ ...pods.schema, id: 'widgets.example.com' });
  expect(changes).toBe(1);
  expect(source.read().head.columns.length).toBeGreaterThan(0);
  expect(fleet.demands.get('widgets.example.com')).toBe(1);
});
