import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../kernel/clock.ts';

/** Work of one turn: a frame is 16 ms, and others want their share of it. */
const turnMs = 4;

/** Tells long work when it has had its turn. */
export class Turn {
  readonly #clock: Clock;
  #ends: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#ends = clock.steady() + turnMs;
  }

  /** The work yields now. */
  get isOver(): boolean {
    return this.#clock.steady() >= this.#ends;
  }

  begin(): void {
    this.#ends = this.#clock.steady() + turnMs;
  }
}

/**
 * Runs work that yields whenever its turn is over, and lets everything else that waits happen in between.
 * Rejects with the signal's reason when it is aborted.
 */
export async function inTurns<R>(
  work: (turn: Turn) => Generator<void, R>,
  { clock, signal, pause = setImmediate }: { clock: Clock; signal: AbortSignal; pause?: () => Promise<unknown> },
): Promise<R> {
  const turn = new Turn(clock);
  const steps = work(turn);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await pause();
    signal.throwIfAborted();
    turn.begin();
  }
}
