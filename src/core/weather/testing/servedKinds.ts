import { encodeEnvelope, encodeMessage } from '../../kube/projectors/index.ts';
import { protobufFrames } from '../../simulator/api/encoding.ts';

/** A kind that the modelled API servers have. */
export interface ServedKind {
  /** As KubeSage names it. */
  id: string;
  apiVersion: string;
  kind: string;
  /** Path of the collection over all namespaces. */
  path: string;
  /** Path in front of `/namespaces/x/`. */
  root: string;
  resource: string;
  namespaced: boolean;
  /** Name of the protobuf message; undefined for custom kinds, which have none. */
  message: string | undefined;
  /** What differs from version to version. */
  body(seed: number): Record<string, unknown>;
}

const phases = ['Pending', 'Running', 'Succeeded', 'Failed'];

export const servedKinds: readonly ServedKind[] = [
  {
    ...at('v1', 'Pod', 'pods', true),
    message: 'k8s.io.api.core.v1.Pod',
    body: (seed) => ({
      spec: { nodeName: `node-${seed % 3}`, containers: [{ name: 'main', image: `app:${seed % 4}` }] },
      status: {
        phase: phases[seed % phases.length],
        containerStatuses: [{ name: 'main', image: '', imageID: '', ready: seed % 2 === 0, restartCount: seed % 7 }],
      },
    }),
  },
  {
    ...at('v1', 'Node', 'nodes', false),
    message: 'k8s.io.api.core.v1.Node',
    body: (seed) => ({
      status: {
        capacity: { cpu: `${(seed % 4) + 1}`, memory: `${(seed % 8) + 1}Gi` },
        conditions: [{ type: 'Ready', status: seed % 3 === 0 ? 'False' : 'True' }],
      },
    }),
  },
  {
    ...at('v1', 'Namespace', 'namespaces', false),
    message: 'k8s.io.api.core.v1.Namespace',
    body: (seed) => ({ status: { phase: seed % 5 === 0 ? 'Terminating' : 'Active' } }),
  },
  {
    ...at('apps/v1', 'Deployment', 'deployments', true),
    message: 'k8s.io.api.apps.v1.Deployment',
    body: (seed) => ({
      spec: { replicas: seed % 5, selector: {}, template: {} },
      status: { replicas: seed % 5, readyReplicas: seed % 3, availableReplicas: seed % 3 },
    }),
  },
  {
    ...at('example.com/v1', 'Widget', 'widgets', true),
    message: undefined,
    body: (seed) => ({ spec: { size: seed % 9 }, status: { phase: phases[seed % phases.length] } }),
  },
];

function at(apiVersion: string, kind: string, resource: string, namespaced: boolean) {
  const [group] = apiVersion.includes('/') ? [apiVersion.slice(0, apiVersion.indexOf('/'))] : [''];
  const root = group === '' ? `/api/${apiVersion}` : `/apis/${apiVersion}`;
  const id = group === '' ? resource : `${resource}.${group}`;
  return { id, apiVersion, kind, resource, namespaced, root, path: `${root}/${resource}` };
}

export function servedKind(id: string): ServedKind {
  const kind = servedKinds.find((known) => known.id === id);
  if (kind === undefined) throw new Error(`${id} is not served`);
  return kind;
}

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

/** One watch event, as a frame of protobuf or a line of JSON. */
export function encodeWatchEvent(type: EventType, object: object, kind: ServedKind, protobuf: boolean): Uint8Array {
  if (!protobuf) return Buffer.from(`${JSON.stringify({ type, object })}\n`);
  const frameOf = (apiVersion: string, name: string, message: string) =>
    protobufFrames(apiVersion, name)(type, encodeMessage(message, object));
  if (type !== 'ERROR') return frameOf(kind.apiVersion, kind.kind, kind.message ?? '');
  return frameOf('v1', 'Status', 'k8s.io.apimachinery.pkg.apis.meta.v1.Status');
}

export function encodeList(
  kind: ServedKind,
  list: { metadata: object; items: readonly object[] },
  protobuf: boolean,
): Uint8Array {
  const type = `${kind.kind}List`;
  if (protobuf) return encodeEnvelope(kind.apiVersion, type, encodeMessage(`${kind.message}List`, list));
  return Buffer.from(JSON.stringify({ kind: type, apiVersion: kind.apiVersion, ...list }));
}
