import { beforeEach, describe, expect, test } from 'vitest';
import { join, leave, takePart, together, togetherAll, typeIn, useTogether } from './together.ts';

describe('terminals that are typed into together', () => {
  let typed: Record<string, string>;
  let closing: (() => void)[];
  const open = (...tabs: string[]) => {
    closing = tabs.map((tab) =>
      takePart(tab, (text) => {
        typed[tab] = (typed[tab] ?? '') + text;
      }),
    );
  };
  beforeEach(() => {
    for (const close of closing ?? []) close();
    together([]);
    typed = {};
  });

  test('are those that were named; another one has its own keys', () => {
    open('a', 'b', 'prod');
    together(['a', 'b']);
    typeIn('a', 'x');
    typeIn('b', 'y');
    typeIn('prod', 'z');
    expect(typed).toEqual({ a: 'xy', b: 'xy', prod: 'z' });
    expect(useTogether.getState().open).toBe(3);
  });

  test('may join and leave, and one alone is nobody together', () => {
    open('a', 'b', 'c');
    togetherAll();
    leave('c');
    typeIn('a', '1');
    expect(typed).toEqual({ a: '1', b: '1' });
    join('c');
    typeIn('c', '2');
    expect(typed).toEqual({ a: '12', b: '12', c: '2' });
    leave('a');
    leave('b');
    expect(useTogether.getState().members.size).toBe(0);
    typeIn('c', '3');
    expect(typed).toEqual({ a: '12', b: '12', c: '23' });
  });

  test('that are closed are out', () => {
    open('a', 'b', 'c');
    togetherAll();
    closing[2]?.();
    typeIn('a', 'x');
    expect(typed).toEqual({ a: 'x', b: 'x' });
    closing[1]?.();
    expect(useTogether.getState().members.size).toBe(0);
  });
});
