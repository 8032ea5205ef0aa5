import { humanDuration } from '../../kernel/duration.ts';
import type { DiscoveredKind } from '../../kube/discovery/discovered.ts';
import type { KubeContext } from '../../kube/kubeconfig/index.ts';
import type { ScopeState } from '../resources/contract.ts';
import { type ClusterSettings, defaultColor } from './clusterSettings.ts';
import type { Cluster } from './contract.ts';
import { judgeHealth, moment } from './health.ts';
import type { ClusterTransport } from './ports.ts';
import type { Session, Standing } from './session.ts';
import type { Totals } from './totals.ts';

/** One known cluster with everything that the fleet remembers of it. */
export interface ClusterEntry<T extends ClusterTransport> {
  context: KubeContext;
  index: number;
  /** When it became known, milliseconds. */
  since: number;
  open: boolean;
  /** Gone from the kubeconfig, and still shown because it is open. */
  removed: boolean;
  session: Session<T> | undefined;
  /** How it stands while there is no session, after there was one. */
  ended: Standing | undefined;
  /** What the last session learned. */
  version: string | null;
  kinds: readonly DiscoveredKind[];
  lastLive: number | null;
  /** uid of kube-system of the cluster that the rows are of; null when it is not known. */
  uid: string | null;
  /** It is not open, and there are rows. */
  known: boolean;
  /** Kinds that are live now. */
  live: Set<string>;
  /** Until when the rows of a kind were current, for kinds that were live or come out of a snapshot, and are not live now. */
  asOf: Map<string, number>;
  /** Columns that the rows of a kind were written with. */
  rowColumns: Map<string, string>;
  hidden: Cluster['hidden'];
  /** Kinds that were listed completely since the start. */
  seen: Set<string>;
  /** Kinds of which nothing may be listed. */
  unseen: string[];
  row: Cluster | undefined;
}

export function standingOf<T extends ClusterTransport>(entry: ClusterEntry<T>): Standing {
  if (entry.session !== undefined) return entry.session.standing;
  if (entry.ended !== undefined) return entry.ended;
  const { problem } = entry.context;
  return { state: 'idle', since: entry.since, reason: problem?.message, hint: problem?.hint };
}

export function clusterRow<T extends ClusterTransport>(
  entry: ClusterEntry<T>,
  settings: ClusterSettings,
  totals: Totals,
): Cluster {
  const { context, index, session } = entry;
  const standing = standingOf(entry);
  const watches = session?.watches;
  const hidden = watches?.limits() ?? entry.hidden;
  const unseen = watches?.unseen() ?? entry.unseen;
  const version = session?.version ?? entry.version;
  const lastLive = session?.lastLive ?? entry.lastLive;
  // Before the first complete list 0 would be a claim, and so it is of what may not be listed at all.
  const isSeen = (kind: string, rows: number) => (entry.seen.has(kind) || rows > 0) && !unseen.includes(kind);
  const counted = { nodes: totals.nodes(index), pods: totals.pods(index) };
  const nodes = isSeen('nodes', counted.nodes.total) ? counted.nodes : null;
  const pods = isSeen(
    'pods',
    Object.values(counted.pods).reduce((a, b) => a + b),
  )
    ? counted.pods
    : null;
  const asOf = entry.known ? lastLive : null;
  const facts = { state: standing.state, reason: standing.reason, nodes, pods, asOf };
  return {
    key: context.id,
    context: context.context,
    name: settings.alias || context.context,
    source: context.source,
    server: context.server,
    user: context.user,
    state: standing.state,
    ...(session === undefined && !entry.removed && standing.state === 'stale' ? { closed: true } : {}),
    since: standing.since,
    ...(standing.reason === undefined ? {} : { reason: standing.reason }),
    ...(standing.hint === undefined ? {} : { hint: standing.hint }),
    lastLive,
    ...(standing.state === 'needsConsent' && session?.consent !== undefined ? { consent: session.consent } : {}),
    ...(session === undefined || session.skewMs === 0 ? {} : { clockSkewMs: session.skewMs }),
    version,
    risks: [...context.risks, ...(session === undefined ? [] : skewRisk(session.skewMs))],
    hidden,
    namespaces: settings.namespaces ?? watches?.namespaces() ?? null,
    nodes,
    pods,
    capacity: nodes === null ? null : totals.capacity(index),
    ...judgeHealth(facts),
    group: settings.group ?? '',
    color: settings.color ?? defaultColor(context.id),
    labels: providerLabels(version, context.server),
    favorite: settings.favorite ?? false,
    pinned: settings.pinned ?? false,
    protected: settings.protected ?? false,
    demo: context.demo,
  };
}

