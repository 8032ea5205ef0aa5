import { zstdDecompressSync } from 'node:zlib';
import type { PageColumn, PageHeader } from './cellPage.ts';
import type { VersionCells } from './model.ts';

/** How a page's body is kept, in its `format` column. */
export const pageFormats = {
  /** One version's cells as JSON, from before there were pages. */
  json: 0,
  page: 1,
  /** The same, compressed. */
  zstdPage: 2,
} as const;

/** Reads cells by their position in the page. */
export interface ReadPage {
  readonly rows: number;
  cells(position: number): VersionCells;
}

export function readPage(format: number, body: Uint8Array): ReadPage {
  if (format === pageFormats.json) {
    const cells = JSON.parse(new TextDecoder().decode(body)) as VersionCells;
    return { rows: 1, cells: () => cells };
  }
  const bytes = format === pageFormats.zstdPage ? zstdDecompressSync(body) : body;
  // Floats want addresses that nobody promises: everything is read through a view.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerEnd = 4 + view.getUint32(0, true);
  const { rows, columns } = JSON.parse(utf8.decode(bytes.subarray(4, headerEnd))) as PageHeader;
  const readers: [string, CellAt][] = [];
  let at = headerEnd;
  for (const column of columns) {
    const [read, length] = readerOf[column.type](column as never, view, at, rows);
    readers.push([column.id, read]);
    at += length;
  }
  return {
    rows,
    cells(position) {
      const cells: VersionCells = {};
      for (const [id, read] of readers) {
        const value = read(position);
        if (value !== null) cells[id] = value;
      }
      return cells;
    },
  };
}

type CellAt = (position: number) => string | number | null;
type Of<T extends PageColumn['type']> = Extract<PageColumn, { type: T }>;

const utf8 = new TextDecoder();

/** Each gives a reader of the column's cells, and how many bytes it takes. */
const readerOf: {
  [T in PageColumn['type']]: (column: Of<T>, view: DataView, at: number, rows: number) => [CellAt, number];
} = {
  texts({ texts, width }, view, at, rows) {
    const id = (row: number) => (width === 1 ? view.getUint8(at + row) : view.getUint16(at + 2 * row, true));
    return [(row) => texts[id(row) - 1] ?? null, width * rows];
  },
  bytes({ length }, view, at, rows) {
    const starts = new Uint32Array(rows + 1);
    starts[0] = at + 2 * rows;
    for (let row = 0; row < rows; row++) {
      starts[row + 1] = (starts[row] as number) + view.getUint16(at + 2 * row, true);
    }
    const read = (row: number) => {
      const [from, to] = [starts[row] as number, starts[row + 1] as number];
      return from === to ? null : utf8.decode(new Uint8Array(view.buffer, view.byteOffset + from, to - from));
    };
    return [read, 2 * rows + length];
  },
  numbers({ width }, view, at, rows) {
    const number = (row: number) =>
      width === 4 ? view.getFloat32(at + 4 * row, true) : view.getFloat64(at + 8 * row, true);
    const read = (row: number) => {
      const value = number(row);
      return Number.isNaN(value) ? null : value;
    };
    return [read, width * rows];
  },
};
