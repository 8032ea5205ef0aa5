import { expect, test } from 'vitest';
import { sampleUid } from '../../kube/columns/rowBatches.ts';
import { builtInSchema } from '../../kube/projectors/index.ts';
import { discovered } from './fakeFleet.ts';
import { context, podSchema, sampleFleet } from './sampleFleet.ts';

test('kinds of several clusters are one row each, with counts of what is watched and what is forbidden', async () => {
  const { kinds, fleet, clock, apply } = sampleFleet();
  const pods = discovered(podSchema, { shortNames: ['po'] });
  const widget = { ...podSchema, id: 'widgets.example.com', group: 'example.com', resource: 'widgets', kind: 'Widget' };
  const tokens = { ...podSchema, id: 'tokenreviews', resource: 'tokenreviews', kind: 'TokenReview' };
  fleet.setClusters([
    { id: 'prod', index: 0, kinds: [pods, discovered(tokens, { verbs: ['create'] })] },
    { id: 'dev', index: 1, kinds: [pods, discovered(widget, { custom: true })] },
  ]);
  fleet.setScope('widgets.example.com', { cluster: 'dev', state: 'forbidden', reason: 'no' });
  const source = await kinds({}, context);
  expect(source.read().rows).toMatchObject([
    { key: 'pods', section: 'Workloads', clusters: ['prod', 'dev'], count: 4, failing: 2, forbidden: [] },
    {
      key: 'widgets.example.com',
      section: 'Custom resources',
      clusters: ['dev'],
      count: null,
      failing: null,
      forbidden: [{ cluster: 'dev', reason: 'no' }],
    },
  ]);
  const before = source.read();
  let changes = 0;
  source.onChange(() => changes++);
  await clock.advance(500);
  const quiet = changes;
  apply(0, [{ uid: sampleUid(40), name: 'new', namespace: 'shop' }]);
  await clock.advance(500);
  expect(changes).toBe(quiet + 1);
  const after = source.read();
  expect(after.rows[0]).toMatchObject({ count: 5 });
  expect(after.rows[1]).toBe(before.rows[1]);
});

test('the head names the namespaces of the open clusters', async () => {
  const { kinds, fleet, tables } = sampleFleet();
  const schema = builtInSchema('namespaces') ?? expect.fail();
  tables.table(schema);
  fleet.setScope('pods', { cluster: 'dev', state: 'live', namespaces: ['only-this'] });
  const source = await kinds({}, context);
  expect(source.read().head).toEqual({ namespaces: ['only-this'] });
  expect([...fleet.demands.keys()]).toEqual(['namespaces']);
});
