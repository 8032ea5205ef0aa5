/** How far a server's clock is from this machine's, out of the Date headers of its answers. */
export class ClockSkew {
  #ms: number | undefined;

  /** What to add to this machine's clock; 0 while unknown or within 2 s. */
  get ms(): number {
    return this.#ms === undefined || Math.abs(this.#ms) < 2_000 ? 0 : Math.round(this.#ms);
  }

  note(date: string | undefined, receivedAt: number): void {
    const told = date === undefined ? Number.NaN : Date.parse(date);
    if (Number.isNaN(told)) return;
    // Whole seconds, rounded down: on average half a second more.
    const sample = told + 500 - receivedAt;
    this.#ms = this.#ms === undefined || Math.abs(sample - this.#ms) > 5_000 ? sample : this.#ms * 0.8 + sample * 0.2;
  }
}
