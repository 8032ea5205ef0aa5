import type { CellColumn } from './batch.ts';
import { type ColumnStore, longestName, type NameStore, type NumberStore } from './stores.ts';

/** New rows of a table, one behind the other, and the rows of a batch that they are. */
export interface CellAppend {
  /** The table's first row; its cells and those behind it are absent. */
  row: number;
  /** First row of the batch. */
  from: number;
  count: number;
  /** The table's id of every text id of the batch. */
  texts: readonly number[];
}

/** Writes cells where none are, a column at a time: nothing is compared. Returns false where the types differ. */
export function appendCells(store: ColumnStore, cells: CellColumn | undefined, append: CellAppend): boolean {
  const { row, from, count, texts } = append;
  if (cells?.type === 'text' && store.type === 'text') {
    const { ids } = store;
    const source = cells.ids;
    for (let at = 0; at < count; at++) ids[row + at] = texts[source[from + at] as number] as number;
  } else if (cells?.type === 'number' && store.type === 'number') {
    appendNumbers(store, cells.values.subarray(from, from + count), row);
  } else if (cells?.type === 'time' && store.type === 'time') {
    store.seconds.set(cells.seconds.subarray(from, from + count), row);
  } else if (cells?.type === 'name' && store.type === 'name') {
    appendNames(store, cells, append);
  } else return false;
  return true;
}

function appendNumbers(store: NumberStore, values: Float64Array, row: number): void {
  if (store.values instanceof Float32Array) {
    for (const value of values) {
      if (Object.is(Math.fround(value), value) || Number.isNaN(value)) continue;
      store.widen();
      break;
    }
  }
  store.values.set(values, row);
}

function appendNames(store: NameStore, cells: Extract<CellColumn, { type: 'name' }>, append: CellAppend): void {
  const { row, from, count } = append;
  const { bytes, ends } = cells;
  const first = from === 0 ? 0 : (ends[from - 1] as number);
  const last = ends[from + count - 1] as number;
  store.reserve(last - first);
  let begin = first;
  for (let at = 0; at < count; at++) {
    if ((ends[from + at] as number) - begin > longestName) {
      // None that was written by this program; it is cut as any other.
      begin = first;
      for (let each = 0; each < count; each++) {
        const end = ends[from + each] as number;
        store.write(row + each, bytes, begin, end);
        begin = end;
      }
      return;
    }
    begin = ends[from + at] as number;
  }
  store.append(row, bytes.subarray(first, last), ends.subarray(from, from + count), first);
}
