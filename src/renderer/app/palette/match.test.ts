import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { match, rank } from './match.ts';

const names = (query: string, ...texts: string[]) => rank(texts, query, (text) => text, 10).map(({ item }) => item);

describe('matching', () => {
  it('prefers beginnings, then beginnings of words, then anything', () => {
    expect(names('cart', 'my-discarted', 'shop-cart', 'cart')).toEqual(['cart', 'shop-cart', 'my-discarted']);
  });

  it('takes the first letters of words', () => {
    expect(match('Replica Sets', 'rs')?.ranges).toEqual([
      [0, 1],
      [8, 9],
    ]);
    expect(match('Horizontal Pod Autoscalers', 'hpa')).toBeDefined();
  });

  it('wants every word', () => {
    expect(match('Use the dark theme', 'theme dark')?.ranges).toEqual([
      [8, 12],
      [13, 18],
    ]);
    expect(match('Use the dark theme', 'dark red')).toBeUndefined();
  });

  it('does not take letters that are scattered anywhere', () => {
    expect(match('persistentvolumeclaims', 'elm')).toBeUndefined();
  });

  it('marks ranges that are in order, apart and within the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, query) => {
        let at = 0;
        for (const [start, end] of match(text, query)?.ranges ?? []) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(at).toBeLessThanOrEqual(text.toLowerCase().length);
      }),
    );
  });
});
