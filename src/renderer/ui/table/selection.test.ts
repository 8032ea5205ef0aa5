import { describe, expect, it } from 'vitest';
import type { GridRow } from './model.ts';
import { emptySelection, isMarked, markAll, markedCount, markRange, type Selection, toggleMark } from './selection.ts';

const row = (key: string): GridRow => ({ key, cells: [] });
const [a, b, c, d] = [row('a'), row('b'), row('c'), row('d')];
const keys = (selection: Selection) => [...selection.rows.keys()].sort();

describe('selection', () => {
  it('marks and unmarks one row', () => {
    const one = toggleMark<GridRow>(emptySelection, a, 0);
    expect(isMarked(one, 'a')).toBe(true);
    expect(markedCount(one, 4)).toBe(1);
    expect(keys(toggleMark(one, a, 0))).toEqual([]);
  });

  it('lets a range grow and shrink without touching what was marked before it', () => {
    const before = toggleMark<GridRow>(emptySelection, a, 0);
    const long = markRange(before, [b, c, d], 1);
    expect(keys(long)).toEqual(['a', 'b', 'c', 'd']);
    expect(keys(markRange(long, [b], 1))).toEqual(['a', 'b']);
  });

  it('marks all but some of rows that it has never seen', () => {
    const all = markAll<GridRow>(emptySelection);
    expect(markedCount(all, 100_000)).toBe(100_000);
    const but = toggleMark(all, b, 1);
    expect(isMarked(but, 'b')).toBe(false);
    expect(isMarked(but, 'unseen')).toBe(true);
    expect(markedCount(but, 100_000)).toBe(99_999);
    expect(isMarked(markRange(but, [a, b], 0), 'b')).toBe(true);
  });
});
