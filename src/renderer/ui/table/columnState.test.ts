import { describe, expect, it } from 'vitest';
import { clampWidth, fitWidths, moveColumn, toggleColumn, toggleSort, visibleColumns } from './columnState.ts';

const offered = [
  { id: 'name', priority: 0 },
  { id: 'status', priority: 0 },
  { id: 'ip', priority: 1 },
  { id: 'age', priority: 0 },
];

describe('columns', () => {
  it('shows the defaults, or what was chosen of what there still is', () => {
    expect(visibleColumns(offered, {})).toEqual(['name', 'status', 'age']);
    expect(visibleColumns(offered, { columns: ['age', 'gone', 'name', 'age'] })).toEqual(['age', 'name']);
    expect(visibleColumns(offered, { columns: ['gone'] })).toEqual(['name', 'status', 'age']);
  });

  it('moves a column before another one or to the end', () => {
    expect(moveColumn(['a', 'b', 'c'], 'c', 'a')).toEqual(['c', 'a', 'b']);
    expect(moveColumn(['a', 'b', 'c'], 'a', null)).toEqual(['b', 'c', 'a']);
    expect(moveColumn(['a', 'b', 'c'], 'x', 'a')).toEqual(['a', 'b', 'c']);
    expect(moveColumn(['a', 'b', 'c'], 'a', 'x')).toEqual(['a', 'b', 'c']);
  });

  it('shows a column after its neighbour and never hides the last one', () => {
    expect(toggleColumn(['name', 'status', 'age'], 'ip', offered)).toEqual(['name', 'status', 'ip', 'age']);
    expect(toggleColumn(['age'], 'name', offered)).toEqual(['name', 'age']);
    expect(toggleColumn(['name', 'age'], 'age', offered)).toEqual(['name']);
    expect(toggleColumn(['name'], 'name', offered)).toEqual(['name']);
  });
});

describe('toggleSort', () => {
  it('goes from the first direction to the other one to none', () => {
    const first = toggleSort([], 'name', false);
    expect(first).toEqual([{ column: 'name', descending: false }]);
    const second = toggleSort(first, 'name', false);
    expect(second).toEqual([{ column: 'name', descending: true }]);
    expect(toggleSort(second, 'name', false)).toEqual([]);
    expect(toggleSort([], 'restarts', false, true)).toEqual([{ column: 'restarts', descending: true }]);
  });

  it('adds further keys with Shift, turns them at their place, and drops the others without', () => {
    const two = toggleSort([{ column: 'a', descending: false }], 'b', true);
    expect(two.map((key) => key.column)).toEqual(['a', 'b']);
    expect(toggleSort(two, 'a', true)).toEqual([
      { column: 'a', descending: true },
      { column: 'b', descending: false },
    ]);
    expect(toggleSort(two, 'b', false)).toEqual([{ column: 'b', descending: false }]);
  });
});

describe('widths', () => {
  it('gives what is left to the first column', () => {
    expect(
      fitWidths(
        [
          { width: 100, shrinks: true },
          { width: 50, shrinks: false },
        ],
        200,
      ),
    ).toEqual([150, 50]);
  });

  it('gives part of what is left to texts that may be cut', () => {
    const columns = [
      { width: 200, shrinks: true },
      { width: 100, shrinks: true },
      { width: 60, shrinks: false },
    ];
    expect(fitWidths(columns, 400)).toEqual([220, 120, 60]);
    expect(fitWidths(columns, 1360)).toEqual([1150, 150, 60]);
  });

  it('takes what is missing from the columns that give way, down to three quarters', () => {
    const columns = [
      { width: 200, shrinks: true },
      { width: 100, shrinks: true },
      { width: 60, shrinks: false },
    ];
    expect(fitWidths(columns, 330)).toEqual([180, 90, 60]);
    expect(fitWidths(columns, 100)).toEqual([150, 75, 60]);
  });

  it('bounds what a person drags', () => {
    expect(clampWidth(3)).toBe(48);
    expect(clampWidth(5000)).toBe(900);
    expect(clampWidth(100.4)).toBe(100);
  });
});
