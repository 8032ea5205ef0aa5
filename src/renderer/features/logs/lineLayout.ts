import type { Line, LogBuffer } from './logBuffer.ts';

/**
 * Where each shown line stands, in rows of text: one a line, or as many as it wraps into. All letters are equally wide,
 * so that this needs no measuring. Follows a buffer that grows and is cut at the front at the cost of what changed.
 */
export class LineLayout {
  /** Row of each line's top; `#tops[length]` is the number of rows. */
  #tops: number[] = [0];
  #columns = 0;
  #generation = -1;
  #trimmed = 0;

  /** Brings it up to date. `columns` is how many letters a row takes; 0 for lines that do not wrap. */
  update(buffer: LogBuffer, columns: number): void {
    const gone = buffer.trimmed - this.#trimmed;
    if (columns !== this.#columns || buffer.generation !== this.#generation) this.#tops = [0];
    else if (gone > 0) {
      const cut = gone < this.#tops.length ? this.#tops.slice(gone) : [0];
      const base = cut[0] ?? 0;
      this.#tops = base === 0 ? cut : cut.map((top) => top - base);
    }
    this.#columns = columns;
    this.#generation = buffer.generation;
    this.#trimmed = buffer.trimmed;
    for (let at = this.#tops.length - 1; at < buffer.shown.length; at++) {
      this.#tops.push((this.#tops[at] as number) + this.#rowsOf(buffer.shown[at] as Line));
    }
  }

  /** Rows of all lines together. */
  get rows(): number {
    return this.#tops[this.#tops.length - 1] as number;
  }

  topOf(place: number): number {
    return this.#tops[Math.min(place, this.#tops.length - 1)] as number;
  }

  /** The lines to draw for that many rows from one on, with so many more around: the first, and one behind the last. */
  window(firstRow: number, rows: number, margin: number): { from: number; to: number } {
    const count = this.#tops.length - 1;
    return {
      from: Math.max(0, this.#placeAt(firstRow) - margin),
      to: Math.min(count, this.#placeAt(firstRow + rows) + 1 + margin),
    };
  }

  #placeAt(row: number): number {
    let low = 0;
    let high = this.#tops.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#tops[middle] as number) <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #rowsOf(line: Line): number {
    return this.#columns === 0 ? 1 : Math.max(1, Math.ceil(line.plain.length / this.#columns));
  }
}
