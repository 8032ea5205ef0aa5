import { KubeSageError } from '../../kernel/errors.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import type { ObjectRef } from '../resources/contract.ts';
import { objectPath } from '../resources/index.ts';

interface Port {
  name?: string;
  port?: number;
  containerPort?: number;
  targetPort?: number | string;
  protocol?: string;
}

interface Container {
  ports?: Port[];
}

interface KubeObject {
  metadata: { name: string; deletionTimestamp?: string };
  spec?: {
    ports?: Port[];
    selector?: Record<string, string> | { matchLabels?: Record<string, string>; matchExpressions?: Requirement[] };
    containers?: Container[];
    template?: { spec?: { containers?: Container[] } };
  };
  status?: { phase?: string; conditions?: { type: string; status: string }[] };
}

interface Requirement {
  key: string;
  operator: string;
  values?: string[];
}

export interface Target {
  pod: string;
  port: number;
}

export interface OfferedPort {
  port: number;
  name: string;
  protocol: string;
}

/** The ports that an object says it has. Rejects as the fleet's requests do. */
export async function portsOf(fleet: OpenClusters, object: ObjectRef): Promise<OfferedPort[]> {
  const { spec = {} } = await read<KubeObject>(fleet, object.cluster, pathOf(fleet, object));
  const containers = spec.containers ?? spec.template?.spec?.containers ?? [];
  return (spec.ports ?? containers.flatMap(({ ports = [] }) => ports))
    .map(({ name = '', port, containerPort, protocol = 'TCP' }) => ({
      port: port ?? containerPort ?? 0,
      name,
      protocol,
    }))
    .filter(({ protocol }) => protocol === 'TCP');
}

/** A pod that takes connections now, and its port. Rejects with `unavailable` when there is none. */
export async function findTarget(fleet: OpenClusters, object: ObjectRef, port: number): Promise<Target> {
  if (object.kind === 'pods') return { pod: object.name, port };
  const { spec = {} } = await read<KubeObject>(fleet, object.cluster, pathOf(fleet, object));
  const selector = selectorText(object.kind, spec.selector);
  if (selector === '') {
    throw new KubeSageError('unsupported', `${object.name} has no selector that would find its pods`);
  }
  const path = `/api/v1/namespaces/${encodeURIComponent(object.namespace)}/pods?labelSelector=${encodeURIComponent(selector)}`;
  const { items } = await read<{ items: KubeObject[] }>(fleet, object.cluster, path);
  const running = items.filter(
    (pod) => pod.status?.phase === 'Running' && pod.metadata.deletionTimestamp === undefined,
  );
  const pod = running.find(isReady) ?? running[0];
  if (pod === undefined) {
    throw new KubeSageError('unavailable', `${object.name} has no running pod`, {
      hint: 'It is tried again with the next connection.',
    });
  }
  return { pod: pod.metadata.name, port: podPort(pod, spec.ports ?? [], object.kind === 'services', port) };
}

/** A service's port leads to one of the pod by number or by name. */
function podPort(pod: KubeObject, ports: readonly Port[], service: boolean, port: number): number {
  if (!service) return port;
  const target = ports.find((each) => each.port === port)?.targetPort ?? port;
  if (typeof target === 'number') return target;
  const named = (pod.spec?.containers ?? [])
    .flatMap((container) => container.ports ?? [])
    .find(({ name }) => name === target);
  if (named?.containerPort !== undefined) return named.containerPort;
  throw new KubeSageError('invalid', `${pod.metadata.name} has no port called ${target}`);
}

function selectorText(kind: string, selector: NonNullable<KubeObject['spec']>['selector']): string {
  if (selector === undefined) return '';
  const plain = kind === 'services' || kind === 'replicationcontrollers';
  const { matchLabels, matchExpressions = [] } = (plain ? { matchLabels: selector } : selector) as {
    matchLabels?: Record<string, string>;
    matchExpressions?: Requirement[];
  };
  const labels = Object.entries(matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
  });
  return [...labels, ...expressions].join(',');
}

function isReady(pod: KubeObject): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
}

function pathOf(fleet: OpenClusters, object: ObjectRef): string {
  const kind = fleet.byId(object.cluster)?.kinds.find(({ id }) => id === object.kind);
  if (kind === undefined)
    throw new KubeSageError('notFound', `The cluster does not serve ${object.kind}, or is not open`);
  return objectPath(kind, object.namespace, object.name);
}

async function read<T>(fleet: OpenClusters, cluster: string, path: string): Promise<T> {
  const answer = await fleet.request(cluster, { path, headers: { Accept: 'application/json' } });
  return JSON.parse(new TextDecoder().decode(answer.body)) as T;
}
