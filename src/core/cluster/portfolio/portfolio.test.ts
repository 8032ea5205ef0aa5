import { expect, test } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import type { LiveSource } from '../../kernel/contract.ts';
import { Emitter } from '../../kernel/emitter.ts';
import { type SampleRow, sampleBatches, sampleUid } from '../../kube/columns/rowBatches.ts';
import { createTables } from '../../kube/columns/tables.ts';
import { builtInSchema } from '../../kube/projectors/index.ts';
import type { Delivery } from '../gitops/contract.ts';
import type { Release } from '../helm/contract.ts';
import { discovered, FakeFleet } from '../resources/fakeFleet.ts';
import type { Application, ApplicationPart, By } from './contract.ts';
import { followApplication, followApplications } from './portfolio.ts';

const kinds = [
  'deployments.apps',
  'statefulsets.apps',
  'services',
  'ingresses.networking.k8s.io',
  'horizontalpodautoscalers.autoscaling',
  'poddisruptionbudgets.policy',
  'namespaces',
  'pods',
];

function source<R extends { key: string }>() {
  const changed = new Emitter<void>();
  let rows: readonly R[] = [];
  let rev = 1;
  const live: LiveSource<object, R> = {
    read: () => ({ rev, head: {}, rows }),
    onChange: changed.event,
    dispose: () => undefined,
  };
  const set = (next: readonly R[]) => {
    rows = next;
    rev++;
    changed.fire();
  };
  return { live, set };
}

function world() {
  const clock = new FakeClock();
  const fleet = new FakeFleet();
  const tables = createTables();
  const schemas = kinds.map((kind) => builtInSchema(kind) ?? expect.fail(`${kind} has no schema`));
  const served = schemas.map((schema) => discovered(schema));
  fleet.setClusters([
    { id: 'eu', index: 0, name: 'prod-eu', kinds: served },
    { id: 'us', index: 1, name: 'prod-us', kinds: served },
  ]);
  const makers = new Map(schemas.map((schema) => [schema.id, sampleBatches(schema)]));
  let version = 100;
  let uid = 1;
  for (const schema of schemas) {
    tables.table(schema, 0);
    tables.table(schema, 1);
    for (const cluster of ['eu', 'us']) fleet.setScope(schema.id, { cluster, state: 'live' });
  }
  const apply = (cluster: number, kind: string, rows: Omit<SampleRow, 'version' | 'uid'>[]) => {
    const batch = makers.get(kind)?.(
      cluster,
      rows.map((row) => ({ uid: sampleUid(uid++), namespace: 'shop', ...row, version: String(version++) })),
    );
    tables.apply({ type: 'rows', batch: batch ?? expect.fail(), scope: '' });
  };
  const releases = source<Release>();
  const deliveries = source<Delivery>();
  const sources = { fleet, tables, clock, releases: () => releases.live, deliveries: () => deliveries.live };
  const applications = (by: By = 'name', wanted = {}) => {
    const following = followApplications(sources, { by, ...wanted });
    const { head, rows } = following.read();
    following.dispose();
    return { head, rows, byName: new Map(rows.map((row): [string, Application] => [row.key, row])) };
  };
  const parts = (name: string) => {
    const following = followApplication(sources, { by: 'name', name });
    const { head, rows } = following.read();
    following.dispose();
    return { head, rows };
  };
  return { clock, tables, fleet, apply, releases, deliveries, applications, parts, sources };
}

const web = (version: string, more: Partial<SampleRow> = {}): Omit<SampleRow, 'version' | 'uid'> => ({
  name: 'web',
  status: 'Available',
  labels: {
    'app.kubernetes.io/name': 'web',
    'app.kubernetes.io/part-of': 'shop',
    'app.kubernetes.io/version': version,
    team: 'front',
  },
  ...more,
  cells: {
    images: `registry/shop/web:${version}`,
    readyreplicas: 2,
    desired: 2,
    selector: 'app.kubernetes.io/name=web',
    ...more.cells,
  },
});

function shop() {
  const made = world();
  made.apply(0, 'namespaces', [{ name: 'shop', namespace: '', labels: { owner: 'retail' } }]);
  made.apply(0, 'deployments.apps', [web('1.10.0')]);
  made.apply(1, 'deployments.apps', [
    web('1.9.2', { tone: 'warning', status: 'Degraded', cells: { readyreplicas: 1, desired: 2 } }),
  ]);
  made.apply(0, 'statefulsets.apps', [
    {
      name: 'cart-db',
      labels: { app: 'postgres' },
      cells: { images: 'docker.io/postgres:16.2', readyreplicas: 1, desired: 1 },
    },
  ]);
  return made;
}

test('one application stands side by side in its clusters, with what differs', () => {
  const { byName, head } = shop().applications();
  const found = byName.get('web');
  expect(found).toMatchObject({
    partOf: 'shop',
    owner: 'front',
    tone: 'warning',
    ready: 3,
    wanted: 4,
    versions: [
      { version: '1.10.0', count: 1 },
      { version: '1.9.2', count: 1 },
    ],
  });
  expect(
    found?.placements.map(({ clusterName, versions, behind, tone }) => ({ clusterName, versions, behind, tone })),
  ).toEqual([
    { clusterName: 'prod-eu', versions: ['1.10.0'], behind: false, tone: 'healthy' },
    { clusterName: 'prod-us', versions: ['1.9.2'], behind: true, tone: 'warning' },
  ]);
  expect(head.clusters.map(({ name }) => name)).toEqual(['prod-eu', 'prod-us']);
  // Without a version label the image tells, and without an owner of its own the namespace.
  expect(byName.get('postgres')).toMatchObject({ owner: 'retail', versions: [{ version: '16.2', count: 1 }] });
  expect(byName.get('postgres')?.placements[0]?.versionFrom).toBe('image');
});

