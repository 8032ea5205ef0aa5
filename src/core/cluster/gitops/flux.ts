import type { ObjectRef, Tone } from '../resources/contract.ts';
import type { FindCluster, Found } from './argo.ts';
import type { Delivery, HistoryEntry, ManagedObject, Operation, Source } from './contract.ts';
import { helmChart, helmRelease, kustomization, sourceKind } from './kinds.ts';
import {
  at,
  type Condition,
  conditionsOf,
  type KubeObject,
  keyOf,
  listAt,
  shortRevision,
  textAt,
  timeAt,
  toneOf,
} from './model.ts';

/** Reads an object of the same cluster that is known already; undefined where it is not there. */
export type Lookup = (ref: ObjectRef) => KubeObject | undefined;

/** A Kustomization or a HelmRelease as a delivery. */
export function readFluxDelivery(found: Found, kind: string, lookup: Lookup, find: FindCluster): Delivery {
  const { cluster, clusterName, object } = found;
  const { metadata, spec, status } = object;
  const ref = { cluster, kind, namespace: metadata.namespace ?? '', name: metadata.name };
  const isHelm = kind === helmRelease;
  const source = isHelm ? chartSource(ref, object, lookup) : kustomizationSource(ref, object, lookup);
  const suspended = at(spec, 'suspend') === true;
  const { sync, syncText, message } = syncOf(object, source);
  const health = isHelm ? releaseHealth(object) : kustomizationHealth(object);
  const newest = at(status, 'history', 0);
  const parent = parentOf(object);
  return {
    key: keyOf(ref),
    object: ref,
    clusterName,
    engine: 'flux',
    kind: isHelm ? 'HelmRelease' : 'Kustomization',
    project: '',
    sync,
    syncText,
    health,
    tone: toneOf({ sync, health, suspended }),
    message,
    sources: [source],
    version: isHelm
      ? textAt(newest, 'appVersion') || textAt(newest, 'chartVersion') || source.deployed
      : shortRevision(source.deployed),
    images: [],
    suspended,
    automatic: !suspended,
    prune: isHelm || at(spec, 'prune') === true,
    destination: destinationOf(object, { id: cluster, name: clusterName }, find),
    operation: operationOf(object, source),
    resources: { total: listAt(status, 'inventory', 'entries').length, outOfSync: 0, unhealthy: 0 },
    ...(parent !== undefined && { parent }),
    labels: metadata.labels ?? {},
    created: timeAt(metadata, 'creationTimestamp'),
    updated:
      timeAt(newest, 'lastReconciled') ??
      timeAt(newest, 'lastDeployed') ??
      conditionsOf(object).find(({ type }) => type === 'Ready')?.at ??
      null,
    deleting: metadata.deletionTimestamp !== undefined,
  };
}

const pinned = ['commit', 'digest', 'name', 'semver', 'tag', 'branch'] as const;

/** What a source follows: the most exact that is set. */
export function followed(source: KubeObject | undefined): string {
  const ref = at(source?.spec, 'ref');
  const key = pinned.find((each) => textAt(ref, each) !== '');
  return key === undefined ? '' : textAt(ref, key);
}

const types: Record<string, Source['type']> = {
  GitRepository: 'git',
  OCIRepository: 'oci',
  HelmRepository: 'helm',
  HelmChart: 'helm',
  Bucket: 'bucket',
  ExternalArtifact: 'artifact',
};

export function urlOf(source: KubeObject): string {
  const { spec } = source;
  return textAt(spec, 'url') || [textAt(spec, 'endpoint'), textAt(spec, 'bucketName')].filter(Boolean).join('/');
}

function refOf(owner: ObjectRef, sourceRef: unknown): ObjectRef | undefined {
  const kind = sourceKind(textAt(sourceRef, 'kind'));
  if (kind === undefined) return undefined;
  const namespace = textAt(sourceRef, 'namespace') || owner.namespace;
  return { cluster: owner.cluster, kind, namespace, name: textAt(sourceRef, 'name') };
}

