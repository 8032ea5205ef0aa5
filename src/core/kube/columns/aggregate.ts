import type { Disposable } from '../../kernel/disposable.ts';
import type { Table } from './table.ts';

/** What an aggregate knows of one cluster. */
export interface Totals {
  rows: number;
  /** Sums in the order of the aggregate's columns; absent cells count as 0. */
  sums: number[];
}

export interface AggregateOptions {
  /** Ids of number columns. A column that the kind does not have sums to 0. */
  sums: readonly string[];
  /** Which rows count; it may depend on nothing but the row's cells. All when absent. */
  where?: (table: Table, row: number) => boolean;
}

/**
 * Sums by cluster, kept up with every change by subtracting what a row was and adding what it is. Exact for whole
 * numbers up to 2^53, which counts, bytes and millicores are.
 */
export class Aggregate implements Disposable {
  readonly #table: Table;
  readonly #options: AggregateOptions;
  readonly #byCluster = new Map<number, Totals>();
  readonly #release: (aggregate: Aggregate) => void;

  constructor(table: Table, options: AggregateOptions, release: (aggregate: Aggregate) => void) {
    this.#table = table;
    this.#options = options;
    this.#release = release;
  }

  of(cluster: number): Totals {
    const totals = this.#byCluster.get(cluster);
    return totals ?? { rows: 0, sums: this.#options.sums.map(() => 0) };
  }

  /** Counts a row in (1) or out (-1). Called by the table around every write. */
  count(row: number, sign: 1 | -1): void {
    const { sums, where } = this.#options;
    if (where !== undefined && !where(this.#table, row)) return;
    const cluster = this.#table.clusters[row] as number;
    let totals = this.#byCluster.get(cluster);
    if (totals === undefined) {
      totals = { rows: 0, sums: sums.map(() => 0) };
      this.#byCluster.set(cluster, totals);
    }
    totals.rows += sign;
    for (let at = 0; at < sums.length; at++) {
      const store = this.#table.store(sums[at] as string);
      if (store?.type !== 'number') continue;
      const value = store.values[row] as number;
      if (!Number.isNaN(value)) totals.sums[at] = (totals.sums[at] as number) + sign * value;
    }
  }

  dispose(): void {
    this.#release(this);
  }
}
