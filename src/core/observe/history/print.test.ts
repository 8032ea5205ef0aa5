import fc from 'fast-check';
import { expect, it } from 'vitest';
import { samplePods } from '../../kube/columns/rowBatches.ts';

import { createStore } from '../../kube/columns/stores.ts';
import { fingerprint, TablePrints } from './print.ts';
import { type Cell, writeCell } from './testing/cells.ts';

const schema = samplePods(
  { id: 'restarts', title: 'Restarts', type: 'number', unit: 'count', priority: 0 },
  { id: 'label:team', title: 'Team', type: 'text', priority: 1 },
);

const cellOf = {
  text: fc.string({ unit: 'grapheme', maxLength: 12 }),
  name: fc.string({ unit: 'grapheme', maxLength: 12 }),
  number: fc.option(fc.double({ noNaN: true }).map((value) => value + 0)),
  time: fc.option(fc.integer({ min: 1, max: 4_000_000_000 }).map((seconds) => seconds * 1_000)),
};
const row = fc.tuple(...schema.columns.map(({ type }) => cellOf[type] as fc.Arbitrary<Cell>));

it('a row of a table has the fingerprint of its cells, in every run', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
      const stores = schema.columns.map((column) => createStore(column, 32));
      for (const [at, cells] of rows.entries()) {
        for (const [index, store] of stores.entries()) writeCell(store, at, cells[index] ?? null);
      }
      const prints = new TablePrints();
      for (const [at, cells] of rows.entries()) {
        const expected = fingerprint(schema, (column) => cells[column] ?? null);
        expect(prints.fingerprint(schema, stores, at)).toBe(expected);
        // The second time its texts are known.
        expect(prints.fingerprint(schema, stores, at)).toBe(expected);
      }
    }),
  );
});

it('a text that takes the number of one that went has its own fingerprint', () => {
  const stores = schema.columns.map((column) => createStore(column, 4));
  const status = stores[2];
  if (status?.type !== 'text') throw new Error('status is a text');
  const prints = new TablePrints();
  writeCell(status, 0, 'Running');
  const running = prints.fingerprint(schema, stores, 0);
  status.dictionary.compact(new Uint8Array(2));
  writeCell(status, 0, 'Failed');
  expect(status.ids[0]).toBe(1);
  expect(prints.fingerprint(schema, stores, 0)).not.toBe(running);
});

it('columns that users add, and columns without a cell, change nothing', () => {
  const cells = (column: number): Cell => (column === 0 ? 'web' : null);
  const print = fingerprint(schema, cells);
  expect(fingerprint(schema, (column) => (column === schema.columns.length - 1 ? 'shop' : cells(column)))).toBe(print);
  expect(fingerprint({ ...schema, columns: schema.columns.slice(0, 1) }, cells)).toBe(print);
});
