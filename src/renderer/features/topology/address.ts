import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import type { Layer } from '../../../core/cluster/topology/contract.ts';
import { formatLocation, listParam, listText, type Params } from '../../app/router.ts';

export const forms = ['graph', 'map', 'list'] as const;
export type Form = (typeof forms)[number];
export const layers: readonly Layer[] = ['endpoints', 'config', 'policies', 'hosts'];
export const measures = ['status', 'cpu', 'memory'] as const;
/** What the map's colours mean. */
export type Measure = (typeof measures)[number];

/** What of the view is in its address. */
export interface TopologyAddress {
  form: Form;
  by: 'namespace' | 'app';
  layers: Layer[];
  filter: string;
  /** Keys of what is opened. */
  open: string[];
  focus: ObjectRef | undefined;
  measure: Measure;
}

export function readAddress(params: Readonly<Record<string, string>>): TopologyAddress {
  return {
    form: forms.find((form) => form === params.form) ?? 'graph',
    by: params.by === 'app' ? 'app' : 'namespace',
    layers: layers.filter((layer) => listParam(params.layers)?.includes(layer)),
    filter: params.filter ?? '',
    open: listParam(params.open) ?? [],
    focus: readFocus(params.focus),
    measure: measures.find((measure) => measure === params.measure) ?? 'status',
  };
}

export function addressParams(change: Partial<TopologyAddress>): Params {
  const params: Params = {};
  if (change.form !== undefined) params.form = change.form === 'graph' ? undefined : change.form;
  if (change.by !== undefined) params.by = change.by === 'namespace' ? undefined : change.by;
  if (change.layers !== undefined) params.layers = listText(change.layers);
  if (change.filter !== undefined) params.filter = change.filter;
  if (change.open !== undefined) params.open = listText(change.open);
  if ('focus' in change) params.focus = change.focus === undefined ? undefined : writeFocus(change.focus);
  if (change.measure !== undefined) params.measure = change.measure === 'status' ? undefined : change.measure;
  return params;
}

const layerOf: Readonly<Record<string, Layer>> = {
  nodes: 'hosts',
  configmaps: 'config',
  secrets: 'config',
  persistentvolumeclaims: 'config',
  'networkpolicies.networking.k8s.io': 'policies',
  'poddisruptionbudgets.policy': 'policies',
  'horizontalpodautoscalers.autoscaling': 'policies',
  'destinationrules.networking.istio.io': 'policies',
  'endpointslices.discovery.k8s.io': 'endpoints',
};

const shownKinds = new Set([
  ...Object.keys(layerOf),
  'pods',
  'services',
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'cronjobs.batch',
  'jobs.batch',
  'replicationcontrollers',
  'ingresses.networking.k8s.io',
  'gateways.gateway.networking.k8s.io',
  'httproutes.gateway.networking.k8s.io',
  'grpcroutes.gateway.networking.k8s.io',
  'tlsroutes.gateway.networking.k8s.io',
  'tcproutes.gateway.networking.k8s.io',
  'udproutes.gateway.networking.k8s.io',
  'listenersets.gateway.networking.k8s.io',
  'gateways.networking.istio.io',
  'virtualservices.networking.istio.io',
]);

/** Where an object is seen among what surrounds it; undefined for kinds that are in no picture. */
export function topologyOf(object: ObjectRef): string | undefined {
  if (!shownKinds.has(object.kind)) return undefined;
  const layer = layerOf[object.kind];
  const params = addressParams({ focus: object, ...(layer !== undefined && { layers: [layer] }) });
  const scope = { clusters: listText([object.cluster]), namespaces: listText([object.namespace].filter(Boolean)) };
  return formatLocation('/topology', { ...scope, ...params });
}

function writeFocus({ cluster, kind, namespace, name }: ObjectRef): string {
  return listText([cluster, kind, namespace || '-', name]) ?? '';
}

function readFocus(text: string | undefined): ObjectRef | undefined {
  const parts = listParam(text);
  if (parts?.length !== 4) return undefined;
  const [cluster = '', kind = '', namespace = '', name = ''] = parts;
  return { cluster, kind, namespace: namespace === '-' ? '' : namespace, name };
}
