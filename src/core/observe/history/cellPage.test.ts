import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type KindSchema, metaColumns } from '../../kube/columns/schema.ts';
import { type ColumnStore, createStore, type TextStore } from '../../kube/columns/stores.ts';
import { CellPage, pageRows } from './cellPage.ts';
import { pageFormats, readPage } from './readPage.ts';
import { type Cell, writeCell } from './testing/cells.ts';

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
    { id: 'ip', title: 'IP', type: 'name', priority: 1 },
    { id: 'label:team', title: 'Team', type: 'text', priority: 1 },
  ],
};
/** Columns that stand beside the page, are computed from others, or were added by the user. */
const absent = new Set(['name', 'namespace', 'status', 'tone', 'owneruid', 'label:team']);

const cellOf = {
  text: fc.constantFrom('', 'a', 'b', 'Grüße', 'x\ny', '\u0000', '"\\'),
  name: fc.string({ unit: 'grapheme', maxLength: 12 }),
  number: fc.option(fc.double({ noNaN: true })),
  time: fc.option(fc.integer({ min: 1, max: 4_000_000_000 }).map((seconds) => seconds * 1_000)),
};
const rowsOfCells = fc.array(fc.tuple(...schema.columns.map(({ type }) => cellOf[type] as fc.Arbitrary<Cell>)), {
  minLength: 1,
  maxLength: 60,
});

function expected(cells: readonly Cell[]): Record<string, Cell> {
  const kept = schema.columns.flatMap(({ id }, index) => {
    const value = cells[index] ?? null;
    return value === null || value === '' || absent.has(id) ? [] : [[id, value] as const];
  });
  return Object.fromEntries(kept);
}

it('gives back the cells of every row, of tables and of values, whatever they are', () => {
  const page = new CellPage(schema);
  fc.assert(
    fc.property(rowsOfCells, (rows) => {
      const stores = schema.columns.map((column) => createStore(column, 64));
      for (const [at, cells] of rows.entries()) {
        for (const [index, store] of stores.entries()) writeCell(store, at, cells[index] ?? null);
      }
      // Rows of a table and values in one page, which is used again and again.
      for (const [at, cells] of rows.entries()) {
        if (at % 3 === 2) page.addCells((column) => cells[column] ?? null);
        else page.addRow(stores, at);
      }
      const body = page.take();
      for (const read of [readPage(pageFormats.page, body), readPage(pageFormats.zstdPage, zstdCompressSync(body))]) {
        expect(read.rows).toBe(rows.length);
        expect(rows.map((_, at) => read.cells(at))).toEqual(rows.map(expected));
      }
    }),
  );
});

it('takes 1,024 rows, each with texts of its own', () => {
  const page = new CellPage(schema);
  const stores = schema.columns.map((column) => createStore(column, pageRows));
  const text = (row: number) => `app=web-${row}`;
  for (let row = 0; row < pageRows; row++) writeCell(stores[7] as ColumnStore, row, text(row));
  for (let row = 0; row < pageRows; row++) {
    expect(page.isFull).toBe(false);
    page.addRow(stores, row);
  }
  expect(page.isFull).toBe(true);
  const read = readPage(pageFormats.page, page.take());
  for (let row = 0; row < pageRows; row++) expect(read.cells(row)).toEqual({ labels: text(row) });
});

it('a text id that means another text by now is read as what it means', () => {
  const page = new CellPage(schema);
  const stores = schema.columns.map((column) => createStore(column, 4));
  const reasons = stores[4] as TextStore;
  writeCell(reasons, 0, 'OOMKilled');
  page.addRow(stores, 0);
  reasons.dictionary.compact(new Uint8Array(2));
  writeCell(reasons, 0, 'Evicted');
  expect(reasons.ids[0]).toBe(1);
  page.addRow(stores, 0);
  const read = readPage(pageFormats.page, page.take());
  expect([read.cells(0), read.cells(1)]).toEqual([{ reason: 'OOMKilled' }, { reason: 'Evicted' }]);
});
