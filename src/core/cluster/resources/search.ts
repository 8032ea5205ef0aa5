import { meta } from '../../kube/columns/schema.ts';
import type { Table } from '../../kube/columns/table.ts';
import type { FleetCluster } from '../fleet/openClusters.ts';
import { chosenClusters } from './chosenClusters.ts';
import type { ObjectRef, SearchHit } from './contract.ts';
import { fuzzyRanges, hasLetters, scoreOf } from './fuzzy.ts';
import type { Sources } from './resources.ts';
import type { NotAsked } from './searchWatch.ts';
import { latenessOf } from './wanted.ts';

export interface SearchQuestion {
  text: string;
  clusters?: readonly string[] | undefined;
  kinds?: readonly string[] | undefined;
  limit: number;
}

interface SearchAnswer {
  hits: SearchHit[];
  /** Matches, of which the best are `hits`. */
  total: number;
  incomplete: string[];
  tookMs: number;
}

/** Words beyond these are not looked at. */
const mostWords = 8;
/** Points of a word that is found outside the name: less than two letters of it. */
const elsewhere = 24;
/** Events and leases repeat the names of what they are about. */
const lessWanted: Readonly<Record<string, number>> = {
  events: 60,
  'events.events.k8s.io': 60,
  'leases.coordination.k8s.io': 30,
};

/**
 * Every word must be found: in the name (letters in order, as fzf does), or in the namespace, a label, the start of the
 * uid, the kind's name (`pod web`) or the cluster's (`web prod`). Asking has every kind of the clusters watched for some
 * minutes; what is not complete yet, or never will be, is told.
 */
export function search(sources: Sources, question: SearchQuestion): SearchAnswer {
  const started = performance.now();
  const words = question.text.toLowerCase().split(/\s+/).filter(Boolean).slice(0, mostWords);
  const clusters = chosenClusters(sources.fleet, question.clusters);
  // Also for no words: who opens a search is about to type.
  sources.searchWatch.keep(clusters);
  const best = new Best(question.limit);
  if (words.length > 0) {
    for (const table of sources.tables.all()) {
      const { id } = table.schema;
      if (question.kinds !== undefined && !question.kinds.includes(id)) continue;
      // The same events under their second name.
      if (id === 'events.events.k8s.io' && sources.tables.get('events') !== undefined) continue;
      searchTable(table, words, { clusters, best, shortNames: shortNamesOf(clusters, id) });
    }
  }
  return {
    hits: best.sorted().map((found) => toHit(sources, found, words)),
    total: best.total,
    incomplete: whatIsMissing(sources, clusters, question.kinds),
    tookMs: performance.now() - started,
  };
}

interface Found {
  table: Table;
  row: number;
  score: number;
}

