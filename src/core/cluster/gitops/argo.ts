import type { Tone } from '../resources/contract.ts';
import type { Delivery, HistoryEntry, ManagedObject, Operation, Source } from './contract.ts';
import { application } from './kinds.ts';
import {
  at,
  type Condition,
  imageVersion,
  isRecord,
  type KubeObject,
  keyOf,
  listAt,
  shortRevision,
  textAt,
  textsAt,
  timeAt,
  toneOf,
} from './model.ts';

const mostImages = 20;
/** How Argo CD names the cluster that it runs in. */
const ownServer = 'https://kubernetes.default.svc';
const ownName = 'in-cluster';

/** An object with the cluster that it was read from. */
export interface Found {
  cluster: string;
  clusterName: string;
  object: KubeObject;
}

/** Finds a cluster of ours by its address, or by the name that an engine has for it. */
export type FindCluster = (wanted: { server: string; name: string }) => { id: string; name: string } | undefined;

/** An Application as a delivery. */
export function readApplication({ cluster, clusterName, object }: Found, find: FindCluster): Delivery {
  const { metadata, spec, status } = object;
  const ref = { cluster, kind: application, namespace: metadata.namespace ?? '', name: metadata.name };
  const operation = operationOf(object);
  const running = operation?.phase === 'Running' || operation?.phase === 'Terminating' || object.operation != null;
  const syncText = textAt(status, 'sync', 'status');
  const failed = operation?.phase === 'Failed' || operation?.phase === 'Error';
  const healthText = textAt(status, 'health', 'status');
  const sync = running ? 'syncing' : syncOf(syncText, failed);
  const health = healths[healthText] ?? 'unknown';
  const automated = at(spec, 'syncPolicy', 'automated');
  const automatic = isRecord(automated) && automated.enabled !== false;
  const suspended = isRecord(automated) && automated.enabled === false;
  const images = textsAt(status, 'summary', 'images');
  const sources = sourcesOf(object);
  const resources = listAt(status, 'resources');
  const parent = parentOf(object);
  return {
    key: keyOf(ref),
    object: ref,
    clusterName,
    engine: 'argocd',
    kind: 'Application',
    project: textAt(spec, 'project'),
    sync,
    syncText: running ? (operation?.phase ?? 'Running') : syncText || 'Unknown',
    health,
    tone: toneOf({ sync, health, suspended }),
    message: messageOf(object, operation),
    sources,
    version: versionOf(sources, images),
    images: images.slice(0, mostImages),
    suspended,
    automatic,
    prune: isRecord(automated) && automated.prune === true,
    destination: destinationOf(object, { id: cluster, name: clusterName }, find),
    operation,
    resources: {
      total: resources.length,
      outOfSync: resources.filter((each) => textAt(each, 'status') === 'OutOfSync').length,
      unhealthy: resources.filter((each) => ['Degraded', 'Missing'].includes(textAt(each, 'health', 'status'))).length,
    },
    ...(parent !== undefined && { parent }),
    labels: metadata.labels ?? {},
    created: timeAt(metadata, 'creationTimestamp'),
    updated: operation?.finishedAt ?? operation?.startedAt ?? timeAt(status, 'reconciledAt'),
    deleting: metadata.deletionTimestamp !== undefined,
  };
}

const healths: Record<string, Delivery['health']> = {
  Healthy: 'healthy',
  Progressing: 'progressing',
  Degraded: 'degraded',
  Suspended: 'suspended',
  Missing: 'missing',
};

function syncOf(text: string, failed: boolean): Delivery['sync'] {
  if (text === 'Synced') return 'synced';
  // An order that failed leaves it as it was: then that is what is to be known.
  if (text === 'OutOfSync') return failed ? 'failed' : 'outOfSync';
  return failed ? 'failed' : 'unknown';
}

const phaseTones: Record<string, Tone> = {
  Succeeded: 'healthy',
  Running: 'progressing',
  Terminating: 'progressing',
  Failed: 'failed',
  Error: 'failed',
};

