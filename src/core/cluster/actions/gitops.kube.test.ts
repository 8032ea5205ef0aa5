import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDefinitions } from '../../testing/published/definitions.ts';
import { clusterTool, type RealEngine, saySkipped, startRealEngine } from '../../testing/realEngine.ts';
import type { Run } from '../changes/contract.ts';

/**
 * Orders to Argo CD and Flux on a real API server with their own definitions, as they are published. No controller runs:
 * the test writes what one would write.
 */
saySkipped('orders to Argo CD and Flux on a real API server');

const namespace = 'gitops-orders';
const objects = `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: shop, namespace: ${namespace} }
spec:
  project: default
  destination: { server: "https://kubernetes.default.svc", namespace: shop }
  source: { repoURL: "https://git.example.com/shop", targetRevision: main, path: . }
  syncPolicy:
    automated: { prune: true, selfHeal: true }
    syncOptions: [CreateNamespace=true]
    retry: { limit: 2 }
status:
  history:
    - { id: 0, revision: "1111111111111111", deployedAt: "2026-11-01T10:00:00Z", source: { repoURL: "https://git.example.com/shop", path: old } }
    - { id: 1, revision: "2222222222222222", deployedAt: "2026-11-02T10:00:00Z", source: { repoURL: "https://git.example.com/shop", path: . } }
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: platform, namespace: ${namespace} }
spec: { interval: 1m, url: "https://git.example.com/platform", ref: { branch: main } }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: platform, namespace: ${namespace} }
spec: { interval: 10m, path: ./platform, prune: true, sourceRef: { kind: GitRepository, name: platform } }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: podinfo, namespace: ${namespace} }
spec: { interval: 10m, chart: { spec: { chart: podinfo, version: 6.x, sourceRef: { kind: HelmRepository, name: podinfo } } } }
`;

const history = (commit: string, at: string) => ({
  digest: `sha256:${commit.repeat(16)}`,
  firstReconciled: at,
  lastReconciled: at,
  lastReconciledDuration: '2.8s',
  lastReconciledStatus: 'ReconciliationSucceeded',
  totalReconciliations: 1,
  metadata: { revision: `main@sha1:${commit.repeat(10)}` },
});
const release = (version: number, chartVersion: string) => ({
  chartName: 'podinfo',
  chartVersion,
  configDigest: 'sha256:00',
  digest: 'sha256:00',
  firstDeployed: '2026-11-01T10:00:00Z',
  lastDeployed: '2026-11-01T10:00:00Z',
  name: 'podinfo',
  namespace,
  status: version === 2 ? 'deployed' : 'superseded',
  version,
});

