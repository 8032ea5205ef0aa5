import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import { type ShownState, shownState } from '../../app/clusterState.ts';
import { groupBy } from '../../ui/groups.ts';
import { tonesByUrgency } from '../../ui/tones.ts';

export const sortKeys = ['name', 'health', 'pods', 'cpu', 'memory', 'version'] as const;
export type SortKey = (typeof sortKeys)[number];

export const groupKeys = ['group', 'state', 'version', 'none'] as const;
export type GroupKey = (typeof groupKeys)[number];

/** States in which the engine holds or seeks a connection: closing ends it. */
export function isOpen(cluster: Pick<Cluster, 'state'>): boolean {
  return cluster.state !== 'idle';
}

/** A share of what the nodes offer, 0 and up; undefined while it is not known. */
export function usage(cluster: Pick<Cluster, 'capacity'>, of: 'cpu' | 'memory'): number | undefined {
  const { capacity } = cluster;
  if (capacity === null) return undefined;
  const [requested, allocatable] =
    of === 'cpu'
      ? [capacity.cpuRequestedMillicores, capacity.cpuAllocatableMillicores]
      : [capacity.memoryRequestedBytes, capacity.memoryAllocatableBytes];
  return allocatable > 0 ? requested / allocatable : undefined;
}

export function podTotal(cluster: Pick<Cluster, 'pods'>): number {
  return cluster.pods === null ? 0 : Object.values(cluster.pods).reduce((sum, count) => sum + count, 0);
}

/** Every word must occur in what is known of the cluster; `state:live` and `group:lab` look in one place only. */
export function matchesFilter(cluster: Cluster, filter: string): boolean {
  const labels = Object.entries(cluster.labels).map(([key, value]) => `${key}=${value}`);
  const everything = [
    cluster.name,
    cluster.context,
    cluster.server,
    cluster.group,
    cluster.state,
    cluster.version,
    cluster.health,
    ...labels,
  ]
    .join(' ')
    .toLowerCase();
  const fields: Record<string, string> = {
    state: shownState(cluster),
    group: cluster.group,
    version: cluster.version ?? '',
    name: cluster.name,
  };
  return filter
    .toLowerCase()
    .split(/\s+/u)
    .filter(Boolean)
    .every((word) => {
      const cut = word.indexOf(':');
      const field = cut > 0 ? fields[word.slice(0, cut)] : undefined;
      return field === undefined ? everything.includes(word) : field.toLowerCase().includes(word.slice(cut + 1));
    });
}

/** Favourites first, then by the key; ties by name, so that nothing moves by itself. */
export function compareClusters(key: SortKey): (a: Cluster, b: Cluster) => number {
  const order: Record<SortKey, (a: Cluster, b: Cluster) => number> = {
    name: () => 0,
    health: (a, b) => tonesByUrgency.indexOf(a.tone) - tonesByUrgency.indexOf(b.tone),
    pods: (a, b) => podTotal(b) - podTotal(a),
    cpu: (a, b) => (usage(b, 'cpu') ?? -1) - (usage(a, 'cpu') ?? -1),
    memory: (a, b) => (usage(b, 'memory') ?? -1) - (usage(a, 'memory') ?? -1),
    version: (a, b) => compareVersions(a.version, b.version),
  };
  return (a, b) =>
    Number(b.favorite) - Number(a.favorite) ||
    order[key](a, b) ||
    a.name.localeCompare(b.name, 'en', { numeric: true }) ||
    (a.key < b.key ? -1 : 1);
}

/** Oldest first, since those want attention; unknown ones last. */
function compareVersions(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a.localeCompare(b, 'en', { numeric: true });
}

export interface ClusterGroup {
  /** The group's own name; '' for clusters without one. */
  name: string;
  clusters: readonly Cluster[];
}

/** Groups in order of name, what has none last; states in the order in which they want attention. */
export function groupClusters(clusters: readonly Cluster[], by: GroupKey): ClusterGroup[] {
  if (by === 'none') return clusters.length === 0 ? [] : [{ name: '', clusters }];
  const nameOf = (cluster: Cluster) =>
    by === 'group' ? cluster.group : by === 'state' ? shownState(cluster) : minorVersion(cluster.version);
  const attention: readonly string[] = [
    'unauthenticated',
    'unreachable',
    'needsConsent',
    'stale',
    'forbidden',
    'connecting',
    'live',
    'closed',
    'idle',
  ];
  return [...groupBy(clusters, nameOf)]
    .map(([name, rows]) => ({ name, clusters: rows }))
    .sort((a, b) => {
      if (by === 'state') return attention.indexOf(a.name) - attention.indexOf(b.name);
      return Number(a.name === '') - Number(b.name === '') || a.name.localeCompare(b.name, 'en', { numeric: true });
    });
}

/** `v1.35.4-eks-1` to `v1.35`; '' when it is not known. */
export function minorVersion(version: string | null): string {
  return /^v?\d+\.\d+/u.exec(version ?? '')?.[0] ?? '';
}

/** How many clusters are in each state, in the order of attention; states without any are left out. */
export function countStates(clusters: readonly Cluster[]): { state: ShownState; count: number }[] {
  return groupClusters(clusters, 'state').map(({ name, clusters: rows }) => ({
    state: name as ShownState,
    count: rows.length,
  }));
}

/** A command line as a shell would take it, for showing. */
export function commandLine(command: string, args: readonly string[]): string {
  const quote = (word: string) => (/^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
  return [command, ...args].map(quote).join(' ');
}

/** The RBAC rule that lifts a limit, ready to be given to an administrator. `kind` is a kind id. */
export function grantingRule(hidden: { kind: string; verb: string; namespace: string }): string {
  const [resource = hidden.kind, ...group] = hidden.kind.split('.');
  return [
    'apiVersion: rbac.authorization.k8s.io/v1',
    `kind: ${hidden.namespace === '' ? 'ClusterRole' : 'Role'}`,
    'metadata:',
    `  name: view-${resource}`,
    ...(hidden.namespace === '' ? [] : [`  namespace: ${hidden.namespace}`]),
    'rules:',
    `  - apiGroups: ["${group.join('.')}"]`,
    `    resources: ["${resource}"]`,
    '    verbs: ["get", "list", "watch"]',
  ].join('\n');
}