function operationOf({ status, operation }: KubeObject): Operation | null {
  const state = at(status, 'operationState');
  if (!isRecord(state)) {
    if (!isRecord(operation)) return null;
    // It was asked for and not begun.
    return { ...noOperation, phase: 'Running', tone: 'progressing', revision: textAt(operation, 'sync', 'revision') };
  }
  const phase = textAt(state, 'phase');
  const by = at(state, 'operation', 'initiatedBy');
  return {
    phase,
    tone: phaseTones[phase] ?? 'unknown',
    message: textAt(state, 'message'),
    startedAt: timeAt(state, 'startedAt'),
    finishedAt: timeAt(state, 'finishedAt'),
    revision: textAt(state, 'syncResult', 'revision') || textAt(state, 'operation', 'sync', 'revision'),
    by: at(by, 'automated') === true ? 'automated' : textAt(by, 'username'),
  };
}

const noOperation: Operation = {
  phase: '',
  tone: 'unknown',
  message: '',
  startedAt: null,
  finishedAt: null,
  revision: '',
  by: '',
};

/** One source, several, or with a hydrator the one that is written for it. */
function sourcesOf({ spec, status }: KubeObject): Source[] {
  const several = listAt(spec, 'sources');
  if (several.length > 0) {
    const deployed = textsAt(status, 'sync', 'revisions');
    return several.map((each, index) => sourceOf(each, deployed[index] ?? ''));
  }
  const deployed = textAt(status, 'sync', 'revision');
  const dry = at(spec, 'sourceHydrator', 'drySource');
  if (isRecord(dry)) {
    const branch = textAt(spec, 'sourceHydrator', 'syncSource', 'targetBranch');
    return [{ ...sourceOf(dry, deployed), path: textAt(spec, 'sourceHydrator', 'syncSource', 'path'), wanted: branch }];
  }
  return isRecord(at(spec, 'source')) ? [sourceOf(at(spec, 'source'), deployed)] : [];
}

function sourceOf(source: unknown, deployed: string): Source {
  const repo = textAt(source, 'repoURL');
  const chart = textAt(source, 'chart');
  const path = textAt(source, 'path');
  return {
    type: repo.startsWith('oci://') ? 'oci' : chart === '' ? 'git' : 'helm',
    repo,
    path: path === '.' ? '' : path,
    chart,
    wanted: textAt(source, 'targetRevision'),
    deployed,
    pending: '',
  };
}

function versionOf(sources: readonly Source[], images: readonly string[]): string {
  const chart = sources.find((source) => source.chart !== '');
  if (chart !== undefined) return chart.deployed || chart.wanted;
  const tags = new Set(images.map(imageVersion).filter(Boolean));
  if (tags.size === 1) return [...tags][0] ?? '';
  return shortRevision(sources[0]?.deployed ?? '');
}

function destinationOf(
  { spec }: KubeObject,
  own: { id: string; name: string },
  find: FindCluster,
): Delivery['destination'] {
  const server = textAt(spec, 'destination', 'server');
  const name = textAt(spec, 'destination', 'name');
  const namespace = textAt(spec, 'destination', 'namespace');
  if (server === ownServer || name === ownName) {
    return { server: '', cluster: own.id, clusterName: own.name, namespace };
  }
  const found = find({ server, name });
  return {
    server: server || name,
    cluster: found?.id ?? null,
    clusterName: found?.name ?? (name || server),
    namespace,
  };
}

/** The last operation's word when it failed, else a condition's, else how it fares. */
function messageOf({ status }: KubeObject, operation: Operation | null): string {
  const [condition] = listAt(status, 'conditions').filter((each) => /Error|Warning/.test(textAt(each, 'type')));
  if (operation?.tone === 'failed') return operation.message;
  return textAt(condition, 'message') || textAt(status, 'health', 'message') || (operation?.message ?? '');
}

