import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SampleRow, sampleBatches, sampleUid } from '../../kube/columns/rowBatches.ts';
import { encodeLabels } from '../../kube/columns/schema.ts';
import { builtInSchema } from '../../kube/projectors/index.ts';
import type { Relation } from './contract.ts';
import { discovered } from './fakeFleet.ts';
import { context, sampleFleet } from './sampleFleet.ts';
import { parseSelector } from './selector.ts';

const kinds = [
  'deployments.apps',
  'replicasets.apps',
  'services',
  'ingresses.networking.k8s.io',
  'nodes',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'persistentvolumes',
  'horizontalpodautoscalers.autoscaling',
  'pods',
];

/** A web application with everything around it, in the namespace shop of prod. */
function application() {
  const sample = sampleFleet();
  const { fleet, tables } = sample;
  const schemas = kinds.map((kind) => builtInSchema(kind) ?? expect.fail(`${kind} has no schema`));
  fleet.setClusters([{ id: 'prod', index: 0, name: 'prod-eu', kinds: schemas.map((schema) => discovered(schema)) }]);
  let version = 100;
  const apply = (kind: string, rows: Omit<SampleRow, 'version'>[]) => {
    const schema = schemas.find((it) => it.id === kind) ?? expect.fail();
    tables.table(schema, 0);
    const batch = sampleBatches(schema)(
      0,
      rows.map((row) => ({ namespace: 'shop', ...row, version: String(version++) })),
    );
    tables.apply({ type: 'rows', batch, scope: '' });
    fleet.setScope(kind, { cluster: 'prod', state: 'live' });
  };
  apply('deployments.apps', [{ uid: sampleUid(20), name: 'site', status: 'Available' }]);
  apply('replicasets.apps', [
    { uid: sampleUid(21), name: 'site-1', owner: 'Deployment/site', ownerUid: sampleUid(20) },
    { uid: sampleUid(22), name: 'site-2', owner: 'Deployment/site', ownerUid: sampleUid(20) },
  ]);
  const owned = { owner: 'ReplicaSet/site-2', ownerUid: sampleUid(22), labels: { app: 'site' } };
  const cells = { node: 'worker-1', refs: 'Secret/db\nPersistentVolumeClaim/files\nConfigMap/gone' };
  apply('pods', [
    { uid: sampleUid(23), name: 'site-2-a', status: 'Running', ...owned, cells },
    { uid: sampleUid(24), name: 'site-2-b', status: 'Pending', tone: 'progressing', ...owned },
  ]);
  apply('services', [
    { uid: sampleUid(25), name: 'site', cells: { selector: 'app=site' } },
    { uid: sampleUid(26), name: 'other', cells: { selector: 'app=other' } },
    { uid: sampleUid(33), name: 'site', namespace: 'else', cells: { selector: 'app=site' } },
  ]);
  apply('ingresses.networking.k8s.io', [
    { uid: sampleUid(27), name: 'front', cells: { backends: 'Service/site', refs: 'Secret/tls' } },
  ]);
  apply('nodes', [{ uid: sampleUid(28), name: 'worker-1', namespace: '', status: 'Ready' }]);
  apply('secrets', [{ uid: sampleUid(29), name: 'db' }]);
  apply('configmaps', []);
  apply('persistentvolumeclaims', [{ uid: sampleUid(30), name: 'files', cells: { volume: 'pv-1' } }]);
  apply('persistentvolumes', [{ uid: sampleUid(31), name: 'pv-1', namespace: '', cells: { claim: 'shop/files' } }]);
  apply('horizontalpodautoscalers.autoscaling', [
    { uid: sampleUid(32), name: 'site', cells: { target: 'Deployment/site' } },
  ]);
  return { ...sample, apply };
}

const ref = (kind: string, name: string) => ({ cluster: 'prod', kind, namespace: 'shop', name });

/** The tree as indented lines. */
function drawn(rows: readonly Relation[]): string[] {
  const lines: string[] = [];
  const draw = (parent: string | null, depth: number) => {
    for (const row of rows.filter((it) => it.parent === parent)) {
      const status = row.status === '' ? '' : ` ${row.status}`;
      lines.push(`${'  '.repeat(depth)}${row.relation} ${row.object.kind.split('.')[0]}/${row.object.name}${status}`);
      draw(row.key, depth + 1);
    }
  };
  draw(null, 0);
  return lines;
}

test('a pod stands below its owners, with what selects it, what it uses and where it runs', async () => {
  const { relations } = application();
  const source = await relations({ object: ref('pods', 'site-2-a') }, context);
  expect(drawn(source.read().rows)).toEqual([
    'owner deployments/site Available',
    '  owner replicasets/site-2',
    '    self pods/site-2-a Running',
    '      selectedBy services/site',
    '      runsOn nodes/worker-1 Ready',
    '      uses secrets/db',
    '      uses persistentvolumeclaims/files',
    '      uses configmaps/gone Missing',
  ]);
});

