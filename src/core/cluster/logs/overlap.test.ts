import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Overlap } from './overlap.ts';

test('a stream that is taken up again anywhere gives each line once', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom(0, 0.001, 0.4, 3, 900), fc.constantFrom('a', 'b')), { minLength: 1 });
  fc.assert(
    fc.property(steps, fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 5 }), (gaps, breaks) => {
      let at = 1_700_000_000_000;
      const written = gaps.map(([gap, text]) => {
        at = Math.round((at + gap) * 1000) / 1000;
        return { at, text };
      });
      const overlap = new Overlap();
      const got: typeof written = [];
      const read = (lines: typeof written) => {
        for (const line of lines) if (overlap.accepts(line.at, line.text)) got.push(line);
      };
      let end = 0;
      for (const [more, back] of breaks) {
        overlap.begin();
        const second = Math.floor((overlap.newest ?? 0) / 1000) * 1000;
        const from = written.findIndex((line) => line.at >= second - (back % 2) * 1000);
        end = Math.min(written.length, end + (more % 7));
        read(written.slice(Math.max(0, from), end));
      }
      overlap.begin();
      const second = Math.floor((overlap.newest ?? 0) / 1000) * 1000;
      read(written.filter((line) => line.at >= second));
      expect(got).toEqual(written);
    }),
  );
});

test('many lines of one moment are told apart by how often they came', () => {
  const overlap = new Overlap();
  for (let count = 0; count < 3000; count++) expect(overlap.accepts(5, 'same')).toBe(true);
  overlap.begin();
  const again = Array.from({ length: 3001 }, () => overlap.accepts(5, 'same'));
  expect(again.filter(Boolean)).toHaveLength(1);
});
