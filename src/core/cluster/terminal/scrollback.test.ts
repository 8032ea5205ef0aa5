import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Scrollback } from './scrollback.ts';

const line = '0123456789012345678901234567890123456789012345678901234567890\r\n';

describe('what was shown', () => {
  test('is given back as it was, however it came', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (texts) => {
        const scrollback = new Scrollback();
        for (const text of texts) scrollback.push(text);
        expect(scrollback.text()).toBe(texts.join(''));
      }),
    );
  });

  test('is kept to its end, from the beginning of a line on', () => {
    const scrollback = new Scrollback();
    for (let count = 0; count < 40_000; count++) scrollback.push(`${count} ${line}`);
    const text = scrollback.text();
    expect(text.length).toBeGreaterThan(500 * 1024);
    expect(text.length).toBeLessThan(600 * 1024);
    expect(text).toMatch(/^\d+ 0123/);
    expect(text.endsWith(`39999 ${line}`)).toBe(true);
  });

  test('keeps the settings of a program out of what is forgotten, the last one of each, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 16 * 1024 }), (size, shift) => {
        const scrollback = new Scrollback();
        const all = `${'x'.repeat(shift)}\u001b[?1049;2004h\u001b[?25l\n${line.repeat(9000)}\u001b[?25h${line.repeat(9000)}`;
        for (let at = 0; at < all.length; at += size * 100) scrollback.push(all.slice(at, at + size * 100));
        expect(scrollback.text().startsWith('\u001b[?1049h\u001b[?2004h\u001b[?25h0123')).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
