import type { Clock } from './clock.ts';
import type { LiveState } from './contract.ts';
import { isSame } from './diff.ts';
import type { Disposable } from './disposable.ts';

export interface LostLimits {
  /** How long, and of how many lives, the last state is kept for a client that lost its port. */
  resumeMs: number;
  resumeCount: number;
}

/** What clients had of their lives when they lost their port, for a while, by revision. */
export class LostLives implements Disposable {
  readonly #clock: Clock;
  readonly #limits: LostLimits;
  readonly #kept = new Map<number, { life: LostLife; expiry: Disposable }>();

  constructor(clock: Clock, limits: LostLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  keep(life: LostLife): void {
    const { rev } = life.state;
    this.#kept.set(rev, { life, expiry: this.#clock.after(this.#limits.resumeMs, () => this.#forget(rev)) });
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > this.#limits.resumeCount && oldest.done !== true) this.#forget(oldest.value);
  }

  /** The state that the client has, when it asks for the same as before. */
  take(rev: number, asked: Omit<LostLife, 'state'>): LiveState<unknown, { key: string }> | undefined {
    const life = this.#kept.get(rev)?.life;
    if (life === undefined || life.address !== asked.address || life.principal !== asked.principal) return undefined;
    if (!isSame(life.input, asked.input)) return undefined;
    this.#forget(rev);
    return life.state;
  }

  /** Forgets all of them; more may come. */
  dispose(): void {
    for (const rev of [...this.#kept.keys()]) this.#forget(rev);
  }

  #forget(rev: number): void {
    this.#kept.get(rev)?.expiry.dispose();
    this.#kept.delete(rev);
  }
}

interface LostLife {
  address: string;
  input: unknown;
  principal: string;
  state: LiveState<unknown, { key: string }>;
}
