import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineReader } from './lineReader.ts';

/** Reads a text cut into pieces at these places. */
function read(text: string, cuts: readonly number[] = []): [number, string][] {
  const lines: [number, string][] = [];
  const reader = new LineReader((at, line) => lines.push([at, line]));
  const bytes = new TextEncoder().encode(text);
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), 0, bytes.length].sort((a, b) => a - b);
  for (let index = 1; index < places.length; index++) reader.push(bytes, places[index - 1] ?? 0, places[index] ?? 0);
  reader.end();
  return lines;
}

const at = (text: string) => Date.parse(text);

describe('lines of an answer', () => {
  test('times in any zone and precision, and a last line without an end', () => {
    expect(
      read(
        '2026-11-23T23:50:33.123456789Z first\n2026-11-24T01:50:34+02:00 second\r\n2026-11-23T23:50:35.5Z \n2026-11-23T23:50:36Z open',
      ),
    ).toEqual([
      [at('2026-11-23T23:50:33.123Z') + 0.456, 'first'],
      [at('2026-11-23T23:50:34Z'), 'second'],
      [at('2026-11-23T23:50:35.500Z'), ''],
      [at('2026-11-23T23:50:36Z'), 'open'],
    ]);
  });

  test('a line without a time has that of the line before', () => {
    expect(read('2026-11-23T23:50:33Z a\nno time at all, but long enough\n\n')).toEqual([
      [at('2026-11-23T23:50:33Z'), 'a'],
      [at('2026-11-23T23:50:33Z'), 'no time at all, but long enough'],
      [at('2026-11-23T23:50:33Z'), ''],
    ]);
  });

  test('a line that is too long is cut and says so', () => {
    const [[, text = ''] = []] = read(`2026-11-23T23:50:33Z ${'x'.repeat(300_000)}\n`);
    expect(text).toMatch(/x… \(\d+ more bytes\)$/);
    expect(text.length).toBeLessThan(263_000);
  });

  test('however the bytes are cut, the lines are the same', () => {
    const line = fc.tuple(
      fc.integer({ min: 0, max: 4e12 }),
      fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n]/.test(text)),
    );
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat(4000)), (lines, cuts) => {
        const text = lines.map(([time, words]) => `${new Date(time).toISOString()} ${words}\n`).join('');
        expect(read(text, cuts)).toEqual(lines);
      }),
    );
  });
});
