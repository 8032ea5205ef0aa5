import type { Clock } from '../../core/kernel/clock.ts';
import { RateLimit } from '../../core/kernel/rateLimit.ts';

/** Rate limits by who asks. The least recently seen one is forgotten first, so that many callers cost no memory. */
export class Rates {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #limits = new Map<string, RateLimit>();

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
  }

  take(who: string): boolean {
    const limit = this.#limits.get(who) ?? new RateLimit(this.#clock, this.#perSecond, 2 * this.#perSecond);
    this.#limits.delete(who);
    this.#limits.set(who, limit);
    const oldest = this.#limits.keys().next();
    if (this.#limits.size > 1000 && oldest.done !== true) this.#limits.delete(oldest.value);
    return limit.take();
  }
}
