import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveState } from './contract.ts';
import { apply, diff, isEmpty, isSame, type LiveChange, snapshotOf, squash } from './diff.ts';

interface Row {
  key: string;
  value: number | null;
}
interface Head {
  total: number;
  note?: string | undefined;
  columns?: { id: string }[] | undefined;
}
type State = LiveState<Head, Row>;

/** Few keys, so that they meet. */
const key = fc.constantFrom(...'abcdefgh');
const row: fc.Arbitrary<Row> = fc.record({ key, value: fc.option(fc.integer({ min: 0, max: 2 })) });
const rows = fc.uniqueArray(row, { selector: (each) => each.key });
const head: fc.Arbitrary<Head> = fc.record(
  {
    total: fc.integer({ min: 0, max: 2 }),
    note: fc.constantFrom('a', 'b', undefined),
    columns: fc.array(fc.record({ id: key }), { maxLength: 2 }),
  },
  { requiredKeys: ['total'] },
);
const state: fc.Arbitrary<State> = fc.record({ rev: fc.nat(), head, rows });

/** Any change whose order, if it has one, names only rows that are there afterwards. */
function changeOf(before: State): fc.Arbitrary<LiveChange<Head, Row>> {
  return fc
    .record({
      rev: fc.nat(),
      headChange: fc.oneof(
        fc.record({ head }),
        fc.record({ patch: head, unset: fc.subarray(['note', 'columns']) }, { requiredKeys: [] }),
      ),
      upsert: rows,
      remove: fc.uniqueArray(key),
    })
    .chain(({ headChange, ...rest }) => {
      const change: LiveChange<Head, Row> = { ...rest, ...headChange };
      const left = apply(before, change).rows.map((each) => each.key);
      return fc.option(fc.shuffledSubarray(left)).map((order) => (order === null ? change : { ...change, order }));
    });
}

const stateAndChange = state.chain((before) => fc.tuple(fc.constant(before), changeOf(before)));
const stateAndTwo = stateAndChange.chain(([before, first]) =>
  fc.tuple(fc.constant(before), fc.constant(first), changeOf(apply(before, first))),
);

const run = { numRuns: 1000 };

describe('D: changes of keyed rows', () => {
  it('D1: applying the difference gives the later state', () => {
    fc.assert(
      fc.property(state, state, (a, b) => {
        expect(apply(a, diff(a, b))).toEqual(b);
      }),
      run,
    );
  });

  it('D2: a state differs from itself in nothing, and from an equal copy too', () => {
    fc.assert(
      fc.property(state, (a) => {
        expect(isEmpty(diff(a, a))).toBe(true);
        expect(isEmpty(diff(a, structuredClone(a)))).toBe(true);
      }),
      run,
    );
  });

  it('D3: two changes squashed do what they do one after the other', () => {
    fc.assert(
      fc.property(stateAndTwo, ([before, first, second]) => {
        expect(apply(before, squash(first, second))).toEqual(apply(apply(before, first), second));
      }),
      run,
    );
  });

  it('D4: differences squashed lead to the last state', () => {
    fc.assert(
      fc.property(state, state, state, (a, b, c) => {
        expect(apply(a, squash(diff(a, b), diff(b, c)))).toEqual(c);
      }),
      run,
    );
  });

  it('D5: rows that did not change keep their identity', () => {
    fc.assert(
      fc.property(state, state, (a, b) => {
        const after = apply(a, diff(a, b));
        for (const each of after.rows) {
          const before = a.rows.find((other) => other.key === each.key);
          if (before !== undefined && before.value === each.value) expect(each).toBe(before);
        }
      }),
      run,
    );
  });

  it('D6: applying is total, whatever the change names', () => {
    const wild = fc.record({ rev: fc.nat(), upsert: fc.array(row), remove: fc.array(key), order: fc.array(key) });
    fc.assert(
      fc.property(state, wild, (a, change) => {
        const keys = apply(a, change).rows.map((each) => each.key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      run,
    );
  });

  it('D7: the snapshot makes the state from nothing', () => {
    fc.assert(
      fc.property(state, (a) => {
        expect(apply({ rev: 0, head: { total: -1 }, rows: [] }, snapshotOf(a))).toEqual(a);
      }),
      run,
    );
  });

  it('D8: a change without a move carries no order', () => {
    const one = { rev: 1, head: { total: 1 }, rows: [{ key: 'a', value: 1 }] };
    const two = { rev: 2, head: one.head, rows: [...one.rows, { key: 'b', value: 1 }] };
    expect(diff(one, two)).toEqual({ rev: 2, upsert: [{ key: 'b', value: 1 }], remove: [] });
    const swapped = { ...two, rows: [...two.rows].reverse() };
    expect(diff(two, swapped)).toEqual({ rev: 2, upsert: [], remove: [], order: ['b', 'a'] });
  });

  it('D10: of a head only the fields that changed are sent, and the others keep their identity', () => {
    const columns = [{ id: 'a' }];
    const one: State = { rev: 1, head: { total: 1, note: 'a', columns }, rows: [] };
    const two: State = { rev: 2, head: { total: 2, columns: structuredClone(columns) }, rows: [] };
    const change = diff(one, two);
    expect(change).toEqual({ rev: 2, patch: { total: 2 }, unset: ['note'], upsert: [], remove: [] });
    const after = apply(one, change);
    expect(after.head).toEqual({ total: 2, columns });
    expect(after.head.columns).toBe(columns);
    expect(apply({ ...one, head: two.head }, { rev: 3, upsert: [], remove: [] }).head).toBe(two.head);
  });

  it('D9: equality is that of JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const plainA: unknown = JSON.parse(JSON.stringify(a));
        const plainB: unknown = JSON.parse(JSON.stringify(b));
        expect(isSame(plainA, structuredClone(plainA))).toBe(true);
        if (isSame(plainA, plainB)) expect(plainA).toEqual(plainB);
      }),
      run,
    );
    expect(isSame({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(isSame({ a: 1 }, { a: 1, b: null })).toBe(false);
  });
});
