/**
 * Deliveries of both engines as their controllers leave them, with objects that they manage, in one namespace that is the
 * tests' own. Statuses have the fields and words of the published definitions and documents.
 */

const repo = 'https://github.com/argoproj/argocd-example-apps.git';
const first = '1111111111111111111111111111111111111111';
const second = '2222222222222222222222222222222222222222';
const third = '3333333333333333333333333333333333333333';

export const revisions = { first, second, third };

export interface Example {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: unknown;
  /** Written into the object itself where the kind has no subresource for it (Argo CD's Application), else by that. */
  status?: unknown;
  data?: unknown;
}

function application(
  namespace: string,
  name: string,
  more: { revision: string; image: string; target: string; sync?: string; health?: string; automated?: unknown },
): Example {
  const { revision, image, target, sync = 'Synced', health = 'Healthy', automated } = more;
  const source = { repoURL: repo, path: 'guestbook', targetRevision: 'main' };
  const resource = (group: string, version: string, kind: string, status: string) => ({
    ...(group !== '' && { group }),
    version,
    kind,
    namespace,
    name: 'web',
    status,
    ...(kind === 'Deployment' && { health: { status: health } }),
  });
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace },
    spec: {
      project: 'default',
      destination: { server: 'https://kubernetes.default.svc', namespace: target },
      source,
      ...(automated !== undefined && { syncPolicy: { automated } }),
    },
    status: {
      sync: { status: sync, revision, comparedTo: { destination: { namespace: target }, source } },
      health: { status: health },
      reconciledAt: '2026-11-20T10:00:00Z',
      sourceType: 'Directory',
      summary: { images: [image] },
      resources: [resource('apps', 'v1', 'Deployment', sync), resource('', 'v1', 'ConfigMap', 'Synced')],
      history: [
        {
          id: 0,
          revision: first,
          deployStartedAt: '2026-11-18T10:00:00Z',
          deployedAt: '2026-11-18T10:00:05Z',
          initiatedBy: { username: 'admin' },
          source: { ...source, path: 'guestbook-old' },
        },
        {
          id: 1,
          revision,
          deployStartedAt: '2026-11-19T10:00:00Z',
          deployedAt: '2026-11-19T10:00:05Z',
          initiatedBy: { automated: true },
          source,
        },
      ],
      operationState: {
        phase: 'Succeeded',
        message: 'successfully synced (all tasks run)',
        startedAt: '2026-11-19T10:00:00Z',
        finishedAt: '2026-11-19T10:00:05Z',
        operation: { initiatedBy: { automated: true }, sync: { revision } },
        syncResult: {
          revision,
          source,
          resources: [
            {
              group: 'apps',
              version: 'v1',
              kind: 'Deployment',
              namespace,
              name: 'web',
              status: 'Synced',
              message: 'deployment.apps/web configured',
              hookPhase: 'Running',
              syncPhase: 'Sync',
            },
          ],
        },
      },
    },
  };
}

const at = '2026-11-20T10:00:00Z';
const condition = (type: string, status: string, reason: string, message: string) => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: at,
  observedGeneration: 1,
});

