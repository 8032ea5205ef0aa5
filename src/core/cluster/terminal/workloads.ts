import { KubeSageError } from '../../kernel/errors.ts';
import type { OpenClusters } from '../fleet/index.ts';
import type { ObjectRef } from '../resources/contract.ts';
import { objectPath } from '../resources/index.ts';
import { podPath } from './commands.ts';
import type { Pod } from './model.ts';

/** Kinds whose pods a terminal is opened in: all that select their pods by labels. */
export const workloadKinds = [
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicasets.apps',
  'jobs.batch',
  'services',
  'replicationcontrollers',
];

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/**
 * The pods of a workload that run, best first: ready ones, then the newest, since that is the one that was just rolled
 * out. A pod is its own. Rejects as the fleet's requests do, and with `unsupported` for what selects no pods.
 */
export async function podsOf(fleet: OpenClusters, object: ObjectRef, signal?: AbortSignal): Promise<Pod[]> {
  const read = async <T>(path: string): Promise<T> => {
    const answer = await fleet.request(object.cluster, {
      path,
      headers: { Accept: 'application/json' },
      ...(signal !== undefined && { signal }),
    });
    return JSON.parse(new TextDecoder().decode(answer.body)) as T;
  };
  if (object.kind === 'pods') return [await read<Pod>(podPath(object))];
  const kind = fleet.byId(object.cluster)?.kinds.find(({ id }) => id === object.kind);
  if (kind === undefined) {
    throw new KubeSageError('notFound', `The cluster does not serve ${object.kind}, or is not open`);
  }
  const { spec } = await read<{ spec?: { selector?: Selector | Record<string, string> } }>(
    objectPath(kind, object.namespace, object.name),
  );
  const selector = labelSelector(spec?.selector);
  if (selector === '')
    throw new KubeSageError('unsupported', `${object.name} has no selector that would find its pods`);
  const namespace = encodeURIComponent(object.namespace);
  const { items } = await read<{ items: Pod[] }>(
    `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(selector)}`,
  );
  return bestFirst(items);
}

/** Rejects with `unavailable` when none runs. */
export async function bestPod(fleet: OpenClusters, object: ObjectRef, signal: AbortSignal): Promise<ObjectRef> {
  if (object.kind === 'pods') return object;
  const [pod] = await podsOf(fleet, object, signal);
  if (pod === undefined) {
    throw new KubeSageError('unavailable', `${object.name} has no running pod`, {
      hint: "Look at the workload's events.",
    });
  }
  return { ...object, kind: 'pods', name: pod.metadata.name };
}

export function bestFirst(pods: readonly Pod[]): Pod[] {
  const rank = (pod: Pod) => (isReady(pod) ? 0 : 1);
  return pods
    .filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && status?.phase === 'Running')
    .sort(
      (a, b) =>
        rank(a) - rank(b) ||
        (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? '') ||
        a.metadata.name.localeCompare(b.metadata.name),
    );
}

export function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: word }) => type === 'Ready' && word === 'True') === true;
}

/** Of a workload (`matchLabels`) or of a Service, whose selector is the labels themselves. '' selects nothing. */
export function labelSelector(selector: Selector | Record<string, string> | undefined): string {
  if (selector === undefined) return '';
  const structured = 'matchLabels' in selector || 'matchExpressions' in selector;
  const { matchLabels = {}, matchExpressions = [] } = (structured ? selector : { matchLabels: selector }) as Selector;
  const labels = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
  });
  return [...labels, ...expressions].join(',');
}
