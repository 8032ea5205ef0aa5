import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type KindSchema, metaColumns } from '../../kube/columns/schema.ts';
import { type ColumnStore, createStore } from '../../kube/columns/stores.ts';
import { cellsText, fingerprint, TablePrints } from './print.ts';

const schema: KindSchema = {
  id: 'pods',
  group: '',
  version: 'v1',
  resource: 'pods',
  kind: 'Pod',
  namespaced: true,
  columns: [
    ...metaColumns,
    { id: 'restarts', title: 'Restarts', type: 'number', unit: 'count', priority: 0 },
    { id: 'label:team', title: 'Team', type: 'text', priority: 1 },
  ],
};

type Cell = string | number | null;
const cellOf = {
  text: fc.string({ unit: 'grapheme', maxLength: 12 }),
  name: fc.string({ unit: 'grapheme', maxLength: 12 }),
  number: fc.option(fc.double({ noNaN: true }).map((value) => value + 0)),
  time: fc.option(fc.integer({ min: 1, max: 4_000_000_000 }).map((seconds) => seconds * 1_000)),
};
const row = fc.tuple(...schema.columns.map(({ type }) => cellOf[type] as fc.Arbitrary<Cell>));

function write(store: ColumnStore, at: number, value: Cell): void {
  switch (store.type) {
    case 'text':
      store.ids[at] = store.dictionary.intern(String(value));
      break;
    case 'name': {
      const bytes = new TextEncoder().encode(String(value));
      store.write(at, bytes, 0, bytes.length);
      break;
    }
    case 'number':
      store.widen();
      store.values[at] = value === null ? Number.NaN : Number(value);
      break;
    case 'time':
      store.seconds[at] = Number(value ?? 0) / 1_000;
  }
}

it('a row of a table has the fingerprint of its cells, in every run', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
      const stores = schema.columns.map((column) => createStore(column, 32));
      for (const [at, cells] of rows.entries()) {
        for (const [index, store] of stores.entries()) write(store, at, cells[index] ?? null);
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
  write(status, 0, 'Running');
  const running = prints.fingerprint(schema, stores, 0);
  status.dictionary.compact(new Uint8Array(2));
  write(status, 0, 'Failed');
  expect(status.ids[0]).toBe(1);
  expect(prints.fingerprint(schema, stores, 0)).not.toBe(running);
});

it('columns that users add, and columns without a cell, change nothing', () => {
  const cells = (column: number): Cell => (column === 0 ? 'web' : null);
  const print = fingerprint(schema, cells);
  expect(fingerprint(schema, (column) => (column === schema.columns.length - 1 ? 'shop' : cells(column)))).toBe(print);
  expect(fingerprint({ ...schema, columns: schema.columns.slice(0, 1) }, cells)).toBe(print);
});

it('cells are kept as JSON, without those that are absent', () => {
  fc.assert(
    fc.property(row, (cells) => {
      const expected: Record<string, Cell> = {};
      for (const [index, { id }] of schema.columns.entries()) {
        const value = cells[index] ?? null;
        if (value === null || value === '' || ['tone', 'owneruid', 'label:team'].includes(id)) continue;
        expected[id] = Number.isFinite(value) || typeof value === 'string' ? value : null;
      }
      expect(JSON.parse(cellsText(schema, (column) => cells[column] ?? null))).toEqual(expected);
    }),
  );
});
