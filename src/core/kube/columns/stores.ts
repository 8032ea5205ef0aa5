import { Dictionary } from './dictionary.ts';
import type { Column, ColumnType } from './schema.ts';

/** Cells of one column, by row. Arrays are replaced when they grow: read them anew after every change of the table. */
export type ColumnStore = TextStore | NameStore | NumberStore | TimeStore;

/** Two bytes a row while the dictionary is small enough, which it is for nearly every column. */
export type TextIdArray = Uint16Array | Uint32Array;

export class TextStore {
  readonly type = 'text';
  readonly dictionary = new Dictionary();
  ids: TextIdArray;
  /** Size of the dictionary after the last compaction, which decides when the next one is due. */
  compacted = 0;

  constructor(capacity: number) {
    this.ids = new Uint16Array(capacity);
  }

  grow(capacity: number): void {
    if (this.ids instanceof Uint16Array) this.ids = copied(this.ids, new Uint16Array(capacity));
    else this.ids = copied(this.ids, new Uint32Array(capacity));
  }

  /** Makes room for every id of the dictionary. Call it before writing ids that are new. */
  widen(): void {
    if (this.dictionary.size > 65_536 && this.ids instanceof Uint16Array) this.ids = Uint32Array.from(this.ids);
  }

  text(row: number): string {
    return this.dictionary.text(this.ids[row] as number);
  }

  bytes(): number {
    return this.ids.byteLength + this.dictionary.bytes();
  }
}

/** Four bytes a row until a value comes that they do not hold exactly: counts, millicores and even sizes fit. */
export type NumberArray = Float32Array | Float64Array;

export class NumberStore {
  readonly type = 'number';
  values: NumberArray;

  constructor(capacity: number) {
    this.values = new Float32Array(capacity).fill(Number.NaN);
  }

  grow(capacity: number): void {
    const before = this.values.length;
    if (this.values instanceof Float32Array) this.values = copied(this.values, new Float32Array(capacity));
    else this.values = copied(this.values, new Float64Array(capacity));
    this.values.fill(Number.NaN, before);
  }

  /** Makes room for doubles. */
  widen(): void {
    if (this.values instanceof Float32Array) this.values = Float64Array.from(this.values);
  }

  bytes(): number {
    return this.values.byteLength;
  }
}

export class TimeStore {
  readonly type = 'time';
  /** Since the epoch; 0 when absent. */
  seconds: Uint32Array;

  constructor(capacity: number) {
    this.seconds = new Uint32Array(capacity);
  }

  grow(capacity: number): void {
    this.seconds = copied(this.seconds, new Uint32Array(capacity));
  }

  bytes(): number {
    return this.seconds.byteLength;
  }
}

/** Longest text of a `name` cell in bytes; what is longer is cut at a character's border. */
export const longestName = 65_535;

/** UTF-8 in one growing arena. What a row no longer uses is garbage until the arena is rewritten. */
export class NameStore {
  readonly type = 'name';
  arena = new Uint8Array(256);
  starts: Uint32Array;
  lengths: Uint16Array;
  #used = 0;
  #garbage = 0;

  constructor(capacity: number) {
    this.starts = new Uint32Array(capacity);
    this.lengths = new Uint16Array(capacity);
  }

  grow(capacity: number): void {
    this.starts = copied(this.starts, new Uint32Array(capacity));
    this.lengths = copied(this.lengths, new Uint16Array(capacity));
  }

  text(row: number): string {
    const start = this.starts[row] as number;
    return decode(this.arena, start, start + (this.lengths[row] as number));
  }

  equals(row: number, bytes: Uint8Array, from: number, to: number): boolean {
    const length = this.lengths[row] as number;
    if (length !== to - from) return false;
    const start = this.starts[row] as number;
    for (let at = 0; at < length; at++) if (this.arena[start + at] !== bytes[from + at]) return false;
    return true;
  }

  /** Order of two rows by their bytes. */
  compare(a: number, b: number): number {
    const startA = this.starts[a] as number;
    const startB = this.starts[b] as number;
    const lengthA = this.lengths[a] as number;
    const lengthB = this.lengths[b] as number;
    const shorter = Math.min(lengthA, lengthB);
    for (let at = 0; at < shorter; at++) {
      const difference = (this.arena[startA + at] as number) - (this.arena[startB + at] as number);
      if (difference !== 0) return difference;
    }
    return lengthA - lengthB;
  }

