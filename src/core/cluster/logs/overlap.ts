/** Two streams of a container's log (stdout and stderr) may be written out of order by this much. Milliseconds. */
export const disorderMs = 5;
/** Lines after which those that are too old to come again are forgotten. */
const tidyEvery = 1024;

/**
 * Tells the lines of a stream that was taken up again from those that were read before: the API server is asked for
 * whole seconds, so that up to a second comes twice.
 */
export class Overlap {
  #newest = Number.NEGATIVE_INFINITY;
  #at: number[] = [];
  #text: string[] = [];
  /** Lines that were read, by time and text, that may come again; undefined once they are passed. */
  #known: Map<string, number> | undefined;
  #until = 0;

  /** Time of the newest line, milliseconds; undefined before the first. */
  get newest(): number | undefined {
    return this.#newest === Number.NEGATIVE_INFINITY ? undefined : this.#newest;
  }

  /** A stream begins that may repeat what was read. */
  begin(): void {
    if (this.newest === undefined) return;
    this.#tidy();
    this.#known = new Map();
    this.#until = this.#newest;
    for (let index = 0; index < this.#at.length; index++) {
      const key = `${this.#at[index]} ${this.#text[index]}`;
      this.#known.set(key, (this.#known.get(key) ?? 0) + 1);
    }
  }

  /** Whether the line is new; one that is counts as read. */
  accepts(at: number, text: string): boolean {
    if (this.#known !== undefined) {
      if (at < this.#until - disorderMs) return false;
      if (at > this.#until + disorderMs) this.#known = undefined;
      else {
        const key = `${at} ${text}`;
        const times = this.#known.get(key) ?? 0;
        if (times > 0) {
          this.#known.set(key, times - 1);
          return false;
        }
      }
    }
    if (at > this.#newest) this.#newest = at;
    this.#at.push(at);
    if (this.#text.push(text) % tidyEvery === 0) this.#tidy();
    return true;
  }

  #tidy(): void {
    const oldest = this.#newest - disorderMs;
    const kept: number[] = [];
    const texts: string[] = [];
    for (let index = 0; index < this.#at.length; index++) {
      const at = this.#at[index] as number;
      if (at < oldest) continue;
      kept.push(at);
      texts.push(this.#text[index] as string);
    }
    this.#at = kept;
    this.#text = texts;
  }
}
