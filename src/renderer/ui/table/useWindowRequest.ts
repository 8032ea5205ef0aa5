import { useEffect, useRef } from 'react';
import type { RowRange } from './model.ts';
import { chooseWindow, type VisibleRange } from './windowing.ts';

/** While someone drags the scroll bar, a window is asked for this often at most. Milliseconds. */
const requestPeriodMs = 60;

/** Asks for another window when the visible rows come near the edge of the one asked for last. */
export function useWindowRequest(options: {
  list: string;
  total: number;
  visible: VisibleRange;
  onWindow(range: RowRange): void;
}): void {
  const { list, total, onWindow } = options;
  const { first, end } = options.visible;
  const asked = useRef<{ list: string; range: RowRange; at: number } | undefined>(undefined);

  useEffect(() => {
    const before = asked.current?.list === list ? asked.current : undefined;
    const range = chooseWindow(before?.range, { first, end }, Math.max(total, end));
    if (range === before?.range) return;
    const ask = () => {
      asked.current = { list, range, at: performance.now() };
      onWindow(range);
    };
    const wait = before === undefined ? 0 : before.at + requestPeriodMs - performance.now();
    if (wait <= 0) {
      ask();
      return;
    }
    const timer = setTimeout(ask, wait);
    return () => clearTimeout(timer);
  }, [list, total, first, end, onWindow]);
}
