import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import type { LiveSource } from '../../kernel/contract.ts';
import { type SampleRow, sampleBatches, sampleUid } from '../../kube/columns/rowBatches.ts';
import { createTables } from '../../kube/columns/tables.ts';
import { builtInSchema } from '../../kube/projectors/index.ts';
import { discovered, FakeFleet } from '../resources/fakeFleet.ts';
import { context } from '../resources/sampleFleet.ts';
import { parseSelector } from '../resources/selector.ts';
import { topologyApi } from './api.ts';
import { type TopologyHead, type TopologyNode, TopologyQuery } from './contract.ts';
import { Selecting } from './selecting.ts';

const kinds = [
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'cronjobs.batch',
  'jobs.batch',
  'services',
  'ingresses.networking.k8s.io',
  'nodes',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'networkpolicies.networking.k8s.io',
  'horizontalpodautoscalers.autoscaling',
  'pods',
];

function world() {
  const clock = new FakeClock();
  const fleet = new FakeFleet();
  const tables = createTables();
  const schemas = kinds.map((kind) => builtInSchema(kind) ?? expect.fail(`${kind} has no schema`));
  fleet.setClusters([{ id: 'prod', index: 0, name: 'prod-eu', kinds: schemas.map((schema) => discovered(schema)) }]);
  const makers = new Map(schemas.map((schema) => [schema.id, sampleBatches(schema)]));
  let version = 100;
  for (const schema of schemas) {
    tables.table(schema, 0);
    fleet.setScope(schema.id, { cluster: 'prod', state: 'live' });
  }
  const apply = (kind: string, rows: Omit<SampleRow, 'version'>[]) => {
    const batch = makers.get(kind)?.(
      0,
      rows.map((row) => ({ namespace: 'shop', ...row, version: String(version++) })),
    );
    tables.apply({ type: 'rows', batch: batch ?? expect.fail(), scope: '' });
  };
  const api = topologyApi({ fleet, tables, clock });
  const graph = (query: TopologyQuery = {}) =>
    api.graph(TopologyQuery.parse(query), context) as LiveSource<TopologyHead, TopologyNode>;
  const picture = (query: TopologyQuery = {}) => {
    const source = graph(query);
    const { head, rows } = source.read();
    source.dispose();
    return { head, rows, byKey: new Map(rows.map((row) => [row.key, row])) };
  };
  return { clock, fleet, tables, apply, api, graph, picture };
}

/** An application from its ingress to its pods. */
function shop() {
  const made = world();
  const { apply } = made;
  apply('nodes', [
    { uid: sampleUid(1), name: 'n1', namespace: '', cells: { cpu: 4000, memory: 8 * 1024 ** 3 } },
    { uid: sampleUid(2), name: 'n2', namespace: '', cells: { cpu: 4000, memory: 8 * 1024 ** 3 } },
  ]);
  apply('deployments.apps', [{ uid: sampleUid(20), name: 'site', labels: { app: 'site' } }]);
  apply('replicasets.apps', [
    { uid: sampleUid(21), name: 'site-1', owner: 'Deployment/site', ownerUid: sampleUid(20) },
    { uid: sampleUid(22), name: 'site-2', owner: 'Deployment/site', ownerUid: sampleUid(20) },
  ]);
  const owned = { owner: 'ReplicaSet/site-2', ownerUid: sampleUid(22), labels: { app: 'site' } };
  const cells = { refs: 'Secret/db\nConfigMap/gone\nConfigMap/kube-root-ca.crt' };
  apply('pods', [
    { uid: sampleUid(23), name: 'site-2-a', ...owned, cells: { ...cells, node: 'n1', cpurequest: 500 } },
    { uid: sampleUid(24), name: 'site-2-b', tone: 'failed', ...owned, cells: { ...cells, node: 'n2' } },
    { uid: sampleUid(25), name: 'alone' },
  ]);
  apply('services', [
    { uid: sampleUid(26), name: 'site', cells: { selector: 'app=site' } },
    { uid: sampleUid(27), name: 'empty', cells: { selector: 'app=nothing' } },
  ]);
  apply('ingresses.networking.k8s.io', [
    { uid: sampleUid(28), name: 'front', cells: { backends: 'Service/site\nService/lost', refs: 'Secret/tls' } },
  ]);
  apply('secrets', [{ uid: sampleUid(29), name: 'db' }]);
  return made;
}