/** What a Kustomization's or HelmRelease's source is, by its spec alone. */
export function sourceRefOf(owner: ObjectRef, { spec, status }: KubeObject): ObjectRef | undefined {
  if (owner.kind === kustomization) return refOf(owner, at(spec, 'sourceRef'));
  const chartRef = at(spec, 'chartRef');
  if (chartRef !== undefined) return refOf(owner, chartRef);
  // The controller makes a HelmChart of it, beside its source.
  const made = textAt(status, 'helmChart').split('/');
  if (made.length === 2) {
    return { cluster: owner.cluster, kind: helmChart, namespace: made[0] ?? '', name: made[1] ?? '' };
  }
  return refOf(owner, at(spec, 'chart', 'spec', 'sourceRef'));
}

function kustomizationSource(owner: ObjectRef, object: KubeObject, lookup: Lookup): Source {
  const { spec, status } = object;
  const kind = textAt(spec, 'sourceRef', 'kind');
  const ref = sourceRefOf(owner, object);
  const source = ref === undefined ? undefined : lookup(ref);
  const deployed = textAt(status, 'lastAppliedRevision');
  const fetched = textAt(source?.status, 'artifact', 'revision');
  const path = textAt(spec, 'path').replace(/^\.?\/?/, '');
  return {
    type: types[kind] ?? 'git',
    repo: source === undefined ? `${kind} ${textAt(spec, 'sourceRef', 'name')}` : urlOf(source),
    path,
    chart: '',
    wanted: followed(source),
    deployed,
    pending: fetched === deployed ? '' : fetched,
    ...(ref !== undefined && { object: ref }),
  };
}

function chartSource(owner: ObjectRef, object: KubeObject, lookup: Lookup): Source {
  const { spec, status } = object;
  const ref = sourceRefOf(owner, object);
  const chart = ref === undefined ? undefined : lookup(ref);
  const newest = at(status, 'history', 0);
  const deployed = textAt(newest, 'chartVersion');
  const wanted = at(spec, 'chart', 'spec');
  if (wanted !== undefined) {
    const repository = refOf(owner, at(wanted, 'sourceRef'));
    const found = repository === undefined ? undefined : lookup(repository);
    const kind = textAt(wanted, 'sourceRef', 'kind');
    const fetched = ref?.kind === helmChart ? textAt(chart?.status, 'artifact', 'revision') : '';
    return {
      type: types[kind] ?? 'helm',
      repo: found === undefined ? `${kind} ${textAt(wanted, 'sourceRef', 'name')}` : urlOf(found),
      path: '',
      chart: textAt(wanted, 'chart'),
      wanted: textAt(wanted, 'version'),
      deployed,
      // A chart out of a folder has the commit behind its version.
      pending: fetched === '' || fetched.split('+')[0] === deployed.split('+')[0] ? '' : fetched,
      ...(repository !== undefined && { object: repository }),
    };
  }
  const kind = textAt(spec, 'chartRef', 'kind');
  const digest = textAt(newest, 'ociDigest');
  const fetched = textAt(chart?.status, 'artifact', 'revision');
  return {
    type: types[kind] ?? 'oci',
    repo:
      chart === undefined ? `${kind} ${textAt(spec, 'chartRef', 'name')}` : urlOf(chart) || textAt(chart.spec, 'chart'),
    path: '',
    chart: textAt(newest, 'chartName'),
    wanted: followed(chart) || textAt(chart?.spec, 'version'),
    deployed,
    pending: digest === '' || fetched.includes(digest) ? '' : fetched,
    ...(ref !== undefined && { object: ref }),
  };
}

/** By the rules of kstatus, with what Flux writes of revisions. */
function syncOf(object: KubeObject, source: Source): { sync: Delivery['sync']; syncText: string; message: string } {
  const { metadata, spec } = object;
  const conditions = conditionsOf(object);
  const of = (type: string) => conditions.find((each) => each.type === type);
  const ready = of('Ready');
  const stalled = of('Stalled');
  const reconciling = of('Reconciling');
  const suspended = at(spec, 'suspend') === true;
  const word = (condition: Condition | undefined, sync: Delivery['sync']) => ({
    sync,
    syncText: condition?.reason ?? 'Unknown',
    message: condition?.message ?? '',
  });
  if (stalled?.status === 'True') return word(stalled, 'failed');
  if (ready === undefined)
    return { sync: 'unknown', syncText: 'Unknown', message: 'No controller has looked at it yet' };
  if (ready.status === 'False') {
    // What it waits for is not its own failure.
    return word(ready, ready.reason === 'DependencyNotReady' ? 'outOfSync' : 'failed');
  }
  if (!suspended && (reconciling?.status === 'True' || ready.status !== 'True')) return word(ready, 'syncing');
  const behind = (metadata.generation ?? 0) > ready.observed && ready.observed >= 0;
  if (source.pending !== '' || behind) {
    const what = behind ? 'It was changed since' : `${shortRevision(source.pending)} is not delivered yet`;
    return { sync: 'outOfSync', syncText: behind ? 'Changed' : 'Pending', message: what };
  }
  return word(ready, ready.status === 'True' ? 'synced' : 'unknown');
}

