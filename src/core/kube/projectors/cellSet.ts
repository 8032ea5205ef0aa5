/** The methods of a builder that write cells which many rows share. */
export interface Cells {
  text(column: number, value: string): void;
  number(column: number, value: number): void;
  time(column: number, seconds: number): void;
}

/** Cells of one row, to be written again and again (BatchBuilder.write). */
export class CellSet implements Cells {
  readonly textColumns: number[] = [];
  readonly texts: string[] = [];
  /** Ids of `texts` in the dictionaries named by `interner`; -1 when they have not been looked up. */
  readonly ids: number[] = [];
  interner = -1;
  readonly numberColumns: number[] = [];
  readonly numbers: number[] = [];
  readonly timeColumns: number[] = [];
  readonly times: number[] = [];

  text(column: number, value: string): void {
    if (value === '') return;
    this.textColumns.push(column);
    this.texts.push(value);
    this.ids.push(0);
  }

  number(column: number, value: number): void {
    this.numberColumns.push(column);
    this.numbers.push(value);
  }

  time(column: number, seconds: number): void {
    this.timeColumns.push(column);
    this.times.push(seconds);
  }
}