describe.skipIf(clusterTool === undefined)('GitOps', () => {
  let real: RealEngine;
  beforeAll(async () => {
    real = await startRealEngine(`gitops-${process.pid}`, { up: ['--nodes', '1'] });
    for (const name of ['argo-cd-crds', 'flux-crds'] as const) {
      for (const text of readDefinitions(name)) real.kubectl(['apply', '--server-side', '-f', '-'], text);
    }
    real.kubectl(['create', 'namespace', namespace]);
    await real.until(() => void real.kubectl(['apply', '-f', '-'], objects));
    status('kustomizations', 'platform', {
      history: [history('bbbb', '2026-11-02T10:00:00Z'), history('aaaa', '2026-11-01T10:00:00Z')],
    });
    status('helmreleases', 'podinfo', { history: [release(2, '6.5.4'), release(1, '6.5.3')] });
    // The engine has heard of all kinds.
    for (const object of [application(), kustomization(), helmRelease(), repository()]) {
      await real.until(async () => {
        const { cluster, kind } = object;
        await real.client.actions.allowed({ cluster, kind, namespace });
      });
    }
  }, 180_000);
  afterAll(() => real?.close(), 60_000);

  const ref = (kind: string, name: string) => ({ cluster: real.cluster, kind, namespace, name });
  const application = () => ref('applications.argoproj.io', 'shop');
  const kustomization = () => ref('kustomizations.kustomize.toolkit.fluxcd.io', 'platform');
  const helmRelease = () => ref('helmreleases.helm.toolkit.fluxcd.io', 'podinfo');
  const repository = () => ref('gitrepositories.source.toolkit.fluxcd.io', 'platform');
  const json = ({ kind, name }: ReturnType<typeof ref>) =>
    JSON.parse(real.kubectl(['get', kind, name, '-n', namespace, '-o', 'json']));
  const status = (kind: string, name: string, value: unknown) =>
    real.kubectl([
      'patch',
      kind,
      name,
      '-n',
      namespace,
      '--subresource=status',
      '--type=merge',
      '-p',
      JSON.stringify({ status: value }),
    ]);
  /** What the controller does when it has taken an order. */
  const taken = () =>
    real.kubectl([
      'patch',
      'application',
      'shop',
      '-n',
      namespace,
      '--type=json',
      '-p',
      '[{"op":"remove","path":"/operation"}]',
    ]);
  const ended = (run: string) =>
    new Promise<Run>((resolve, reject) => {
      const following = real.client.changes.runs(
        {},
        {
          change({ rows }) {
            const found = rows.find(({ key }) => key === run);
            if (found === undefined || found.endedAt === null) return;
            queueMicrotask(() => following.dispose());
            resolve(found);
          },
          error: reject,
        },
      );
    });
  const run = async (action: string, object: ReturnType<typeof ref>, values = {}, confirmed?: string) =>
    ended((await real.client.actions.run({ action, objects: [object], values, ...(confirmed && { confirmed }) })).run);
  const undo = async ({ key }: Run) => ended((await real.client.changes.undo({ run: key })).run);

  test('an application is synced with options, once at a time', async () => {
    const values = {
      revision: 'v2',
      prune: true,
      dryRun: true,
      replace: true,
      forced: true,
      resources: 'apps:Deployment:shop/web, :ConfigMap:shop/web-config',
    };
    const { steps } = await real.client.actions.preview({ action: 'sync', objects: [application()], values });
    expect(steps[0]?.error).toBeUndefined();
    expect(json(application()).operation).toBeUndefined();
    expect(await run('sync', application(), values)).toMatchObject({ state: 'done', undoable: false });
    expect(json(application()).operation).toEqual({
      initiatedBy: { username: 'kubesage' },
      retry: { limit: 2 },
      sync: {
        revision: 'v2',
        prune: true,
        dryRun: true,
        resources: [
          { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' },
          { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'web-config' },
        ],
        syncOptions: ['CreateNamespace=true', 'Replace=true'],
        syncStrategy: { hook: { force: true } },
      },
    });
    const second = await run('sync', application());
    expect(second).toMatchObject({ state: 'failed', steps: [{ message: 'shop is being synced already' }] });
    taken();
    expect(await run('sync', application(), { resources: 'web' })).toMatchObject({ state: 'failed' });
  });

  test('one that is on its way is stopped, and only such a one', async () => {
    expect(await run('terminateSync', application())).toMatchObject({ state: 'failed' });
    await run('reconcile', application());
    expect(json(application()).operation.sync).toEqual({ prune: false, syncOptions: ['CreateNamespace=true'] });
    real.kubectl([
      'patch',
      'application',
      'shop',
      '-n',
      namespace,
      '--type=merge',
      '-p',
      JSON.stringify({
        status: { operationState: { phase: 'Running', startedAt: '2026-11-02T10:00:00Z', operation: {} } },
      }),
    ]);
    expect(await run('terminateSync', application())).toMatchObject({ state: 'done' });
    expect(json(application()).status.operationState.phase).toBe('Terminating');
    taken();
  });

  test('an application is refreshed by what Argo CD reads', async () => {
    await run('refresh', application(), { refresh: 'hard' });
    expect(json(application()).metadata.annotations['argocd.argoproj.io/refresh']).toBe('hard');
  });

  test('suspending an application turns automated sync off and keeps its settings, and is undone', async () => {
    const suspended = await run('suspendFlux', application());
    expect(json(application()).spec.syncPolicy.automated).toEqual({ prune: true, selfHeal: true, enabled: false });
    expect(await undo(suspended)).toMatchObject({ state: 'done' });
    expect(json(application()).spec.syncPolicy.automated).toEqual({ prune: true, selfHeal: true });
    await run('suspendFlux', application());
    await run('resumeFlux', application());
    expect(json(application()).spec.syncPolicy.automated).toEqual({ prune: true, selfHeal: true });
  });

  test('an application goes back to what was deployed, with the source of then and automated sync off', async () => {
    const { fields } = await real.client.actions.form({ action: 'syncBack', objects: [application()] });
    expect(fields[0]?.options).toMatchObject([{ value: '0', label: expect.stringContaining('111111111111') }]);
    const back = await run('syncBack', application(), { deployed: '0', automaticOff: true }, 'yes');
    expect(back.state).toBe('done');
    const { operation, spec } = json(application());
    expect(operation.sync).toEqual({
      revision: '1111111111111111',
      prune: true,
      source: { repoURL: 'https://git.example.com/shop', path: 'old' },
      syncOptions: ['CreateNamespace=true'],
      syncStrategy: { apply: {} },
    });
    expect(spec.syncPolicy.automated.enabled).toBe(false);
    taken();
  });

  test('a Kustomization is reconciled, with its source first when that is wanted', async () => {
    await run('reconcile', kustomization());
    const first = json(kustomization()).metadata.annotations['reconcile.fluxcd.io/requestedAt'];
    expect(first).toMatch(/^20/);
    expect(json(repository()).metadata.annotations?.['reconcile.fluxcd.io/requestedAt']).toBeUndefined();
    await run('reconcileWithSource', kustomization());
    expect(json(repository()).metadata.annotations['reconcile.fluxcd.io/requestedAt']).toMatch(/^20/);
    expect(json(kustomization()).metadata.annotations['reconcile.fluxcd.io/requestedAt']).not.toBe(first);
  });

  test('a Kustomization is suspended and resumed, and the suspension is undone', async () => {
    const suspended = await run('suspendFlux', kustomization());
    expect(json(kustomization()).spec.suspend).toBe(true);
    await undo(suspended);
    expect(json(kustomization()).spec.suspend).toBeUndefined();
  });

  test('a Kustomization goes back by its source, which then follows its branch again', async () => {
    const { fields } = await real.client.actions.form({ action: 'pinBack', objects: [kustomization()] });
    expect(fields[0]).toMatchObject({ value: `sha256:${'aaaa'.repeat(16)}`, help: 'platform is pinned.' });
    const { steps } = await real.client.actions.preview({
      action: 'pinBack',
      objects: [kustomization()],
      values: { deployed: fields[0]?.value ?? '' },
    });
    expect(steps[0]?.changes).toEqual([{ path: '/spec/ref/commit', after: 'aaaa'.repeat(10) }]);
    await run('pinBack', kustomization(), { deployed: fields[0]?.value }, 'yes');
    expect(json(repository()).spec.ref).toEqual({ branch: 'main', commit: 'aaaa'.repeat(10) });
    await run('unpin', repository());
    expect(json(repository()).spec.ref).toEqual({ branch: 'main' });
    expect(await run('unpin', repository())).toMatchObject({ state: 'failed' });
  });

  test("a HelmRelease goes back by its chart's version, is forced and tried again", async () => {
    const back = await run('pinBack', helmRelease(), { deployed: '1' }, 'yes');
    expect(json(helmRelease()).spec.chart.spec.version).toBe('6.5.3');
    await undo(back);
    expect(json(helmRelease()).spec.chart.spec.version).toBe('6.x');
    await run('forceRelease', helmRelease());
    const { annotations } = json(helmRelease()).metadata;
    // The controller wants both to be the same.
    expect(annotations['reconcile.fluxcd.io/forceAt']).toBe(annotations['reconcile.fluxcd.io/requestedAt']);
    await run('resetRelease', helmRelease());
    expect(json(helmRelease()).metadata.annotations['reconcile.fluxcd.io/resetAt']).toMatch(/^20/);
  });
});
