import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAnsi, stripAnsi } from './ansi.ts';

const esc = String.fromCharCode(27);

describe('colours of a line', () => {
  test('plain, bright, 256 and any colours, and their ends', () => {
    expect(parseAnsi(`a${esc}[31;1mb${esc}[39mc${esc}[0md${esc}[38;5;196me${esc}[48;2;1;2;300mf${esc}[mg`)).toEqual([
      { text: 'a' },
      { text: 'b', color: 'red', bold: true },
      { text: 'c', bold: true },
      { text: 'd' },
      { text: 'e', color: '#ff0000' },
      { text: 'f', color: '#ff0000', background: '#0102ff' },
      { text: 'g' },
    ]);
  });

  test('titles, links, cursor movements and what is left of control characters are taken away', () => {
    const text = `${esc}]0;title${String.fromCharCode(7)}one${esc}[2K${esc}[1;1H two${esc}]8;;http://x${esc}\\three\u0008\ttab`;
    expect(stripAnsi(text)).toBe('one twothree\ttab');
    expect(
      parseAnsi(text)
        .map((span) => span.text)
        .join(''),
    ).toBe('one twothree\ttab');
  });

  test('whatever comes, the pieces are the stripped text, and colours are tokens or numbers', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(esc, `${esc}[`, `${esc}[3`, 'm', ';', '38;5;', `${esc}[38;2;9m`, `${esc}]`),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        const spans = parseAnsi(text);
        expect(spans.map((span) => span.text).join('')).toBe(stripAnsi(text));
        for (const { color, background } of spans) {
          for (const value of [color, background])
            if (value !== undefined) expect(value).toMatch(/^(#[0-9a-f]{6}|[a-z0-9-]+)$/);
        }
      }),
    );
  });
});
