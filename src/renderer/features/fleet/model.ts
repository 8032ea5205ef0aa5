import type { Cluster, ClusterState, ToneCounts } from '../../../core/cluster/fleet/contract.ts';
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

/** Clusters that are kept from being live by the same thing. */
export interface Trouble {
  state: ClusterState;
  /** In the words of the first of them. */
  reason: string;
  /** Since when the first of them, milliseconds. */
  since: number;
  clusters: readonly Cluster[];
}

/** States that want a human: the user has opened the cluster, and it is not live. */
const troubled: ReadonlySet<string> = new Set([
  'unauthenticated',
  'unreachable',
  'needsConsent',
  'stale',
  'forbidden',
] satisfies ClusterState[]);

/** By state and reason, worst state first, then by how many. Reasons that differ by an address alone are one. */
export function groupTroubles(clusters: readonly Cluster[]): Trouble[] {
  const wanting = clusters.filter((cluster) => troubled.has(shownState(cluster)));
  const key = (cluster: Cluster) => `${cluster.state} ${withoutAddresses(cluster.reason ?? '')}`;
  const order = [...troubled];
  return [...groupBy(wanting, key).values()]
    .map((rows) => ({
      state: (rows[0] as Cluster).state,
      reason: (rows[0] as Cluster).reason ?? '',
      since: Math.min(...rows.map((row) => row.since)),
      clusters: rows,
    }))
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || b.clusters.length - a.clusters.length);
}

function withoutAddresses(reason: string): string {
  return reason.replace(/https?:\/\/\S+|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|\d+/gu, '…');
}

/** Whether a risk is the kubeconfig's and not of one context's connection: such sentences begin with the file. */
function isOfFile(risk: string): boolean {
  return risk.startsWith('The file ');
}

/** Risks of the connection itself, without those of the file that it was read from. */
export function ownRisks({ risks }: Pick<Cluster, 'risks'>): string[] {
  return risks.filter((risk) => !isOfFile(risk));
}

/** Risks of whole kubeconfigs, each once however many contexts of it have it. */
export function fileRisks(
  clusters: readonly Pick<Cluster, 'source' | 'risks'>[],
): { source: string; risks: string[] }[] {
  return [...groupBy(clusters, ({ source }) => source)]
    .map(([source, rows]) => ({ source, risks: [...new Set(rows.flatMap(({ risks }) => risks.filter(isOfFile)))] }))
    .filter(({ risks }) => risks.length > 0);
}

export interface FleetSum {
  /** Clusters of which anything is known. */
  known: number;
  /** Clusters of which it is known as it is now. */
  current: number;
  podTotal: number;
  pods: ToneCounts;
  nodesTotal: number;
  nodesReady: number;
  cpuRequestedMillicores: number;
  cpuAllocatableMillicores: number;
  memoryRequestedBytes: number;
  memoryAllocatableBytes: number;
}

/** What is known of all clusters together, whether it is of now or of the last contact. */
export function sumClusters(clusters: readonly Cluster[]): FleetSum {
  const sum: FleetSum = {
    known: 0,
    current: 0,
    podTotal: 0,
    pods: { healthy: 0, progressing: 0, warning: 0, failed: 0, unknown: 0, stopped: 0 },
    nodesTotal: 0,
    nodesReady: 0,
    cpuRequestedMillicores: 0,
    cpuAllocatableMillicores: 0,
    memoryRequestedBytes: 0,
    memoryAllocatableBytes: 0,
  };
  for (const { state, pods, nodes, capacity } of clusters) {
    if (pods === null && nodes === null && capacity === null) continue;
    sum.known++;
    if (state === 'live') sum.current++;
    if (pods !== null) for (const tone of tonesByUrgency) sum.pods[tone] += pods[tone];
    sum.nodesTotal += nodes?.total ?? 0;
    sum.nodesReady += nodes?.ready ?? 0;
    sum.cpuRequestedMillicores += capacity?.cpuRequestedMillicores ?? 0;
    sum.cpuAllocatableMillicores += capacity?.cpuAllocatableMillicores ?? 0;
    sum.memoryRequestedBytes += capacity?.memoryRequestedBytes ?? 0;
    sum.memoryAllocatableBytes += capacity?.memoryAllocatableBytes ?? 0;
  }
  sum.podTotal = tonesByUrgency.reduce((total, tone) => total + sum.pods[tone], 0);
  return sum;
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
