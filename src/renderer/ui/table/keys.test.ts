import { describe, expect, it } from 'vitest';
import { readKey } from './keys.ts';

const press = (key: string, modifiers: Partial<Parameters<typeof readKey>[0]> = {}) =>
  readKey({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...modifiers });

describe('readKey', () => {
  it.each([
    ['j', { type: 'move', rows: 1, extend: false }],
    ['ArrowUp', { type: 'move', rows: -1, extend: false }],
    ['G', { type: 'edge', end: true, extend: false }],
    ['PageDown', { type: 'page', direction: 1, extend: false }],
    [' ', { type: 'mark' }],
    ['Enter', { type: 'open', aside: false }],
  ])('reads %s', (key, action) => expect(press(key)).toEqual(action));

  it('extends with Shift, marks ranges with Control and Space, marks all with Control and a', () => {
    expect(press('ArrowDown', { shiftKey: true })).toEqual({ type: 'move', rows: 1, extend: true });
    expect(press(' ', { ctrlKey: true })).toEqual({ type: 'markRange' });
    expect(press('a', { metaKey: true })).toEqual({ type: 'markAll' });
    expect(press('c', { ctrlKey: true, shiftKey: true })).toEqual({ type: 'copy', rows: true });
  });

  it('leaves other keys to others', () => {
    expect(press('k', { ctrlKey: true })).toBeNull();
    expect(press('ArrowLeft', { altKey: true })).toBeNull();
    expect(press('y')).toBeNull();
  });
});
