import type { ObservedTable } from './observed.ts';

/** Rows of one table that are still to be read: what changed, and what was found by a list. */
export interface Pending {
  /** Changed while it was watched: read within moments. */
  readonly soon: Set<number>;
  /** Found, and never read before: 1 by row number. A byte a row, for there may be all of a fleet's rows in it. */
  later: Uint8Array;
  laterCount: number;
  /** Where the search for the next one of those goes on. */
  cursor: number;
}

/** The rows that wait, by table. */
export class PendingRows {
  readonly #tables = new Map<ObservedTable, Pending>();
  /** Rows that were found since this was last set to 0. */
  arrived = 0;

  get tables(): ReadonlyMap<ObservedTable, Pending> {
    return this.#tables;
  }

  get laterCount(): number {
    let count = 0;
    for (const pending of this.#tables.values()) count += pending.laterCount;
    return count;
  }

  addSoon(table: ObservedTable, row: number): void {
    const pending = this.#of(table);
    unmark(pending, row);
    pending.soon.add(row);
  }

  addLater(table: ObservedTable, row: number): void {
    const pending = this.#of(table);
    if (pending.soon.has(row) || pending.later[row] === 1) return;
    if (row >= pending.later.length) {
      const larger = new Uint8Array(Math.max(1_024, row + (row >>> 1)));
      larger.set(pending.later);
      pending.later = larger;
    }
    pending.later[row] = 1;
    pending.laterCount++;
    this.arrived++;
  }

  /** @returns where it waited. */
  delete(table: ObservedTable, row: number): 'soon' | 'later' | null {
    const pending = this.#tables.get(table);
    if (pending === undefined) return null;
    if (pending.soon.delete(row)) return 'soon';
    return unmark(pending, row) ? 'later' : null;
  }

  #of(table: ObservedTable): Pending {
    let pending = this.#tables.get(table);
    if (pending === undefined) {
      pending = { soon: new Set(), later: new Uint8Array(0), laterCount: 0, cursor: 0 };
      this.#tables.set(table, pending);
    }
    return pending;
  }
}

/** @returns whether the row was marked. */
export function unmark(pending: Pending, row: number): boolean {
  if (pending.later[row] !== 1) return false;
  pending.later[row] = 0;
  pending.laterCount--;
  return true;
}
