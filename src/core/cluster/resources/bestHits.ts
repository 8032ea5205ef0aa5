import type { Table } from '../../kube/columns/table.ts';

/** Kept beyond the limit, for those that go while others are looked at. */
const spare = 16;

export interface Found {
  table: Table;
  row: number;
  score: number;
}

interface Kept extends Found {
  /** Of the object's uid: tells later whether the row still is the object's. */
  words: readonly [number, number];
}

/** The best few of many: a heap with the worst of them at its top, so that most of the many cost one comparison. */
export class BestHits {
  /** How many were added. */
  total = 0;
  readonly #limit: number;
  readonly #most: number;
  readonly #heap: Kept[] = [];

  constructor(limit: number) {
    this.#limit = limit;
    this.#most = limit + spare;
  }

  /** Scores below this one are not among the best any more. */
  get floor(): number {
    return this.#heap.length < this.#most ? Number.NEGATIVE_INFINITY : (this.#heap[0] as Kept).score;
  }

  add(table: Table, row: number, score: number): void {
    this.total++;
    const heap = this.#heap;
    if (heap.length < this.#most) {
      heap.push({ table, row, score, words: wordsOf(table, row) });
      this.#rise(heap.length - 1);
      return;
    }
    const worst = heap[0] as Kept;
    if (score < worst.score || order(worst, { table, row, score }) <= 0) return;
    heap[0] = { table, row, score, words: wordsOf(table, row) };
    this.#sink();
  }

  /** Best first, without those whose objects went while others were looked at. */
  sorted(): Found[] {
    return this.#heap.filter(isStill).sort(order).slice(0, this.#limit);
  }

  #rise(from: number): void {
    const heap = this.#heap;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (order(heap[at] as Kept, heap[parent] as Kept) <= 0) return;
      [heap[at], heap[parent]] = [heap[parent] as Kept, heap[at] as Kept];
      at = parent;
    }
  }

  #sink(): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let worst = at;
      for (const child of [at * 2 + 1, at * 2 + 2]) {
        if (child < heap.length && order(heap[child] as Kept, heap[worst] as Kept) > 0) worst = child;
      }
      if (worst === at) return;
      [heap[at], heap[worst]] = [heap[worst] as Kept, heap[at] as Kept];
      at = worst;
    }
  }
}

/** Negative when `a` comes first. */
function order(a: Found, b: Found): number {
  if (a.score !== b.score) return b.score - a.score;
  if (a.table === b.table) return a.table.compareNames(a.row, b.row);
  return a.table.schema.id < b.table.schema.id ? -1 : 1;
}

function wordsOf(table: Table, row: number): readonly [number, number] {
  return [table.uids[row * 4] as number, table.uids[row * 4 + 3] as number];
}

function isStill({ table, row, words }: Kept): boolean {
  return table.has(row) && table.uids[row * 4] === words[0] && table.uids[row * 4 + 3] === words[1];
}
