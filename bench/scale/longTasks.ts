import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * The longest time that this thread's event loop was kept from its timers, from now on: how long somebody who asks
 * something may have to wait. A timer of 1 ms is always due, so what it is late by is the task before it.
 */
export function watchTasks(): { longestMs(): number; stop(): void } {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  return { longestMs: () => delay.max / 1e6, stop: () => delay.disable() };
}
