import type { FleetCluster } from '../fleet/openClusters.ts';
import type { Sources } from './resources.ts';
import type { NotAsked } from './searchWatch.ts';
import type { Turn } from './turns.ts';

/** From so many clusters on with the same gap, a sentence counts them: nobody reads a hundred. */
const manyClusters = 4;

type Gap = Exclude<NotAsked, 'unsearched'> | 'forbidden' | 'listing';

const words: Readonly<Record<Gap, (kinds: string) => string>> = {
  listing: (kinds) => `${kinds} are still being listed`,
  forbidden: (kinds) => `you may not list ${kinds}`,
  tooLarge: (kinds) => `${kinds} are too many to be kept; open their lists to search them all`,
  tooMany: (kinds) => `${kinds} are not watched, since many clusters are open; open their lists to search them`,
};

/** Sentences about the kinds and clusters whose objects could not be searched, or not all of them. */
export function* whatIsMissing(
  sources: Sources,
  about: { clusters: readonly FleetCluster[]; kinds: readonly string[] | undefined; turn: Turn },
): Generator<void, string[]> {
  const { clusters, kinds, turn } = about;
  const away = new Map<string, string[]>();
  const gaps: Record<Gap, { cluster: string; resources: string[] }[]> = {
    listing: [],
    forbidden: [],
    tooLarge: [],
    tooMany: [],
  };
  let unsearched = false;
  const scopesOf = scopesByKind(sources);
  for (const cluster of clusters) {
    const why = whyAway(cluster);
    if (why !== undefined) away.set(why, [...(away.get(why) ?? []), cluster.name]);
    const found: Record<Gap, string[]> = { listing: [], forbidden: [], tooLarge: [], tooMany: [] };
    for (const kind of cluster.kinds) {
      if (!kind.verbs.includes('watch') || !kind.verbs.includes('list')) continue;
      if (kinds !== undefined && !kinds.includes(kind.id)) continue;
      const state = scopesOf(kind.id).get(cluster.id);
      if (turn.isOver) yield;
      if (state === 'forbidden') found.forbidden.push(kind.resource);
      else if (state === 'listing') found.listing.push(kind.resource);
      else if (state === undefined || state === 'stopped') {
        const whyNot = sources.searchWatch.whyNot(kind, cluster.id);
        if (whyNot === 'unsearched') unsearched = true;
        else if (whyNot !== undefined) found[whyNot].push(kind.resource);
        // One that cannot be reached says so for all its kinds.
        else if (why === undefined) found.listing.push(kind.resource);
      }
    }
    for (const [gap, resources] of Object.entries(found) as [Gap, string[]][]) {
      if (resources.length > 0) gaps[gap].push({ cluster: cluster.name, resources });
    }
  }
  const missing = [...away].flatMap(([why, names]) =>
    names.length < manyClusters ? names.map((name) => `${name}: ${why}`) : [`${names.length} clusters: ${why}`],
  );
  for (const [gap, found] of Object.entries(gaps) as [Gap, { cluster: string; resources: string[] }[]][]) {
    missing.push(...sentences(found, words[gap]));
  }
  if (unsearched) missing.push('Events and leases are searched only while their lists are open');
  return missing;
}

/** A sentence a cluster, or one for all where they are many: then of every kind that is missing in some of them. */
function sentences(
  found: readonly { cluster: string; resources: readonly string[] }[],
  tell: (kinds: string) => string,
): string[] {
  if (found.length < manyClusters) {
    return found.map(({ cluster, resources }) => `${cluster}: ${tell(enumerate(resources))}`);
  }
  const all = [...new Set(found.flatMap(({ resources }) => resources))];
  return [`${found.length} clusters: ${tell(enumerate(all))}`];
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
      return 'being connected, what was last known is searched';
    case 'needsConsent':
    case 'unauthenticated':
      return 'no sign-in yet, what was last known is searched';
    case 'stale':
      return 'stale, what was last known is searched';
    case 'unreachable':
      return 'not reachable, what was last known is searched';
    case 'idle':
      return 'not open, what was last known is searched';
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
