import type { ChangeReader } from './changeLog.ts';
import { isBurst, SortedRows } from './sortedRows.ts';
import { sortByNames } from './sorting.ts';
import type { Table } from './table.ts';

/**
 * All rows of a table by name, namespace, cluster. Every view starts from it: what is filtered out of it is in order
 * already, and sorting it stably by another column gives the tie-break for nothing. Made when first asked for.
 */
export class NameOrder {
  readonly #table: Table;
  readonly #sorted = new SortedRows();
  #changes: ChangeReader | undefined;

  constructor(table: Table) {
    this.#table = table;
  }

  current(): { rows: Uint32Array; count: number } {
    if (this.#changes === undefined) {
      this.#changes = this.#table.membership.reader();
      this.#rebuild();
    } else if (this.#changes.pending > 0) {
      const changed = this.#changes.take();
      if (changed === null || isBurst(changed.length, this.#table.count)) this.#rebuild();
      else this.#patch(changed);
    }
    return this.#sorted;
  }

  bytes(): number {
    return this.#changes === undefined ? 0 : this.#sorted.bytes();
  }

  #patch(changed: Uint32Array): void {
    const members: number[] = [];
    for (const row of changed) if (this.#table.has(row)) members.push(row);
    this.#sorted.patch(changed, members, (a, b) => this.#table.compareNames(a, b));
  }

  #rebuild(): void {
    const table = this.#table;
    this.#sorted.reset(table.count);
    const rows = this.#sorted.rows;
    let count = 0;
    for (let row = 0; row < table.limit; row++) if (table.has(row)) rows[count++] = row;
    sortByNames(rows, count, table.names, (a, b) => table.compareNames(a, b));
    this.#sorted.count = count;
  }
}
