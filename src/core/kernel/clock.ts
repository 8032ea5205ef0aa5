import { type Disposable, toDisposable } from './disposable.ts';

/** Time as an argument, so that tests decide how fast it passes. All values are milliseconds. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /**
   * Milliseconds from an unknown moment on, for durations: nobody sets it, so that a deadline does not move by a day when
   * `now` does. May stand still while the machine sleeps.
   */
  steady(): number;
  /** Runs once after the delay; disposing cancels. */
  after(delayMs: number, run: () => void): Disposable;
  /** Runs repeatedly; disposing stops. */
  every(periodMs: number, run: () => void): Disposable;
}

/** The machine's clock. Its timers do not keep the process alive: whoever must stay alive holds a socket or a port. */
export const systemClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    unref(timer);
    return toDisposable(() => clearTimeout(timer));
  },
  every(periodMs, run) {
    const timer = setInterval(run, periodMs);
    unref(timer);
    return toDisposable(() => clearInterval(timer));
  },
};

/** Node's timers are objects that can be unreferenced, a browser's are numbers. */
function unref(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref();
}

/** Resolves after the delay, or rejects with the signal's reason when it is aborted first. */
export function sleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const abort = () => {
      timer.dispose();
      reject(signal.reason);
    };
    const timer = clock.after(delayMs, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    signal.addEventListener('abort', abort, { once: true });
  });
}

interface Alarm {
  at: number;
  order: number;
  period: number | undefined;
  run: () => void;
}

/** A clock for tests: time stands still until `advance` moves it, and alarms ring in the order of their times. */
export class FakeClock implements Clock {
  #now: number;
  #order = 0;
  #alarms: Alarm[] = [];

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  steady(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): Disposable {
    return this.#add(delayMs, undefined, run);
  }

  every(periodMs: number, run: () => void): Disposable {
    return this.#add(periodMs, periodMs, run);
  }

  /** Moves time forward and rings every alarm that falls due; microtasks run between alarms. */
  async advance(durationMs: number): Promise<void> {
    const end = this.#now + durationMs;
    for (;;) {
      await settle();
      const next = this.#alarms.filter((alarm) => alarm.at <= end).sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (next === undefined) break;
      this.#now = next.at;
      if (next.period === undefined) this.#alarms = this.#alarms.filter((alarm) => alarm !== next);
      else next.at += next.period;
      next.run();
    }
    this.#now = end;
    await settle();
  }

  #add(delayMs: number, period: number | undefined, run: () => void): Disposable {
    const alarm: Alarm = { at: this.#now + delayMs, order: this.#order++, period, run };
    this.#alarms.push(alarm);
    return toDisposable(() => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm);
    });
  }
}

/** Lets promise chains of a realistic depth finish. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