/** Flux looks at what it applied only where it was told to: with `wait` or with health checks. */
function kustomizationHealth(object: KubeObject): Delivery['health'] {
  const conditions = conditionsOf(object);
  const healthy = conditions.find(({ type }) => type === 'Healthy');
  const ready = conditions.find(({ type }) => type === 'Ready');
  if (healthy?.status === 'True') return 'healthy';
  if (healthy?.status === 'False' || ready?.reason === 'HealthCheckFailed') return 'degraded';
  if (healthy !== undefined) return 'progressing';
  return ready === undefined ? 'unknown' : 'unchecked';
}

function releaseHealth(object: KubeObject): Delivery['health'] {
  const conditions = conditionsOf(object);
  const is = (type: string, status: string) => conditions.some((each) => each.type === type && each.status === status);
  if (is('TestSuccess', 'False') || is('Released', 'False')) return 'degraded';
  if (is('Released', 'True')) return 'healthy';
  if (is('Ready', 'False')) return 'degraded';
  return is('Reconciling', 'True') ? 'progressing' : 'unknown';
}

function operationOf(object: KubeObject, source: Source): Operation | null {
  const ready = conditionsOf(object).find(({ type }) => type === 'Ready');
  if (ready === undefined) return null;
  const newest = at(object.status, 'history', 0);
  return {
    phase: ready.reason,
    tone: conditionTone(ready),
    message: ready.message,
    startedAt: null,
    finishedAt: timeAt(newest, 'lastReconciled') ?? timeAt(newest, 'lastDeployed') ?? ready.at,
    revision: textAt(object.status, 'lastAttemptedRevision') || source.deployed,
    by: '',
  };
}

function destinationOf(
  { spec, metadata }: KubeObject,
  own: { id: string; name: string },
  find: FindCluster,
): Delivery['destination'] {
  const namespace =
    textAt(spec, 'targetNamespace') || (at(spec, 'chart') || at(spec, 'chartRef') ? (metadata.namespace ?? '') : '');
  const secret = textAt(spec, 'kubeConfig', 'secretRef', 'name') || textAt(spec, 'kubeConfig', 'configMapRef', 'name');
  if (secret === '') return { server: '', cluster: own.id, clusterName: own.name, namespace };
  // Cluster API and Flux' own guide call the secret after the cluster.
  const found = find({ server: '', name: secret.replace(/-kubeconfig$/, '') });
  return { server: secret, cluster: found?.id ?? null, clusterName: found?.name ?? secret, namespace };
}

function parentOf({ metadata }: KubeObject): Delivery['parent'] {
  const labels = metadata.labels ?? {};
  for (const [tool, kind] of [
    ['kustomize', 'Kustomization'],
    ['helm', 'HelmRelease'],
  ] as const) {
    const name = labels[`${tool}.toolkit.fluxcd.io/name`];
    const namespace = labels[`${tool}.toolkit.fluxcd.io/namespace`] ?? '';
    // The one that everything begins with is made by itself.
    if (name !== undefined && (name !== metadata.name || namespace !== metadata.namespace))
      return { kind, namespace, name };
  }
  return undefined;
}

/** `Stalled` and `Reconciling` are there while something is the matter. */
export function conditionTone({ type, status, reason }: Condition): Tone {
  if (type === 'Reconciling') return reason === 'ProgressingWithRetry' ? 'warning' : 'progressing';
  if (type === 'Stalled' || type.endsWith('Failed')) return status === 'True' ? 'failed' : 'healthy';
  if (type === 'Remediated') return 'warning';
  if (status === 'Unknown') return 'progressing';
  return status === 'True' ? 'healthy' : reason === 'DependencyNotReady' ? 'warning' : 'failed';
}

