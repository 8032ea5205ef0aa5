import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findText } from './find.ts';
import { isRisky, pastable } from './paste.ts';
import { againOn, readTarget, type Target, writeTarget } from './target.ts';

const object = { cluster: 'a', kind: 'pods', namespace: 'shop', name: 'web' };
const lines = (...texts: string[]) => ({ length: texts.length, text: (line: number) => texts[line] ?? '' });

describe('a target', () => {
  test('is what it was after it was kept as text', () => {
    const target: Target = { mode: 'exec', object, container: 'main' };
    expect(readTarget(writeTarget(target))).toMatchObject(target);
    expect(readTarget('no json')).toBeUndefined();
    expect(readTarget('{"mode":"other"}')).toBeUndefined();
  });

  test('of a debug container is not made a second time', () => {
    const debug: Target = { mode: 'debug', object, image: 'busybox' };
    expect(againOn(debug, 'debug-1')).toEqual({ mode: 'attach', object, container: 'debug-1' });
    expect(againOn(debug, undefined)).toBe(debug);
    const exec: Target = { mode: 'exec', object };
    expect(againOn(exec, 'main')).toBe(exec);
  });
});

describe('a paste', () => {
  test('cannot end the mark around itself, nor press a key', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '\u001b', '[201~', '\u0003', '\u009b', '\n', '\t') }),
        (text) => {
          expect(pastable(text)).not.toMatch(/[^\P{Cc}\n\t]/u);
        },
      ),
    );
    expect(pastable('a\tb\r\nc')).toBe('a\tb\r\nc');
  });

  test.each([
    ['ls', false, false],
    ['ls\n', false, true],
    ['ls\nrm', false, true],
    ['ls\nrm', true, false],
    ['x\n'.repeat(30), true, true],
  ])('of %j where pastes are marked: %s, asks: %s', (text, marked, asks) => {
    expect(isRisky(text, marked)).toBe(asks);
  });
});

describe('finding', () => {
  const all = lines('one Two', 'two two', 'three');
  test('goes upwards from the end, over every place, and around', () => {
    const places = [];
    let found = findText(all, 'two', undefined, true);
    for (let turn = 0; turn < 4 && found !== undefined; turn++) {
      places.push(`${found.line}:${found.column}`);
      found = findText(all, 'two', found, true);
    }
    expect(places).toEqual(['1:4', '1:0', '0:4', '1:4']);
  });

  test('goes downwards likewise', () => {
    expect(findText(all, 'TWO', { line: 0, column: 4 }, false)).toEqual({ line: 1, column: 0 });
    expect(findText(all, 'TWO', { line: 1, column: 4 }, false)).toEqual({ line: 0, column: 4 });
  });

  test('finds nothing where there is nothing', () => {
    expect(findText(all, 'four', undefined, true)).toBeUndefined();
    expect(findText(all, '', undefined, true)).toBeUndefined();
    expect(findText(lines(), 'a', undefined, false)).toBeUndefined();
  });
});
