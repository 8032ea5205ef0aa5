import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applicationHistory, readApplication } from './argo.ts';
import { fluxHistory, fluxObjects, readFluxDelivery } from './flux.ts';
import { helmRelease, kustomization } from './kinds.ts';
import { imageVersion, type KubeObject, shortRevision } from './model.ts';

const nobody = () => undefined;
const object = (more: Omit<Partial<KubeObject>, 'metadata'> & { metadata?: Partial<KubeObject['metadata']> }) => ({
  ...more,
  metadata: { name: 'web', namespace: 'flux-system', generation: 1, ...more.metadata },
});
const found = (more: Parameters<typeof object>[0]) => ({
  cluster: 'a',
  clusterName: 'production',
  object: object(more),
});
const ready = (status: string, reason: string, more = {}) => ({
  type: 'Ready',
  status,
  reason,
  message: `It is ${reason}`,
  observedGeneration: 1,
  ...more,
});

describe('an application', () => {
  const app = (more: Parameters<typeof object>[0]) => readApplication(found(more), nobody);

  test('that was asked to sync and has not begun is on its way', () => {
    expect(app({ operation: { sync: { revision: 'v2' } } })).toMatchObject({
      sync: 'syncing',
      operation: { phase: 'Running', revision: 'v2' },
    });
  });

  test('whose sync failed says why, whatever it was before', () => {
    const status = { sync: { status: 'OutOfSync' }, operationState: { phase: 'Failed', message: 'no such branch' } };
    expect(app({ status })).toMatchObject({ sync: 'failed', tone: 'failed', message: 'no such branch' });
  });

  test('that cannot be compared says the condition', () => {
    const status = {
      sync: { status: 'Unknown' },
      conditions: [{ type: 'ComparisonError', message: 'repository not found' }],
    };
    expect(app({ status })).toMatchObject({ sync: 'unknown', message: 'repository not found' });
  });

  test('with automated sync turned off is left alone on purpose', () => {
    const spec = { syncPolicy: { automated: { enabled: false, prune: true } } };
    const paused = app({ spec, status: { sync: { status: 'OutOfSync' }, health: { status: 'Healthy' } } });
    expect(paused).toMatchObject({ automatic: false, suspended: true, sync: 'outOfSync', tone: 'stopped' });
    expect(app({ spec: {} })).toMatchObject({ automatic: false, suspended: false });
  });

  test('goes to a cluster by its address or its name', () => {
    const find = ({ server, name }: { server: string; name: string }) =>
      server === 'https://10.0.0.1' || name === 'eu' ? { id: 'e', name: 'prod-eu' } : undefined;
    const to = (destination: unknown) => readApplication(found({ spec: { destination } }), find).destination;
    expect(to({ server: 'https://10.0.0.1', namespace: 'x' })).toMatchObject({ cluster: 'e', clusterName: 'prod-eu' });
    expect(to({ name: 'eu' })).toMatchObject({ cluster: 'e' });
    expect(to({ name: 'in-cluster' })).toMatchObject({ cluster: 'a', server: '' });
    expect(to({ name: 'us' })).toMatchObject({ cluster: null, clusterName: 'us' });
  });

  test('has a history of which an entry without its source cannot be gone back to', () => {
    const status = {
      history: [
        { id: 0, revision: 'a', deployedAt: '2026-01-01T00:00:00Z' },
        { id: 1, revision: 'b', deployedAt: '2026-01-02T00:00:00Z', source: { repoURL: 'x', path: 'y' } },
        { id: 2, revisions: ['c', 'd'], deployedAt: '2026-01-03T00:00:00Z', sources: [{ repoURL: 'x' }] },
      ],
    };
    expect(applicationHistory(object({ status }))).toMatchObject([
      { id: '2', revision: 'c, d', current: true },
      { id: '1', revision: 'b', current: false, fixed: '' },
      { id: '0', fixed: 'Its source was not kept with it' },
    ]);
  });
});

