import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import type { LogLines } from './contract.ts';

/** Lines wait this long for older ones of other containers. Milliseconds. */
const windowMs = 60;
/** While a container's past is read, lines wait for it up to this. Milliseconds. */
const longestWaitMs = 2000;
/** Lines that wait at most; then they go on as they are. */
const mostWaiting = 50_000;
/** Lines and characters that go out together. */
const batchLines = 2000;
const batchCharacters = 128 * 1024;

/**
 * Puts the lines of several containers into the order of their times. A line waits a moment for older ones of others; while
 * a past is being read, for that past's end.
 */
export class Merge implements Disposable {
  readonly #clock: Clock;
  readonly #emit: (lines: LogLines) => void;
  #waiting = emptyLines();
  /** Lines that have waited for a whole window. */
  #ripe = 0;
  /** Where the waiting ones stop to be in order of time. */
  #ordered = true;
  /** Sources whose past is being read, with when that began. */
  readonly #behind = new Map<number, number>();
  /** Sources there have been: one alone waits for nobody. */
  readonly #begun = new Set<number>();
  #timer: Disposable | undefined;

  constructor(clock: Clock, emit: (lines: LogLines) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  /** A source's past is being read. */
  begin(source: number): void {
    this.#begun.add(source);
    this.#behind.set(source, this.#clock.steady());
  }

  /** A source's past has been read. */
  caughtUp(source: number): void {
    this.#behind.delete(source);
  }

  add(source: number, at: number, severity: number, text: string): void {
    const { at: times } = this.#waiting;
    if (times.length > 0 && (times[times.length - 1] as number) > at) this.#ordered = false;
    this.#waiting.source.push(source);
    times.push(at);
    this.#waiting.severity.push(severity);
    this.#waiting.text.push(text);
    if (times.length >= mostWaiting) this.flush();
    else this.#timer ??= this.#clock.after(windowMs, () => this.#turn());
  }

  /** Lets everything go. */
  flush(): void {
    this.#release(this.#waiting.at.length);
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#waiting = emptyLines();
  }

  #turn(): void {
    this.#timer = undefined;
    const count = this.#waiting.at.length;
    if (count === 0) return;
    const latest = this.#clock.steady() - longestWaitMs;
    for (const [source, since] of this.#behind) if (since < latest) this.#behind.delete(source);
    if (this.#behind.size === 0 || this.#begun.size < 2) this.#release(this.#ripe);
    this.#ripe = this.#waiting.at.length;
    if (this.#ripe > 0) this.#timer = this.#clock.after(windowMs, () => this.#turn());
  }

  /** Lets the first `ripe` lines go, and those behind them that are not newer than the newest of them. */
  #release(ripe: number): void {
    if (ripe === 0) return;
    const { source, at, severity, text } = this.#waiting;
    const order = Array.from({ length: at.length }, (_, index) => index);
    if (!this.#ordered) order.sort((a, b) => (at[a] as number) - (at[b] as number) || a - b);
    let newest = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < ripe; index++) newest = Math.max(newest, at[index] as number);
    let count = order.length;
    while (count > 0 && (at[order[count - 1] as number] as number) > newest) count--;
    let batch = emptyLines();
    let characters = 0;
    for (let place = 0; place < count; place++) {
      const index = order[place] as number;
      const line = text[index] as string;
      batch.source.push(source[index] as number);
      batch.at.push(at[index] as number);
      batch.severity.push(severity[index] as number);
      batch.text.push(line);
      characters += line.length;
      if (batch.at.length < batchLines && characters < batchCharacters) continue;
      this.#emit(batch);
      batch = emptyLines();
      characters = 0;
    }
    if (batch.at.length > 0) this.#emit(batch);
    const left = emptyLines();
    for (let place = count; place < order.length; place++) {
      const index = order[place] as number;
      left.source.push(source[index] as number);
      left.at.push(at[index] as number);
      left.severity.push(severity[index] as number);
      left.text.push(text[index] as string);
    }
    this.#waiting = left;
    this.#ordered = true;
    this.#ripe = 0;
  }
}

export function emptyLines(): LogLines {
  return { source: [], at: [], severity: [], text: [] };
}
