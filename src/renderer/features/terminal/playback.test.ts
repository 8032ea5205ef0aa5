import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPlace, Playback, readCast, withoutPauses } from './playback.ts';

const text = [
  '{"version":2,"width":90,"height":20,"title":"shop/web"}',
  '[0.5,"o","$ "]',
  '[1,"i","ls\\r"]',
  '[10,"o","ls\\r\\n"]',
  '[10.2,"r","120x40"]',
  '[12,"o","done"]',
  '[13,"o","cut',
].join('\n');

function stage() {
  const shown = { text: '', size: '' };
  return {
    shown,
    write: (written: string) => {
      shown.text += written;
    },
    resize: (columns: number, rows: number) => {
      shown.size = `${columns}x${rows}`;
    },
    reset: () => {
      shown.text = '';
    },
  };
}

describe('a recording', () => {
  test('is read without a line that was cut off', () => {
    const cast = readCast(text);
    expect(cast).toMatchObject({ columns: 90, rows: 20, title: 'shop/web', length: 12 });
    expect(cast.events).toHaveLength(5);
    expect(() => readCast('{"version":1}')).toThrow('version 2');
    expect(() => readCast('')).toThrow();
  });

  test('is shown as it was at each moment, and not what was typed', () => {
    const on = stage();
    const playback = new Playback(readCast(text), on);
    expect(on.shown).toEqual({ text: '', size: '90x20' });
    playback.seek(1);
    expect(on.shown.text).toBe('$ ');
    playback.seek(11);
    expect(on.shown).toEqual({ text: '$ ls\r\n', size: '120x40' });
    playback.seek(0.7);
    expect(on.shown).toEqual({ text: '$ ', size: '90x20' });
    playback.seek(99);
    expect(on.shown.text).toBe('$ ls\r\ndone');
    expect(playback).toMatchObject({ at: 12, over: true });
  });

  test('shows the same wherever it was before', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 15, noNaN: true }), { minLength: 1 }), (places) => {
        const wandering = stage();
        const straight = stage();
        const playback = new Playback(readCast(text), wandering);
        for (const place of places) playback.seek(place);
        new Playback(readCast(text), straight).seek(places.at(-1) ?? 0);
        expect(wandering.shown).toEqual(straight.shown);
      }),
    );
  });

  test('without its pauses has the same events closer together', () => {
    const cast = withoutPauses(readCast(text));
    expect(cast.events.map(({ at }) => Math.round(at * 10) / 10)).toEqual([0.5, 1, 2, 2.2, 3.2]);
    expect(Math.round(cast.length * 10)).toBe(32);
  });

  test.each([
    [0, '0:00'],
    [61.9, '1:01'],
    [3723, '1:02:03'],
  ])('%d s is at %s', (seconds, place) => expect(formatPlace(seconds)).toBe(place));
});
