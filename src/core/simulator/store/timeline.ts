import type { Clock } from '../../kernel/clock.ts';
import { type Disposable, toDisposable } from '../../kernel/disposable.ts';

interface Due {
  at: number;
  order: number;
  run: (() => void) | undefined;
}

/**
 * What will happen, in order of time. First a past is played through as fast as it computes (`playTo`), then the
 * timeline follows a clock (`follow`) with a single timer, however much is due.
 */
export class Timeline implements Disposable {
  #now: number;
  #order = 0;
  readonly #heap: Due[] = [];
  #clock: Clock | undefined;
  #timer: Disposable | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #running = false;
  #disposed = false;

  constructor(startMs: number) {
    this.#now = startMs;
  }

  now(): number {
    if (this.#clock === undefined || this.#running) return this.#now;
    return Math.max(this.#now, this.#clock.now());
  }

  /** Runs once after the delay, milliseconds; disposing cancels. */
  after(delayMs: number, run: () => void): Disposable {
    const due: Due = { at: this.now() + Math.max(0, delayMs), order: this.#order++, run };
    this.#push(due);
    this.#arm();
    return toDisposable(() => {
      due.run = undefined;
    });
  }

  /** Runs repeatedly; disposing stops. */
  every(periodMs: number, run: () => void): Disposable {
    let next = this.after(periodMs, again);
    const timeline = this;
    function again(): void {
      next = timeline.after(periodMs, again);
      run();
    }
    return toDisposable(() => next.dispose());
  }

  /** Whether it follows a clock; otherwise a past is being played through. */
  get live(): boolean {
    return this.#clock !== undefined;
  }

  /** Plays everything that is due up to a moment, and stands there. */
  playTo(endMs: number): void {
    this.#running = true;
    try {
      for (let first = this.#heap[0]; first !== undefined && first.at <= endMs; first = this.#heap[0]) {
        this.#pop();
        if (first.run === undefined) continue;
        this.#now = Math.max(this.#now, first.at);
        first.run();
        if (this.#disposed) return;
      }
      this.#now = Math.max(this.#now, endMs);
    } finally {
      this.#running = false;
    }
  }

  /** From now on time is the clock's. */
  follow(clock: Clock): void {
    this.#clock = clock;
    this.playTo(clock.now());
    this.#arm();
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
    this.#heap.length = 0;
  }

  #arm(): void {
    const first = this.#heap[0];
    if (this.#clock === undefined || this.#running || this.#disposed || first === undefined) return;
    if (first.at >= this.#timerAt) return;
    this.#timer?.dispose();
    this.#timerAt = first.at;
    const clock = this.#clock;
    this.#timer = clock.after(Math.max(0, first.at - clock.now()), () => {
      this.#timerAt = Number.POSITIVE_INFINITY;
      this.playTo(clock.now());
      this.#arm();
    });
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(due);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !before(due, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = due;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      let smaller = heap[child];
      if (smaller === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && before(right, smaller)) {
        smaller = right;
        child++;
      }
      if (!before(smaller, last)) break;
      heap[index] = smaller;
      index = child;
    }
    heap[index] = last;
  }
}

function before(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
