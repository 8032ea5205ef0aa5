import type { Dictionary } from '../../kube/columns/dictionary.ts';
import { meta } from '../../kube/columns/schema.ts';
import type { ColumnStore } from '../../kube/columns/stores.ts';
import type { CellReader, VersionSchema } from './model.ts';
import { type PrintedColumn, printedColumns } from './print.ts';

/** Most versions of one page: what reading one of them takes apart, and few enough for 16-bit numbers. */
export const pageRows = 1_024;
const firstCapacity = 16;

/** Cells that stand beside the page, in columns of their own. */
const elsewhere: ReadonlySet<number> = new Set([meta.name, meta.namespace, meta.status]);

/** What a page says of one of its columns; those without a cell are left out. Their bytes follow in this order. */
export type PageColumn = {
  /** The column's id: pages are read by schemas that came later. */
  id: string;
} & (
  | /** An index a row into the texts, 0 for absent, and one more than the index otherwise. */ {
      type: 'texts';
      width: 1 | 2;
      texts: readonly string[];
    }
  /** UTF-8 of all rows one after the other, after two bytes a row that say how long each is. */
  | { type: 'bytes'; length: number }
  /** A float a row, NaN for absent; instants in milliseconds. */
  | { type: 'numbers'; width: 4 | 8 }
);

export interface PageHeader {
  rows: number;
  columns: readonly PageColumn[];
}

/** By dictionary and text id: index + 1 in the page that is being written. All zeroes between two pages. */
const marks = new WeakMap<Dictionary, Uint16Array>();

/**
 * Cells of up to 1,024 versions of one kind on their way to the disk, column by column: a text is written once a page.
 * Rows of a table go from its columns to the page's without becoming strings.
 */
export class CellPage {
  readonly schema: VersionSchema;
  rows = 0;
  readonly #columns: CellColumn[];

  constructor(schema: VersionSchema) {
    this.schema = schema;
    this.#columns = printedColumns(schema)
      .filter(({ index, isKept }) => isKept && !elsewhere.has(index))
      .map((column) => createColumn(column));
  }

  get isFull(): boolean {
    return this.rows === pageRows;
  }

  /** Adds a row of a table. */
  addRow(stores: readonly ColumnStore[], row: number): void {
    for (const column of this.#columns) {
      const store = stores[column.index];
      if (store !== undefined) column.copy(this.rows, store, row);
    }
    this.rows++;
  }

  /** Adds cells that are values. */
  addCells(cell: CellReader): void {
    for (const column of this.#columns) column.set(this.rows, cell(column.index));
    this.rows++;
  }

  /** The page as it is kept: length of the header, header as JSON, columns. The page is then empty. */
  take(): Uint8Array {
    const { rows } = this;
    const columns = this.#columns.filter((column) => column.isUsed);
    const header: PageHeader = { rows, columns: columns.map((column) => column.describe()) };
    const text = encoder.encode(JSON.stringify(header));
    const parts = columns.flatMap((column) => column.parts(rows));
    const body = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 4 + text.length));
    new DataView(body.buffer).setUint32(0, text.length, true);
    body.set(text, 4);
    let at = 4 + text.length;
    for (const part of parts) {
      body.set(part, at);
      at += part.byteLength;
    }
    for (const column of this.#columns) column.clear();
    this.rows = 0;
    return body;
  }
}

type CellColumn = TextCells | ByteCells | NumberCells;

function createColumn(column: PrintedColumn): CellColumn {
  if (column.type === 'text') return new TextCells(column);
  if (column.type === 'name') return new ByteCells(column);
  return new NumberCells(column);
}

const encoder = new TextEncoder();

class TextCells {
  readonly index: number;
  readonly #id: string;
  #ids = new Uint16Array(firstCapacity);
  #texts: string[] = [];
  /** Of texts that come as values. */
  readonly #known = new Map<string, number>();
  /** The dictionary whose texts are marked, and as of when. */
  #dictionary: Dictionary | undefined;
  #generation = 0;
  #marks: Uint16Array = new Uint16Array(0);
  readonly #marked: number[] = [];

  constructor({ index, id }: PrintedColumn) {
    this.index = index;
    this.#id = id;
  }

  get isUsed(): boolean {
    return this.#texts.length > 0;
  }

