import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { legible } from './legible.ts';
import { t } from './text.ts';

describe('S10: what cannot be seen is shown', () => {
  it.each([
    ['abc\u202etxt.exe', 'abc[U+202E]txt.exe'],
    ['a\u2066b\u2069', 'a[U+2066]b[U+2069]'],
    ['pro\u200bd', 'pro[U+200B]d'],
    ['pro\u200dd', 'pro[U+200D]d'],
    ['\u200cx', '[U+200C]x'],
    ['\u001b[31mred\u0007', '[U+001B][31mred[U+0007]'],
    ['a\u3164b', 'a[U+3164]b'],
    ['x\u{e0041}', 'x[U+E0041]'],
    ['\ufefftop', '[U+FEFF]top'],
  ])('%j', (text, shown) => expect(legible(text)).toBe(shown));

  it.each(['web-7d9c5b8f4-x2x9k', 'two\nlines\tand', 'می\u200cخواهم', '👩\u200d💻', 'Grüße 東京'])(
    'leaves %j',
    (text) => expect(legible(text)).toBe(text),
  );

  it('leaves nothing that turns text around, and nothing to be shown twice', () => {
    const marks = fc.constantFrom('\u202a', '\u202e', '\u2067', '\u200b', '\u200f', '\u061c', 'a', 'ב', '\u0000');
    fc.assert(
      fc.property(fc.string({ unit: fc.oneof(marks, fc.string({ unit: 'binary', maxLength: 1 })) }), (text) => {
        const shown = legible(text);
        expect(shown).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\u061c]/u);
        expect(legible(shown)).toBe(shown);
      }),
    );
  });

  it('also where a text has a place for it', () => {
    expect(t('resources.cellView.filterByIt', { key: 'a\u202eb', value: 'c' })).toContain('a[U+202E]b');
  });
});
