/** Row numbers in some total order, changed by taking rows out and putting rows in. */
export class SortedRows {
  rows = new Uint32Array(16);
  count = 0;
  /** One byte a row, for the duration of a patch. */
  #marks = new Uint8Array(16);

  /** Makes room for that many rows; what is in it is lost. */
  reset(capacity: number): void {
    if (this.rows.length < capacity) this.rows = new Uint32Array(capacity + (capacity >>> 3));
    this.count = 0;
  }

  /**
   * Puts rows at their new places.
   * @param changed rows that may have moved, gone or come
   * @param members those of them that belong here now; sorted in place
   * @param compare a total order, by the rows' current cells
   */
  patch(changed: Uint32Array, members: number[], compare: (a: number, b: number) => number): void {
    let highest = 0;
    for (const row of changed) if (row > highest) highest = row;
    if (this.#marks.length <= highest) this.#marks = new Uint8Array(highest + 1 + (highest >>> 2));
    const marks = this.#marks;
    for (const row of changed) marks[row] = 1;
    const size = marks.length;
    let kept = 0;
    for (let at = 0; at < this.count; at++) {
      const row = this.rows[at] as number;
      if (row < size && marks[row] === 1) continue;
      this.rows[kept++] = row;
    }
    for (const row of changed) marks[row] = 0;
    members.sort(compare);
    this.#insert(members, kept, compare);
  }

  /** From the last to the first, so that every row moves once. */
  #insert(members: readonly number[], kept: number, compare: (a: number, b: number) => number): void {
    const total = kept + members.length;
    if (total > this.rows.length) {
      const larger = new Uint32Array(total + (total >>> 2));
      larger.set(this.rows.subarray(0, kept));
      this.rows = larger;
    }
    const rows = this.rows;
    let end = kept;
    for (let left = members.length; left > 0; left--) {
      const row = members[left - 1] as number;
      let low = 0;
      let high = end;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (compare(rows[middle] as number, row) < 0) low = middle + 1;
        else high = middle;
      }
      rows.copyWithin(low + left, low, end);
      rows[low + left - 1] = row;
      end = low;
    }
    this.count = total;
  }

  bytes(): number {
    return this.rows.byteLength + this.#marks.byteLength;
  }
}

/** When more than this share of the rows changed, sorting all again is faster than placing them. */
export function isBurst(changed: number, rows: number): boolean {
  return changed > 256 && changed * 8 > rows;
}
