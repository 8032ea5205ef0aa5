import type { Clock } from '../../kernel/clock.ts';
import { type Disposable, toDisposable } from '../../kernel/disposable.ts';

interface Alarm {
  at: number;
  order: number;
  period: number | undefined;
  run: () => void;
}

/**
 * A machine's two clocks for a model check. Alarms ring by the steady one, as Node's timers do; `now` is the wall clock,
 * which `jump` sets forward or back, as NTP, a user or a machine that slept does. Nothing waits for real time: after each
 * alarm the event loop takes one turn, so that promises and immediates have run before the next.
 */
export class VirtualClock implements Clock {
  #steady = 0;
  #offset: number;
  #order = 0;
  /** By time, then by order. */
  readonly #alarms: Alarm[] = [];
  /** After each alarm and its turn. */
  onStep: () => void = () => undefined;

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#offset = startMs;
  }

  now(): number {
    return this.#steady + this.#offset;
  }

  /** Milliseconds since the start, whatever is done to the wall clock. */
  steady(): number {
    return this.#steady;
  }

  jump(byMs: number): void {
    this.#offset += byMs;
  }

  after(delayMs: number, run: () => void): Disposable {
    return this.#add({ at: this.#steady + Math.max(0, delayMs), order: this.#order++, period: undefined, run });
  }

  every(periodMs: number, run: () => void): Disposable {
    return this.#add({ at: this.#steady + periodMs, order: this.#order++, period: periodMs, run });
  }

  /** Lets time pass until the condition holds, looked at after each step; false when it never did in that time. */
  async pass(durationMs: number, until: () => boolean = () => false): Promise<boolean> {
    const end = this.#steady + durationMs;
    await turn();
    this.onStep();
    while (!until()) {
      const next = this.#alarms[0];
      if (next === undefined || next.at > end) {
        this.#steady = end;
        return until();
      }
      this.#alarms.shift();
      this.#steady = Math.max(this.#steady, next.at);
      if (next.period !== undefined) {
        next.at += next.period;
        next.order = this.#order++;
        this.#insert(next);
      }
      next.run();
      await turn();
      this.onStep();
    }
    return true;
  }

  #add(alarm: Alarm): Disposable {
    this.#insert(alarm);
    return toDisposable(() => {
      const at = this.#alarms.indexOf(alarm);
      if (at !== -1) this.#alarms.splice(at, 1);
    });
  }

  #insert(alarm: Alarm): void {
    let at = this.#alarms.length;
    while (at > 0 && isLater(this.#alarms[at - 1] as Alarm, alarm)) at--;
    this.#alarms.splice(at, 0, alarm);
  }
}

function isLater(one: Alarm, other: Alarm): boolean {
  return one.at > other.at || (one.at === other.at && one.order > other.order);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