/** Seconds do not matter to anybody, and change with every answer. */
function skewRisk(skewMs: number): string[] {
  const minutes = Math.round(Math.abs(skewMs) / 60_000);
  if (minutes < 1) return [];
  const by = humanDuration(minutes * 60_000);
  return [`Its clock is ${by} ${skewMs > 0 ? 'ahead of' : 'behind'} this machine’s: ages are shown by its clock`];
}

/** Where one kind of one cluster stands, for lists: the cluster's own trouble comes before the watch's. */
export function scopeOf<T extends ClusterTransport>(entry: ClusterEntry<T>, kind: string, rows: number): ScopeState {
  const standing = standingOf(entry);
  const cluster = entry.context.id;
  const { session } = entry;
  const watch = session?.watches?.state(kind);
  const trouble = { reason: standing.reason, hint: standing.hint };
  const build = (
    state: ScopeState['state'],
    since: number,
    more: { reason?: string | undefined; hint?: string | undefined; namespaces?: string[] | null },
  ) => ({
    cluster,
    state,
    since,
    rows,
    ...(more.reason === undefined ? {} : { reason: more.reason }),
    ...(more.hint === undefined ? {} : { hint: more.hint }),
    ...(more.namespaces == null ? {} : { namespaces: more.namespaces }),
  });
  const asOf = entry.asOf.get(kind);
  if (session?.watches !== undefined) {
    if (watch !== undefined) {
      const { namespaces } = watch;
      // What is shown is of an earlier contact until this one has caught up.
      const reason = 'Reading what happened since';
      if (asOf !== undefined && rows > 0 && watch.state === 'listing')
        return build('stale', asOf, { reason, namespaces });
      return build(watch.state, watch.state === 'stale' && asOf !== undefined ? asOf : watch.since, watch);
    }
    if (session.kinds.length === 0) return build('listing', standing.since, { reason: 'Connecting' });
    if (!idsOf(session.kinds).has(kind)) {
      return build('absent', standing.since, { reason: 'The cluster does not serve this kind' });
    }
    return build('stopped', standing.since, {});
  }
  if (standing.state === 'forbidden') return build('forbidden', standing.since, trouble);
  if (asOf !== undefined || rows > 0) {
    const since = asOf ?? entry.lastLive ?? standing.since;
    if (standing.state !== 'idle' && standing.state !== 'connecting') return build('stale', since, trouble);
    const reason = standing.state === 'connecting' ? 'Connecting' : `Not contacted since ${moment(since)}`;
    return build('stale', since, { reason, hint: 'Open the cluster to have it live.' });
  }
  if (standing.state === 'connecting') return build('listing', standing.since, trouble);
  if (session === undefined && entry.kinds.length > 0) {
    if (!idsOf(entry.kinds).has(kind)) {
      return build('absent', standing.since, { reason: 'The cluster did not serve this kind' });
    }
    const hint = 'Open the cluster to read it.';
    return build('unreachable', standing.since, { reason: 'It was not read while the cluster was open', hint });
  }
  if (standing.state === 'stale') return build('stale', standing.since, trouble);
  return build('unreachable', standing.since, trouble);
}

const idsOfKinds = new WeakMap<readonly DiscoveredKind[], ReadonlySet<string>>();

/** A hundred clusters of eighty kinds are asked for each of them. */
function idsOf(kinds: readonly DiscoveredKind[]): ReadonlySet<string> {
  let ids = idsOfKinds.get(kinds);
  if (ids === undefined) {
    ids = new Set(kinds.map(({ id }) => id));
    idsOfKinds.set(kinds, ids);
  }
  return ids;
}

/** Which kind of cluster it is, as far as its version and address tell. */
function providerLabels(version: string | null, server: string): Record<string, string> {
  for (const [label, inVersion, inServer] of providers) {
    if ((version !== null && inVersion.test(version)) || inServer.test(server)) return { provider: label };
  }
  return {};
}

const never = /(?!)/;
const providers: readonly (readonly [string, RegExp, RegExp])[] = [
  ['gke', /-gke\./, never],
  ['eks', /-eks-/, /\.eks\.amazonaws\.com/],
  ['aks', never, /\.azmk8s\.io/],
  ['k3s', /\+k3s/, never],
  ['rke2', /\+rke2/, never],
  ['k0s', /\+k0s/, never],
  ['doks', never, /\.k8s\.ondigitalocean\.com/],
];
