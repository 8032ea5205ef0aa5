import { toErrorValue } from '../../kernel/errors.ts';
import { differences } from '../changes/index.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import type { ObjectRef, Tone } from '../resources/contract.ts';
import { objectPath } from '../resources/index.ts';
import {
  applicationHistory,
  applicationOptions,
  conditionTone as argoTone,
  type FindCluster,
  readApplication,
} from './argo.ts';
import type { Delivery, DeliveryDetail } from './contract.ts';
import { dependenciesOf, fluxHistory, fluxOptions, conditionTone as fluxTone, readFluxDelivery } from './flux.ts';
import type { ReadDelivery } from './gitops.ts';
import { application, kustomization } from './kinds.ts';
import { type KubeObject, keyOf, listAt, shownConditions, textAt } from './model.ts';

/** One delivery's row, made of what its cluster says now: with the sources that it names. */
export async function readRow(
  { fleet, find }: { fleet: OpenClusters; find: FindCluster },
  ref: ObjectRef,
  object: KubeObject,
  signal: AbortSignal,
): Promise<Delivery> {
  const found = { cluster: ref.cluster, clusterName: fleet.byId(ref.cluster)?.name ?? ref.cluster, object };
  if (ref.kind === application) return readApplication(found, find);
  const named = new Map<string, ObjectRef>();
  readFluxDelivery(found, ref.kind, (wanted) => void named.set(keyOf(wanted), wanted), find);
  const read = new Map<string, KubeObject>();
  await Promise.all(
    [...named].map(async ([key, wanted]) => {
      const source = await readSource(fleet, wanted, signal);
      if (source !== undefined) read.set(key, source);
    }),
  );
  return readFluxDelivery(found, ref.kind, (wanted) => read.get(keyOf(wanted)), find);
}

/** Undefined for a source that is not there or may not be read: the row then says its name. */
async function readSource(fleet: OpenClusters, ref: ObjectRef, signal: AbortSignal): Promise<KubeObject | undefined> {
  const kind = fleet.byId(ref.cluster)?.kinds.find(({ id }) => id === ref.kind);
  if (kind === undefined) return undefined;
  try {
    const path = objectPath(kind, ref.namespace, ref.name);
    const answer = await fleet.request(ref.cluster, { path, headers: { Accept: 'application/json' }, signal });
    return JSON.parse(new TextDecoder().decode(answer.body)) as KubeObject;
  } catch (error) {
    const { code } = toErrorValue(error);
    if (code === 'notFound' || code === 'forbidden') return undefined;
    throw error;
  }
}

export function detailOf({ ref, object, delivery }: ReadDelivery): DeliveryDetail {
  const isArgo = delivery.engine === 'argocd';
  return {
    delivery,
    conditions: shownConditions(object, isArgo ? argoTone : fluxTone),
    history: isArgo ? argoHistory(object) : fluxHistory(object, ref).map((entry) => ({ ...entry, changes: [] })),
    historyNote: historyNote(delivery, ref),
    results: isArgo ? resultsOf(object) : [],
    options: isArgo ? applicationOptions(object) : fluxOptions(object),
    dependsOn: isArgo ? [] : dependenciesOf(object),
  };
}

function argoHistory(object: KubeObject): DeliveryDetail['history'] {
  const entries = applicationHistory(object);
  return entries.map(({ of, ...entry }, index) => {
    const before = entries[index + 1]?.of;
    return { ...entry, changes: before === undefined || of === undefined ? [] : differences(before, of) };
  });
}

function historyNote({ automatic }: Delivery, { kind }: ObjectRef): string {
  if (kind === application) {
    return automatic
      ? 'Argo CD rolls back only while automated sync is off: rolling back can turn it off first.'
      : 'Rolling back syncs what was deployed then; the application still follows its own revision.';
  }
  return kind === kustomization
    ? 'Flux has no rollback of its own: its source is pinned to the earlier revision, for everything that uses that source.'
    : 'Flux has no rollback of its own: the version of the chart is pinned. Earlier values are not kept in the cluster.';
}

const resultTones: Record<string, Tone> = {
  Synced: 'healthy',
  Pruned: 'healthy',
  SyncFailed: 'failed',
  PruneSkipped: 'warning',
};
const hookTones: Record<string, Tone> = {
  Succeeded: 'healthy',
  Running: 'progressing',
  Failed: 'failed',
  Error: 'failed',
};

function resultsOf({ status }: KubeObject): DeliveryDetail['results'] {
  return listAt(status, 'operationState', 'syncResult', 'resources').map((each) => {
    const result = textAt(each, 'status');
    const phase = textAt(each, 'hookPhase');
    return {
      kind: textAt(each, 'kind'),
      namespace: textAt(each, 'namespace'),
      name: textAt(each, 'name'),
      status: result || phase,
      tone: resultTones[result] ?? hookTones[phase] ?? 'unknown',
      message: textAt(each, 'message'),
    };
  });
}
