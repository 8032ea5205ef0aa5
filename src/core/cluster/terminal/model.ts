import type { TerminalContainer } from './contract.ts';

/** What of a pod matters to a terminal. */
export interface Pod {
  metadata: {
    name: string;
    namespace: string;
    annotations?: Record<string, string>;
    creationTimestamp?: string;
    deletionTimestamp?: string;
  };
  spec?: {
    nodeName?: string;
    os?: { name?: string };
    nodeSelector?: Record<string, string>;
    containers?: ContainerSpec[];
    initContainers?: ContainerSpec[];
    ephemeralContainers?: ContainerSpec[];
  };
  status?: {
    phase?: string;
    conditions?: { type: string; status: string }[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
    ephemeralContainerStatuses?: ContainerStatus[];
  };
}

export interface ContainerSpec {
  name: string;
  image?: string;
  stdin?: boolean;
  tty?: boolean;
}

export interface ContainerStatus {
  name: string;
  state?: {
    running?: object;
    waiting?: { reason?: string; message?: string };
    terminated?: { reason?: string; message?: string; exitCode?: number };
  };
}

/** kubectl's own word for the container that is meant when none is named. */
const defaultContainer = 'kubectl.kubernetes.io/default-container';

/** Containers, then debug containers, then init containers, each as in the pod. */
export function containersOf(pod: Pod): TerminalContainer[] {
  const { spec = {}, status = {} } = pod;
  const named = pod.metadata.annotations?.[defaultContainer];
  const chosen = (spec.containers?.find(({ name }) => name === named) ?? spec.containers?.[0])?.name;
  const read = (
    kind: TerminalContainer['kind'],
    specs: readonly ContainerSpec[] = [],
    statuses: readonly ContainerStatus[] = [],
  ) =>
    specs.map(({ name, image = '', stdin = false }): TerminalContainer => {
      const state = statuses.find((each) => each.name === name)?.state;
      return { name, kind, image, stdin, state: wordOf(state), default: kind === 'container' && name === chosen };
    });
  return [
    ...read('container', spec.containers, status.containerStatuses),
    ...read('ephemeral', spec.ephemeralContainers, status.ephemeralContainerStatuses),
    ...read('init', spec.initContainers, status.initContainerStatuses),
  ];
}

export function specOf({ spec = {} }: Pod, container: string): ContainerSpec | undefined {
  return [...(spec.containers ?? []), ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])].find(
    ({ name }) => name === container,
  );
}

export function statusOf({ status = {} }: Pod, container: string): ContainerStatus | undefined {
  return [
    ...(status.containerStatuses ?? []),
    ...(status.ephemeralContainerStatuses ?? []),
    ...(status.initContainerStatuses ?? []),
  ].find(({ name }) => name === container);
}

export function isWindows({ spec }: Pod): boolean {
  return spec?.os?.name === 'windows' || spec?.nodeSelector?.['kubernetes.io/os'] === 'windows';
}

function wordOf(state: ContainerStatus['state']): TerminalContainer['state'] {
  if (state?.running !== undefined) return 'running';
  if (state?.terminated !== undefined) return 'terminated';
  return state?.waiting === undefined ? 'unknown' : 'waiting';
}
