/** A cell as it travels: what it means is the column's business. */
export type GridCell = string | number | null;

/** A row of a window. `key` is the same for the same thing in every window. */
export interface GridRow {
  readonly key: string;
  /** Aligned with the grid's columns as the server sent them. */
  readonly cells: readonly GridCell[];
}

export interface GridColumn {
  id: string;
  title: string;
  /** Numbers, quantities and ages stand right. */
  align: 'start' | 'end';
  /** CSS pixels. */
  width: number;
  /** Gives way when there is too little room. */
  shrinks?: boolean | undefined;
  /** Shown as the header's tooltip. */
  description?: string | undefined;
  sortable?: boolean | undefined;
}

export interface SortKey {
  column: string;
  descending: boolean;
}

/** Part of a long list: rows `offset` to `offset + rows.length` of it. */
export interface GridWindow<R extends GridRow> {
  offset: number;
  rows: readonly R[];
}

export interface RowRange {
  offset: number;
  limit: number;
}

/** Heights in CSS pixels by density. */
export const rowHeights = { compact: 28, comfortable: 36 } as const;
