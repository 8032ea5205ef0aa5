import {
  BIGINT,
  BLOB,
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  UUID,
  VARCHAR,
} from '@duckdb/node-api';

/** DuckDB's own vector size: what one chunk holds. */
const chunkRows = 2_048;

/** Columns whose values lie in memory as DuckDB keeps them: the bytes of each. */
const widths = { bigint: 8, double: 8, uinteger: 4, usmallint: 2, utinyint: 1, uuid: 16 } as const;
const types = {
  bigint: BIGINT,
  double: DOUBLE,
  uinteger: UINTEGER,
  usmallint: USMALLINT,
  utinyint: UTINYINT,
  uuid: UUID,
  varchar: VARCHAR,
  blob: BLOB,
} satisfies Record<string, DuckDBType>;

/** All values of one column. None of them is NULL. */
export type ColumnData =
  /**
   * Little-endian, as DuckDB keeps them; a `uuid` is a 128-bit integer whose topmost bit is turned over. At least as
   * many as there are rows.
   */
  | { type: keyof typeof widths; bytes: Uint8Array }
  | { type: 'varchar'; texts: readonly string[] }
  | { type: 'blob'; blobs: readonly Uint8Array[] };

/** The bytes of numbers, not copied. */
export function bytesOf(numbers: Uint32Array | Uint16Array | Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/**
 * Appends rows to a table, column by column: numbers go over as one copy of 2,048 of them, only texts and blobs cost a
 * call each. Synchronous, and part of the connection's open transaction.
 */
export async function appendColumns(
  connection: DuckDBConnection,
  table: string,
  columns: readonly ColumnData[],
  count: number,
): Promise<void> {
  if (count === 0) return;
  const chunk = DuckDBDataChunk.create(columns.map(({ type }) => types[type]));
  const appender = await connection.createAppender(table);
  try {
    for (let start = 0; start < count; start += chunkRows) {
      const end = Math.min(count, start + chunkRows);
      chunk.reset();
      chunk.rowCount = end - start;
      for (const [index, column] of columns.entries()) fill(chunk, index, column, start, end);
      appender.appendDataChunk(chunk);
    }
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
}

function fill(chunk: DuckDBDataChunk, index: number, column: ColumnData, start: number, end: number): void {
  const vector = chunk.getColumnVector(index);
  if ('bytes' in column) {
    const width = widths[column.type];
    const room = memoryOf(vector);
    room.set(column.bytes.subarray(start * width, end * width));
  } else if (column.type === 'varchar') {
    for (let row = start; row < end; row++) (vector as Settable).setItem(row - start, column.texts[row]);
  } else {
    for (let row = start; row < end; row++) (vector as Settable).setItem(row - start, { bytes: column.blobs[row] });
  }
  (vector as Settable).flush();
}

interface Settable {
  setItem(row: number, value: unknown): void;
  flush(): void;
}

/** A vector's values before `flush` copies them to DuckDB. */
function memoryOf(vector: unknown): Uint8Array {
  const { items, dataView } = vector as { items?: ArrayBufferView; dataView?: ArrayBufferView };
  const view = items ?? dataView;
  if (view === undefined) throw new Error('This version of DuckDB keeps its vectors otherwise');
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