describe('a Kustomization', () => {
  const spec = { path: './apps', sourceRef: { kind: 'GitRepository', name: 'shop' } };
  const read = (status: unknown, more: { spec?: unknown; source?: KubeObject; generation?: number } = {}) =>
    readFluxDelivery(
      found({ spec: { ...spec, ...(more.spec as object) }, status, metadata: { generation: more.generation ?? 1 } }),
      kustomization,
      () => more.source,
      nobody,
    );
  const source = (revision: string): KubeObject => ({
    metadata: { name: 'shop' },
    spec: { url: 'https://git.example.com/shop', ref: { branch: 'main', tag: 'v1' } },
    status: { artifact: { revision } },
  });

  test('that no controller has seen is unknown', () => {
    expect(read(undefined)).toMatchObject({ sync: 'unknown', health: 'unknown', tone: 'unknown' });
  });

  test('has its address, what it follows and what waits out of its source', () => {
    const status = {
      conditions: [ready('True', 'ReconciliationSucceeded')],
      lastAppliedRevision: 'main@sha1:aaaaaaaaaa',
    };
    expect(read(status, { source: source('main@sha1:bbbbbbbbbb') })).toMatchObject({
      sync: 'outOfSync',
      tone: 'warning',
      message: 'main@bbbbbbb is not delivered yet',
      sources: [{ repo: 'https://git.example.com/shop', path: 'apps', wanted: 'v1', pending: 'main@sha1:bbbbbbbbbb' }],
    });
    expect(read(status, { source: source('main@sha1:aaaaaaaaaa') })).toMatchObject({ sync: 'synced', tone: 'healthy' });
    expect(read(status)).toMatchObject({ sources: [{ repo: 'GitRepository shop', pending: '' }] });
  });

  test('that was changed and not looked at since is out of sync', () => {
    const status = { conditions: [ready('True', 'ReconciliationSucceeded')] };
    expect(read(status, { generation: 2 })).toMatchObject({ sync: 'outOfSync', syncText: 'Changed' });
  });

  test('is told to be healthy only where Flux was told to look', () => {
    const good = ready('True', 'ReconciliationSucceeded');
    expect(read({ conditions: [good] }).health).toBe('unchecked');
    expect(read({ conditions: [good, { type: 'Healthy', status: 'True' }] }).health).toBe('healthy');
    expect(read({ conditions: [ready('False', 'HealthCheckFailed')] })).toMatchObject({
      health: 'degraded',
      sync: 'failed',
    });
  });

  test('that waits for another one has not failed', () => {
    expect(read({ conditions: [ready('False', 'DependencyNotReady')] })).toMatchObject({
      sync: 'outOfSync',
      tone: 'warning',
    });
  });

  test('that is suspended is so, and a failure of it is still one', () => {
    const more = { spec: { suspend: true } };
    const good = [ready('True', 'ReconciliationSucceeded'), { type: 'Reconciling', status: 'True' }];
    expect(read({ conditions: good }, more)).toMatchObject({ suspended: true, sync: 'synced', tone: 'stopped' });
    expect(read({ conditions: [ready('False', 'BuildFailed')] }, more)).toMatchObject({ tone: 'failed' });
  });

  test('has the history that Flux keeps, with how often', () => {
    // As in Flux' own guide: docs/spec/v1/kustomizations.md of kustomize-controller.
    const history = [
      {
        digest: 'sha256:43ad78c94b2655429d84f21488f29d7cca9cd45b7f54d2b27e16bbec8eff9228',
        firstReconciled: '2025-08-15T10:11:00Z',
        lastReconciled: '2025-08-15T11:12:00Z',
        lastReconciledDuration: '2.818583s',
        lastReconciledStatus: 'ReconciliationSucceeded',
        totalReconciliations: 2,
        metadata: { revision: 'v1.0.1@sha1:450796ddb2ab6724ee1cc32a4be56da032d1cca0' },
      },
      {
        digest: 'sha256:ec8dbfe61777b65001190260cf873ffe454451bd2e464bd6f9a154cffcdcd7e5',
        firstReconciled: '2025-07-14T13:10:00Z',
        lastReconciled: '2025-08-15T10:00:00Z',
        lastReconciledDuration: '49.813292s',
        lastReconciledStatus: 'HealthCheckFailed',
        totalReconciliations: 120,
        metadata: { revision: 'v1.0.0@sha1:67e2c98a60dc92283531412a9e604dd4bae005a9' },
      },
    ];
    const owner = { cluster: 'a', kind: kustomization, namespace: 'x', name: 'y' };
    expect(fluxHistory(object({ spec, status: { history } }), owner)).toMatchObject([
      { revision: history[0]?.metadata.revision, tone: 'healthy', times: 2, current: true },
      { status: 'HealthCheckFailed', tone: 'failed', times: 120, fixed: '' },
    ]);
    const bucket = { ...spec, sourceRef: { kind: 'Bucket', name: 'b' } };
    expect(fluxHistory(object({ spec: bucket, status: { history } }), owner)[1]?.fixed).toContain('Bucket');
  });
});