/** Deliveries and what they are made of; `namespace` has to be there. */
export function exampleDeliveries(namespace: string): Example[] {
  return [
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'default', namespace },
      spec: { sourceRepos: ['*'], destinations: [{ namespace: '*', server: '*' }], description: 'Everything' },
    },
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'ApplicationSet',
      metadata: { name: 'guestbook', namespace },
      spec: {
        generators: [{ list: { elements: [{ name: 'guestbook-staging' }] } }],
        template: {
          metadata: { name: '{{name}}' },
          spec: { project: 'default', destination: {}, source: { repoURL: repo, path: 'guestbook' } },
        },
      },
      status: {
        conditions: [
          {
            type: 'ResourcesUpToDate',
            status: 'True',
            reason: 'ApplicationSetUpToDate',
            message: 'All applications have been generated successfully',
            lastTransitionTime: at,
          },
        ],
      },
    },
    application(namespace, 'guestbook-staging', {
      revision: third,
      image: 'quay.io/argoproj/guestbook:1.3.0',
      target: namespace,
      automated: { prune: true, selfHeal: true },
    }),
    application(namespace, 'guestbook-prod', {
      revision: second,
      image: 'quay.io/argoproj/guestbook:1.2.0',
      target: namespace,
      sync: 'OutOfSync',
      health: 'Progressing',
    }),
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: { name: 'podinfo', namespace },
      spec: { interval: '5m', url: 'https://github.com/stefanprodan/podinfo', ref: { branch: 'master' } },
      status: {
        observedGeneration: 1,
        artifact: {
          revision: `master@sha1:${third}`,
          digest: `sha256:${'0'.repeat(64)}`,
          path: 'gitrepository/podinfo.tar.gz',
          url: 'http://source-controller/podinfo.tar.gz',
          lastUpdateTime: at,
        },
        conditions: [condition('Ready', 'True', 'Succeeded', `stored artifact for revision 'master@sha1:${third}'`)],
      },
    },
    {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name: 'podinfo', namespace },
      spec: {
        interval: '10m',
        prune: true,
        wait: true,
        path: './kustomize',
        targetNamespace: namespace,
        sourceRef: { kind: 'GitRepository', name: 'podinfo' },
      },
      status: {
        observedGeneration: 1,
        lastAppliedRevision: `master@sha1:${third}`,
        lastAttemptedRevision: `master@sha1:${third}`,
        inventory: {
          entries: [
            { id: `${namespace}_podinfo_apps_Deployment`, v: 'v1' },
            { id: `${namespace}_podinfo__ConfigMap`, v: 'v1' },
            { id: `${namespace}_gone__ConfigMap`, v: 'v1' },
          ],
        },
        conditions: [
          condition('Healthy', 'True', 'Succeeded', 'Health check passed in 20ms'),
          condition('Ready', 'True', 'ReconciliationSucceeded', `Applied revision: master@sha1:${third}`),
        ],
        history: [
          {
            digest: `sha256:${'c'.repeat(64)}`,
            firstReconciled: '2026-11-19T10:00:00Z',
            lastReconciled: at,
            lastReconciledDuration: '2.8s',
            lastReconciledStatus: 'ReconciliationSucceeded',
            totalReconciliations: 120,
            metadata: { revision: `master@sha1:${third}` },
          },
          {
            digest: `sha256:${'b'.repeat(64)}`,
            firstReconciled: '2026-11-18T10:00:00Z',
            lastReconciled: '2026-11-19T09:50:00Z',
            lastReconciledDuration: '49.8s',
            lastReconciledStatus: 'HealthCheckFailed',
            totalReconciliations: 3,
            metadata: { revision: `master@sha1:${second}` },
          },
        ],
      },
    },
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'HelmRepository',
      metadata: { name: 'podinfo', namespace },
      spec: { interval: '1h', url: 'https://stefanprodan.github.io/podinfo' },
      status: { observedGeneration: 1, conditions: [condition('Ready', 'True', 'Succeeded', 'stored artifact')] },
    },
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'HelmChart',
      metadata: { name: `${namespace}-frontend`, namespace },
      spec: {
        interval: '1h',
        chart: 'podinfo',
        version: '6.5.x',
        sourceRef: { kind: 'HelmRepository', name: 'podinfo' },
      },
      status: {
        observedGeneration: 1,
        artifact: {
          revision: '6.5.4',
          digest: `sha256:${'0'.repeat(64)}`,
          path: 'helmchart/podinfo-6.5.4.tgz',
          url: 'http://source-controller/podinfo-6.5.4.tgz',
          lastUpdateTime: at,
        },
        conditions: [condition('Ready', 'True', 'ChartPullSucceeded', "pulled 'podinfo' chart with version '6.5.4'")],
      },
    },
    {
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: 'frontend', namespace },
      spec: {
        interval: '10m',
        chart: {
          spec: { chart: 'podinfo', version: '6.5.x', sourceRef: { kind: 'HelmRepository', name: 'podinfo' } },
        },
      },
      status: {
        observedGeneration: 1,
        helmChart: `${namespace}/${namespace}-frontend`,
        storageNamespace: namespace,
        conditions: [
          condition(
            'Ready',
            'False',
            'UpgradeFailed',
            `Helm upgrade failed for release ${namespace}/frontend with chart podinfo@6.5.4: context deadline exceeded`,
          ),
          condition('Released', 'False', 'UpgradeFailed', 'Helm upgrade failed'),
        ],
        history: [
          {
            chartName: 'podinfo',
            chartVersion: '6.5.4',
            appVersion: '6.5.4',
            configDigest: `sha256:${'0'.repeat(64)}`,
            digest: `sha256:${'1'.repeat(64)}`,
            firstDeployed: '2026-11-19T10:00:00Z',
            lastDeployed: at,
            name: 'frontend',
            namespace,
            status: 'failed',
            version: 2,
          },
          {
            chartName: 'podinfo',
            chartVersion: '6.5.3',
            appVersion: '6.5.3',
            configDigest: `sha256:${'0'.repeat(64)}`,
            digest: `sha256:${'2'.repeat(64)}`,
            firstDeployed: '2026-11-18T10:00:00Z',
            lastDeployed: '2026-11-18T10:00:00Z',
            name: 'frontend',
            namespace,
            status: 'deployed',
            version: 1,
          },
        ],
      },
    },
    {
      apiVersion: 'image.toolkit.fluxcd.io/v1',
      kind: 'ImageRepository',
      metadata: { name: 'podinfo', namespace },
      spec: { interval: '1h', image: 'ghcr.io/stefanprodan/podinfo' },
      status: {
        observedGeneration: 1,
        canonicalImageName: 'ghcr.io/stefanprodan/podinfo',
        lastScanResult: { tagCount: 233, scanTime: at, latestTags: ['6.5.4', '6.5.3'] },
        conditions: [condition('Ready', 'True', 'Succeeded', 'successful scan: found 233 tags')],
      },
    },
    {
      apiVersion: 'image.toolkit.fluxcd.io/v1',
      kind: 'ImagePolicy',
      metadata: { name: 'podinfo', namespace },
      spec: { imageRepositoryRef: { name: 'podinfo' }, policy: { semver: { range: '6.5.x' } } },
      status: {
        observedGeneration: 1,
        latestRef: { name: 'ghcr.io/stefanprodan/podinfo', tag: '6.5.4' },
        conditions: [condition('Ready', 'True', 'Succeeded', 'Latest image tag resolved to 6.5.4')],
      },
    },
  ];
}

/** What stands in the cluster of it, as `kubectl apply` would write it. */
export function exampleManaged(namespace: string): string {
  const deployment = (name: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  replicas: 0
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers: [{ name: main, image: "docker.io/library/busybox:1.36", command: [sleep, "86400"] }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: ${name}, namespace: ${namespace} }
data: { greeting: hello }
`;
  return `${deployment('web')}---${deployment('podinfo')}`;
}

type Kubectl = (args: readonly string[], input?: string) => string;

/** Applies the examples as a repository's owner would, and writes the statuses as the controllers would. */
export function applyExamples(kubectl: Kubectl, namespace: string): void {
  for (const example of exampleDeliveries(namespace)) {
    const { status, ...rest } = example;
    // An Application has no subresource: its status is part of the object.
    const whole = example.kind === 'Application' ? example : rest;
    kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify(whole));
    if (status === undefined || example.kind === 'Application') continue;
    const { kind, apiVersion, metadata } = example;
    const resource = `${kind.toLowerCase()}.${apiVersion.split('/')[0]}`;
    kubectl([
      'patch',
      resource,
      metadata.name,
      '-n',
      namespace,
      '--subresource=status',
      '--type=merge',
      '-p',
      JSON.stringify({ status }),
    ]);
  }
}
