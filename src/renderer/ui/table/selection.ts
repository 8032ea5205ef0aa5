import type { GridRow } from './model.ts';

/**
 * Marked rows of a list of which only a window is known: either some, by key, or all but some. The rows themselves
 * come along, as they were when they were marked, so that they can be copied after they have scrolled away.
 */
export interface Selection<R extends GridRow = GridRow> {
  readonly all: boolean;
  /** Marked rows, or with `all` the ones that are not. */
  readonly rows: ReadonlyMap<string, R>;
  /** Where a range starts: the row that was marked last. */
  readonly anchor: number | null;
  /** What was marked before the current range was begun; the range replaces itself while it grows and shrinks. */
  readonly base: ReadonlyMap<string, R>;
}

const noRows: ReadonlyMap<string, never> = new Map<string, never>();
export const emptySelection: Selection<never> = { all: false, rows: noRows, anchor: null, base: noRows };

export function isMarked(selection: Selection<GridRow>, key: string): boolean {
  return selection.all !== selection.rows.has(key);
}

export function markedCount(selection: Selection<GridRow>, total: number): number {
  return selection.all ? Math.max(0, total - selection.rows.size) : selection.rows.size;
}

/** Marks or unmarks one row. */
export function toggleMark<R extends GridRow>(selection: Selection<R>, row: R, index: number): Selection<R> {
  const rows = new Map(selection.rows);
  if (!rows.delete(row.key)) rows.set(row.key, row);
  return { all: selection.all, rows, anchor: index, base: rows };
}

/** Marks `range`, which runs from the anchor to somewhere, besides what was marked before the range was begun. */
export function markRange<R extends GridRow>(
  selection: Selection<R>,
  range: readonly R[],
  anchor: number,
): Selection<R> {
  const rows = new Map(selection.base);
  for (const row of range) {
    if (selection.all) rows.delete(row.key);
    else rows.set(row.key, row);
  }
  return { all: selection.all, rows, anchor, base: selection.base };
}

export function markAll<R extends GridRow>(selection: Selection<R>): Selection<R> {
  return { all: true, rows: new Map(), anchor: selection.anchor, base: new Map() };
}
