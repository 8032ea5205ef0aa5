import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDefinitions } from '../../testing/published/definitions.ts';
import { clusterTool, type RealEngine, saySkipped, startRealEngine } from '../../testing/realEngine.ts';
import type { Delivery, GitopsScope, Part, Promotion } from './contract.ts';
import { applyExamples, exampleManaged, revisions } from './testing/examples.ts';

/** Both engines' published definitions on a real API server; the test writes what their controllers would. */
saySkipped('deliveries of Argo CD and Flux on a real API server');

describe.skipIf(clusterTool === undefined)('deliveries', { timeout: 120_000 }, () => {
  const namespace = `gitops-${process.pid}`;
  let real: RealEngine;
  let viewer: RealEngine;
  beforeAll(async () => {
    real = await startRealEngine(`deliveries-${process.pid}`, { up: ['--nodes', '1'] });
    real.kubectl(['create', 'namespace', namespace]);
  }, 180_000);
  afterAll(async () => {
    await viewer?.close();
    await real?.close();
  }, 60_000);

  const ref = (kind: string, name: string) => ({ cluster: real.cluster, kind, namespace, name });
  const guestbook = () => ref('applications.argoproj.io', 'guestbook-prod');
  const podinfo = () => ref('kustomizations.kustomize.toolkit.fluxcd.io', 'podinfo');
  const frontend = () => ref('helmreleases.helm.toolkit.fluxcd.io', 'frontend');

  /** Follows a list until it is as expected. */
  function follow<R>(
    what: 'deliveries' | 'parts' | 'promotions',
    check: (rows: readonly R[], scopes: readonly GitopsScope[]) => void,
    from: RealEngine = real,
  ): Promise<void> {
    let rows: readonly R[] = [];
    let scopes: readonly GitopsScope[] = [];
    const following = from.client.gitops[what](
      {},
      {
        change(state: { rows: readonly unknown[]; head: { scopes: GitopsScope[] } }) {
          rows = state.rows as R[];
          scopes = state.head.scopes;
        },
        error: (problem) => process.stderr.write(`${problem.message}\n`),
      },
    );
    return real.until(() => check(rows, scopes)).finally(() => following.dispose());
  }

  test('where no engine is installed, that is said; once one is, its deliveries come', async () => {
    await follow('deliveries', (rows, scopes) => {
      expect(rows).toEqual([]);
      expect(scopes).toMatchObject([{ state: 'absent', engines: [] }]);
    });
    for (const name of ['argo-cd-crds', 'flux-crds'] as const) {
      for (const text of readDefinitions(name)) real.kubectl(['apply', '--server-side', '-f', '-'], text);
    }
    real.kubectl(['apply', '-f', '-'], exampleManaged(namespace));
    await real.until(() => applyExamples(real.kubectl, namespace));
    await follow<Delivery>('deliveries', (rows, scopes) => {
      expect(scopes).toMatchObject([{ state: 'ready', engines: ['argocd', 'flux'], message: '' }]);
      expect(rows).toMatchObject([
        {
          object: { name: 'frontend' },
          kind: 'HelmRelease',
          sync: 'failed',
          syncText: 'UpgradeFailed',
          health: 'degraded',
          tone: 'failed',
          version: '6.5.4',
          sources: [
            { type: 'helm', repo: 'https://stefanprodan.github.io/podinfo', chart: 'podinfo', wanted: '6.5.x' },
          ],
        },
        {
          object: { name: 'guestbook-prod' },
          kind: 'Application',
          sync: 'outOfSync',
          health: 'progressing',
          automatic: false,
          version: '1.2.0',
          destination: { server: '', cluster: real.cluster, namespace },
          resources: { total: 2, outOfSync: 1 },
        },
        { object: { name: 'guestbook-staging' }, sync: 'synced', tone: 'healthy', automatic: true, prune: true },
        {
          object: { name: 'podinfo' },
          kind: 'Kustomization',
          sync: 'synced',
          health: 'healthy',
          sources: [
            {
              type: 'git',
              repo: 'https://github.com/stefanprodan/podinfo',
              path: 'kustomize',
              wanted: 'master',
              pending: '',
            },
          ],
        },
      ]);
    });
  });

  test('sources, images, sets and projects are listed with what uses them', async () => {
    await follow<Part>('parts', (rows) => {
      const found = rows.map(({ kind, object, tone, used, wanted, found: what }) => [
        kind,
        object.name,
        tone,
        used,
        wanted,
        what,
      ]);
      expect(found.sort()).toEqual([
        ['AppProject', 'default', 'healthy', 2, '*/*', ''],
        ['ApplicationSet', 'guestbook', 'healthy', 0, '', '0'],
        ['GitRepository', 'podinfo', 'healthy', 1, 'master', `master@sha1:${revisions.third}`],
        ['HelmChart', `${namespace}-frontend`, 'healthy', 1, '6.5.x', '6.5.4'],
        ['HelmRepository', 'podinfo', 'healthy', 1, '', ''],
        ['ImagePolicy', 'podinfo', 'healthy', 0, 'semver 6.5.x', '6.5.4'],
        ['ImageRepository', 'podinfo', 'healthy', 1, '', '6.5.4 · 233 tags'],
      ]);
    });
  });

  test('the same application is shown at both of its places, in the order of promotion', async () => {
    await follow<Promotion>('promotions', (rows) => {
      expect(rows).toMatchObject([
        {
          name: 'guestbook',
          versions: 2,
          places: [
            { environment: 'staging', version: '1.3.0' },
            { environment: 'prod', version: '1.2.0', sync: 'outOfSync' },
          ],
        },
      ]);
    });
  });

  test('a change that shows in no column is seen: an operation begins', async () => {
    await follow<Delivery>('deliveries', (rows) => expect(rows).toHaveLength(4));
    real.kubectl([
      'patch',
      'applications.argoproj.io',
      'guestbook-prod',
      '-n',
      namespace,
      '--type=merge',
      '-p',
      JSON.stringify({
        status: { operationState: { phase: 'Running', finishedAt: null, message: 'waiting for completion' } },
      }),
    ]);
    await follow<Delivery>('deliveries', (rows) => {
      expect(rows.find(({ object }) => object.name === 'guestbook-prod')).toMatchObject({
        sync: 'syncing',
        syncText: 'Running',
        operation: { phase: 'Running', message: 'waiting for completion', finishedAt: null },
      });
    });
    real.kubectl([
      'patch',
      'applications.argoproj.io',
      'guestbook-prod',
      '-n',
      namespace,
      '--type=merge',
      '-p',
      JSON.stringify({ status: { operationState: { phase: 'Succeeded', finishedAt: '2026-11-19T10:00:05Z' } } }),
    ]);
  });

  test('a new commit that is fetched and not applied yet is pending', async () => {
    const artifact = (revision: string) =>
      real.kubectl([
        'patch',
        'gitrepositories.source.toolkit.fluxcd.io',
        'podinfo',
        '-n',
        namespace,
        '--subresource=status',
        '--type=merge',
        '-p',
        JSON.stringify({ status: { artifact: { revision: `master@sha1:${revision}` } } }),
      ]);
    artifact(revisions.first);
    await follow<Delivery>('deliveries', (rows) => {
      expect(rows.find(({ kind }) => kind === 'Kustomization')).toMatchObject({
        sync: 'outOfSync',
        message: 'master@1111111 is not delivered yet',
        sources: [{ pending: `master@sha1:${revisions.first}` }],
      });
    });
    artifact(revisions.third);
  });

  test('an application has its history, with what its source was otherwise', async () => {
    const detail = await real.client.gitops.delivery({ object: guestbook() });
    expect(detail.history).toMatchObject([
      { id: '1', revision: revisions.second, by: 'automated', current: true, changes: [{ path: '/path' }] },
      { id: '0', revision: revisions.first, by: 'admin', current: false, fixed: '' },
    ]);
    expect(detail.results).toMatchObject([{ kind: 'Deployment', status: 'Synced', tone: 'healthy' }]);
    expect(detail.options).toEqual(['Syncs when asked to']);
  });

  test('the objects that are managed have their own state', async () => {
    const argo = await real.client.gitops.tree({ object: guestbook() });
    expect(argo.objects).toMatchObject([
      { kind: 'Deployment', name: 'web', sync: 'OutOfSync', state: 'present', tone: 'stopped', status: 'Scaled to 0' },
      { kind: 'ConfigMap', name: 'web', sync: 'Synced', state: 'present', object: { kind: 'configmaps' } },
    ]);
    const flux = await real.client.gitops.tree({ object: podinfo() });
    expect(flux.objects).toMatchObject([
      { kind: 'Deployment', name: 'podinfo', state: 'present' },
      { kind: 'ConfigMap', name: 'podinfo', state: 'present' },
      { kind: 'ConfigMap', name: 'gone', state: 'missing', tone: 'failed' },
    ]);
  });

  test('drift is what was applied last against what is, with who wrote it', async () => {
    const before = await real.client.gitops.diff({ object: podinfo() });
    expect(before.objects).toMatchObject([{ name: 'gone', finding: 'missing' }]);
    expect(before.same + before.unjudged).toBe(2);
    real.kubectl(['scale', 'deployment/web', '--replicas=1', '-n', namespace]);
    const after = await real.client.gitops.diff({ object: guestbook() });
    expect(after.objects).toMatchObject([
      {
        kind: 'Deployment',
        name: 'web',
        finding: 'outOfSync',
        changes: [{ path: '/spec/replicas', before: 0, after: 1 }],
      },
    ]);
    expect(after).toMatchObject({ same: 1, unjudged: 0, notes: [expect.stringContaining('known to Argo CD alone')] });
  });

  test("what Flux applied itself is judged by who has written since, as the API server's own books have it", async () => {
    const config = (greeting: string) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'gone', namespace },
        data: { greeting, left: 'x' },
      });
    real.kubectl(['apply', '--server-side', '--field-manager=kustomize-controller', '-f', '-'], config('hello'));
    const clean = await real.client.gitops.diff({ object: podinfo() });
    expect(clean.objects.filter(({ name }) => name === 'gone')).toEqual([]);
    real.kubectl([
      'patch',
      'configmap',
      'gone',
      '-n',
      namespace,
      '--type=merge',
      '-p',
      '{"data":{"greeting":"changed"}}',
    ]);
    const { objects } = await real.client.gitops.diff({ object: podinfo() });
    expect(objects).toMatchObject([
      {
        name: 'gone',
        finding: 'drift',
        changes: [],
        writers: [{ manager: 'kubectl-patch', fields: ['data.greeting'] }],
      },
    ]);
  });

  test('a HelmRelease whose release is not stored says so', async () => {
    const { objects, notes } = await real.client.gitops.diff({ object: frontend() });
    expect(objects).toEqual([]);
    expect(notes).toEqual([expect.stringContaining(`The release frontend in ${namespace} cannot be read`)]);
    expect((await real.client.gitops.tree({ object: frontend() })).notes).toHaveLength(1);
    expect(await real.client.gitops.delivery({ object: frontend() })).toMatchObject({
      history: [
        { id: '2', revision: '6.5.4', status: 'failed', current: true },
        { id: '1', revision: '6.5.3', fixed: '' },
      ],
    });
  });

  test("a HelmRelease without an inventory has its release's objects, with their drift", async () => {
    const manifest = `---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: frontend\ndata:\n  greeting: hello\n`;
    const body = {
      name: 'frontend',
      namespace,
      version: 2,
      info: { status: 'failed', last_deployed: '2026-11-20T10:00:00Z', description: '', notes: '' },
      chart: { metadata: { name: 'podinfo', version: '6.5.4' }, values: {} },
      config: {},
      manifest,
    };
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'helm.sh/release.v1',
      metadata: {
        name: 'sh.helm.release.v1.frontend.v2',
        namespace,
        labels: { owner: 'helm', name: 'frontend', version: '2', status: 'failed' },
      },
      data: { release: Buffer.from(gzipSync(JSON.stringify(body)).toString('base64')).toString('base64') },
    };
    real.kubectl(['apply', '-f', '-'], JSON.stringify(secret));
    expect((await real.client.gitops.tree({ object: frontend() })).objects).toMatchObject([
      { kind: 'ConfigMap', name: 'frontend', state: 'missing' },
    ]);
    real.kubectl(['create', 'configmap', 'frontend', '-n', namespace, '--from-literal=greeting=changed']);
    expect((await real.client.gitops.tree({ object: frontend() })).objects).toMatchObject([
      { kind: 'ConfigMap', state: 'present', object: { kind: 'configmaps', namespace } },
    ]);
    expect(await real.client.gitops.diff({ object: frontend() })).toMatchObject({
      objects: [
        {
          name: 'frontend',
          finding: 'drift',
          changes: [{ path: '/data/greeting', before: 'hello', after: 'changed' }],
        },
      ],
      notes: [expect.stringContaining('as Helm stored it')],
    });
  });

  test('a user who may not list them is told which rule would let him', async () => {
    viewer = await startRealEngine('viewer', { viewerOf: real });
    await follow(
      'deliveries',
      (_, scopes) => {
        expect(scopes).toMatchObject([{ state: 'forbidden', rule: expect.stringContaining('applications') }]);
        expect(scopes[0]?.rule).toContain('kustomize.toolkit.fluxcd.io');
      },
      viewer,
    );
  });

  test('what is gone is gone from the list', async () => {
    real.kubectl(['delete', 'applications.argoproj.io', 'guestbook-prod', '-n', namespace]);
    await follow<Delivery>('deliveries', (rows) =>
      expect(rows.map(({ object }) => object.name)).not.toContain('guestbook-prod'),
    );
    await expect(real.client.gitops.delivery({ object: guestbook() })).rejects.toMatchObject({ code: 'notFound' });
  });
});
