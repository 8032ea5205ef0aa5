import { threadId } from 'node:worker_threads';
import { ByteCache } from '../projectors/byteCache.ts';
import type { CellSet } from '../projectors/cellSet.ts';
import { readText } from '../projectors/protobuf.ts';
import type { CellColumn, RowBatch } from './batch.ts';
import type { KindSchema } from './schema.ts';

/** Every text that this thread has met lately, by its UTF-8 bytes. */
const texts = new ByteCache<string>(readText);

/** The text of some bytes; the same string again when it has been met before. */
export function internText(bytes: Uint8Array, start: number, end: number): string {
  return start === end ? '' : texts.get(bytes, start, end);
}

let generation = 0;

/** As few texts are not worth starting afresh for. */
const leastTexts = 512;
/** How many are kept while no list has told how many are needed: a watch that was resumed. */
const unlistedTexts = 65_536;

/** Text ids of one kind, one dictionary a text column. Ids count up from 0, which is ''. */
export class Dictionaries {
  /** Unique over the threads of a process, and growing within a thread. */
  id = 0;
  /** Indexed by column; empty maps for columns that are not text. */
  readonly ids: Map<string, number>[] = [];
  /** What each dictionary has gained since the last batch. */
  readonly news: string[][] = [];
  /** The text of each column that was asked for last, and its id. */
  readonly lastTexts: string[] = [];
  readonly lastIds: number[] = [];
  /** Builders that hold rows which refer to these ids: while there are any, the dictionaries stay. */
  holders = 0;
  /** Batches that have been taken since the dictionaries started. */
  taken = 0;
  size = 0;
  readonly #most: number;
  /** Texts that a complete list needed; undefined before the first one. */
  #listed: number | undefined;
  /** Scopes whose list is being read. */
  readonly #listing = new Set<string>();
  /** The list that is being read tells how many texts are needed: nothing older is among them. */
  #measuring = false;

  /** `most` is the number of texts after which all dictionaries start afresh (between two batches), come what may. */
  constructor(schema: KindSchema, most = 500_000) {
    this.#most = most;
    for (let column = 0; column < schema.columns.length; column++) {
      this.ids.push(new Map());
      this.news.push([]);
      this.lastTexts.push('');
      this.lastIds.push(0);
    }
    this.reset();
  }

