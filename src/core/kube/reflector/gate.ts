import type { Clock } from '../../kernel/clock.ts';
import { type Disposable, toDisposable } from '../../kernel/disposable.ts';

interface Waiting {
  priority: number;
  order: number;
  go: () => void;
}

/** Lists that one cluster is asked for at the same time. */
const widthOfLists = 4;
/** As many losses within a second are one loss of them all. */
const herdSize = 4;
const herdWithinMs = 1_000;
/** After a herd: a start a second for five seconds, then ten a second for twenty. */
const slowForMs = 5_000;
const pacedForMs = 25_000;

/**
 * Decides when the watches of one cluster may start: what is on screen first, not all lists at once, and after all
 * connections were lost together not in a herd (F16).
 */
export class Gate {
  readonly #clock: Clock;
  #waiting: Waiting[] = [];
  #order = 0;
  #lists = 0;
  #losses: number[] = [];
  #herdAt = Number.NEGATIVE_INFINITY;
  #nextStartAt = 0;
  #alarm: Disposable | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when the start is allowed, with what must be disposed when the list is complete (or failed). */
  enter(priority: () => number, signal: AbortSignal): Promise<Disposable> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const waiting: Waiting = {
        get priority() {
          return priority();
        },
        order: this.#order++,
        go: () => {
          signal.removeEventListener('abort', abort);
          this.#lists++;
          resolve(
            toDisposable(() => {
              this.#lists--;
              this.#admit();
            }),
          );
        },
      };
      const abort = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.push(waiting);
      this.#admit();
    });
  }

  /** A live stream was torn off. */
  lost(): void {
    const now = this.#clock.steady();
    this.#losses = this.#losses.filter((at) => now - at < herdWithinMs);
    this.#losses.push(now);
    if (this.#losses.length >= herdSize && now - this.#herdAt > slowForMs) {
      this.#herdAt = now;
      this.#nextStartAt = now;
    }
  }

  /** Ends the slow time: the user asked. */
  hurry(): void {
    this.#herdAt = Number.NEGATIVE_INFINITY;
    this.#nextStartAt = 0;
    this.#admit();
  }

  #admit(): void {
    this.#alarm?.dispose();
    this.#alarm = undefined;
    while (this.#waiting.length > 0 && this.#lists < widthOfLists) {
      const now = this.#clock.steady();
      if (now < this.#nextStartAt) {
        this.#alarm = this.#clock.after(this.#nextStartAt - now, () => this.#admit());
        return;
      }
      const since = now - this.#herdAt;
      if (since < pacedForMs) this.#nextStartAt = now + (since < slowForMs ? 1_000 : 100);
      const next = this.#waiting.reduce((best, other) =>
        other.priority < best.priority || (other.priority === best.priority && other.order < best.order) ? other : best,
      );
      this.#waiting = this.#waiting.filter((other) => other !== next);
      next.go();
    }
  }
}
