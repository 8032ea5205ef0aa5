import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterTool, type RealEngine, saySkipped, startRealEngine } from '../../testing/realEngine.ts';

/**
 * Orders to Argo CD and Flux on a real API server. The definitions have the published names, versions and the fields that
 * are written, and let everything else pass; no controller runs, the test writes its status.
 */
saySkipped('orders to Argo CD and Flux on a real API server');

const definition = (group: string, kind: string, plural: string, version: string) => `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${plural}.${group} }
spec:
  group: ${group}
  scope: Namespaced
  names: { kind: ${kind}, plural: ${plural}, singular: ${kind.toLowerCase()} }
  versions:
    - name: ${version}
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
---`;

const objects = `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: shop, namespace: default }
spec: { project: default, source: { repoURL: "https://git.example.com/shop", targetRevision: main, path: . } }
status:
  history:
    - { id: 0, revision: "1111111111111111", deployedAt: "2026-11-01T10:00:00Z", source: { repoURL: "https://git.example.com/shop" } }
    - { id: 1, revision: "2222222222222222", deployedAt: "2026-11-02T10:00:00Z" }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: platform, namespace: default }
spec: { interval: 10m, path: ./platform, prune: true }
`;

describe.skipIf(clusterTool === undefined)('GitOps', () => {
  let real: RealEngine;
  beforeAll(async () => {
    real = await startRealEngine(`gitops-${process.pid}`, { up: ['--nodes', '1'] });
    real.kubectl(
      ['apply', '-f', '-'],
      definition('argoproj.io', 'Application', 'applications', 'v1alpha1') +
        definition('kustomize.toolkit.fluxcd.io', 'Kustomization', 'kustomizations', 'v1'),
    );
    await real.until(() => void real.kubectl(['apply', '-f', '-'], objects));
    // The engine has heard of both kinds.
    for (const kind of [application().kind, kustomization().kind]) {
      await real.until(async () => {
        await real.client.actions.allowed({ cluster: real.cluster, kind, namespace: 'default' });
      });
    }
  }, 180_000);
  afterAll(() => real?.close(), 60_000);

  const application = () => ({
    cluster: real.cluster,
    kind: 'applications.argoproj.io',
    namespace: 'default',
    name: 'shop',
  });
  const kustomization = () => ({
    cluster: real.cluster,
    kind: 'kustomizations.kustomize.toolkit.fluxcd.io',
    namespace: 'default',
    name: 'platform',
  });
  const json = (kind: string, name: string) => JSON.parse(real.kubectl(['get', kind, name, '-o', 'json']));
  const run = (action: string, object: ReturnType<typeof application>, values = {}, confirmed?: string) =>
    real.client.actions.run({ action, objects: [object], values, ...(confirmed && { confirmed }) });

  test('an application is synced, refreshed and rolled back by what Argo CD reads', async () => {
    await run('sync', application(), { revision: 'v2', prune: true });
    await real.until(() =>
      expect(json('application', 'shop').operation).toEqual({
        initiatedBy: { username: 'kubesage' },
        sync: { revision: 'v2', prune: true },
      }),
    );
    await run('refresh', application(), { refresh: 'hard' });
    await real.until(() =>
      expect(json('application', 'shop').metadata.annotations['argocd.argoproj.io/refresh']).toBe('hard'),
    );
    const { fields } = await real.client.actions.form({ action: 'syncBack', objects: [application()] });
    expect(fields[0]?.options).toMatchObject([{ value: '0', label: expect.stringContaining('111111111111') }]);
    await run('syncBack', application(), { deployed: '0' }, 'yes');
    await real.until(() =>
      expect(json('application', 'shop').operation.sync).toMatchObject({ revision: '1111111111111111', prune: true }),
    );
  });

  test('a Kustomization is reconciled, suspended and resumed, and the suspension is undone', async () => {
    await run('reconcile', kustomization());
    await real.until(() =>
      expect(json('kustomization', 'platform').metadata.annotations['reconcile.fluxcd.io/requestedAt']).toMatch(/^20/),
    );
    const suspended = await run('suspendFlux', kustomization());
    await real.until(() => expect(json('kustomization', 'platform').spec.suspend).toBe(true));
    await real.until(async () => void (await real.client.changes.undo({ run: suspended.run })));
    await real.until(() => expect(json('kustomization', 'platform').spec.suspend).toBeUndefined());
  });
});
