import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineLayout } from './lineLayout.ts';
import { everything, LogBuffer, mostLines, patternOf } from './logBuffer.ts';

const lines = (texts: readonly string[], severity = 3, source = 0) => ({
  source: texts.map(() => source),
  at: texts.map((_, index) => index),
  severity: texts.map(() => severity),
  text: [...texts],
});

describe('the lines of a window', () => {
  test('a search keeps its lines, or marks them among the others; what is left out stays out', () => {
    const buffer = new LogBuffer();
    buffer.add(lines(['one', 'Two', 'three two', 'four']));
    buffer.want({ ...everything, find: 'two', exclude: 'three' });
    expect(buffer.shown.map(({ plain }) => plain)).toEqual(['Two']);
    buffer.want({ ...everything, find: 't.*o$', regex: true, only: false });
    expect(buffer.shown).toHaveLength(4);
    expect(buffer.matches).toEqual([1, 2]);
    buffer.add(lines(['to']));
    expect(buffer.matches).toEqual([1, 2, 4]);
    buffer.want({ ...everything, find: '(', regex: true });
    expect(buffer.problem).toMatch(/Unterminated/);
    expect(buffer.shown).toHaveLength(5);
  });

  test('hidden severities and sources; notes are always there', () => {
    const buffer = new LogBuffer();
    buffer.add(lines(['a', 'b'], 5, 1));
    buffer.add(lines(['c'], 3, 2));
    buffer.note(9, 'a gap');
    buffer.want({ ...everything, hiddenSeverities: new Set([5]) });
    expect(buffer.shown.map(({ text }) => text)).toEqual(['c', 'a gap']);
    buffer.want({ ...everything, hiddenSources: new Set([2]) });
    expect(buffer.shown.map(({ text }) => text)).toEqual(['a', 'b', 'a gap']);
    expect(buffer.counts[5]).toBe(2);
  });

  test('a search finds what is shown: without colours, JSON as it is read', () => {
    const buffer = new LogBuffer();
    buffer.add(lines(['\u001b[31mre\u001b[0md', '{"msg":"hello","a":1}']));
    buffer.want({ ...everything, find: 'red' });
    expect(buffer.shown).toHaveLength(1);
    buffer.want({ ...everything, find: 'hello  a=1' });
    expect(buffer.shown).toHaveLength(1);
    buffer.want({ ...everything, find: '"msg"', readable: false });
    expect(buffer.shown).toHaveLength(1);
  });

  test('older lines go, and are counted', () => {
    const buffer = new LogBuffer();
    const chunk = Array.from({ length: 1000 }, (_, index) => `line ${index}`);
    buffer.want({ ...everything, find: 'line 9', only: false });
    for (let turn = 0; turn < 60; turn++) buffer.add(lines(chunk));
    expect(buffer.size).toBeLessThanOrEqual(mostLines + 5000);
    expect(buffer.size + buffer.dropped).toBe(60_000);
    expect(buffer.counts[3]).toBe(buffer.size);
    expect(buffer.shown[0]?.id).toBe(buffer.dropped);
    expect(buffer.matches[0]).toBeGreaterThanOrEqual(buffer.dropped);
    expect(buffer.placeOf(buffer.dropped + 7)).toBe(7);
  });

  test('a plain search takes every sign as it is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        const pattern = patternOf(text, false);
        expect(typeof pattern !== 'string' && pattern.test(`a${text}b`)).toBe(true);
      }),
    );
  });
});

describe('where lines stand', () => {
  test('a layout that follows a buffer is the same as a new one', () => {
    const step = fc.record({
      add: fc.array(fc.string({ maxLength: 60 }), { maxLength: 30 }),
      columns: fc.constantFrom(0, 10),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const buffer = new LogBuffer();
        const layout = new LineLayout();
        for (const { add, columns } of steps) {
          buffer.add(lines(add));
          layout.update(buffer, columns);
          const fresh = new LineLayout();
          fresh.update(buffer, columns);
          expect(layout.rows).toBe(fresh.rows);
          const rows = buffer.shown.reduce(
            (sum, { plain }) => sum + (columns === 0 ? 1 : Math.max(1, Math.ceil(plain.length / columns))),
            0,
          );
          expect(layout.rows).toBe(rows);
        }
      }),
    );
  });

  test('after lines went at the front, the first is at the top', () => {
    const buffer = new LogBuffer();
    const layout = new LineLayout();
    const chunk = Array.from({ length: 5000 }, () => 'x'.repeat(25));
    for (let turn = 0; turn < 12; turn++) {
      buffer.add(lines(chunk));
      layout.update(buffer, 10);
    }
    expect(buffer.dropped).toBeGreaterThan(0);
    expect(layout.topOf(0)).toBe(0);
    expect(layout.rows).toBe(buffer.shown.length * 3);
    const { from, to } = layout.window(300, 30, 12);
    expect(from).toBe(100 - 12);
    expect(to).toBe(110 + 1 + 12);
  });
});
