import type { Clock } from '../../kernel/clock.ts';
import { toDisposable } from '../../kernel/disposable.ts';

/**
 * Lets a limited number of tasks begin at a time, in the order of arrival: each keeps its slot until it is done, and no
 * longer than `holdMs`. A waiting task leaves when its signal aborts.
 */
export interface Slots {
  take<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createSlots(count: number, options: { clock: Clock; holdMs: number }): Slots {
  let free = count;
  const waiting: (() => void)[] = [];

  const enter = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      if (free > 0) {
        free--;
        return resolve();
      }
      const go = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(go), 1);
        reject(signal.reason);
      };
      waiting.push(go);
      signal.addEventListener('abort', leave, { once: true });
    });

  return {
    async take(task, signal) {
      await enter(signal);
      const slot = toDisposable(() => {
        const next = waiting.shift();
        if (next === undefined) free++;
        else next();
      });
      const timer = options.clock.after(options.holdMs, () => slot.dispose());
      try {
        return await task();
      } finally {
        timer.dispose();
        slot.dispose();
      }
    },
  };
}