function parentOf({ metadata }: KubeObject): Delivery['parent'] {
  const namespace = metadata.namespace ?? '';
  const owner = metadata.ownerReferences?.find(({ kind }) => kind === 'ApplicationSet' || kind === 'Application');
  if (owner !== undefined) return { kind: owner.kind, namespace, name: owner.name };
  // An application that another one brings bears its mark: `<namespace>_<name>:<group>/<kind>:…`.
  const tracking = metadata.annotations?.['argocd.argoproj.io/tracking-id']?.split(':')[0];
  if (tracking === undefined || tracking === '') return undefined;
  const [name = '', other] = tracking.split('_').reverse();
  return { kind: 'Application', namespace: other ?? namespace, name };
}

/** Its conditions are errors and warnings by their type. */
export function conditionTone({ type, status }: Condition): Tone {
  // Those of an ApplicationSet have a status as others do.
  if (status !== '') {
    const bad = type === 'ErrorOccurred' || type === 'RolloutProgressing';
    if (type === 'RolloutProgressing') return status === 'True' ? 'progressing' : 'healthy';
    return (status === 'True') === bad ? 'failed' : 'healthy';
  }
  return type.endsWith('Warning') ? 'warning' : type.endsWith('Error') ? 'failed' : 'unknown';
}

/** Newest first. */
export function applicationHistory({ spec, status }: KubeObject): (Omit<HistoryEntry, 'changes'> & { of: unknown })[] {
  const automated = at(spec, 'syncPolicy', 'automated');
  const automatic = isRecord(automated) && automated.enabled !== false;
  return listAt(status, 'history')
    .toReversed()
    .map((each, index) => {
      const source = at(each, 'source');
      const several = listAt(each, 'sources');
      const revisions = textsAt(each, 'revisions');
      const known = isRecord(source) || several.length > 0;
      const by = at(each, 'initiatedBy');
      return {
        id: textAt(each, 'id'),
        revision: textAt(each, 'revision') || revisions.join(', '),
        source: (several.length > 0 ? several : [source]).map(sourceText).filter(Boolean).join(', '),
        by: at(by, 'automated') === true || (by === undefined && automatic) ? 'automated' : textAt(by, 'username'),
        status: 'Succeeded',
        tone: 'healthy',
        startedAt: timeAt(each, 'deployStartedAt'),
        deployedAt: timeAt(each, 'deployedAt'),
        times: 1,
        current: index === 0,
        fixed: index === 0 ? 'It is what is deployed' : known ? '' : 'Its source was not kept with it',
        of: several.length > 0 ? several : source,
      };
    });
}

function sourceText(source: unknown): string {
  const chart = textAt(source, 'chart');
  const wanted = textAt(source, 'targetRevision');
  return [chart || textAt(source, 'path'), wanted].filter(Boolean).join(' @ ');
}

type Listed = Omit<ManagedObject, 'object' | 'state' | 'tone' | 'status'>;

/** What Argo CD says that it manages. */
export function applicationObjects({ status }: KubeObject): Listed[] {
  return listAt(status, 'resources').map((each) => ({
    group: textAt(each, 'group'),
    version: textAt(each, 'version'),
    kind: textAt(each, 'kind'),
    namespace: textAt(each, 'namespace'),
    name: textAt(each, 'name'),
    sync: textAt(each, 'status'),
    health: textAt(each, 'health', 'status'),
    message: textAt(each, 'health', 'message'),
    surplus: at(each, 'requiresPruning') === true,
    hook: at(each, 'hook') === true,
    wave: Number(at(each, 'syncWave') ?? 0),
  }));
}

/** Words on how it is synced. */
export function applicationOptions({ spec }: KubeObject): string[] {
  const automated = at(spec, 'syncPolicy', 'automated');
  const limit = at(spec, 'syncPolicy', 'retry', 'limit');
  return [
    ...(isRecord(automated) && automated.enabled !== false ? ['Syncs by itself'] : ['Syncs when asked to']),
    ...(at(automated, 'selfHeal') === true ? ['Heals drift'] : []),
    ...(at(automated, 'prune') === true ? ['Prunes'] : []),
    ...(typeof limit === 'number' ? [`Retries ${limit < 0 ? 'for ever' : `${limit} times`}`] : []),
    ...textsAt(spec, 'syncPolicy', 'syncOptions'),
  ];
}
