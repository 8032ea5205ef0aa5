import type { Table } from '../../kube/columns/table.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { RowFilter } from '../../kube/columns/view.ts';
import type { Stage } from './contract.ts';
import { noTones, type Part } from './model.ts';

export const workloadKinds = [
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'cronjobs.batch',
  'jobs.batch',
  'replicasets.apps',
  'replicationcontrollers',
] as const;

export const ingressKind = 'ingresses.networking.k8s.io';

/** Each before what is attached to it. */
export const gatewayKinds = [
  'gateways.gateway.networking.k8s.io',
  'listenersets.gateway.networking.k8s.io',
  'gateways.networking.istio.io',
] as const;

export const routeKinds = [
  'httproutes.gateway.networking.k8s.io',
  'grpcroutes.gateway.networking.k8s.io',
  'tlsroutes.gateway.networking.k8s.io',
  'tcproutes.gateway.networking.k8s.io',
  'udproutes.gateway.networking.k8s.io',
  'virtualservices.networking.istio.io',
] as const;

export const sliceKind = 'endpointslices.discovery.k8s.io';
export const ruleKind = 'destinationrules.networking.istio.io';

export const configKinds = ['configmaps', 'secrets', 'persistentvolumeclaims'] as const;

export const policyKinds = [
  'networkpolicies.networking.k8s.io',
  'poddisruptionbudgets.policy',
  'horizontalpodautoscalers.autoscaling',
] as const;

/** What the parts of one cluster are made from. */
export interface BuildQuestion {
  tables: Tables;
  /** The cluster's number in the tables. */
  index: number;
  cluster: string;
  clusterName: string;
  /** Undefined for all. */
  namespaces: ReadonlySet<string> | undefined;
  config: boolean;
  policies: boolean;
  endpoints: boolean;
  /** Applications that manage objects, by `trackedKey`. */
  tracked: ReadonlyMap<string, string>;
  /** Keys of the pods that are to be shown one by one. */
  open: ReadonlySet<string>;
  /** By kind; absent for a kind that the filter does not fit. Null when nothing is filtered. */
  filters: ReadonlyMap<string, RowFilter> | null;
  kindId(kindName: string): string | undefined;
  /** All of the kind's objects are known: one that is not there is missing. */
  isListed(kind: string): boolean;
}

/** Names what an object is as people call it: `deployments.apps` is `Deployment`. */
export function objectPart(
  table: Table,
  names: { cluster: string; namespace: string; name: string; uid: string },
  of: Pick<Part, 'stage' | 'tone' | 'status' | 'matched' | 'app' | 'managed'>,
): Part {
  const { id, kind } = table.schema;
  const { cluster, namespace, name, uid } = names;
  const tones = noTones();
  tones[of.tone] = 1;
  return {
    key: partKey(cluster, id, namespace, name),
    form: 'object',
    kind: id,
    kindName: kind,
    namespace,
    name,
    object: { cluster, kind: id, namespace, name, uid },
    tones,
    count: 1,
    refs: undefined,
    filter: undefined,
    edges: [],
    ...of,
  };
}

/** Something that is named and not there, or not known to be. */
export function namedPart(
  cluster: string,
  named: { kind: string; kindName: string; namespace: string; name: string },
  of: { stage: Stage; tone: Part['tone']; status: string },
): Part {
  const { kind, kindName, namespace, name } = named;
  const tones = noTones();
  tones[of.tone] = 1;
  return {
    key: partKey(cluster, kind, namespace, name),
    form: 'object',
    kind,
    kindName,
    namespace,
    name,
    object: { cluster, kind, namespace, name },
    tones,
    count: 1,
    refs: undefined,
    filter: undefined,
    edges: [],
    matched: false,
    app: '',
    managed: false,
    ...of,
  };
}

export function partKey(cluster: string, kind: string, namespace: string, name: string): string {
  return `${cluster}/${kind}/${namespace}/${name}`;
}

export function link(from: Part, to: Part, kind: Part['edges'][number]['kind'], count = 1): void {
  const known = from.edges.find((edge) => edge.to === to && edge.kind === kind);
  if (known === undefined) from.edges.push({ to, kind, count });
  else known.count += count;
}

const appLabels = [
  'app.kubernetes.io/part-of',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/name',
  'app',
  'k8s-app',
];

/** The application that labels tell, as the labels column has them; '' when they tell none. */
export function appOf(labels: string): string {
  if (labels === '') return '';
  const lines = labels.split('\n');
  for (const label of appLabels) {
    const line = lines.find((each) => each.startsWith(label) && each[label.length] === '=');
    if (line !== undefined && line.length > label.length + 1) return line.slice(label.length + 1);
  }
  return '';
}

/** In every namespace and every pod: it tells nothing. */
const everywhere = 'ConfigMap/kube-root-ca.crt';

/** What a part names, a line each. */
export function refLines(part: Part): Set<string> {
  const lines = new Set<string>();
  for (const text of part.refs ?? []) {
    for (const line of text.split('\n')) if (line.includes('/') && line !== everywhere) lines.add(line);
  }
  return lines;
}
