import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GridRow } from './model.ts';
import { chooseWindow, RowMemory, windowLimit, windowReserve } from './windowing.ts';

const row = (key: string): GridRow => ({ key, cells: [key] });
const rows = (from: number, count: number) => Array.from({ length: count }, (_, place) => row(`r${from + place}`));

describe('chooseWindow', () => {
  it('starts at the top with room below what is visible', () => {
    expect(chooseWindow(undefined, { first: 0, end: 30 }, 1000)).toEqual({ offset: 0, limit: 150 });
  });

  it('keeps the window while it covers what is visible with some reserve', () => {
    const current = { offset: 100, limit: 200 };
    expect(chooseWindow(current, { first: 140, end: 180 }, 1000)).toBe(current);
    expect(chooseWindow(current, { first: 139, end: 180 }, 1000)).not.toBe(current);
    expect(chooseWindow(current, { first: 200, end: 261 }, 1000)).not.toBe(current);
  });

  it('asks for nothing more at the ends of the list', () => {
    const top = { offset: 0, limit: 100 };
    expect(chooseWindow(top, { first: 0, end: 40 }, 60)).toBe(top);
    const bottom = { offset: 900, limit: 150 };
    expect(chooseWindow(bottom, { first: 960, end: 1000 }, 1000)).toBe(bottom);
  });

  it('always covers what is visible, with the reserve or up to the end, and never asks for more than a request takes', () => {
    fc.assert(
      fc.property(
        fc.nat(200_000),
        fc.nat(120),
        fc.nat(200_000),
        fc.option(fc.record({ offset: fc.nat(200_000), limit: fc.integer({ min: 1, max: windowLimit }) }), {
          nil: undefined,
        }),
        (first, size, total, current) => {
          const visible = { first: Math.min(first, total), end: Math.min(first + size, total) };
          const range = chooseWindow(current, visible, total);
          expect(range.limit).toBeGreaterThan(0);
          expect(range.limit).toBeLessThanOrEqual(windowLimit);
          expect(range.offset).toBeLessThanOrEqual(
            Math.max(0, visible.first - (range.offset === 0 ? 0 : windowReserve)),
          );
          expect(range.offset + range.limit).toBeGreaterThanOrEqual(Math.min(total, visible.end + windowReserve));
        },
      ),
    );
  });
});

describe('RowMemory', () => {
  it('keeps rows of earlier windows until newer ones stand at their place', () => {
    const memory = new RowMemory<GridRow>();
    memory.accept({ offset: 0, rows: rows(0, 100) }, 1000);
    memory.accept({ offset: 100, rows: rows(100, 100) }, 1000);
    expect(memory.at(50)?.key).toBe('r50');
    memory.accept({ offset: 50, rows: [row('new')] }, 1000);
    expect(memory.at(50)?.key).toBe('new');
    expect(memory.at(51)?.key).toBe('r51');
  });

  it('forgets what is beyond the list and the oldest rows beyond its capacity', () => {
    const memory = new RowMemory<GridRow>(150);
    memory.accept({ offset: 0, rows: rows(0, 100) }, 1000);
    memory.accept({ offset: 100, rows: rows(100, 100) }, 1000);
    expect(memory.at(0)).toBeUndefined();
    expect(memory.at(199)?.key).toBe('r199');
    memory.accept({ offset: 100, rows: rows(100, 20) }, 120);
    expect(memory.at(150)).toBeUndefined();
  });

  it('keeps the object of a row that says the same', () => {
    const memory = new RowMemory<GridRow & { tone: string }>();
    const first = { key: 'a', cells: ['a', 1], tone: 'healthy' };
    memory.accept({ offset: 0, rows: [first] }, 1);
    memory.accept({ offset: 0, rows: [{ key: 'a', cells: ['a', 1], tone: 'healthy' }] }, 1);
    expect(memory.at(0)).toBe(first);
    memory.accept({ offset: 0, rows: [{ key: 'a', cells: ['a', 1], tone: 'failed' }] }, 1);
    expect(memory.at(0)?.tone).toBe('failed');
  });

  it('tells holes in a range', () => {
    const memory = new RowMemory<GridRow>();
    memory.accept({ offset: 10, rows: rows(10, 5) }, 100);
    expect(memory.range(14, 10)).toEqual({ rows: rows(10, 5), complete: true });
    expect(memory.range(13, 16)).toEqual({ rows: rows(13, 2), complete: false });
    expect(memory.indexOf('r12')).toBe(12);
    expect(memory.indexOf('r99')).toBe(-1);
  });
});
