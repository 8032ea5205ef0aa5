import type { Dictionary } from '../../kube/columns/dictionary.ts';
import { type ColumnType, isUserColumn } from '../../kube/columns/schema.ts';
import type { ColumnStore } from '../../kube/columns/stores.ts';
import { type CellReader, notKept, type VersionSchema } from './model.ts';

/** A column whose cells belong to a version. What the user adds to a list changes no object. */
export interface PrintedColumn {
  index: number;
  type: ColumnType;
  id: string;
  /** Hash of the id, so that a cell means the same wherever its column stands. */
  salt: number;
  /** Its cells are also kept, not only compared. */
  isKept: boolean;
}

/** Computed once a schema: schemas are replaced, never changed. */
const printed = new WeakMap<VersionSchema, readonly PrintedColumn[]>();

export function printedColumns(schema: VersionSchema): readonly PrintedColumn[] {
  let columns = printed.get(schema);
  if (columns === undefined) {
    columns = schema.columns.flatMap(({ id, type }, index) => {
      if (isUserColumn(id)) return [];
      begin();
      mixText(id);
      return [{ index, type, id, salt: high ^ low, isKept: !notKept.has(index) }];
    });
    printed.set(schema, columns);
  }
  return columns;
}

/**
 * 53 bits over all cells that are there: two FNV-1a style sums with different primes, of texts as UTF-8. A collision
 * between two successive versions of one object (about 1 in 10^16) would leave one version out. It is kept on the disk:
 * the same cells give the same number in every run, and with `TablePrints`.
 */
export function fingerprint(schema: VersionSchema, cell: CellReader): number {
  const state = new Uint32Array(2);
  let sumHigh = offsetHigh;
  let sumLow = offsetLow;
  for (const { index, salt } of printedColumns(schema)) {
    const value = cell(index);
    if (value === null || value === '' || Number.isNaN(value)) continue;
    begin();
    if (typeof value === 'string') mixText(value);
    else mixNumber(value);
    state[0] = high;
    state[1] = low;
    high = sumHigh;
    low = sumLow;
    mix(salt);
    mix(state[0]);
    mix(state[1]);
    sumHigh = high;
    sumLow = low;
  }
  return total(sumHigh, sumLow);
}

/** The same straight from a table's columns: texts are hashed once each, and no cell becomes a string. */
export class TablePrints {
  readonly #hashes = new Map<Dictionary, TextHashes>();

  fingerprint(schema: VersionSchema, stores: readonly ColumnStore[], row: number): number {
    let sumHigh = offsetHigh;
    let sumLow = offsetLow;
    const columns = printedColumns(schema);
    for (let at = 0; at < columns.length; at++) {
      const { index, salt } = columns[at] as PrintedColumn;
      const store = stores[index];
      if (store === undefined || !this.#hashCell(store, row)) continue;
      const cellHigh = high;
      const cellLow = low;
      high = sumHigh;
      low = sumLow;
      mix(salt);
      mix(cellHigh);
      mix(cellLow);
      sumHigh = high;
      sumLow = low;
    }
    return total(sumHigh, sumLow);
  }

  /** Leaves the cell's hash in `high` and `low`. @returns whether there is a cell. */
  #hashCell(store: ColumnStore, row: number): boolean {
    switch (store.type) {
      case 'text': {
        const id = store.ids[row] as number;
        if (id === 0) return false;
        this.#hashesOf(store.dictionary).load(store.dictionary, id);
        return true;
      }
      case 'name': {
        const length = store.lengths[row] as number;
        if (length === 0) return false;
        const start = store.starts[row] as number;
        begin();
        mixBytes(store.arena, start, start + length);
        return true;
      }
      case 'number': {
        const value = store.values[row] as number;
        if (Number.isNaN(value)) return false;
        begin();
        mixNumber(value);
        return true;
      }
      case 'time': {
        const seconds = store.seconds[row] as number;
        if (seconds === 0) return false;
        begin();
        mixNumber(seconds * 1_000);
        return true;
      }
    }
  }

  #hashesOf(dictionary: Dictionary): TextHashes {
    let hashes = this.#hashes.get(dictionary);
    if (hashes === undefined) {
      hashes = new TextHashes();
      this.#hashes.set(dictionary, hashes);
    }
    return hashes;
  }
}

/** Hashes of a dictionary's texts, two words an id; both 0 until they are wanted. */
class TextHashes {
  #words = new Uint32Array(128);
  #generation = 0;

  load(dictionary: Dictionary, id: number): void {
    if (dictionary.generation !== this.#generation) {
      this.#generation = dictionary.generation;
      this.#words.fill(0);
    }
    const at = 2 * id;
    if (at >= this.#words.length) {
      const larger = new Uint32Array(2 * dictionary.size + (dictionary.size >>> 2));
      larger.set(this.#words.subarray(0, Math.min(this.#words.length, larger.length)));
      this.#words = larger;
    }
    high = this.#words[at] as number;
    low = this.#words[at + 1] as number;
    if (high !== 0 || low !== 0) return;
    begin();
    mixText(dictionary.text(id));
    this.#words[at] = high;
    this.#words[at + 1] = low;
    high = this.#words[at] as number;
    low = this.#words[at + 1] as number;
  }
}

const offsetHigh = 0x811c9dc5;
const offsetLow = 0x01000193;
/** The sum in the making. Two numbers of the module: an object for every row would be what costs. */
let high = offsetHigh;
let low = offsetLow;

function begin(): void {
  high = offsetHigh;
  low = offsetLow;
}

function mix(word: number): void {
  high = Math.imul(high ^ word, 0x01000193);
  low = (Math.imul(low ^ word, 0x85ebca6b) + 0x27d4eb2f) | 0;
}

const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);

function mixNumber(value: number): void {
  // Without the sign of a zero, which no cell shows.
  scratch[0] = value + 0;
  mix(words[0] as number);
  mix(words[1] as number);
}

const encoder = new TextEncoder();

function mixText(text: string): void {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 127) {
      const bytes = encoder.encode(text);
      // What came before is ASCII: as many bytes as characters.
      mixBytes(bytes, at, bytes.length);
      return;
    }
    mix(code);
  }
}

function mixBytes(bytes: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to; at++) mix(bytes[at] as number);
}

function total(sumHigh: number, sumLow: number): number {
  return (sumHigh >>> 0) * 0x200000 + ((sumLow >>> 0) & 0x1fffff);
}
