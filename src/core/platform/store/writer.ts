import {
  BIGINT,
  DOUBLE,
  DuckDBDataChunk,
  type DuckDBType,
  INTEGER,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { Commits } from './commits.ts';
import type { Store } from './store.ts';

/** DuckDB's own vector size: what one chunk holds. */
const chunkRows = 2048;
/** Rows that go over in one statement: some megabytes of text. */
const packedRows = 8 * chunkRows;
/** Between the values of a column on their way; a batch with a value that has it goes another way. */
const separator = '\u001f';

const types = {
  bigint: BIGINT,
  double: DOUBLE,
  integer: INTEGER,
  uinteger: UINTEGER,
  usmallint: USMALLINT,
  utinyint: UTINYINT,
  varchar: VARCHAR,
} satisfies Record<string, DuckDBType>;

export type WriterColumn = keyof typeof types;

export interface WriterOptions {
  table: string;
  /** In the table's order. */
  columns: readonly WriterColumn[];
  clock: Clock;
  /** How long a row waits at most before it is on disk. */
  periodMs?: number;
  /** Rows kept in memory while the disk refuses; older ones are dropped and counted. */
  mostPending?: number;
  onProblem(message: string | null): void;
}

/**
 * Appends rows to one table in batches, off the caller's path: `add` only stores the values. A batch goes to DuckDB
 * column by column, each as one text that DuckDB takes apart on a thread of its own: handing over every value for itself
 * is what an appender spends its time with. It is committed whole, so that a crash loses at most one period.
 */
export class TableWriter implements Disposable {
  readonly #store: Store;
  readonly #options: Required<WriterOptions>;
  readonly #commits: Commits;
  #columns: (string | number)[][];
  #count = 0;
  #dropped = 0;

  constructor(store: Store, options: WriterOptions) {
    this.#store = store;
    this.#options = { periodMs: 1_000, mostPending: 500_000, ...options };
    this.#columns = options.columns.map(() => []);
    const { clock, periodMs, onProblem } = this.#options;
    const [isEmpty, write] = [() => this.#count === 0, () => this.#write()];
    this.#commits = new Commits({ clock, periodMs, isEmpty, write, onProblem });
  }

  /** Rows that were given up because the disk refused for too long. */
  get dropped(): number {
    return this.#dropped;
  }

  get pending(): number {
    return this.#count;
  }

  /** One value a column, in order. Numbers of `bigint` columns are whole. */
  add(values: readonly (string | number)[]): void {
    const columns = this.#columns;
    for (let index = 0; index < columns.length; index++) (columns[index] as unknown[]).push(values[index] ?? '');
    this.#count++;
    if (this.#count > this.#options.mostPending) this.#dropOldest();
  }

  /** Resolves when everything added before is committed, or the failure was reported. */
  flush(): Promise<void> {
    return this.#commits.flush();
  }

  dispose(): void {
    this.#commits.dispose();
  }

  async #write(): Promise<void> {
    const columns = this.#columns;
    const count = this.#count;
    this.#columns = columns.map(() => []);
    this.#count = 0;
    try {
      await this.#append(columns, count);
    } catch (error) {
      // Back in front of what has come since, to be tried again later.
      const later = this.#columns;
      this.#columns = columns.map((column, index) => column.concat(later[index] ?? []));
      this.#count += count;
      throw error;
    }
  }

  #append(columns: readonly (readonly (string | number)[])[], count: number): Promise<void> {
    return this.#store.transaction(async (connection) => {
      for (let start = 0; start < count; start += packedRows) {
        const part = columns.map((values) =>
          count <= packedRows ? values : values.slice(start, Math.min(count, start + packedRows)),
        );
        const packed = pack(part);
        if (packed === undefined) await this.#appendVectors(part, part[0]?.length ?? 0);
        else await connection.run(this.#insert, packed);
      }
    });
  }

  /** Takes the columns apart and adds their rows. */
  get #insert(): string {
    const { table, columns } = this.#options;
    const cast = columns.map((type, at) => (type === 'varchar' ? `c${at}` : `c${at}::${type}`));
    const lists = columns.map((_, at) => `unnest(string_split($${at + 1}::VARCHAR, '${separator}')) AS c${at}`);
    return `INSERT INTO ${table} SELECT ${cast.join(', ')} FROM (SELECT ${lists.join(', ')})`;
  }

  async #appendVectors(columns: readonly (readonly (string | number)[])[], count: number): Promise<void> {
    const chunk = DuckDBDataChunk.create(this.#options.columns.map((column) => types[column]));
    const appender = await this.#store.connection.createAppender(this.#options.table);
    try {
      for (let start = 0; start < count; start += chunkRows) {
        const rows = Math.min(chunkRows, count - start);
        chunk.reset();
        chunk.rowCount = rows;
        for (const [index, values] of columns.entries()) {
          fill(chunk, index, this.#options.columns[index] ?? 'varchar', values.slice(start, start + rows));
        }
        appender.appendDataChunk(chunk);
      }
      appender.flushSync();
    } finally {
      appender.closeSync();
    }
  }

  #dropOldest(): void {
    const surplus = Math.ceil(this.#options.mostPending / 10);
    for (const column of this.#columns) column.splice(0, surplus);
    this.#count -= surplus;
    this.#dropped += surplus;
  }
}

/** One text a column; undefined when a value has what stands between values, or a NUL, which ends a text for some. */
function pack(columns: readonly (readonly (string | number)[])[]): string[] | undefined {
  const packed: string[] = [];
  for (const values of columns) {
    const text = values.join(separator);
    if (typeof values[0] === 'string' && (text.includes('\0') || count(text) !== values.length - 1)) return undefined;
    packed.push(text);
  }
  return packed;
}

/** How often the separator is in a text. */
function count(text: string): number {
  let found = 0;
  for (let at = text.indexOf(separator); at !== -1; at = text.indexOf(separator, at + 1)) found++;
  return found;
}

function fill(chunk: DuckDBDataChunk, index: number, type: WriterColumn, values: readonly (string | number)[]): void {
  if (type === 'varchar') {
    chunk.setColumnValues(index, values as string[]);
    return;
  }
  const vector = chunk.getColumnVector(index) as unknown as {
    items: { [row: number]: number | bigint };
    flush(): void;
  };
  const { items } = vector;
  if (type === 'bigint') for (let row = 0; row < values.length; row++) items[row] = BigInt(values[row] as number);
  else for (let row = 0; row < values.length; row++) items[row] = values[row] as number;
  vector.flush();
}
