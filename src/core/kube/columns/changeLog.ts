/**
 * The rows that changed, in a ring that every consumer reads at its own pace. Writing costs the same for one consumer
 * and for a hundred; one that fell behind by more than the ring holds is told to look at everything.
 */
export class ChangeLog {
  #ring = new Uint32Array(256);
  /** Changes written since the beginning. */
  #written = 0;

  get written(): number {
    return this.#written;
  }

  push(row: number): void {
    this.#ring[this.#written & (this.#ring.length - 1)] = row;
    this.#written++;
  }

  /** Lets the ring hold about that many changes; what is in it stays readable. */
  reserve(rows: number): void {
    let size = this.#ring.length;
    while (size < rows && size < 32_768) size *= 2;
    if (size === this.#ring.length) return;
    const ring = new Uint32Array(size);
    for (let at = Math.max(0, this.#written - this.#ring.length); at < this.#written; at++) {
      ring[at & (size - 1)] = this.#ring[at & (this.#ring.length - 1)] as number;
    }
    this.#ring = ring;
  }

  /** A consumer that has seen everything up to now, or nothing when `fromStart`. */
  reader(): ChangeReader {
    return new ChangeReader(this);
  }

  /** Rows written from `position` on, repeats included; null when they are no longer known. */
  since(position: number): Uint32Array | null {
    const count = this.#written - position;
    if (count > this.#ring.length) return null;
    const rows = new Uint32Array(count);
    for (let at = 0; at < count; at++) rows[at] = this.#ring[(position + at) & (this.#ring.length - 1)] as number;
    return rows;
  }

  bytes(): number {
    return this.#ring.byteLength;
  }
}

/** One consumer's dirty marks. */
export class ChangeReader {
  readonly #log: ChangeLog;
  #position: number;

  constructor(log: ChangeLog) {
    this.#log = log;
    this.#position = log.written;
  }

  get pending(): number {
    return this.#log.written - this.#position;
  }

  /** The rows that changed since the last call, each once, in no order; null when there were too many to know. */
  take(): Uint32Array | null {
    const rows = this.#log.since(this.#position);
    this.#position = this.#log.written;
    if (rows === null || rows.length < 2) return rows;
    rows.sort();
    let kept = 1;
    for (let at = 1; at < rows.length; at++) {
      if (rows[at] !== rows[at - 1]) rows[kept++] = rows[at] as number;
    }
    return rows.subarray(0, kept);
  }
}
