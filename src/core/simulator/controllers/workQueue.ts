import type { Timeline } from '../store/timeline.ts';

/** Runs one piece of work a key, a moment after the first request for it: many changes cost one reconciliation. */
export interface WorkQueue {
  add(key: string, delayMs?: number): void;
}

/** @param defaultDelayMs may depend on whether a past is played through */
export function createWorkQueue(
  timeline: Timeline,
  defaultDelayMs: number | (() => number),
  work: (key: string) => void,
): WorkQueue {
  const pending = new Map<string, { at: number; cancel: () => void }>();
  return {
    add(key, delayMs = typeof defaultDelayMs === 'number' ? defaultDelayMs : defaultDelayMs()) {
      const at = timeline.now() + delayMs;
      const waiting = pending.get(key);
      if (waiting !== undefined) {
        if (waiting.at <= at) return;
        waiting.cancel();
      }
      const timer = timeline.after(delayMs, () => {
        pending.delete(key);
        work(key);
      });
      pending.set(key, { at, cancel: () => timer.dispose() });
    },
  };
}
