import type { Clock } from '../../kernel/clock.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { ClusterStreams, OpenClusters } from '../fleet/openClusters.ts';
import type { ContainerType, LogQuery } from './contract.ts';

/** What the capability needs of the rest. */
export interface LogDeps {
  fleet: OpenClusters & ClusterStreams;
  tables: Tables;
  clock: Clock;
}

/** A pod in a cluster; its uid says which of those that had the name. */
export interface PodName {
  /** Cluster id. */
  cluster: string;
  namespace: string;
  name: string;
  uid: string;
}

/** One container of a pod, as its status has it. */
export interface Container {
  name: string;
  type: ContainerType;
  /** Runs so far are one more than this, unless it never ran. */
  restarts: number;
  state: 'waiting' | 'running' | 'terminated';
  /** It ran, so that there is something to read. */
  ran: boolean;
  /** `ImagePullBackOff`, or `Error, exit code 1`. */
  reason: string;
  /** It will not be started again by itself. */
  final: boolean;
}

export interface Pod {
  uid: string;
  node: string;
  containers: readonly Container[];
  /** Out of the annotation. */
  defaultContainer: string | undefined;
}

interface RawStatus {
  name: string;
  restartCount?: number;
  containerID?: string;
  state?: RawState;
  lastState?: RawState;
}

interface RawState {
  waiting?: { reason?: string; message?: string };
  running?: object;
  terminated?: { reason?: string; exitCode?: number; signal?: number };
}

interface RawContainer {
  name: string;
  restartPolicy?: string;
}

interface RawPod {
  metadata: { uid: string; annotations?: Record<string, string> };
  spec: {
    nodeName?: string;
    restartPolicy?: string;
    containers: RawContainer[];
    initContainers?: RawContainer[];
    ephemeralContainers?: RawContainer[];
  };
  status?: {
    phase?: string;
    containerStatuses?: RawStatus[];
    initContainerStatuses?: RawStatus[];
    ephemeralContainerStatuses?: RawStatus[];
  };
}

/** Reads what matters of a pod's JSON. */
export function readPod(json: unknown): Pod {
  const { metadata, spec, status } = json as RawPod;
  const over = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  const read = (
    type: ContainerType,
    declared: readonly RawContainer[] = [],
    statuses: readonly RawStatus[] = [],
  ): Container[] =>
    declared.map((container) => {
      const known = statuses.find(({ name }) => name === container.name);
      const ended = known?.state?.terminated;
      const state = known?.state?.running ? 'running' : ended ? 'terminated' : 'waiting';
      const policy = container.restartPolicy ?? (type === 'ephemeral' ? 'Never' : spec.restartPolicy);
      const succeeded = ended?.exitCode === 0;
      const final =
        state === 'terminated' &&
        (over ||
          policy === 'Never' ||
          (succeeded && (policy === 'OnFailure' || (type === 'init' && policy !== 'Always'))));
      const isPlainInit = type === 'init' && container.restartPolicy !== 'Always';
      return {
        name: container.name,
        type,
        restarts: known?.restartCount ?? 0,
        state,
        ran: state !== 'waiting' || (known?.containerID ?? '') !== '' || known?.lastState?.terminated !== undefined,
        reason: reasonOf(known, status?.phase),
        // An init container that succeeded is done, whatever the pod's policy says of its main ones.
        final: final || (isPlainInit && succeeded),
      };
    });
  return {
    uid: metadata.uid,
    node: spec.nodeName ?? '',
    defaultContainer: metadata.annotations?.['kubectl.kubernetes.io/default-container'],
    containers: [
      ...read('init', spec.initContainers, status?.initContainerStatuses),
      ...read('main', spec.containers, status?.containerStatuses),
      ...read('ephemeral', spec.ephemeralContainers, status?.ephemeralContainerStatuses),
    ],
  };
}

function reasonOf(status: RawStatus | undefined, phase: string | undefined): string {
  const { waiting, running, terminated } = status?.state ?? {};
  if (running !== undefined) return '';
  const ended = terminated ?? (waiting?.reason === 'CrashLoopBackOff' ? status?.lastState?.terminated : undefined);
  const code = ended === undefined ? '' : `exit code ${ended.exitCode ?? 0}`;
  return (
    [waiting?.reason, ended?.reason, code].filter((part) => part !== undefined && part !== '').join(', ') ||
    (phase ?? '')
  );
}

/** Whether a query means a container of a pod. */
export function isChosen(query: Pick<LogQuery, 'types' | 'containers'>, pod: Pod, container: Container): boolean {
  if (query.containers !== undefined) return query.containers.includes(container.name);
  if (query.types.includes(container.type)) return true;
  if (!query.types.includes('default')) return false;
  const named = pod.containers.some(({ name }) => name === pod.defaultContainer);
  return named ? container.name === pod.defaultContainer : container.type === 'main';
}

export function podPath({ namespace, name }: Pick<PodName, 'namespace' | 'name'>): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
}

/** Of an answer that has the time before each line. */
export function logPath(
  pod: Pick<PodName, 'namespace' | 'name'>,
  container: string,
  parameters: Record<string, string>,
): string {
  return `${podPath(pod)}/log?${new URLSearchParams({ container, timestamps: 'true', ...parameters })}`;
}
