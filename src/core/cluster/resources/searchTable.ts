import { meta } from '../../kube/columns/schema.ts';
import type { Table } from '../../kube/columns/table.ts';
import type { FleetCluster } from '../fleet/openClusters.ts';
import type { BestHits } from './bestHits.ts';
import { hasLetters, isWithin, mostPoints, scoreOf } from './fuzzy.ts';
import type { Turn } from './turns.ts';
import { latenessOf } from './wanted.ts';

/** Words beyond these are not looked at. */
export const mostWords = 8;
/** Points of a word that is found outside the name: less than two letters of it. */
const elsewhere = 24;
/** Points of an object whose name has a word. */
const named = 16;
/** Events and leases repeat the names of what they are about. */
const lessWanted: Readonly<Record<string, number>> = {
  events: 60,
  'events.events.k8s.io': 60,
  'leases.coordination.k8s.io': 30,
};

/** Rows, or texts, between two looks at the clock: well below a millisecond of them. */
const stride = 128;

interface Scan {
  clusters: readonly FleetCluster[];
  best: BestHits;
  shortNames: readonly string[];
  turn: Turn;
}

interface Word {
  letters: Uint8Array;
  ofKind: number;
  namespaces: Marks;
  labels: Marks | undefined;
  uid: string | undefined;
}

/** Of the row that is looked at, by word: points that it has outside of its name, and whether the name has the letters. */
const rowPoints = new Float64Array(mostWords);
const rowNamed = new Uint8Array(mostWords);

/** Adds a table's matches. Yields when the turn is over; the table may change then, and rows that come are looked at. */
export function* searchTable(table: Table, words: readonly string[], scan: Scan): Generator<void, void> {
  const { best, turn } = scan;
  const encoder = new TextEncoder();
  const wanted = words.map(
    (word): Word => ({
      letters: encoder.encode(word),
      ofKind: kindPoints(table, word, scan.shortNames),
      namespaces: new Marks(table, meta.namespace, word),
      labels: word.length > 2 ? new Marks(table, meta.labels, word) : undefined,
      uid: /^[0-9a-f]{4}[0-9a-f-]*$/.test(word) && word.length >= 6 ? word : undefined,
    }),
  );
  /** By cluster number: undefined when it does not take part, else points by word. */
  const clusterPoints: (number[] | undefined)[] = [];
  for (const cluster of scan.clusters) {
    const name = cluster.name.toLowerCase();
    clusterPoints[cluster.index] = words.map((word) => (name.includes(word) ? elsewhere + (name === word ? 8 : 0) : 0));
  }
  const penalty = (lessWanted[table.schema.id] ?? 0) + latenessOf(table.schema.id);
  for (let row = 0; row < table.limit; ) {
    for (const { namespaces, labels } of wanted) {
      yield* namespaces.update(turn);
      if (labels !== undefined) yield* labels.update(turn);
    }
    // Stores move when they grow: they are taken anew after every pause.
    const { arena, starts, lengths } = table.names;
    const namespaceIds = table.textStore(meta.namespace).ids;
    const labelIds = table.textStore(meta.labels).ids;
    const { limit } = table;
    for (let isOver = false; row < limit && !isOver; row++) {
      isOver = row % stride === stride - 1 && turn.isOver;
      const ofCluster = clusterPoints[table.clusters[row] as number];
      if (ofCluster === undefined || !table.has(row)) continue;
      const start = starts[row] as number;
      const end = start + (lengths[row] as number);
      // Whether every word can be found at all is cheap to know, and what most rows fail.
      let possible = true;
      /** No score is above it; and whether that the words match at all is already sure. */
      let most = named - (end - start) / 8 - penalty;
      let isSure = true;
      for (let at = 0; at < wanted.length && possible; at++) {
        const { letters, ofKind, namespaces, labels, uid } = wanted[at] as Word;
        let points = Math.max(ofKind, ofCluster[at] as number);
        if (namespaces.has(namespaceIds[row] as number)) points = Math.max(points, elsewhere);
        if (points === 0 && labels?.has(labelIds[row] as number)) points = elsewhere / 2;
        const isNamed = hasLetters(arena, start, end, letters);
        rowPoints[at] = points;
        rowNamed[at] = isNamed ? 1 : 0;
        possible = isNamed || points > 0 || uid !== undefined;
        if (points === 0 && isSure) isSure = isNamed && isWithin(arena, start, end, letters);
        most += Math.max(points, isNamed ? mostPoints(letters) : 0, uid === undefined ? 0 : elsewhere * 2);
      }
      if (!possible) continue;
      if (isSure && most < best.floor) {
        best.total++;
        continue;
      }
      const sum = pointsOf(table, row, { wanted, start, end, arena });
      // Shorter names are more of what was typed; what was found by name comes before what was found by its namespace.
      if (sum > 0) best.add(table, row, sum - (end - start) / 8 - penalty);
    }
    if (row < table.limit) {
      yield;
    }
  }
}

/** Points of all words; -1 when one is not there. */
function pointsOf(
  table: Table,
  row: number,
  { wanted, start, end, arena }: { wanted: readonly Word[]; start: number; end: number; arena: Uint8Array },
): number {
  let sum = 0;
  let inName = false;
  for (let at = 0; at < wanted.length; at++) {
    const { letters, uid } = wanted[at] as Word;
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
    if (points === 0) return -1;
    sum += points;
  }
  return inName ? sum + named : sum;
}

/** Points of a word that names the kind: exactly, or by the start of its name. */
function kindPoints(table: Table, word: string, shortNames: readonly string[]): number {
  const { kind, resource } = table.schema;
  const singular = kind.toLowerCase();
  if (word === singular || word === resource || shortNames.includes(word)) return elsewhere * 2;
  return word.length > 2 && singular.startsWith(word) ? elsewhere : 0;
}

/** Which texts of a column have a word in them, by id. */
class Marks {
  readonly #table: Table;
  readonly #column: number;
  readonly #word: string;
  #marks = new Uint8Array(0);
  #known = 1;
  #generation = -1;

  constructor(table: Table, column: number, word: string) {
    this.#table = table;
    this.#column = column;
    this.#word = word;
  }

  has(id: number): boolean {
    return this.#marks[id] === 1;
  }

  /** Looks at the texts that came since. */
  *update(turn: Turn): Generator<void, void> {
    const { dictionary } = this.#table.textStore(this.#column);
    for (;;) {
      if (dictionary.generation !== this.#generation) {
        this.#generation = dictionary.generation;
        this.#known = 1;
        this.#marks = new Uint8Array(0);
      }
      if (this.#marks.length < dictionary.size) {
        const larger = new Uint8Array(dictionary.size);
        larger.set(this.#marks);
        this.#marks = larger;
      }
      const end = Math.min(dictionary.size, this.#known + stride);
      for (; this.#known < end; this.#known++) {
        if (dictionary.text(this.#known).includes(this.#word)) this.#marks[this.#known] = 1;
      }
      if (this.#known >= dictionary.size) return;
      if (turn.isOver) yield;
    }
  }
}