  /** Makes room for that many bytes more. */
  reserve(more: number): void {
    const needed = this.#used + more;
    if (needed <= this.arena.length) return;
    this.arena = copied(this.arena, new Uint8Array(Math.max(needed, grownSize(this.arena.length))), this.#used);
  }

  write(row: number, bytes: Uint8Array, from: number, end: number): void {
    const to = end - from > longestName ? characterBorder(bytes, from + longestName) : end;
    const length = to - from;
    const before = this.lengths[row] as number;
    let start = this.starts[row] as number;
    if (length > before || before === 0) {
      this.#garbage += before;
      this.reserve(length);
      start = this.#used;
      this.#used += length;
    } else {
      this.#garbage += before - length;
    }
    if (length < 24) for (let at = 0; at < length; at++) this.arena[start + at] = bytes[from + at] as number;
    else this.arena.set(bytes.subarray(from, to), start);
    this.starts[row] = start;
    this.lengths[row] = length;
  }

  /**
   * Writes the names of new rows, which lie one behind the other as `bytes` does; none is longer than `longestName`.
   * @param ends where each one ends, counted from `offset` bytes before `bytes`
   */
  append(row: number, bytes: Uint8Array, ends: Uint32Array, offset: number): void {
    this.reserve(bytes.length);
    this.arena.set(bytes, this.#used);
    const { starts, lengths } = this;
    let begin = 0;
    for (let at = 0; at < ends.length; at++) {
      const end = (ends[at] as number) - offset;
      starts[row + at] = this.#used + begin;
      lengths[row + at] = end - begin;
      begin = end;
    }
    this.#used += bytes.length;
  }

  clear(row: number): void {
    this.#garbage += this.lengths[row] as number;
    this.lengths[row] = 0;
  }

  /** Rewrites the arena when a quarter of it is garbage and it is worth the copying. */
  tidy(rows: number): void {
    if (this.#garbage < 16_384 || this.#garbage * 4 < this.#used) return;
    const live = this.#used - this.#garbage;
    const arena = new Uint8Array(live + (live >>> 3) + 256);
    let used = 0;
    for (let row = 0; row < rows; row++) {
      const length = this.lengths[row] as number;
      if (length === 0) continue;
      const start = this.starts[row] as number;
      arena.set(this.arena.subarray(start, start + length), used);
      this.starts[row] = used;
      used += length;
    }
    this.arena = arena;
    this.#used = used;
    this.#garbage = 0;
  }

  bytes(): number {
    return this.arena.byteLength + this.starts.byteLength + this.lengths.byteLength;
  }
}

export function createStore(column: Column, capacity: number): ColumnStore {
  return new stores[column.type](capacity);
}

const stores: { [T in ColumnType]: new (capacity: number) => ColumnStore } = {
  text: TextStore,
  name: NameStore,
  number: NumberStore,
  time: TimeStore,
};

/** Big arrays grow by an eighth, so that little of them lies idle; small ones by half, so that they are seldom copied. */
export function grownSize(size: number): number {
  return size < 32_768 ? Math.max(16, size + (size >>> 1)) : size + (size >>> 3);
}

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;

export function copied<T extends Numbers>(from: T, to: T, length = from.length): T {
  to.set(length === from.length ? from : from.subarray(0, length));
  return to;
}

const utf8 = new TextDecoder();

/** Names are short and nearly always ASCII, which a loop decodes faster than a call into the engine's decoder. */
export function decode(bytes: Uint8Array, from: number, to: number): string {
  if (to - from > 64) return utf8.decode(bytes.subarray(from, to));
  let text = '';
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte > 127) return utf8.decode(bytes.subarray(from, to));
    text += String.fromCharCode(byte);
  }
  return text;
}

/** The nearest start of a character at or before `at`. */
function characterBorder(bytes: Uint8Array, at: number): number {
  let border = at;
  while (((bytes[border] as number) & 0xc0) === 0x80) border--;
  return border;
}
