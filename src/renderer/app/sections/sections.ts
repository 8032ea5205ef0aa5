import type { KindRow } from '../../../core/cluster/resources/contract.ts';
import { groupBy } from '../../ui/groups.ts';

/** Sections of the navigation in the order that the field is used to; what is looked at most comes first. */
export const sectionOrder = [
  'Workloads',
  'Cluster',
  'Network',
  'Config',
  'Storage',
  'Access',
  'Policy',
  'Control plane',
];

/** Kinds within their section by how often they are looked at; all others follow by name. */
const kindOrder: readonly string[] = [
  ...['pods', 'deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'replicasets.apps', 'jobs.batch'],
  ...['cronjobs.batch', 'horizontalpodautoscalers.autoscaling'],
  ...['nodes', 'namespaces', 'events', 'events.events.k8s.io', 'customresourcedefinitions.apiextensions.k8s.io'],
  ...['services', 'ingresses.networking.k8s.io', 'endpointslices.discovery.k8s.io', 'endpoints'],
  ...['networkpolicies.networking.k8s.io', 'ingressclasses.networking.k8s.io', 'configmaps', 'secrets'],
  ...['persistentvolumeclaims', 'persistentvolumes', 'storageclasses.storage.k8s.io', 'serviceaccounts'],
  ...['roles.rbac.authorization.k8s.io', 'rolebindings.rbac.authorization.k8s.io'],
  ...['clusterroles.rbac.authorization.k8s.io', 'clusterrolebindings.rbac.authorization.k8s.io'],
  ...['poddisruptionbudgets.policy', 'resourcequotas', 'limitranges', 'priorityclasses.scheduling.k8s.io'],
];
const kindPlaces = new Map(kindOrder.map((id, place) => [id, place]));

/** What of the section Cluster everyone looks at; the rest is the control plane's own machinery. */
const clusterKinds = new Set(kindOrder.slice(kindOrder.indexOf('nodes'), kindOrder.indexOf('services')));

export interface KindSection {
  /** Name of the section, or an API group of custom resources. */
  name: string;
  custom: boolean;
  kinds: readonly KindRow[];
}

/** Kinds by section; custom resources by API group, after the built-in ones. */
export function sectionsOf(kinds: readonly KindRow[]): KindSection[] {
  const ids = new Set(kinds.map((kind) => kind.id));
  const listed = kinds.filter(
    (kind) =>
      // The same events under their other name.
      !(kind.id === 'events.events.k8s.io' && ids.has('events')) &&
      // Measurements of pods and nodes, which their lists show; they cannot be watched.
      kind.group !== 'metrics.k8s.io',
  );
  const builtIn = groupBy(
    listed.filter((kind) => !kind.custom),
    (kind) => (kind.section === 'Cluster' && !clusterKinds.has(kind.id) ? 'Control plane' : kind.section),
  );
  const custom = groupBy(
    listed.filter((kind) => kind.custom),
    (kind) => kind.group,
  );
  const place = (name: string) => {
    const index = sectionOrder.indexOf(name);
    return index < 0 ? sectionOrder.length : index;
  };
  const kindPlace = (kind: KindRow) => kindPlaces.get(kind.id) ?? kindOrder.length;
  const ordered = (rows: readonly KindRow[]) =>
    [...rows].sort((a, b) => kindPlace(a) - kindPlace(b) || a.kind.localeCompare(b.kind));
  return [
    ...[...builtIn]
      .map(([name, rows]) => ({ name, custom: false, kinds: ordered(rows) }))
      .sort((a, b) => place(a.name) - place(b.name) || a.name.localeCompare(b.name)),
    ...[...custom]
      .map(([name, rows]) => ({ name, custom: true, kinds: ordered(rows) }))
      .sort((a, b) => a.name.localeCompare(b.name)),
  ];
}

/** A kind's name as people write it of many: `Pods`, `NetworkPolicies`, `Ingresses`, `Endpoints`. */
export function kindTitle({ kind, resource }: Pick<KindRow, 'kind' | 'resource'>): string {
  // The resource is the plural in lower case: it decides between `Endpoints` and `Endpointss`.
  const one = kind.toLowerCase();
  if (resource === `${one}s`) return `${kind}s`;
  if (resource === `${one}es`) return `${kind}es`;
  if (one.endsWith('y') && resource === `${one.slice(0, -1)}ies`) return `${kind.slice(0, -1)}ies`;
  return kind;
}

/** Names that nobody writes out, where room is short. */
const shortTitles = new Map([
  ['horizontalpodautoscalers', 'HPAs'],
  ['customresourcedefinitions', 'CRDs'],
  ['persistentvolumeclaims', 'PVCs'],
  ['poddisruptionbudgets', 'PDBs'],
]);

/** A kind's name in the navigation: `HPAs`. */
export function shortTitle(kind: Pick<KindRow, 'kind' | 'resource'>): string {
  return shortTitles.get(kind.resource) ?? kindTitle(kind);
}

/** Whether a kind may be listed in none of the clusters that serve it, and why. */
export function forbiddenReason(kind: KindRow): string | undefined {
  if (kind.clusters.length === 0 || kind.forbidden.length === 0) return undefined;
  const forbidden = new Set(kind.forbidden.map((entry) => entry.cluster));
  if (!kind.clusters.every((cluster) => forbidden.has(cluster))) return undefined;
  return kind.forbidden[0]?.reason;
}
