import type { Clock } from '../../kernel/clock.ts';

/** client-go `reflector.go`: 0.8 s doubled up to 30 s, forgotten after two minutes without a failure. */
const firstMs = 800;
const limitMs = 30_000;
const forgetAfterMs = 120_000;

/** Pauses between attempts. Full jitter (0 to the whole of the pause), so that many watches that fail together part. */
export class Backoff {
  readonly #clock: Clock;
  readonly #random: () => number;
  #failures = 0;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Milliseconds to wait before the next attempt. */
  next(): number {
    const now = this.#clock.steady();
    if (now - this.#lastAt > forgetAfterMs) this.#failures = 0;
    const pauseMs = Math.min(firstMs * 2 ** this.#failures, limitMs);
    this.#failures++;
    // The pause itself is no healthy time.
    this.#lastAt = now + pauseMs;
    return Math.round(this.#random() * pauseMs);
  }

  reset(): void {
    this.#failures = 0;
    this.#lastAt = Number.NEGATIVE_INFINITY;
  }
}