/** The best few of many, without sorting the many. */
class Best {
  total = 0;
  readonly #limit: number;
  #found: Found[] = [];
  /** Scores up to this one are not among the best any more. */
  #floor = Number.NEGATIVE_INFINITY;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(table: Table, row: number, score: number): void {
    this.total++;
    if (score <= this.#floor) return;
    this.#found.push({ table, row, score });
    if (this.#found.length >= this.#limit * 2 + 32) this.#cut();
  }

  sorted(): Found[] {
    this.#cut();
    return this.#found;
  }

  #cut(): void {
    this.#found.sort((a, b) => b.score - a.score || (a.table === b.table ? a.table.compareNames(a.row, b.row) : 0));
    this.#found = this.#found.slice(0, this.#limit);
    if (this.#found.length === this.#limit) this.#floor = this.#found[this.#limit - 1]?.score ?? this.#floor;
  }
}

interface Scan {
  clusters: readonly FleetCluster[];
  best: Best;
  shortNames: readonly string[];
}

/** Of the row that is looked at, by word: points that it has outside of its name, and whether the name has the letters. */
const rowPoints = new Float64Array(mostWords);
const rowNamed = new Uint8Array(mostWords);

function searchTable(table: Table, words: readonly string[], scan: Scan): void {
  const encoder = new TextEncoder();
  const wanted = words.map((word) => ({
    word,
    letters: encoder.encode(word),
    ofKind: kindPoints(table, word, scan.shortNames),
    namespaces: markTexts(table, meta.namespace, word),
    labels: word.length > 2 ? markTexts(table, meta.labels, word) : undefined,
    uid: /^[0-9a-f]{4}[0-9a-f-]*$/.test(word) && word.length >= 6 ? word : undefined,
  }));
  /** By cluster number: undefined when it does not take part, else points by word. */
  const clusterPoints: (number[] | undefined)[] = [];
  for (const cluster of scan.clusters) {
    const name = cluster.name.toLowerCase();
    clusterPoints[cluster.index] = words.map((word) => (name.includes(word) ? elsewhere + (name === word ? 8 : 0) : 0));
  }
  const { names } = table;
  const { arena, starts, lengths } = names;
  const namespaceIds = table.textStore(meta.namespace).ids;
  const labelIds = table.textStore(meta.labels).ids;
  const penalty = (lessWanted[table.schema.id] ?? 0) + latenessOf(table.schema.id);
  for (let row = 0; row < table.limit; row++) {
    const ofCluster = clusterPoints[table.clusters[row] as number];
    if (ofCluster === undefined || !table.has(row)) continue;
    const start = starts[row] as number;
    const end = start + (lengths[row] as number);
    // Whether every word can be found at all is cheap to know, and what most rows fail.
    let possible = true;
    for (let at = 0; at < wanted.length && possible; at++) {
      const { letters, ofKind, namespaces, labels, uid } = wanted[at] as (typeof wanted)[number];
      let points = Math.max(ofKind, ofCluster[at] as number);
      if (namespaces[namespaceIds[row] as number] === 1) points = Math.max(points, elsewhere);
      if (points === 0 && labels?.[labelIds[row] as number] === 1) points = elsewhere / 2;
      const named = hasLetters(arena, start, end, letters);
      rowPoints[at] = points;
      rowNamed[at] = named ? 1 : 0;
      possible = named || points > 0 || uid !== undefined;
    }
    if (!possible) continue;
    let sum = 0;
    let inName = false;
    for (let at = 0; at < wanted.length; at++) {
      const { letters, uid } = wanted[at] as (typeof wanted)[number];
      let points = rowPoints[at] as number;
      if (rowNamed[at] === 1) {
        const own = scoreOf(arena, start, end, letters);
        // Scattered letters are no match worth showing: at least half of the score of the same letters in a row.
        if (own >= letters.length * 12 && own > points) {
          points = own;
          inName = true;
        }
      }
      if (points === 0 && uid !== undefined && table.uid(row).startsWith(uid)) points = elsewhere * 2;
      if (points === 0) {
        sum = -1;
        break;
      }
      sum += points;
    }
    if (sum <= 0) continue;
    // Shorter names are more of what was typed; what was found by name comes before what was found by its namespace.
    scan.best.add(table, row, sum - (end - start) / 8 + (inName ? 16 : 0) - penalty);
  }
}

/** Points of a word that names the kind: exactly, or by the start of its name. */
function kindPoints(table: Table, word: string, shortNames: readonly string[]): number {
  const { kind, resource } = table.schema;
  const singular = kind.toLowerCase();
  if (word === singular || word === resource || shortNames.includes(word)) return elsewhere * 2;
  return word.length > 2 && singular.startsWith(word) ? elsewhere : 0;
}

/** One byte an id: 1 where the text has the word in it. */
function markTexts(table: Table, column: number, word: string): Uint8Array {
  const { dictionary } = table.textStore(column);
  const marks = new Uint8Array(dictionary.size);
  for (let id = 1; id < dictionary.size; id++) if (dictionary.text(id).includes(word)) marks[id] = 1;
  return marks;
}

function shortNamesOf(clusters: readonly FleetCluster[], id: string): readonly string[] {
  for (const cluster of clusters) {
    const kind = cluster.kinds.find((it) => it.id === id);
    if (kind !== undefined) return kind.shortNames;
  }
  return [];
}

function toHit(sources: Sources, found: Found, words: readonly string[]): SearchHit {
  const { table, row, score } = found;
  const cluster = sources.clusters.id(table.clusters[row] as number);
  const name = table.text(row, meta.name);
  const object: ObjectRef = {
    cluster,
    kind: table.schema.id,
    namespace: table.text(row, meta.namespace),
    name,
    uid: table.uid(row),
  };
  return {
    key: `${table.schema.id} ${cluster}/${table.uid(row)}`,
    object,
    kindName: table.schema.kind,
    tone: table.tone(row),
    status: table.text(row, meta.status),
    score: Math.round(score * 10) / 10,
    ranges: merged(words.flatMap((word) => fuzzyRanges(name, word))),
  };
}

function merged(ranges: [number, number][]): [number, number][] {
  const sorted = ranges.sort((a, b) => a[0] - b[0]);
  const result: [number, number][] = [];
  for (const [start, end] of sorted) {
    const last = result[result.length - 1];
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}

/** Sentences about the kinds and clusters whose objects could not be searched, or not all of them. */
function whatIsMissing(
  sources: Sources,
  clusters: readonly FleetCluster[],
  kinds: readonly string[] | undefined,
): string[] {
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
