import type { ColumnStore } from '../../../kube/columns/stores.ts';

export type Cell = string | number | null;

/** Puts a value into a column, as tables do. */
export function writeCell(store: ColumnStore, at: number, value: Cell): void {
  switch (store.type) {
    case 'text':
      store.ids[at] = store.dictionary.intern(String(value));
      break;
    case 'name': {
      const bytes = new TextEncoder().encode(String(value));
      store.write(at, bytes, 0, bytes.length);
      break;
    }
    case 'number':
      store.widen();
      store.values[at] = value === null ? Number.NaN : Number(value);
      break;
    case 'time':
      store.seconds[at] = Number(value ?? 0) / 1_000;
  }
}
