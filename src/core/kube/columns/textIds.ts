import { KubeSageError } from '../../kernel/errors.ts';
import type { RowBatch } from './batch.ts';
import type { ColumnStore, TextStore } from './stores.ts';

interface Mapping {
  /** The `sequence` that the interner's next batch has. */
  next: number;
  /** Table's column of every column of the batch. */
  layout: Int32Array;
  /** By column of the batch: the table's id of every id of the watcher. */
  ids: number[][];
  /** The (cluster, scope) pairs whose latest batch used it. */
  users: Set<string>;
}

/** Translates the watchers' text ids into the table's. One translation per interner, while somebody uses it. */
export class TextIds {
  readonly #mappings = new Map<number, Mapping>();
  readonly #interners = new Map<string, number>();

  /**
   * Takes in the texts that a batch brings, and notes who uses which interner. Throws KubeSageError `internal`, and has
   * learned nothing, where the interner's batch before this one is missing.
   */
  learn(batch: RowBatch, scope: string, layout: Int32Array, stores: readonly ColumnStore[]): void {
    let mapping = this.#mappings.get(batch.interner);
    const expected = mapping?.next ?? 0;
    if (batch.sequence !== expected) {
      throw lost(`Batch ${batch.sequence} of ${batch.kind} came where ${expected} was expected`);
    }
    if (mapping === undefined) {
      mapping = { next: 0, layout, ids: batch.cells.map(() => []), users: new Set() };
      this.#mappings.set(batch.interner, mapping);
    }
    mapping.next = expected + 1;
    const user = `${batch.cluster} ${scope}`;
    const before = this.#interners.get(user);
    if (before !== batch.interner) {
      this.#interners.set(user, batch.interner);
      mapping.users.add(user);
      if (before !== undefined) this.#leave(user, before);
    }
    for (const [index, texts] of batch.strings) {
      const store = stores[layout[index] as number];
      const ids = mapping.ids[index];
      if (store?.type !== 'text' || ids === undefined) continue;
      for (const text of texts) ids.push(store.dictionary.intern(text));
    }
    for (const [index, cells] of batch.cells.entries()) {
      const ids = mapping.ids[index] as number[];
      if (cells.type !== 'text') continue;
      // A first batch may leave '' out.
      if (ids.length === 0) ids.push(0);
      let highest = 0;
      for (const id of cells.ids) if (id > highest) highest = id;
      if (highest < ids.length) continue;
      throw lost(`A batch of ${batch.kind} names text ${highest}, and ${ids.length} are known`);
    }
  }

  /** Whether the batch's ids can still be translated. */
  knows(batch: RowBatch): boolean {
    return this.#mappings.has(batch.interner);
  }

  /** The table's id of every id in a column of the batch. */
  mapping(batch: RowBatch, index: number): readonly number[] {
    return this.#mappings.get(batch.interner)?.ids[index] ?? [];
  }

  /** Nothing more comes from this batch's watcher: it was a file. */
  drop(batch: RowBatch, scope: string): void {
    const user = `${batch.cluster} ${scope}`;
    this.#interners.delete(user);
    this.#leave(user, batch.interner);
  }

  forget(cluster: number): void {
    for (const [user, interner] of this.#interners) {
      if (!user.startsWith(`${cluster} `)) continue;
      this.#interners.delete(user);
      this.#leave(user, interner);
    }
  }

  /** Drops the dictionary's unused texts, when it has doubled since the last time. */
  tidy(store: TextStore, column: number, rows: number): void {
    const { dictionary } = store;
    if (dictionary.size < store.compacted * 2 + 1024) return;
    const used = new Uint8Array(dictionary.size);
    for (let row = 0; row < rows; row++) used[store.ids[row] as number] = 1;
    for (const { layout, ids } of this.#mappings.values()) {
      for (const id of ids[layout.indexOf(column)] ?? []) used[id] = 1;
    }
    let kept = 0;
    for (const flag of used) kept += flag;
    store.compacted = kept;
    if (kept * 4 > dictionary.size * 3) return;
    const renamed = dictionary.compact(used);
    for (let row = 0; row < rows; row++) store.ids[row] = renamed[store.ids[row] as number] as number;
    for (const { layout, ids } of this.#mappings.values()) {
      const list = ids[layout.indexOf(column)];
      if (list === undefined) continue;
      for (let at = 0; at < list.length; at++) list[at] = renamed[list[at] as number] as number;
    }
  }

  bytes(): number {
    let sum = 0;
    for (const { ids } of this.#mappings.values()) for (const list of ids) sum += list.length * 8;
    return sum;
  }

  #leave(user: string, interner: number): void {
    const mapping = this.#mappings.get(interner);
    mapping?.users.delete(user);
    if (mapping?.users.size === 0) this.#mappings.delete(interner);
  }
}

function lost(message: string): KubeSageError {
  return new KubeSageError('internal', message, {
    hint: 'Batches of one watcher were lost or reordered; the kind must be listed again.',
  });
}