test('a deployment has what it owns below it, its service and its autoscaler', async () => {
  const { relations } = application();
  const source = await relations({ object: ref('deployments.apps', 'site') }, context);
  expect(drawn(source.read().rows)).toEqual([
    'self deployments/site Available',
    '  owned replicasets/site-1',
    '  owned replicasets/site-2',
    '    owned pods/site-2-a Running',
    '    owned pods/site-2-b Pending',
    '  selectedBy services/site',
    '  usedBy horizontalpodautoscalers/site',
  ]);
});

test.each([
  [
    'services',
    'site',
    [
      'self services/site',
      '  selects pods/site-2-a Running',
      '  selects pods/site-2-b Pending',
      '  usedBy ingresses/front',
    ],
  ],
  [
    'ingresses.networking.k8s.io',
    'front',
    ['self ingresses/front', '  uses secrets/tls Missing', '  uses services/site'],
  ],
  ['secrets', 'db', ['self secrets/db', '  usedBy pods/site-2-a Running']],
  [
    'persistentvolumeclaims',
    'files',
    ['self persistentvolumeclaims/files', '  uses persistentvolumes/pv-1', '  usedBy pods/site-2-a Running'],
  ],
])('%s: relations in both directions', async (kind, name, lines) => {
  const { relations } = application();
  const source = await relations({ object: ref(kind, name) }, context);
  expect(drawn(source.read().rows)).toEqual(lines);
});

test('cluster objects: a node has its pods, a volume its claim', async () => {
  const { relations } = application();
  const node = await relations({ object: { ...ref('nodes', 'worker-1'), namespace: '' } }, context);
  expect(drawn(node.read().rows)).toEqual(['self nodes/worker-1 Ready', '  usedBy pods/site-2-a Running']);
  const volume = await relations({ object: { ...ref('persistentvolumes', 'pv-1'), namespace: '' } }, context);
  expect(drawn(volume.read().rows)).toEqual(['self persistentvolumes/pv-1', '  usedBy persistentvolumeclaims/files']);
});

test('the tree follows changes, watches what it needs, and says what it may not see', async () => {
  const { relations, apply, clock, fleet } = application();
  const source = await relations({ object: ref('replicasets.apps', 'site-2') }, context);
  expect(source.read().head).toEqual({ complete: true, problems: [] });
  const before = source.read();
  let changes = 0;
  source.onChange(() => changes++);
  apply('pods', [{ uid: sampleUid(24), name: 'site-2-b', namespace: 'shop', deleted: true }]);
  fleet.setScope('services', { cluster: 'prod', state: 'forbidden', reason: 'services is forbidden' });
  await clock.advance(250);
  expect(changes).toBe(1);
  const after = source.read();
  expect(after.rows.map((row) => row.object.name)).toEqual(['site', 'site-2', 'site-2-a', 'site']);
  expect(after.rows[0]).toBe(before.rows[0]);
  expect(after.head).toEqual({ complete: false, problems: ['You may not list services: services is forbidden'] });
  expect([...fleet.demands.keys()].sort()).toEqual(['deployments.apps', 'pods', 'replicasets.apps', 'services']);
  source.dispose();
  expect([...fleet.demands.keys()]).toEqual([]);
});

test('an object that is not known is its own tree, and incomplete', async () => {
  const { relations } = sampleFleet();
  const source = await relations({ object: ref('pods', 'unheard-of') }, context);
  expect(source.read().rows).toMatchObject([{ relation: 'self', parent: null, tone: 'unknown' }]);
});

test('selectors select as the API server does', () => {
  const labels = { app: 'web', tier: 'front' };
  const text = encodeLabels(labels);
  const cases: [selector: string, selects: boolean][] = [
    ['app=web', true],
    ['app=web,tier=front', true],
    ['app=web,tier=back', false],
    ['tier in (back,front)', true],
    ['tier notin (back,front)', false],
    ['missing notin (a)', true],
    ['app', true],
    ['!app', false],
    ['!missing', true],
    ['app!=db', true],
    ['*', true],
    ['', false],
    ['app=web,???', false],
  ];
  expect(cases.map(([selector]) => [selector, parseSelector(selector)(text)])).toEqual(cases);
  const anyLabels = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'));
  fc.assert(
    fc.property(anyLabels, anyLabels, (wanted, have) => {
      const selector = Object.entries(wanted)
        .map(([key, value]) => `${key}=${value}`)
        .join(',');
      const expected = selector !== '' && Object.entries(wanted).every(([key, value]) => have[key] === value);
      expect(parseSelector(selector)(encodeLabels(have))).toBe(expected);
    }),
  );
});
