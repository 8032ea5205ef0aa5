import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packed } from './bring.ts';

describe('handing files over', () => {
  test('every call is small enough, and the parts make the files again', () => {
    const file = fc.record({
      path: fc.string({ minLength: 1, maxLength: 20 }),
      text: fc.integer({ min: 0, max: 1_200_000 }).map((length) => 'x'.repeat(length)),
    });
    fc.assert(
      fc.property(fc.uniqueArray(file, { selector: ({ path }) => path, maxLength: 8 }), (files) => {
        const calls = packed(files);
        const whole = new Map<string, number>();
        for (const call of calls) {
          expect(call.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(500_000);
          for (const { path, text, more } of call) {
            expect(more).toBe(whole.has(path));
            whole.set(path, (whole.get(path) ?? 0) + text.length);
          }
        }
        expect([...whole]).toEqual(files.map(({ path, text }) => [path, text.length]));
      }),
      { numRuns: 30 },
    );
  });
});