  /**
   * A complete list of a scope begins. When most of the texts are of rows that are gone, they are forgotten here: every
   * row, and with it every text that is still needed, comes again.
   */
  beginList(scope: string): void {
    // Again, when the list before has failed.
    this.#listing.delete(scope);
    const isDue = this.#listed === undefined || this.size > this.#listed * 1.5 + leastTexts;
    this.#measuring = isDue && this.#listing.size === 0 && this.holders === 0;
    this.#listing.add(scope);
    if (this.#measuring && this.size > 0) this.reset();
  }

  endList(scope: string): void {
    this.#listing.delete(scope);
    if (this.#measuring) this.#listed = this.size;
    this.#measuring = false;
  }

  /** A batch has been taken: starts afresh where that is due and nobody holds rows. */
  noteTaken(): void {
    if (this.holders === 0 && this.size > this.#limit()) this.reset();
  }

  /**
   * Texts come with changes, for ever; which of them no row has any more is not known here. When there are twice as many
   * as a list needed, half of them are of no use, and to send those in use again costs no more than the others did.
   */
  #limit(): number {
    // The reader may go back to earlier rows of a list, and needs their texts.
    if (this.#listing.size > 0) return this.#most;
    return Math.min(this.#most, this.#listed === undefined ? unlistedTexts : this.#listed * 2 + leastTexts);
  }

  reset(): void {
    generation += 1;
    this.id = threadId * 4294967296 + generation;
    this.taken = 0;
    this.size = 0;
    this.lastTexts.fill('');
    this.lastIds.fill(0);
    for (const ids of this.ids) {
      ids.clear();
      ids.set('', 0);
    }
    for (let column = 0; column < this.news.length; column++) this.news[column] = [''];
  }

  add(column: number, value: string): number {
    const ids = this.ids[column] as Map<string, number>;
    const id = ids.size;
    ids.set(value, id);
    (this.news[column] as string[]).push(value);
    this.size += 1;
    return id;
  }
}

const firstCapacity = 256;

/**
 * Collects rows of one kind and hands them over as columns. Between `begin` and `end` the cells of one row are written,
 * in any order, each at most once; what is not written is absent. A `begin` without `end` (the object was broken) leaves
 * nothing behind.
 *
 * Builders may share their dictionaries (one builder a cluster, all in one worker), when every batch that is taken
 * reaches the same reader in the order of the takes.
 */
export class BatchBuilder {
  readonly schema: KindSchema;
  /** Rows that have ended since the last `take`. */
  count = 0;
  readonly #dictionaries: Dictionaries;
  #capacity = firstCapacity;
  #open = false;
  #ops = new Uint8Array(firstCapacity);
  #uids = new Uint32Array(firstCapacity * 4);
  #versions = new Float64Array(firstCapacity);
  /** All indexed by column; a column has an array of length 0 in the lists of other types. */
  readonly #ids: Uint32Array[] = [];
  readonly #numbers: Float64Array[] = [];
  readonly #seconds: Uint32Array[] = [];
  readonly #nameEnds: Uint32Array[] = [];
  readonly #nameBytes: Uint8Array[] = [];
  readonly #nameUsed: number[] = [];

  constructor(schema: KindSchema, dictionaries: Dictionaries = new Dictionaries(schema)) {
    this.schema = schema;
    this.#dictionaries = dictionaries;
    for (const { type } of schema.columns) {
      this.#ids.push(new Uint32Array(type === 'text' ? firstCapacity : 0));
      this.#numbers.push(new Float64Array(type === 'number' ? firstCapacity : 0).fill(Number.NaN));
      this.#seconds.push(new Uint32Array(type === 'time' ? firstCapacity : 0));
      this.#nameEnds.push(new Uint32Array(type === 'name' ? firstCapacity : 0));
      this.#nameBytes.push(new Uint8Array(type === 'name' ? firstCapacity * 32 : 0));
      this.#nameUsed.push(0);
    }
  }

  /** Opens a row. `op` is 0 for an upsert, 1 for a delete. */
  begin(uid: string, resourceVersion: string, op: 0 | 1): void {
    this.#start(op);
    uidWords(uid, this.#uids, this.count * 4);
    this.#versions[this.count] = versionNumber(resourceVersion);
  }

  /** The same from the UTF-8 of both. */
  beginBytes(
    bytes: Uint8Array,
    at: { uid: number; uidEnd: number; version: number; versionEnd: number },
    op: 0 | 1,
  ): void {
    this.#start(op);
    if (!hexWords(bytes, at.uid, at.uidEnd, this.#uids, this.count * 4)) {
      uidWords(readText(bytes, at.uid, at.uidEnd), this.#uids, this.count * 4);
    }
    let version = 0;
    let digits = at.version;
    for (; digits < at.versionEnd; digits++) {
      const digit = (bytes[digits] as number) - 48;
      if (digit < 0 || digit > 9) break;
      version = version * 10 + digit;
    }
    const whole = digits === at.versionEnd && at.versionEnd > at.version && version <= Number.MAX_SAFE_INTEGER;
    this.#versions[this.count] = whole ? version : Number.NaN;
  }

  text(column: number, value: string): void {
    if (value === '') return;
    const dictionaries = this.#dictionaries;
    // Neighbours often say the same; what is remembered belongs to the dictionaries, which may have started afresh.
    if (value !== dictionaries.lastTexts[column]) {
      dictionaries.lastTexts[column] = value;
      dictionaries.lastIds[column] =
        (dictionaries.ids[column] as Map<string, number>).get(value) ?? dictionaries.add(column, value);
    }
    (this.#ids[column] as Uint32Array)[this.count] = dictionaries.lastIds[column] as number;
  }

  textBytes(column: number, bytes: Uint8Array, start: number, end: number): void {
    if (start !== end) this.text(column, texts.get(bytes, start, end));
  }

  name(column: number, value: string): void {
    const used = this.#nameUsed[column] as number;
    // A UTF-16 unit becomes at most three bytes.
    const target = this.#room(column, value.length * 3);
    let at = used;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) {
        at = used + new TextEncoder().encodeInto(value, target.subarray(used)).written;
        break;
      }
      target[at++] = code;
    }
    this.#nameUsed[column] = at;
  }

  nameBytes(column: number, bytes: Uint8Array, start: number, end: number): void {
    const target = this.#room(column, end - start);
    let at = this.#nameUsed[column] as number;
    // Names are short: a loop is cheaper than subarray and set.
    for (let i = start; i < end; i++) target[at++] = bytes[i] as number;
    this.#nameUsed[column] = at;
  }

  number(column: number, value: number): void {
    (this.#numbers[column] as Float64Array)[this.count] = value;
  }

  /** Whole seconds since the epoch; 0 is absent. Instants before 1970 or after 2106 are absent as well. */
  time(column: number, seconds: number): void {
    (this.#seconds[column] as Uint32Array)[this.count] = seconds > 0 && seconds < 4294967296 ? seconds : 0;
  }

  /** Cells that many rows share; their texts are looked up once. */
  write(set: CellSet): void {
    const row = this.count;
    const { textColumns, ids, numberColumns, numbers, timeColumns, times } = set;
    if (set.interner !== this.#dictionaries.id) this.#lookUp(set);
    for (let at = 0; at < ids.length; at++) {
      (this.#ids[textColumns[at] as number] as Uint32Array)[row] = ids[at] as number;
    }
    for (let at = 0; at < numbers.length; at++) {
      (this.#numbers[numberColumns[at] as number] as Float64Array)[row] = numbers[at] as number;
    }
    for (let at = 0; at < times.length; at++) this.time(timeColumns[at] as number, times[at] as number);
  }

  #lookUp(set: CellSet): void {
    const dictionaries = this.#dictionaries;
    for (let at = 0; at < set.texts.length; at++) {
      const column = set.textColumns[at] as number;
      const text = set.texts[at] as string;
      set.ids[at] = (dictionaries.ids[column] as Map<string, number>).get(text) ?? dictionaries.add(column, text);
    }
    set.interner = dictionaries.id;
  }

  /** Closes the row. */
  end(): void {
    const row = this.count;
    for (let column = 0; column < this.#nameEnds.length; column++) {
      const ends = this.#nameEnds[column] as Uint32Array;
      if (ends.length > 0) ends[row] = this.#nameUsed[column] as number;
    }
    this.#open = false;
    this.count = row + 1;
    if (this.count === 1) this.#dictionaries.holders += 1;
  }

  /**
   * The rows since the last take, as arrays of their own that may be transferred. They share one buffer: each buffer that
   * is transferred costs both threads about a microsecond, and a change is a batch of one row.
   */
  take(cluster: number): RowBatch {
    if (this.#open) this.#drop();
    const count = this.count;
    const dictionaries = this.#dictionaries;
    const parts = new Parts(this.#takenBytes());
    const cells: CellColumn[] = this.schema.columns.map(({ type }, column) => {
      if (type === 'text') return { type, ids: parts.words(this.#ids[column] as Uint32Array, count) };
      if (type === 'number') return { type, values: parts.floats(this.#numbers[column] as Float64Array, count) };
      if (type === 'time') return { type, seconds: parts.words(this.#seconds[column] as Uint32Array, count) };
      const ends = parts.words(this.#nameEnds[column] as Uint32Array, count);
      return { type, bytes: parts.bytes(this.#nameBytes[column] as Uint8Array, ends[count - 1] ?? 0), ends };
    });
    const strings = new Map<number, readonly string[]>();
    for (let column = 0; column < this.schema.columns.length; column++) {
      const news = dictionaries.news[column] as string[];
      if (news.length === 0 || this.schema.columns[column]?.type !== 'text') continue;
      strings.set(column, news);
      dictionaries.news[column] = [];
    }
    const batch: RowBatch = {
      cluster,
      kind: this.schema.id,
      interner: dictionaries.id,
      sequence: dictionaries.taken++,
      count,
      ops: parts.bytes(this.#ops, count),
      uids: parts.words(this.#uids, count * 4),
      versions: parts.floats(this.#versions, count),
      cells,
      strings,
    };
    this.#clear(0, count);
    this.count = 0;
    this.#nameUsed.fill(0);
    if (count > 0) dictionaries.holders -= 1;
    dictionaries.noteTaken();
    return batch;
  }

  /** Bytes of all arrays of a batch, each from a multiple of eight on. */
  #takenBytes(): number {
    const count = this.count;
    let bytes = aligned(count) + aligned(count * 16) + count * 8;
    for (const [column, { type }] of this.schema.columns.entries()) {
      if (type === 'number') bytes += count * 8;
      else bytes += aligned(count * 4);
      if (type === 'name' && count > 0) bytes += aligned((this.#nameEnds[column] as Uint32Array)[count - 1] as number);
    }
    return bytes;
  }

  #start(op: 0 | 1): void {
    if (this.#open) this.#drop();
    if (this.count === this.#capacity) this.#grow();
    this.#open = true;
    this.#ops[this.count] = op;
  }

  /** Forgets the row that was begun and not ended. */
  #drop(): void {
    this.#clear(this.count, this.count + 1);
    for (let column = 0; column < this.#nameEnds.length; column++) {
      this.#nameUsed[column] = this.count === 0 ? 0 : ((this.#nameEnds[column] as Uint32Array)[this.count - 1] ?? 0);
    }
    this.#open = false;
  }

  #clear(from: number, to: number): void {
    for (const ids of this.#ids) ids.fill(0, from, to);
    for (const numbers of this.#numbers) numbers.fill(Number.NaN, from, to);
    for (const seconds of this.#seconds) seconds.fill(0, from, to);
  }

  #room(column: number, length: number): Uint8Array {
    const bytes = this.#nameBytes[column] as Uint8Array;
    const needed = (this.#nameUsed[column] as number) + length;
    if (needed <= bytes.length) return bytes;
    const larger = new Uint8Array(Math.max(bytes.length * 2, needed));
    larger.set(bytes);
    this.#nameBytes[column] = larger;
    return larger;
  }

  #grow(): void {
    const capacity = this.#capacity * 2;
    const grown = <T extends Uint8Array | Uint32Array | Float64Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.#ops = grown(this.#ops, new Uint8Array(capacity));
    this.#uids = grown(this.#uids, new Uint32Array(capacity * 4));
    this.#versions = grown(this.#versions, new Float64Array(capacity));
    for (const [column, { type }] of this.schema.columns.entries()) {
      if (type === 'text') this.#ids[column] = grown(this.#ids[column] as Uint32Array, new Uint32Array(capacity));
      else if (type === 'time') {
        this.#seconds[column] = grown(this.#seconds[column] as Uint32Array, new Uint32Array(capacity));
      } else if (type === 'number') {
        const numbers = new Float64Array(capacity).fill(Number.NaN);
        this.#numbers[column] = grown(this.#numbers[column] as Float64Array, numbers);
      } else this.#nameEnds[column] = grown(this.#nameEnds[column] as Uint32Array, new Uint32Array(capacity));
    }
    this.#capacity = capacity;
  }
}

/** Arrays that lie in one buffer, one behind the other. */
class Parts {
  readonly #buffer: ArrayBuffer;
  #used = 0;

  constructor(bytes: number) {
    this.#buffer = new ArrayBuffer(bytes);
  }

  bytes(from: Uint8Array, count: number): Uint8Array {
    const part = new Uint8Array(this.#buffer, this.#next(count), count);
    part.set(from.subarray(0, count));
    return part;
  }

  words(from: Uint32Array, count: number): Uint32Array {
    const part = new Uint32Array(this.#buffer, this.#next(count * 4), count);
    part.set(from.subarray(0, count));
    return part;
  }

  floats(from: Float64Array, count: number): Float64Array {
    const part = new Float64Array(this.#buffer, this.#next(count * 8), count);
    part.set(from.subarray(0, count));
    return part;
  }

  #next(bytes: number): number {
    const at = this.#used;
    this.#used += aligned(bytes);
    return at;
  }
}

/** The next multiple of eight, at which every kind of array may begin. */
function aligned(bytes: number): number {
  return (bytes + 7) & ~7;
}

/** The buffer of a batch's arrays, for the transfer list of postMessage. */
export function batchBuffer(batch: RowBatch): ArrayBuffer {
  return batch.ops.buffer as ArrayBuffer;
}

/** A row read back, by column id; absent is '', NaN and 0. For tests and small batches: it makes an object a row. */
export function batchRows(schema: KindSchema, batches: readonly RowBatch[]): Record<string, string | number>[] {
  const rows: Record<string, string | number>[] = [];
  let interner = -1;
  let dictionaries: string[][] = [];
  for (const batch of batches) {
    if (batch.interner !== interner) dictionaries = schema.columns.map(() => []);
    interner = batch.interner;
    for (const [column, strings] of batch.strings) (dictionaries[column] as string[]).push(...strings);
    for (let row = 0; row < batch.count; row++) {
      const cells: Record<string, string | number> = {};
      for (const [column, cell] of batch.cells.entries()) {
        const id = (schema.columns[column] as { id: string }).id;
        if (cell.type === 'text') cells[id] = dictionaries[column]?.[cell.ids[row] as number] ?? '';
        else if (cell.type === 'number') cells[id] = cell.values[row] as number;
        else if (cell.type === 'time') cells[id] = cell.seconds[row] as number;
        else cells[id] = readText(cell.bytes, row === 0 ? 0 : (cell.ends[row - 1] as number), cell.ends[row] as number);
      }
      rows.push(cells);
    }
  }
  return rows;
}

/** resourceVersion as RowBatch.versions holds it. */
export function versionNumber(resourceVersion: string): number {
  if (!/^\d+$/.test(resourceVersion)) return Number.NaN;
  const version = Number(resourceVersion);
  return version <= Number.MAX_SAFE_INTEGER ? version : Number.NaN;
}

/** Writes the four words of a uid as RowBatch.uids holds them: of its hex digits, or of its hash. */
export function uidWords(uid: string, into: Uint32Array, offset: number): void {
  const bytes = new TextEncoder().encode(uid);
  if (hexWords(bytes, 0, bytes.length, into, offset)) return;
  // FNV-1a in four lanes that start apart. Only uids that are no UUID come here (an aggregated server's own objects).
  for (let lane = 0; lane < 4; lane++) {
    let hash = 0x811c9dc5 ^ Math.imul(lane + 1, 0x9e3779b1);
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    into[offset + lane] = hash ^ (hash >>> 13);
  }
}

/** Value of a lower-case hex digit by its code; 255 for everything else. */
const hexValue = new Uint8Array(256).fill(255);
for (let digit = 0; digit < 16; digit++) hexValue[digit.toString(16).charCodeAt(0)] = digit;

/** Words of a UUID in its canonical form; false when it is something else (nothing that matters is then written). */
function hexWords(bytes: Uint8Array, start: number, end: number, into: Uint32Array, offset: number): boolean {
  if (end - start !== 36) return false;
  let at = start;
  let wrong = 0;
  for (let word = 0; word < 4; word++) {
    let value = 0;
    for (let digit = 0; digit < 8; digit++) {
      // Dashes stand before the digits 8, 12, 16 and 20.
      if ((digit & 3) === 0 && (word === 1 || word === 2)) {
        wrong |= (bytes[at++] as number) ^ 45;
      }
      const hex = hexValue[bytes[at++] as number] as number;
      wrong |= hex & 0xf0;
      value = (value << 4) | (hex & 15);
    }
    into[offset + word] = value;
  }
  return wrong === 0;
}
