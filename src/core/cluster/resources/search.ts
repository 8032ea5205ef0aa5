import { meta } from '../../kube/columns/schema.ts';
import type { FleetCluster } from '../fleet/openClusters.ts';
import { BestHits, type Found } from './bestHits.ts';
import { chosenClusters } from './chosenClusters.ts';
import type { ObjectRef, SearchHit } from './contract.ts';
import { fuzzyRanges } from './fuzzy.ts';
import type { Sources } from './resources.ts';
import { whatIsMissing } from './searchGaps.ts';
import { mostWords, searchTable } from './searchTable.ts';
import { inTurns, type Turn } from './turns.ts';

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

/**
 * Every word must be found: in the name (letters in order, as fzf does), or in the namespace, a label, the start of the
 * uid, the kind's name (`pod web`) or the cluster's (`web prod`). Asking has every kind of the clusters watched for some
 * minutes; what is not complete yet, or never will be, is told. It works in turns of a few milliseconds, and ends when
 * the caller cancels it, as one does who typed on.
 */
export function search(sources: Sources, question: SearchQuestion, signal: AbortSignal): Promise<SearchAnswer> {
  const { clock, pause } = sources;
  return inTurns((turn) => searchInTurns(sources, question, turn), { clock, signal, ...(pause && { pause }) });
}

function* searchInTurns(sources: Sources, question: SearchQuestion, turn: Turn): Generator<void, SearchAnswer> {
  const started = sources.clock.steady();
  const words = question.text.toLowerCase().split(/\s+/).filter(Boolean).slice(0, mostWords);
  const clusters = chosenClusters(sources.fleet, question.clusters);
  // Also for no words: who opens a search is about to type.
  sources.searchWatch.keep(clusters);
  const best = new BestHits(question.limit);
  if (words.length > 0) {
    for (const table of sources.tables.all()) {
      const { id } = table.schema;
      if (question.kinds !== undefined && !question.kinds.includes(id)) continue;
      // The same events under their second name.
      if (id === 'events.events.k8s.io' && sources.tables.get('events') !== undefined) continue;
      yield* searchTable(table, words, { clusters, best, shortNames: shortNamesOf(clusters, id), turn });
      if (turn.isOver) yield;
    }
  }
  const incomplete = yield* whatIsMissing(sources, { clusters, kinds: question.kinds, turn });
  return {
    hits: best.sorted().map((found) => toHit(sources, found, words)),
    total: best.total,
    incomplete,
    tookMs: sources.clock.steady() - started,
  };
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
