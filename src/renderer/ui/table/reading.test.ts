import { describe, expect, it } from 'vitest';
import type { GridRow } from './model.ts';
import { changedCells, holdOrder } from './reading.ts';

const row = (key: string, value = 0): GridRow => ({ key, cells: [key, value] });
const order = (rows: readonly GridRow[]) => rows.map((each) => each.key).join('');

describe('holdOrder', () => {
  const shown = { offset: 0, rows: ['a', 'b', 'c', 'd'].map((key) => row(key)) };

  it('keeps the order while values change', () => {
    const reading = holdOrder(shown, { offset: 0, rows: [row('d'), row('b', 7), row('a'), row('c')] }, 0);
    expect(order(reading.window.rows)).toBe('abcd');
    expect(reading.window.rows[1]?.cells).toEqual(['b', 7]);
    expect(reading).toMatchObject({ waiting: 0, gone: new Set() });
  });

  it('counts arrivals, and does not take for gone what they pushed out at the end', () => {
    const reading = holdOrder(shown, { offset: 0, rows: [row('x'), row('a'), row('b'), row('c')] }, 1);
    expect(order(reading.window.rows)).toBe('abcd');
    expect(reading.waiting).toBe(1);
    expect(reading.gone).toEqual(new Set());
  });

  it('tells what is gone', () => {
    const reading = holdOrder(shown, { offset: 0, rows: [row('a'), row('c'), row('d')] }, -1);
    expect(reading.gone).toEqual(new Set(['b']));
    expect(reading.waiting).toBe(0);
  });

  it('is the same window when nothing of it changed', () => {
    expect(holdOrder(shown, { offset: 0, rows: [...shown.rows] }, 0).window).toBe(shown);
  });
});

describe('changedCells', () => {
  it('names the places that differ and nothing for rows of other columns', () => {
    expect(changedCells(row('a', 1), row('a', 2))).toEqual([1]);
    expect(changedCells({ key: 'a', cells: [1] }, { key: 'a', cells: [1, 2] })).toEqual([]);
  });
});
