import { describe, expect, it } from 'vitest';
import { chordOf, chordText, keyCaps, parseChord, sameChord } from './keys.ts';

const plain = { ctrlKey: false, altKey: false, metaKey: false, shiftKey: false };

describe('keys as text', () => {
  it.each(['k', 'Mod+K', 'Mod+Shift+P', '/', '?', 'Space', 'ArrowDown', 'Alt+1', 'Shift+G', '+', 'Mod++', '['])(
    'reads and writes %s',
    (text) => {
      for (const mac of [true, false]) {
        const chord = parseChord(text, mac);
        expect(chord === undefined ? undefined : chordText(chord, mac)).toBe(text);
      }
    },
  );

  it('takes Mod as Command on a Mac and Control elsewhere', () => {
    expect(parseChord('Mod+K', true)).toMatchObject({ meta: true, ctrl: false });
    expect(parseChord('Mod+K', false)).toMatchObject({ meta: false, ctrl: true });
  });

  it('refuses what is no key', () => {
    expect(parseChord('')).toBeUndefined();
    expect(parseChord('Hyper+K')).toBeUndefined();
  });

  it('takes a capital letter alone for Shift with it', () => {
    expect(parseChord('G')).toEqual(parseChord('Shift+G'));
  });
});

describe('a key press', () => {
  it('means the letter with Shift, and the symbol without', () => {
    expect(chordOf({ ...plain, key: 'G', shiftKey: true })).toEqual(parseChord('G'));
    expect(chordOf({ ...plain, key: '?', shiftKey: true })).toEqual(parseChord('?'));
    expect(chordOf({ ...plain, key: ' ' })).toEqual(parseChord('Space'));
    expect(chordOf({ ...plain, key: ' ', ctrlKey: true })).toEqual(parseChord('Ctrl+Space', false));
  });

  it('of a modifier alone means nothing yet', () => {
    expect(chordOf({ ...plain, key: 'Shift', shiftKey: true })).toBeUndefined();
  });

  it('is compared in all its parts', () => {
    const chord = parseChord('Alt+1');
    if (chord === undefined) throw new Error('Alt+1 was not read');
    expect(sameChord(chord, { ...chord })).toBe(true);
    for (const part of ['ctrl', 'alt', 'meta', 'shift'] as const) {
      expect(sameChord(chord, { ...chord, [part]: !chord[part] })).toBe(false);
    }
  });
});

describe('key caps', () => {
  it('are drawn as the platform writes them', () => {
    expect(keyCaps('Mod+Shift+P', false)).toEqual(['Ctrl', 'Shift', 'P']);
    expect(keyCaps('Mod+K', true)).toEqual(['⌘', 'K']);
    expect(keyCaps('Mod++', false)).toEqual(['Ctrl', '+']);
    expect(keyCaps('Escape', false)).toEqual(['Esc']);
  });
});
