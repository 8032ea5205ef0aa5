import type { GridRow, GridWindow } from './model.ts';

/** What is shown while someone reads further down: the order stays as it was, values stay live. */
export interface Reading<R extends GridRow> {
  window: GridWindow<R>;
  /** Rows of the list that appeared since and are not shown yet. */
  waiting: number;
  /** Shown rows that are no longer in the newest window: gone, or sorted elsewhere. */
  gone: ReadonlySet<string>;
}

/**
 * Keeps the order of `shown` while updating its values from `next`. Both windows must be of the same list and range.
 * `grown` is by how many rows the whole list has grown since `shown` was current.
 */
export function holdOrder<R extends GridRow>(shown: GridWindow<R>, next: GridWindow<R>, grown: number): Reading<R> {
  const fresh = new Map(next.rows.map((row) => [row.key, row]));
  const gone = new Set<string>();
  let changed = false;
  const rows = shown.rows.map((row) => {
    const newer = fresh.get(row.key);
    if (newer === undefined) gone.add(row.key);
    else fresh.delete(row.key);
    if (newer !== undefined && newer !== row) changed = true;
    return newer ?? row;
  });
  const arrived = fresh.size;
  // Rows pushed out at the window's end by arrivals before it are not gone: as many as arrived may be missing there.
  if (arrived > 0) {
    let excused = 0;
    for (let place = rows.length - 1; place >= 0 && excused < arrived; place--) {
      const row = rows[place];
      if (row === undefined || !gone.has(row.key)) break;
      gone.delete(row.key);
      excused++;
    }
  }
  return { window: changed ? { offset: shown.offset, rows } : shown, waiting: Math.max(arrived, grown, 0), gone };
}

/** Places of the cells that differ; empty when the row is the same or its columns are others. */
export function changedCells(before: GridRow, after: GridRow): number[] {
  if (before === after || before.cells === after.cells || before.cells.length !== after.cells.length) return [];
  const changed: number[] = [];
  for (let place = 0; place < after.cells.length; place++) {
    if (before.cells[place] !== after.cells[place]) changed.push(place);
  }
  return changed;
}
