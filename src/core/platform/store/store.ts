import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue, type Json } from '@duckdb/node-api';
import type { Clock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import { OpeningMark, setAside, setLogAside } from './file.ts';
import { type Migration, pendingMigrations } from './migrations.ts';

export interface StoreOptions {
  /** The database file; undefined keeps everything in memory. */
  path: string | undefined;
  migrations: readonly Migration[];
  clock: Clock;
  /** Told in words what happened to the file: set aside, in use, not writable. */
  onNotice(message: string, hint: string): void;
  /** Upper bound of DuckDB's own buffers. */
  memoryLimitMb?: number;
}

/** A row as DuckDB gives it in JSON: 64-bit integers are strings unless cast. */
export type StoreRow = Record<string, Json>;

/**
 * The workspace's DuckDB file. Opened by the engine alone. It always opens: a damaged file, or one of a newer version,
 * is set aside with a notice and a new one begins; one that another process holds leaves this store in memory.
 */
export interface Store {
  /** Why nothing reaches the disk, or null. */
  readonly problem: string | null;
  readonly path: string | undefined;
  /** For writers: one transaction at a time. */
  readonly connection: DuckDBConnection;
  query(sql: string, parameters?: readonly DuckDBValue[]): Promise<StoreRow[]>;
  run(sql: string, parameters?: readonly DuckDBValue[]): Promise<void>;
  /** Bytes of the file and its log. */
  bytes(): number;
  close(): void;
}

export async function openStore(options: StoreOptions): Promise<Store> {
  const { path } = options;
  if (path === undefined) return connect(options, undefined, null);
  mkdirSync(dirname(path), { recursive: true });
  const mark = new OpeningMark(path);
  if (!mark.begin() && existsSync(path))
    putAside(options, path, 'damaged', 'it ended the engine each time it was opened');
  try {
    return await openFile(options, path);
  } finally {
    mark.end();
  }
}

async function openFile(options: StoreOptions, path: string): Promise<Store> {
  try {
    return await connect(options, path, null);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof NewerFile) {
      putAside(options, path, 'newer', message);
      return connect(options, path, null);
    }
    if (isHeldByAnother(message)) {
      const problem = 'Another KubeSage writes the history: this one keeps its history in memory only.';
      options.onNotice(problem, 'Close the other window or server, or start with another --data folder.');
      return connect(options, undefined, problem);
    }
    if (isDisk(message)) {
      const problem = `The history cannot be written: ${firstLine(message)}`;
      options.onNotice(problem, 'Free some space or make the data folder writable, then restart.');
      return connect(options, undefined, problem);
    }
    // The log alone may be damaged: without it only the last changes are lost.
    if (setLogAside(path, options.clock.now())) {
      try {
        const store = await connect(options, path, null);
        options.onNotice(
          'The last part of the history was damaged and has been set aside.',
          `What was recorded shortly before the last end of the program is missing. (${firstLine(message)})`,
        );
        return store;
      } catch {
        // Not the log, or not the log alone: the whole file goes.
      }
    }
    putAside(options, path, 'damaged', firstLine(message));
    return connect(options, path, null);
  }
}

function putAside(options: StoreOptions, path: string, why: 'damaged' | 'newer', reason: string): void {
  const target = setAside(path, why, options.clock.now());
  options.onNotice(
    why === 'damaged'
      ? `The history file was damaged and has been set aside: ${reason}`
      : `The history file belongs to a newer KubeSage and has been set aside: ${reason}`,
    `A new history begins. The old file is ${target}.`,
  );
}

class NewerFile extends Error {}

async function connect(options: StoreOptions, path: string | undefined, problem: string | null): Promise<Store> {
  const instance = await DuckDBInstance.create(path ?? ':memory:', {
    memory_limit: `${options.memoryLimitMb ?? 256}MB`,
    threads: '2',
    // Nothing is ever loaded from the network.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  let connection: DuckDBConnection;
  // Reads have a connection of their own: one that fails must not abort the writer's open transaction.
  let reads: DuckDBConnection;
  try {
    connection = await instance.connect();
    await migrate(connection, options);
    reads = await instance.connect();
  } catch (error) {
    instance.closeSync();
    throw error;
  }
  const read = async (sql: string, parameters?: readonly DuckDBValue[]): Promise<StoreRow[]> => {
    const reader = await reads.runAndReadAll(sql, parameters === undefined ? undefined : [...parameters]);
    return reader.getRowObjectsJson();
  };
  let closed = false;
  return {
    problem,
    path,
    connection,
    query: (sql, parameters) => named(sql, read(sql, parameters)),
    async run(sql, parameters) {
      await named(sql, read(sql, parameters));
    },
    bytes() {
      if (path === undefined) return 0;
      return [path, `${path}.wal`].reduce((sum, file) => sum + (existsSync(file) ? statSync(file).size : 0), 0);
    },
    close() {
      if (closed) return;
      closed = true;
      reads.closeSync();
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function migrate(connection: DuckDBConnection, { migrations, clock }: StoreOptions): Promise<void> {
  await connection.run(
    'CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, what VARCHAR, applied_at BIGINT)',
  );
  const reader = await connection.runAndReadAll(
    'SELECT coalesce(max(version), 0)::INTEGER AS version FROM schema_migrations',
  );
  const applied = Number(reader.getRowsJson()[0]?.[0] ?? 0);
  if (applied > migrations.length) {
    throw new NewerFile(`its schema is version ${applied}, this program knows ${migrations.length}`);
  }
  for (const { version, what, sql } of pendingMigrations(migrations, applied)) {
    await connection.run('BEGIN TRANSACTION');
    await connection.run(sql);
    await connection.run('INSERT INTO schema_migrations VALUES ($1, $2, $3)', [version, what, BigInt(clock.now())]);
    await connection.run('COMMIT');
  }
}

/** DuckDB's errors say what, not which statement. */
async function named<T>(sql: string, result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    throw new KubeSageError('internal', `The history could not be read: ${firstLine(String(error))}`, {
      hint: `Statement: ${sql.slice(0, 200)}`,
      cause: error,
    });
  }
}

const isHeldByAnother = (message: string): boolean =>
  /could not set lock|conflicting lock|being used by another process/i.test(message);
const isDisk = (message: string): boolean =>
  /no space left|read-only file system|permission denied|disk quota/i.test(message);

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).slice(0, 300);
}
