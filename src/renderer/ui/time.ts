import { createContext, useContext, useSyncExternalStore } from 'react';

/** How times are written: the user's preferences, without ui knowing where they are kept. */
export interface TimeStyle {
  /** IANA zone, 'local' or 'UTC'. */
  zone: string;
  style: 'relative' | 'absolute';
}

export const TimeStyleContext = createContext<TimeStyle>({ zone: 'local', style: 'relative' });

/** Milliseconds by which the clock that wrote the times of what is shown here, a cluster's, is ahead of ours. */
export const ClockSkewContext = createContext(0);

export function useTimeStyle(): TimeStyle {
  return useContext(TimeStyleContext);
}

/** One timer for every age on the screen: a thousand rows tick together, and only texts that change are rendered. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const each of [...listeners]) each();
    }, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/**
 * A value of the current time, kept up to date to the second. The component renders only when the value changes, so
 * `derive` should return a text or a number.
 */
export function useTicking<T extends string | number | boolean>(derive: (now: number) => T): T {
  return useSyncExternalStore(subscribe, () => {
    // Nothing ticks before the first subscription, but a value read twice in a row must be the same.
    if (timer === undefined && Date.now() - now > 1000) now = Date.now();
    return derive(now);
  });
}