test('the whole that components are part of is one application', () => {
  const { byName } = shop().applications('partOf');
  expect(byName.get('shop')?.workloads).toBe(2);
  expect(byName.get('postgres')?.workloads).toBe(1);
});

test('two instances in one namespace are two placements', () => {
  const made = world();
  const redis = (instance: string) => ({
    name: `${instance}-redis`,
    labels: { 'app.kubernetes.io/name': 'redis', 'app.kubernetes.io/instance': instance },
  });
  made.apply(0, 'statefulsets.apps', [redis('cart'), redis('session')]);
  expect(
    made
      .applications()
      .byName.get('redis')
      ?.placements.map(({ instance }) => instance),
  ).toEqual(['cart', 'session']);
  expect(made.applications('partOf').byName.get('cart')?.placements).toHaveLength(1);
});

const release: Release = {
  key: 'eu/shop/cart',
  cluster: 'eu',
  clusterName: 'prod-eu',
  namespace: 'shop',
  name: 'cart',
  storage: 'secret',
  revision: 3,
  status: 'failed',
  chart: 'cart',
  chartVersion: '4.0.1',
  appVersion: '2.5',
  description: '',
  updated: null,
};

const delivery: Delivery = {
  key: 'us/applications.argoproj.io/argocd/shop-web',
  object: { cluster: 'us', kind: 'applications.argoproj.io', namespace: 'argocd', name: 'shop-web' },
  clusterName: 'prod-us',
  engine: 'argocd',
  kind: 'Application',
  project: 'default',
  sync: 'outOfSync',
  syncText: 'OutOfSync',
  health: 'healthy',
  tone: 'warning',
  message: '',
  sources: [],
  version: 'main',
  images: ['registry/shop/web:1.10.0'],
  suspended: false,
  automatic: true,
  prune: false,
  destination: { server: '', cluster: 'eu', clusterName: 'prod-eu', namespace: 'shop' },
  operation: null,
  resources: { total: 1, outOfSync: 1, unhealthy: 0 },
  labels: {},
  created: null,
  updated: null,
  deleting: false,
};

test('releases and deliveries stand at what they delivered, also from another cluster', () => {
  const made = shop();
  made.apply(0, 'deployments.apps', [{ name: 'cart', labels: { app: 'cart', 'app.kubernetes.io/instance': 'cart' } }]);
  made.releases.set([release]);
  made.deliveries.set([delivery]);
  const { byName } = made.applications();
  expect(byName.get('cart')?.placements[0]).toMatchObject({
    versions: ['2.5'],
    versionFrom: 'release',
    chart: 'cart 4.0.1',
    delivered: [{ tool: 'helm', name: 'cart', status: 'failed', tone: 'failed' }],
  });
  // By its images: an annotation that marks it is in no list.
  expect(byName.get('web')?.placements.map(({ delivered }) => delivered.map(({ name }) => name))).toEqual([
    ['shop-web'],
    [],
  ]);
  expect(byName.get('web')?.tools).toEqual(['argocd']);
});

test('rows follow what changes, and those that did not are the same', async () => {
  const made = shop();
  const following = followApplications(made.sources, { by: 'name' });
  const before = following.read().rows;
  made.apply(1, 'deployments.apps', [{ ...web('1.0.0'), name: 'other', labels: { app: 'other' } }]);
  await made.clock.advance(5000);
  const after = following.read().rows;
  expect(after.map(({ key }) => key)).toEqual(['other', 'postgres', 'web']);
  expect(after.find(({ key }) => key === 'web')).toBe(before.find(({ key }) => key === 'web'));
  following.dispose();
  expect(made.fleet.demands.size).toBe(0);
});

test('an application has its services and ways in, found by what selects and what leads to it', () => {
  const made = shop();
  made.apply(0, 'pods', [{ name: 'web-1', labels: { 'app.kubernetes.io/name': 'web', hash: '1' } }]);
  made.apply(0, 'services', [
    { name: 'front', cells: { selector: 'app.kubernetes.io/name=web', type: 'ClusterIP', ports: '80/TCP' } },
    { name: 'stranger', cells: { selector: 'app=else' } },
    { name: 'headless', cells: {} },
  ]);
  made.apply(0, 'ingresses.networking.k8s.io', [
    { name: 'door', cells: { backends: 'Service/front', hosts: 'shop.example' } },
    { name: 'other-door', cells: { backends: 'Service/stranger' } },
  ]);
  made.apply(0, 'horizontalpodautoscalers.autoscaling', [
    { name: 'web', cells: { target: 'Deployment/web' } },
    { name: 'else', cells: { target: 'Deployment/else' } },
  ]);
  made.apply(0, 'poddisruptionbudgets.policy', [{ name: 'web', cells: { selector: 'app.kubernetes.io/name=web' } }]);
  made.deliveries.set([delivery]);
  const { head, rows } = made.parts('web');
  expect(head.application?.key).toBe('web');
  const told = ({ role, clusterName, kindName, name, detail }: ApplicationPart) =>
    [role, clusterName, kindName, name, detail].join(' ').trim();
  expect(rows.map(told)).toEqual([
    'workload prod-eu Deployment web 2/2',
    'workload prod-us Deployment web 1/2',
    'service prod-eu Service front ClusterIP 80/TCP',
    'entry prod-eu Ingress door shop.example',
    'scaling prod-eu HorizontalPodAutoscaler web Deployment/web',
    'scaling prod-eu PodDisruptionBudget web',
    'delivery prod-us Application shop-web',
  ]);
  expect(made.parts('nothing')).toEqual({ head: { application: null, loading: false, problems: [] }, rows: [] });
});
