import type { Table } from './table.ts';

/** A cell as a value: numbers and instants (milliseconds since the epoch) are numbers, absent is null. */
export type CellValue = string | number | null;

export interface CellChange {
  /** Index in the table's columns. */
  column: number;
  before: CellValue;
}

/**
 * Why a row changed: a watch event, a complete list, a snapshot from an earlier session, or that the engine dropped
 * what it knew (the cluster was removed), which says nothing about the object.
 */
export type ChangeCause = 'watch' | 'list' | 'snapshot' | 'forgotten';

/**
 * Is told of every row, synchronously while a message is applied; it may read cells, and must not apply messages.
 * Within one batch, several changes of one object are told one after the other.
 */
export interface RowObserver {
  added?(table: Table, row: number, cause: ChangeCause): void;
  /** The row has its new cells; `changes` are the columns that differ. Not called when no cell differs. */
  modified?(table: Table, row: number, changes: readonly CellChange[], cause: ChangeCause): void;
  /** The cells are still readable during the call. */
  deleted?(table: Table, row: number, cause: ChangeCause): void;
}

/** The observers of all tables; shared by them, so that one subscription covers kinds that come later. */
export class Observers {
  list: readonly RowObserver[] = [];

  get any(): boolean {
    return this.list.length > 0;
  }
}
