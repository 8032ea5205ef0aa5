import type { FleetCluster } from '../fleet/openClusters.ts';
import type { Sources } from './resources.ts';
import type { NotAsked } from './searchWatch.ts';
import type { Turn } from './turns.ts';

/** Sentences about the kinds and clusters whose objects could not be searched, or not all of them. */
export function* whatIsMissing(
  sources: Sources,
  about: { clusters: readonly FleetCluster[]; kinds: readonly string[] | undefined; turn: Turn },
): Generator<void, string[]> {
  const { clusters, kinds, turn } = about;
  const missing: string[] = [];
  let unsearched = false;
  const scopesOf = scopesByKind(sources);
  for (const cluster of clusters) {
    const away = whyAway(cluster);
    if (away !== undefined) missing.push(`${cluster.name} ${away}`);
    const listing: string[] = [];
    const lists: Record<Exclude<NotAsked, 'unsearched'> | 'forbidden', string[]> = {
      forbidden: [],
      tooLarge: [],
      tooMany: [],
    };
    for (const kind of cluster.kinds) {
      if (!kind.verbs.includes('watch') || !kind.verbs.includes('list')) continue;
      if (kinds !== undefined && !kinds.includes(kind.id)) continue;
      const state = scopesOf(kind.id).get(cluster.id);
      if (turn.isOver) yield;
      if (state === 'forbidden') lists.forbidden.push(kind.resource);
      else if (state === 'listing') listing.push(kind.resource);
      else if (state === undefined || state === 'stopped') {
        const why = sources.searchWatch.whyNot(kind, cluster.id);
        if (why === 'unsearched') unsearched = true;
        else if (why !== undefined) lists[why].push(kind.resource);
        // One that cannot be reached says so for all its kinds.
        else if (away === undefined) listing.push(kind.resource);
      }
    }
    const tell = (resources: readonly string[], sentence: (all: string) => string) => {
      if (resources.length > 0) missing.push(`${cluster.name}: ${sentence(enumerate(resources))}`);
    };
    tell(listing, (all) => `${all} are still being listed`);
    tell(lists.forbidden, (all) => `you may not list ${all}`);
    tell(lists.tooLarge, (all) => `${all} are too many to be kept; open their lists to search them all`);
    tell(
      lists.tooMany,
      (all) => `${all} are not watched, since many clusters are open; open their lists to search them`,
    );
  }
  if (unsearched) missing.push('Events and leases are searched only while their lists are open');
  return missing;
}

/** Where the kinds' lists stand, by cluster; asked for once a kind. */
function scopesByKind({ fleet }: Sources): (kind: string) => ReadonlyMap<string, string> {
  const known = new Map<string, ReadonlyMap<string, string>>();
  return (kind) => {
    let states = known.get(kind);
    if (states === undefined) {
      states = new Map(fleet.scopes(kind).map(({ cluster, state }) => [cluster, state]));
      known.set(kind, states);
    }
    return states;
  };
}

/** Undefined when what is there of the cluster is what there is. */
function whyAway(cluster: FleetCluster): string | undefined {
  switch (cluster.state) {
    case 'connecting':
      return 'is being connected: what was last known is searched';
    case 'needsConsent':
    case 'unauthenticated':
      return 'waits for a sign-in: what was last known is searched';
    case 'stale':
      return 'is stale: what was last known is searched';
    case 'unreachable':
      return "can't be reached: what was last known is searched";
    case 'idle':
      return 'is not open: what was last known is searched';
    case 'forbidden':
    case 'live':
      return undefined;
  }
}

function enumerate(words: readonly string[]): string {
  const shown = words.slice(0, 4);
  return words.length > shown.length
    ? `${shown.join(', ')} and ${words.length - shown.length} more kinds`
    : shown.join(', ');
}