const edgesOf = (node: TopologyNode | undefined) => node?.edges.map(({ to, kind, count }) => `${kind} ${to} ${count}`);

test('a request can be followed from the ingress to the pods, with its workload and without its ReplicaSets', () => {
  const { rows, byKey, head } = shop().picture();
  expect(edgesOf(byKey.get('prod/ingresses.networking.k8s.io/shop/front'))).toEqual([
    'routes prod/services/shop/site 1',
    'routes prod/services/shop/lost 1',
  ]);
  expect(edgesOf(byKey.get('prod/services/shop/site'))).toEqual(['selects prod/deployments.apps/shop/site#pods 2']);
  expect(edgesOf(byKey.get('prod/deployments.apps/shop/site'))).toEqual([
    'owns prod/deployments.apps/shop/site#pods 2',
  ]);
  const pods = byKey.get('prod/deployments.apps/shop/site#pods');
  expect(pods).toMatchObject({ form: 'pods', count: 2, tone: 'failed', filter: 'owner~"^ReplicaSet/site-[^-]+$"' });
  expect(pods?.uses).toEqual([
    { kindName: 'ConfigMap', count: 1 },
    { kindName: 'Secret', count: 1 },
  ]);
  expect(rows.some(({ kind }) => kind === 'replicasets.apps')).toBe(false);
  expect(head.loading).toBe(false);
});

test('a service is as well as its pods, and what is named and not there is shown', () => {
  const { byKey } = shop().picture();
  expect(byKey.get('prod/services/shop/empty')).toMatchObject({ tone: 'warning', status: 'No pods' });
  expect(byKey.get('prod/services/shop/lost')).toMatchObject({ tone: 'warning', status: 'Missing' });
  expect(byKey.get('prod/services/shop/site')?.tone).toBe('healthy');
});

test('layers: config with what is missing, hosts with what runs on them', () => {
  const { byKey } = shop().picture({ layers: ['config', 'hosts'] });
  expect(byKey.get('prod/secrets/shop/db')?.tone).toBe('healthy');
  expect(byKey.get('prod/configmaps/shop/gone')).toMatchObject({ tone: 'warning', status: 'Missing' });
  expect(byKey.has('prod/configmaps/shop/kube-root-ca.crt')).toBe(false);
  expect(edgesOf(byKey.get('prod/deployments.apps/shop/site#pods'))).toEqual([
    'runsOn prod/nodes//n1 1',
    'runsOn prod/nodes//n2 1',
    'uses prod/secrets/shop/db 1',
    'uses prod/configmaps/shop/gone 1',
  ]);
});

test('pods are shown one by one when they are opened', () => {
  const { byKey } = shop().picture({ open: ['prod/deployments.apps/shop/site#pods'] });
  expect(byKey.get('prod/pods/shop/site-2-b')).toMatchObject({ tone: 'failed', form: 'object' });
  expect(byKey.has('prod/deployments.apps/shop/site#pods')).toBe(false);
  expect(edgesOf(byKey.get('prod/services/shop/site'))).toHaveLength(2);
});

test('a filter keeps the whole path of what it lets through', () => {
  const { rows } = shop().picture({ filter: 'is:failed' });
  expect(rows.map(({ name, stage }) => `${stage} ${name}`).sort()).toEqual([
    'entry front',
    'host ',
    'pods site',
    'service lost',
    'service site',
    'workload site',
  ]);
  const broken = shop().picture({ filter: 'nosuchfield>3' });
  expect(broken.head.filterProblems).toHaveLength(1);
  expect(broken.rows.length).toBeGreaterThan(5);
});

test('the focus is found through owners', () => {
  const made = shop();
  const of = (kind: string, name: string) =>
    made.picture({ focus: { cluster: 'prod', kind, namespace: 'shop', name } });
  expect(of('pods', 'site-2-a').head.focus).toBe('prod/deployments.apps/shop/site#pods');
  expect(of('replicasets.apps', 'site-1').head.focus).toBe('prod/deployments.apps/shop/site');
  expect(of('pods', 'alone').head.focus).toBe('prod/pods/shop/alone');
  expect(of('pods', 'nobody').head.focus).toBeNull();
});

