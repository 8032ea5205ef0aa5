import type { SortKey } from './model.ts';

/** What a person chose for the columns of one kind of list. Absent parts are the defaults. */
export interface ColumnState {
  /** Ids of the visible columns, in order. */
  columns?: readonly string[] | undefined;
  /** CSS pixels by column id. */
  widths?: Readonly<Record<string, number>> | undefined;
}

export const narrowest = 48;
export const widest = 900;

export interface OfferedColumn {
  id: string;
  /** 0 is shown unless someone chose otherwise. */
  priority: number;
}

/** Visible column ids: the chosen ones that still exist, else the defaults in the server's order. */
export function visibleColumns(offered: readonly OfferedColumn[], state: ColumnState): string[] {
  const known = new Set(offered.map((column) => column.id));
  const chosen = state.columns?.filter((id) => known.has(id));
  if (chosen !== undefined && chosen.length > 0) return [...new Set(chosen)];
  return offered.filter((column) => column.priority === 0).map((column) => column.id);
}

/** Moves a column before another one, or to the end. Unknown ids change nothing. */
export function moveColumn(order: readonly string[], id: string, before: string | null): string[] {
  if (!order.includes(id) || id === before) return [...order];
  const rest = order.filter((other) => other !== id);
  const place = before === null ? rest.length : rest.indexOf(before);
  if (place < 0) return [...order];
  return [...rest.slice(0, place), id, ...rest.slice(place)];
}

/** Shows or hides a column. The last visible one stays; a shown one comes after its neighbour in the server's order. */
export function toggleColumn(order: readonly string[], id: string, offered: readonly OfferedColumn[]): string[] {
  if (order.includes(id)) return order.length > 1 ? order.filter((other) => other !== id) : [...order];
  const place = offered.findIndex((column) => column.id === id);
  for (let before = place - 1; before >= 0; before--) {
    const at = order.indexOf(offered[before]?.id ?? '');
    if (at >= 0) return [...order.slice(0, at + 1), id, ...order.slice(at + 1)];
  }
  return [id, ...order];
}

export function clampWidth(width: number, least = narrowest): number {
  return Math.round(Math.min(widest, Math.max(least, width)));
}

/**
 * Sorting after a click on a header: ascending, descending, unsorted. With `add` (Shift) the other keys stay and this
 * one is appended or turned; at most four, as many as a list query takes.
 */
export function toggleSort(sort: readonly SortKey[], column: string, add: boolean, firstDescending = false): SortKey[] {
  const present = sort.find((key) => key.column === column);
  const others = add ? sort.filter((key) => key.column !== column) : [];
  if (present === undefined || (!add && sort.length > 1)) {
    return [...others, { column, descending: firstDescending }].slice(-4);
  }
  if (present.descending !== firstDescending) return others;
  const turned = { column, descending: !firstDescending };
  return add ? sort.map((key) => (key.column === column ? turned : key)) : [turned];
}

export interface FittedColumn {
  width: number;
  /** May be narrower than it would like when there is too little room: text that nobody has given a width. */
  shrinks: boolean;
}

/** How far text columns give way before the grid scrolls sideways. */
const leastShare = 0.75;

/**
 * Widths for a viewport, in whole CSS pixels: what is left over goes to the first column, which holds the names, and in
 * part to other texts; what is missing is taken from the columns that shrink, in proportion, and beyond that the grid scrolls.
 */
export function fitWidths(columns: readonly FittedColumn[], viewport: number): number[] {
  const widths = columns.map((column) => column.width);
  const spare = Math.floor(viewport - widths.reduce((total, width) => total + width, 0));
  if (spare >= 0) {
    let left = spare;
    // Texts that may be cut get some of it first: half of their width again at most.
    const most = columns.reduce(
      (total, column, place) => total + (place > 0 && column.shrinks ? column.width / 2 : 0),
      0,
    );
    const part = most === 0 ? 0 : Math.min(1, spare / 2 / most);
    columns.forEach((column, place) => {
      if (place === 0 || !column.shrinks) return;
      const more = Math.floor((column.width / 2) * part);
      widths[place] = column.width + more;
      left -= more;
    });
    if (widths[0] !== undefined) widths[0] += left;
    return widths;
  }
  const room = columns.reduce((total, column) => total + (column.shrinks ? column.width * (1 - leastShare) : 0), 0);
  if (room === 0 || viewport <= 0) return widths;
  const share = Math.min(1, -spare / room) * (1 - leastShare);
  return columns.map((column) => (column.shrinks ? Math.floor(column.width * (1 - share)) : column.width));
}
