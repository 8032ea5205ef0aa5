import type { CellColumn } from './batch.ts';
import type { ColumnStore, NameStore, NumberStore, TextStore, TimeStore } from './stores.ts';

/** Some rows of a batch on their way into a column. Loops are written out: this is where 100,000 rows pass through. */
export interface CellWrite {
  /** First row of the batch. */
  from: number;
  count: number;
  /** The table's row of each, by position from `from` on; -1 for those that are not to be written. */
  targets: Int32Array;
  /** The table's id of every text id of the batch. */
  texts: readonly number[];
  /** By row of the table: `changed` is set where a cell differed. */
  flags: Uint8Array;
  changed: number;
  /** Called before a cell is overwritten by another value; null when nobody wants to know. */
  remember: ((row: number) => void) | null;
}

/** Writes what differs. Returns false when the batch's column is of another type than the store. */
export function writeCells(store: ColumnStore, cells: CellColumn | undefined, write: CellWrite): boolean {
  if (cells?.type === 'text' && store.type === 'text') writeTexts(store, cells.ids, write);
  else if (cells?.type === 'number' && store.type === 'number') writeNumbers(store, cells.values, write);
  else if (cells?.type === 'time' && store.type === 'time') writeTimes(store, cells.seconds, write);
  else if (cells?.type === 'name' && store.type === 'name') writeNames(store, cells, write);
  else return false;
  return true;
}

function writeTexts(store: TextStore, from: Uint32Array, write: CellWrite): void {
  const { targets, texts, flags, changed, remember } = write;
  const { ids } = store;
  for (let at = 0; at < write.count; at++) {
    const row = targets[at] as number;
    if (row === -1) continue;
    const id = texts[from[write.from + at] as number] as number;
    if (ids[row] === id) continue;
    remember?.(row);
    ids[row] = id;
    flags[row] = (flags[row] as number) | changed;
  }
}

function writeNumbers(store: NumberStore, from: Float64Array, write: CellWrite): void {
  const { targets, flags, changed, remember } = write;
  let { values } = store;
  for (let at = 0; at < write.count; at++) {
    const row = targets[at] as number;
    if (row === -1) continue;
    const value = from[write.from + at] as number;
    const known = values[row] as number;
    if (known === value || (Number.isNaN(known) && Number.isNaN(value))) continue;
    if (values instanceof Float32Array && !Object.is(Math.fround(value), value)) {
      store.widen();
      values = store.values;
    }
    remember?.(row);
    values[row] = value;
    flags[row] = (flags[row] as number) | changed;
  }
}

function writeTimes(store: TimeStore, from: Uint32Array, write: CellWrite): void {
  const { targets, flags, changed, remember } = write;
  const { seconds } = store;
  for (let at = 0; at < write.count; at++) {
    const row = targets[at] as number;
    if (row === -1) continue;
    const value = from[write.from + at] as number;
    if (seconds[row] === value) continue;
    remember?.(row);
    seconds[row] = value;
    flags[row] = (flags[row] as number) | changed;
  }
}

function writeNames(store: NameStore, cells: Extract<CellColumn, { type: 'name' }>, write: CellWrite): void {
  const { targets, flags, changed, remember } = write;
  const { bytes, ends } = cells;
  let begin = write.from === 0 ? 0 : (ends[write.from - 1] as number);
  if (write.count > 256) store.reserve((ends[write.from + write.count - 1] as number) - begin);
  for (let at = 0; at < write.count; at++) {
    const end = ends[write.from + at] as number;
    const row = targets[at] as number;
    if (row !== -1 && !store.equals(row, bytes, begin, end)) {
      remember?.(row);
      store.write(row, bytes, begin, end);
      flags[row] = (flags[row] as number) | changed;
    }
    begin = end;
  }
}

/** Makes a cell absent. */
export function clearCell(store: ColumnStore, row: number): void {
  if (store.type === 'text') store.ids[row] = 0;
  else if (store.type === 'number') store.values[row] = Number.NaN;
  else if (store.type === 'time') store.seconds[row] = 0;
  else store.clear(row);
}
