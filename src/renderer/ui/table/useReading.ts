import { useRef } from 'react';
import type { GridRow, GridWindow } from './model.ts';
import { holdOrder, type Reading } from './reading.ts';

interface Held<R extends GridRow> {
  list: string;
  window: GridWindow<R>;
  total: number;
}

const nothingGone: ReadonlySet<string> = new Set();

/**
 * What a grid shows of the newest window. While `hold` is set, the order of the rows stays as it was when reading
 * began; another range or another list is always taken as it comes. `release` takes the newest one with the next render.
 */
export function useReading<R extends GridRow>(
  list: string,
  next: GridWindow<R>,
  total: number,
  hold: boolean,
): Reading<R> & { release(): void } {
  const held = useRef<Held<R> | null>(null);
  const before = held.current;
  const release = () => {
    held.current = null;
  };
  const sameRange =
    before !== null && before.list === list && before.window.offset === next.offset && next.rows.length > 0;
  if (!hold || !sameRange || before === null) {
    held.current = { list, window: next, total };
    return { window: next, waiting: 0, gone: nothingGone, release };
  }
  const reading = holdOrder(before.window, next, total - before.total);
  held.current = { list, window: reading.window, total: before.total };
  return { ...reading, release };
}