test('grouped by application', () => {
  const { head } = shop().picture({ by: 'app' });
  expect(head.groups.map(({ app }) => app).sort()).toEqual(['', '', 'site']);
});

test('changes reach the picture, and what did not change is the same object', async () => {
  const made = shop();
  const source = made.graph();
  const before = source.read();
  made.apply('pods', [{ uid: sampleUid(25), name: 'alone', tone: 'failed', status: 'Error' }]);
  await made.clock.advance(300);
  const after = source.read();
  expect(after.rev).toBeGreaterThan(before.rev);
  const row = (state: typeof before, key: string) => state.rows.find((it) => it.key === key);
  expect(row(after, 'prod/pods/shop/alone')?.tone).toBe('failed');
  expect(row(after, 'prod/services/shop/site')).toBe(row(before, 'prod/services/shop/site'));
  source.dispose();
  expect(made.fleet.demands.size).toBe(0);
});

test('whatever the budget, every object is in some node, and no edge leads nowhere', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ space: fc.nat(5), pods: fc.nat(3), failed: fc.boolean() }), { maxLength: 60 }),
      fc.integer({ min: 20, max: 120 }),
      fc.constantFrom('namespace' as const, 'app' as const),
      (apps, budget, by) => {
        const { apply, picture } = world();
        for (const [at, { space, pods, failed }] of apps.entries()) {
          const namespace = `ns-${space}`;
          const uid = sampleUid(1000 + at * 10);
          apply('statefulsets.apps', [{ uid, name: `app-${at}`, namespace }]);
          apply('services', [
            { uid: sampleUid(1001 + at * 10), name: `app-${at}`, namespace, cells: { selector: `app=app-${at}` } },
          ]);
          for (let pod = 0; pod < pods; pod++) {
            apply('pods', [
              {
                uid: sampleUid(1002 + at * 10 + pod),
                name: `app-${at}-${pod}`,
                namespace,
                owner: `StatefulSet/app-${at}`,
                ownerUid: uid,
                labels: { app: `app-${at}` },
                tone: failed ? 'failed' : 'healthy',
              },
            ]);
          }
        }
        const { rows, head, byKey } = picture({ budget, by });
        const objects = apps.reduce((sum, { pods }) => sum + 2 + pods, 0);
        expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(objects);
        expect(head.objects).toBe(objects);
        expect(rows.length).toBeLessThanOrEqual(budget + 8);
        for (const { edges } of rows) for (const { to } of edges) expect(byKey.has(to)).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});

test('selecting finds what a test of all would find', () => {
  const label = fc.tuple(fc.constantFrom('app', 'tier', 'x'), fc.constantFrom('a', 'b', ''));
  const labels = fc.array(label, { maxLength: 3 }).map((all) =>
    Object.entries(Object.fromEntries(all))
      .sort()
      .map(([key, value]) => `${key}=${value}`)
      .join('\n'),
  );
  const selector = fc.constantFrom(
    '',
    '*',
    'app=a',
    'app=',
    'app==b',
    'app=a,tier!=b',
    'tier in (a,b),app=a',
    '!x',
    'x',
  );
  fc.assert(
    fc.property(fc.array(labels, { maxLength: 20 }), selector, (all, text) => {
      const found = new Selecting(all.map((each, of) => ({ labels: each, of, count: 1 }))).select(text);
      const matches = parseSelector(text);
      expect([...found.keys()].sort((a, b) => a - b)).toEqual(
        all.flatMap((each, at) => (text !== '' && matches(each) ? [at] : [])),
      );
    }),
  );
});

test('the map has every pod on its node, with what it requests', () => {
  const made = shop();
  const source = made.api.map({ filter: '' }, context) as ReturnType<typeof made.api.map> & LiveSource<never, never>;
  const { head, rows } = source.read() as unknown as {
    head: { pods: number; hosts: number };
    rows: { name: string }[];
  };
  expect(head).toMatchObject({ pods: 3, hosts: 2 });
  expect(rows.find(({ name }) => name === 'n1')).toMatchObject({
    cpuRequested: 500,
    cpu: 4000,
    pods: ['shop/site-2-a'],
  });
  expect(rows.find(({ name }) => name === '')).toMatchObject({ pods: ['shop/alone'] });
  source.dispose();
});
