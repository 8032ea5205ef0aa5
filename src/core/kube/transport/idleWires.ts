import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import type { Wire } from './dial.ts';

const most = 16;
const idleMs = 60_000;
/** A pooled connection may die in the moment of its use; what has an effect only goes over a young one. */
const youngMs = 2_000;

interface Idle {
  wire: Wire;
  /** By both clocks: the one stands still while the machine sleeps, the other may be set. */
  since: number;
  steadySince: number;
  /** Of the credentials that it was opened with. */
  generation: number;
}

/** Open connections that nobody uses now. */
export class IdleWires implements Disposable {
  readonly #clock: Clock;
  readonly #sweep: Disposable;
  #idle: Idle[] = [];
  #ended = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#sweep = clock.every(idleMs / 2, () => this.#drop(idleMs));
  }

  /** The one that was used last; undefined when there is none that is fit for the method. */
  take(method: string, generation: number): Wire | undefined {
    const oldestMs = method === 'GET' ? idleMs : youngMs;
    for (let index = this.#idle.length - 1; index >= 0; index--) {
      const idle = this.#idle[index] as Idle;
      if (idle.generation !== generation || this.#ageOf(idle) > oldestMs) continue;
      this.#idle.splice(index, 1);
      if (!idle.wire.closed) return idle.wire;
    }
    return undefined;
  }

  /** Takes it over, and closes it when it cannot be kept. */
  add(wire: Wire, generation: number): void {
    if (this.#ended || wire.closed || this.#idle.length >= most) {
      wire.destroy();
      return;
    }
    const idle: Idle = { wire, since: this.#clock.now(), steadySince: this.#clock.steady(), generation };
    const drop = () => {
      this.#idle = this.#idle.filter((other) => other !== idle);
    };
    // Nothing is expected now: whatever arrives, the connection is not to be trusted with the next exchange.
    wire.onData = () => {
      drop();
      wire.destroy();
    };
    wire.onClose = drop;
    this.#idle.push(idle);
  }

  dispose(): void {
    this.#ended = true;
    this.#sweep.dispose();
    this.#drop(Number.NEGATIVE_INFINITY);
  }

  #ageOf({ since, steadySince }: Idle): number {
    return Math.max(this.#clock.now() - since, this.#clock.steady() - steadySince);
  }

  #drop(olderThanMs: number): void {
    for (const idle of this.#idle) if (this.#ageOf(idle) > olderThanMs) idle.wire.destroy();
    this.#idle = this.#idle.filter((idle) => this.#ageOf(idle) <= olderThanMs);
  }
}