/** Newest first, as Flux keeps it. */
export function fluxHistory(object: KubeObject, owner: ObjectRef): Omit<HistoryEntry, 'changes'>[] {
  const fixed = owner.kind === kustomization ? fixedRevision(object) : fixedChart(object);
  return listAt(object.status, 'history').map((each, index) => {
    const shared = { by: '', current: index === 0, fixed: index === 0 ? 'It is what is deployed' : fixed };
    if (owner.kind === kustomization) {
      const status = textAt(each, 'lastReconciledStatus');
      const good = status === 'ReconciliationSucceeded';
      return {
        ...shared,
        id: textAt(each, 'digest'),
        revision: textAt(each, 'metadata', 'revision'),
        source: textAt(object.spec, 'path'),
        status,
        tone: good ? 'healthy' : 'failed',
        startedAt: timeAt(each, 'firstReconciled'),
        deployedAt: timeAt(each, 'lastReconciled'),
        times: Number(at(each, 'totalReconciliations') ?? 1),
      };
    }
    const status = textAt(each, 'status');
    return {
      ...shared,
      id: textAt(each, 'version'),
      revision: textAt(each, 'chartVersion'),
      source: `${textAt(each, 'chartName')} ${textAt(each, 'chartVersion')}`,
      status,
      tone: status === 'failed' ? 'failed' : status.startsWith('pending') ? 'progressing' : 'healthy',
      startedAt: timeAt(each, 'firstDeployed'),
      deployedAt: timeAt(each, 'lastDeployed'),
      times: 1,
    };
  });
}

/** Why an earlier revision of a Kustomization cannot be asked for; '' when it can. */
function fixedRevision({ spec }: KubeObject): string {
  const kind = textAt(spec, 'sourceRef', 'kind');
  return kind === 'GitRepository' || kind === 'OCIRepository' ? '' : `A ${kind} keeps no earlier revisions`;
}

function fixedChart({ spec }: KubeObject): string {
  if (at(spec, 'chart', 'spec') !== undefined) {
    const kind = textAt(spec, 'chart', 'spec', 'sourceRef', 'kind');
    return kind === 'HelmRepository' ? '' : `A chart out of a ${kind} has no earlier versions to choose from`;
  }
  const kind = textAt(spec, 'chartRef', 'kind');
  return kind === 'OCIRepository' ? '' : `A ${kind} keeps no earlier versions`;
}

/** Flux' inventory: `<namespace>_<name>_<group>_<kind>`, with two underscores for a colon in a name. */
export function fluxObjects(object: KubeObject): Omit<ManagedObject, 'object' | 'state' | 'tone' | 'status'>[] {
  return listAt(object.status, 'inventory', 'entries').flatMap((each) => {
    const parts = /^([^_]*)_(.+)_([^_]*)_([^_]+)$/.exec(textAt(each, 'id'));
    if (parts === null) return [];
    const [, namespace = '', name = '', group = '', kind = ''] = parts;
    return [
      {
        group,
        version: textAt(each, 'v'),
        kind,
        namespace,
        name: name.replaceAll('__', ':'),
        sync: '',
        health: '',
        message: '',
        surplus: false,
        hook: false,
        wave: 0,
      },
    ];
  });
}

/** Words on how it is reconciled. */
export function fluxOptions({ spec }: KubeObject): string[] {
  const mode = textAt(spec, 'driftDetection', 'mode');
  const account = textAt(spec, 'serviceAccountName');
  return [
    `Every ${textAt(spec, 'interval')}`,
    ...(at(spec, 'prune') === true ? ['Prunes'] : []),
    ...(at(spec, 'wait') === true ? ['Waits until everything is ready'] : []),
    ...(at(spec, 'force') === true ? ['Replaces what cannot be changed'] : []),
    ...(mode === '' ? [] : [`Drift detection ${mode}`]),
    ...(account === '' ? [] : [`As ${account}`]),
  ];
}

export function dependenciesOf({ spec, metadata }: KubeObject): { namespace: string; name: string }[] {
  return listAt(spec, 'dependsOn').map((each) => ({
    namespace: textAt(each, 'namespace') || (metadata.namespace ?? ''),
    name: textAt(each, 'name'),
  }));
}
