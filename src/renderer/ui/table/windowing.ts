import type { GridRow, GridWindow, RowRange } from './model.ts';

/** Windows start and end at multiples of this many rows, so that small scrolls ask for nothing new. */
export const windowStep = 50;
/** Rows that are asked for beyond each edge of what is visible: at 28 px three screens of 900 px on each side. */
export const windowMargin = 100;
/** When fewer rows than this are left between the visible ones and the window's edge, the next window is asked for. */
export const windowReserve = 40;
/** What one request may ask for (the contract's limit). */
export const windowLimit = 1000;

export interface VisibleRange {
  /** First visible row. */
  first: number;
  /** One after the last visible row. */
  end: number;
}

/**
 * The window to ask for, given the rows that are visible. Returns `current` itself (same object) while that still
 * covers them with some reserve, so that it can be compared by identity.
 */
export function chooseWindow(current: RowRange | undefined, visible: VisibleRange, total: number): RowRange {
  const end = Math.min(Math.max(visible.end, visible.first), total);
  const first = Math.max(0, Math.min(visible.first, end));
  if (current !== undefined && covers(current, first, end, total)) return current;
  const offset = Math.max(0, Math.floor((first - windowMargin) / windowStep) * windowStep);
  const wanted = Math.ceil((visible.end + windowMargin) / windowStep) * windowStep - offset;
  return { offset, limit: Math.min(windowLimit, Math.max(windowStep * 2, wanted)) };
}

function covers(range: RowRange, first: number, end: number, total: number): boolean {
  const rangeEnd = range.offset + range.limit;
  const startsInside = range.offset === 0 || range.offset <= first - windowReserve;
  const endsInside = rangeEnd >= total || rangeEnd >= end + windowReserve;
  return startsInside && endsInside && first >= range.offset && end <= Math.max(rangeEnd, range.offset);
}

/**
 * Rows by their place in the list: the newest window, and what earlier windows of the same list showed, so that
 * scrolling back and forth is never blank. Earlier rows may be old; they are replaced as soon as their window arrives.
 */
export class RowMemory<R extends GridRow> {
  readonly #capacity: number;
  readonly #rows = new Map<number, R>();
  #window: GridWindow<R> = { offset: 0, rows: [] };

  constructor(capacity = 3000) {
    this.#capacity = capacity;
  }

  get window(): GridWindow<R> {
    return this.#window;
  }

  /** Takes a window. Nothing beyond `total` is kept. */
  accept(window: GridWindow<R>, total: number): void {
    this.#window = window;
    window.rows.forEach((row, place) => {
      const index = window.offset + place;
      const before = this.#rows.get(index);
      // Deleting first moves the entry to the end of the map's order, which is what eviction goes by.
      this.#rows.delete(index);
      // A row that says the same stays the same object, so that it is not drawn again.
      this.#rows.set(index, before !== undefined && saysTheSame(before, row) ? before : row);
    });
    for (const index of this.#rows.keys()) if (index >= total) this.#rows.delete(index);
    for (const index of this.#rows.keys()) {
      if (this.#rows.size <= this.#capacity) break;
      this.#rows.delete(index);
    }
  }

  clear(): void {
    this.#rows.clear();
    this.#window = { offset: 0, rows: [] };
  }

  at(index: number): R | undefined {
    return this.#rows.get(index);
  }

  /** Place of a row in the newest window, or -1. */
  indexOf(key: string): number {
    const place = this.#window.rows.findIndex((row) => row.key === key);
    return place < 0 ? -1 : this.#window.offset + place;
  }

  /** Known rows of a range, with holes left out; `complete` is false when there are holes. */
  range(from: number, to: number): { rows: R[]; complete: boolean } {
    const rows: R[] = [];
    let complete = true;
    for (let index = Math.min(from, to); index <= Math.max(from, to); index++) {
      const row = this.#rows.get(index);
      if (row === undefined) complete = false;
      else rows.push(row);
    }
    return { rows, complete };
  }
}

/** Whether two rows have the same cells and the same everything else; neither is nested deeper. */
function saysTheSame(a: GridRow, b: GridRow): boolean {
  if (a === b) return true;
  if (a.key !== b.key || a.cells.length !== b.cells.length) return false;
  for (let place = 0; place < a.cells.length; place++) if (a.cells[place] !== b.cells[place]) return false;
  const [before, after] = [Object.entries(a), new Map(Object.entries(b))];
  return before.length === after.size && before.every(([name, value]) => name === 'cells' || after.get(name) === value);
}