  copy(at: number, store: ColumnStore, row: number): void {
    if (store.type !== 'text') return;
    const id = store.ids[row] as number;
    if (id === 0) {
      this.#put(at, 0);
      return;
    }
    const { dictionary } = store;
    if (dictionary !== this.#dictionary || dictionary.generation !== this.#generation) this.#use(dictionary);
    if (id >= this.#marks.length) this.#growMarks(dictionary);
    let local = this.#marks[id] as number;
    if (local === 0) {
      local = this.#texts.push(dictionary.text(id));
      this.#marks[id] = local;
      this.#marked.push(id);
    }
    this.#put(at, local);
  }

  set(at: number, value: string | number | null): void {
    if (value === null || value === '') {
      this.#put(at, 0);
      return;
    }
    const text = String(value);
    let local = this.#known.get(text);
    if (local === undefined) {
      local = this.#texts.push(text);
      this.#known.set(text, local);
    }
    this.#put(at, local);
  }

  describe(): PageColumn {
    return { id: this.#id, type: 'texts', width: this.#texts.length < 256 ? 1 : 2, texts: this.#texts };
  }

  parts(rows: number): Uint8Array[] {
    const ids = this.#ids.subarray(0, rows);
    return [this.#texts.length < 256 ? Uint8Array.from(ids) : new Uint8Array(ids.buffer, 0, 2 * rows)];
  }

  clear(): void {
    this.#unmark();
    this.#texts = [];
    this.#known.clear();
    this.#ids.fill(0);
  }

  #put(at: number, local: number): void {
    if (at >= this.#ids.length) this.#ids = grown(this.#ids, new Uint16Array(grownTo(at)));
    this.#ids[at] = local;
  }

  #use(dictionary: Dictionary): void {
    this.#unmark();
    this.#dictionary = dictionary;
    this.#generation = dictionary.generation;
    this.#marks = marks.get(dictionary) ?? new Uint16Array(0);
  }

  #growMarks(dictionary: Dictionary): void {
    this.#marks = grown(this.#marks, new Uint16Array(dictionary.size + (dictionary.size >>> 2) + 16));
    marks.set(dictionary, this.#marks);
  }

  #unmark(): void {
    for (const id of this.#marked) this.#marks[id] = 0;
    this.#marked.length = 0;
    this.#dictionary = undefined;
  }
}

class ByteCells {
  readonly index: number;
  readonly #id: string;
  #lengths = new Uint16Array(firstCapacity);
  #bytes = new Uint8Array(256);
  #used = 0;

  constructor({ index, id }: PrintedColumn) {
    this.index = index;
    this.#id = id;
  }

  get isUsed(): boolean {
    return this.#used > 0;
  }

  copy(at: number, store: ColumnStore, row: number): void {
    if (store.type !== 'name') return;
    const start = store.starts[row] as number;
    this.#add(at, store.arena, start, store.lengths[row] as number);
  }

  set(at: number, value: string | number | null): void {
    const bytes = encoder.encode(value === null ? '' : String(value));
    this.#add(at, bytes, 0, Math.min(bytes.length, 65_535));
  }

  describe(): PageColumn {
    return { id: this.#id, type: 'bytes', length: this.#used };
  }

  parts(rows: number): Uint8Array[] {
    return [new Uint8Array(this.#lengths.buffer, 0, 2 * rows), this.#bytes.subarray(0, this.#used)];
  }

  clear(): void {
    this.#used = 0;
    this.#lengths.fill(0);
  }

  #add(at: number, from: Uint8Array, start: number, length: number): void {
    if (at >= this.#lengths.length) this.#lengths = grown(this.#lengths, new Uint16Array(grownTo(at)));
    this.#lengths[at] = length;
    if (length === 0) return;
    if (this.#used + length > this.#bytes.length) {
      this.#bytes = grown(this.#bytes, new Uint8Array(2 * this.#bytes.length + length));
    }
    const used = this.#used;
    for (let byte = 0; byte < length; byte++) this.#bytes[used + byte] = from[start + byte] as number;
    this.#used = used + length;
  }
}

class NumberCells {
  readonly index: number;
  readonly #id: string;
  #values = new Float64Array(firstCapacity).fill(Number.NaN);
  #isWide = false;
  isUsed = false;

  constructor({ index, id }: PrintedColumn) {
    this.index = index;
    this.#id = id;
  }

  copy(at: number, store: ColumnStore, row: number): void {
    if (store.type === 'number') this.#put(at, store.values[row] as number);
    else if (store.type === 'time') {
      const seconds = store.seconds[row] as number;
      this.#put(at, seconds === 0 ? Number.NaN : seconds * 1_000);
    }
  }

  set(at: number, value: string | number | null): void {
    this.#put(at, typeof value === 'number' ? value : Number.NaN);
  }

  describe(): PageColumn {
    return { id: this.#id, type: 'numbers', width: this.#isWide ? 8 : 4 };
  }

  parts(rows: number): Uint8Array[] {
    const values = this.#values.subarray(0, rows);
    const numbers = this.#isWide ? values : Float32Array.from(values);
    return [new Uint8Array(numbers.buffer, 0, numbers.byteLength)];
  }

  clear(): void {
    this.isUsed = false;
    this.#isWide = false;
    this.#values.fill(Number.NaN);
  }

  #put(at: number, value: number): void {
    if (at >= this.#values.length) {
      const before = this.#values.length;
      this.#values = grown(this.#values, new Float64Array(grownTo(at)));
      this.#values.fill(Number.NaN, before);
    }
    this.#values[at] = value;
    if (Number.isNaN(value)) return;
    this.isUsed = true;
    if (Math.fround(value) !== value) this.#isWide = true;
  }
}

function grownTo(at: number): number {
  return Math.min(pageRows, Math.max(firstCapacity, 2 * at));
}

function grown<T extends Uint8Array | Uint16Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