describe('a HelmRelease', () => {
  const chart = { metadata: { name: 'web' }, spec: {}, status: { artifact: { revision: '6.5.4' } } };
  const read = (spec: unknown, status: unknown, source?: KubeObject) =>
    readFluxDelivery(found({ spec, status }), helmRelease, () => source, nobody);
  const history = [
    { chartName: 'podinfo', chartVersion: '6.5.3', appVersion: '6.5', version: 3, ociDigest: 'sha256:aa' },
  ];
  const spec = {
    chart: { spec: { chart: 'podinfo', version: '6.x', sourceRef: { kind: 'HelmRepository', name: 'p' } } },
  };

  test('has a newer chart waiting, once that is fetched', () => {
    const status = { conditions: [ready('True', 'UpgradeSucceeded')], history, helmChart: 'flux-system/web' };
    expect(read(spec, status, chart)).toMatchObject({
      sync: 'outOfSync',
      version: '6.5',
      sources: [{ pending: '6.5.4' }],
    });
  });

  test('out of an OCI artifact compares digests', () => {
    const oci = { chartRef: { kind: 'OCIRepository', name: 'p' } };
    const status = { conditions: [ready('True', 'UpgradeSucceeded')], history };
    const of = (revision: string) => ({
      metadata: { name: 'p' },
      spec: { url: 'oci://x/p', ref: { semver: '*' } },
      status: { artifact: { revision } },
    });
    expect(read(oci, status, of('6.5.3@sha256:aa'))).toMatchObject({
      sync: 'synced',
      sources: [{ type: 'oci', wanted: '*' }],
    });
    expect(read(oci, status, of('6.5.4@sha256:bb'))).toMatchObject({ sync: 'outOfSync' });
  });

  test('whose test failed is degraded', () => {
    const conditions = [
      ready('False', 'TestFailed'),
      { type: 'Released', status: 'True' },
      { type: 'TestSuccess', status: 'False' },
    ];
    expect(read(spec, { conditions })).toMatchObject({ sync: 'failed', health: 'degraded' });
  });
});

describe('words', () => {
  test.each([
    ['main@sha1:450796ddb2ab6724ee1cc32a4be56da032d1cca0', 'main@450796d'],
    ['sha256:450796ddb2ab6724', '450796d'],
    ['450796ddb2ab6724ee1cc32a4be56da032d1cca0', '450796d'],
    ['6.5.4', '6.5.4'],
    ['', ''],
  ])('%s is %s in short', (revision, short) => expect(shortRevision(revision)).toBe(short));

  test.each([
    ['registry:5000/shop/web:1.2', '1.2'],
    ['web', ''],
    ['web@sha256:450796ddb2ab6724', '450796d'],
    ['registry:5000/web', ''],
  ])('%s has the version %s', (image, version) => expect(imageVersion(image)).toBe(version));

  test("an entry of Flux' inventory is read as it is written", () => {
    const word = fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,20}[a-z0-9])?$/);
    fc.assert(
      fc.property(
        fc.option(word, { nil: '' }),
        fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(':')),
        fc.option(word, { nil: '' }),
        fc.stringMatching(/^[A-Z][A-Za-z]{0,20}$/),
        (namespace, name, group, kind) => {
          // As cli-utils' ObjMetadata writes it.
          const id = `${namespace}_${name.replaceAll(':', '__')}_${group}_${kind}`;
          const [entry] = fluxObjects(object({ status: { inventory: { entries: [{ id, v: 'v1' }] } } }));
          expect(entry).toMatchObject({ namespace, name, group, kind, version: 'v1' });
        },
      ),
    );
  });
});
