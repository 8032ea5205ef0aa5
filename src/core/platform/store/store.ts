import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue, type Json } from '@duckdb/node-api';
import type { Clock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import { DamageMark, loggedBetween, OpeningMark, setAside, setLogAside, writtenBetween } from './file.ts';
import { type Migration, pendingMigrations } from './migrations.ts';

export interface StoreOptions {
  /** The database file; undefined keeps everything in memory. */
  path: string | undefined;
  migrations: readonly Migration[];
  clock: Clock;
  /** What the file holds, for messages; absent: the history. */
  what?: string;
  /** Told in words what happened to the file: set aside, in use, not writable. */
  onNotice(message: string, hint: string): void;
  /** Upper bound of DuckDB's own buffers. */
  memoryLimitMb?: number;
}

/** What a statement runs on, and what it is given: for those who may not know DuckDB. */
export type StoreConnection = DuckDBConnection;
export type StoreValue = DuckDBValue;

/** A row as DuckDB gives it in JSON: 64-bit integers are strings unless cast. */
export type StoreRow = Record<string, Json>;

/**
 * The workspace's DuckDB file. Opened by the engine alone. It always opens: a damaged file, or one of a newer version,
 * is set aside with a notice and a new one begins; one that another process holds leaves this store in memory; one that
 * cannot be written is read only, or in memory where it cannot be read either.
 */
export interface Store {
  /** Why nothing reaches the disk, or null. */
  readonly problem: string | null;
  /** Another process writes the file. */
  readonly heldByAnother: boolean;
  readonly path: string | undefined;
  /** What writers write with: inside `transaction` alone. */
  readonly connection: DuckDBConnection;
  /** Commits what `write` does, whole or not at all. Several are done one after the other. */
  transaction(write: (connection: DuckDBConnection) => Promise<void>): Promise<void>;
  query(sql: string, parameters?: readonly DuckDBValue[]): Promise<StoreRow[]>;
  run(sql: string, parameters?: readonly DuckDBValue[]): Promise<void>;
  /** Bytes of the file and its log. */
  bytes(): number;
  close(): void;
}

export async function openStore(options: StoreOptions): Promise<Store> {
  const { path } = options;
  if (path === undefined) return connect(options, undefined, {});
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    return openWithoutWriting(options, path, String(error));
  }
  const mark = new OpeningMark(path);
  const damage = new DamageMark(path);
  if (damage.isSet && putAside(options, path, 'damaged', 'a part of it could not be read')) damage.clear();
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
    return await connect(options, path, {});
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (isHeldByAnother(message)) {
      const problem = `Another KubeSage writes the ${whatOf(options)}: this one keeps its own in memory only.`;
      options.onNotice(problem, 'Close the other window or server, or start with another --data folder.');
      return connect(options, undefined, { problem, heldByAnother: true });
    }
    if (isDisk(message)) return openWithoutWriting(options, path, message);
    if (error instanceof NewerFile) {
      return putAside(options, path, 'newer', message)
        ? connect(options, path, {})
        : connect(options, undefined, { problem: message });
    }
    return openDamaged(options, path, firstLine(message));
  }
}

async function openDamaged(options: StoreOptions, path: string, reason: string): Promise<Store> {
  // The log alone may be damaged: without it only the last changes are lost.
  const lost = loggedBetween(path);
  if (existsSync(path) && attempt(() => setLogAside(path, options.clock.now())) === true) {
    try {
      const store = await connect(options, path, {});
      options.onNotice(
        `The last part of the ${whatOf(options)} was damaged and has been set aside: what was recorded ${lost} is missing.`,
        `The rest is there. (${reason})`,
      );
      return store;
    } catch {
      // Not the log, or not the log alone: the whole file goes.
    }
  }
  return putAside(options, path, 'damaged', reason)
    ? connect(options, path, {})
    : connect(options, undefined, { problem: `The ${whatOf(options)} cannot be read: ${reason}` });
}

/** The disk is full or read-only: what is there can still be looked at, mostly. */
async function openWithoutWriting(options: StoreOptions, path: string, reason: string): Promise<Store> {
  const problem = `The ${whatOf(options)} cannot be written: ${firstLine(reason)}`;
  options.onNotice(problem, 'Free some space or make the data folder writable, then restart.');
  if (existsSync(path)) {
    try {
      return await connect(options, path, { problem, readOnly: true });
    } catch {
      // The log needs to be written into the file first, or the file is of an older version: nothing to look at.
    }
  }
  return connect(options, undefined, { problem });
}

/** @returns whether it is out of the way; a disk that refuses to rename is told as well. */
function putAside(options: StoreOptions, path: string, why: 'damaged' | 'newer', reason: string): boolean {
  const lost = writtenBetween(path);
  const target = attempt(() => setAside(path, why, options.clock.now()));
  options.onNotice(
    why === 'damaged'
      ? `The ${whatOf(options)} file was damaged and has been set aside: what was recorded ${lost} is not shown. (${reason})`
      : `The ${whatOf(options)} file belongs to a newer KubeSage and has been set aside: ${reason}`,
    target === undefined
      ? `It could not be renamed: nothing is recorded. Check the permissions of ${dirname(path)}.`
      : `A new one begins. The old file is ${target}.`,
  );
  return target !== undefined;
}

/** Undefined where the file system refuses; the caller says what that means. */
function attempt<T>(change: () => T): T | undefined {
  try {
    return change();
  } catch {
    return undefined;
  }
}

function whatOf({ what = 'history' }: StoreOptions): string {
  return what;
}

class NewerFile extends Error {}

interface Standing {
  problem?: string;
  heldByAnother?: boolean;
  readOnly?: boolean;
}

async function connect(options: StoreOptions, path: string | undefined, standing: Standing): Promise<Store> {
  const instance = await DuckDBInstance.create(path ?? ':memory:', {
    memory_limit: `${options.memoryLimitMb ?? 128}MB`,
    threads: '2',
    // What DuckDB no longer needs goes back to the system instead of waiting to be used again.
    allocator_background_threads: 'true',
    allocator_flush_threshold: '1MB',
    allocator_bulk_deallocation_flush_threshold: '1MB',
    // In memory, it would write what does not fit into the folder that the program was started in.
    ...(path === undefined ? { temp_directory: '' } : {}),
    ...(standing.readOnly === true ? { access_mode: 'READ_ONLY' } : {}),
    // Nothing is ever loaded from the network.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  let connection: DuckDBConnection;
  // Reads have a connection of their own: one that fails must not abort the writer's open transaction.
  let reads: DuckDBConnection;
  try {
    connection = await instance.connect();
    if (standing.readOnly !== true) await migrate(connection, options);
    else if ((await appliedVersion(connection)) !== options.migrations.length) throw new Error('Of another version');
    reads = await instance.connect();
  } catch (error) {
    instance.closeSync();
    throw error;
  }
  const read = async (sql: string, parameters?: readonly DuckDBValue[]): Promise<StoreRow[]> => {
    const reader = await reads.runAndReadAll(sql, parameters === undefined ? undefined : [...parameters]);
    return reader.getRowObjectsJson();
  };
  /** Settles when the last transaction has ended. */
  let last: Promise<void> = Promise.resolve();
  let closed = false;
  let damaged = false;
  const hear = (error: unknown): never => {
    if (path !== undefined && !damaged && isDamage(String(error))) {
      damaged = true;
      new DamageMark(path).set();
      options.onNotice(
        `A part of the ${whatOf(options)} file is damaged: what was recorded ${writtenBetween(path)} may be missing.`,
        'It is set aside with the next start, and a new one begins.',
      );
    }
    throw error;
  };
  return {
    problem: standing.problem ?? null,
    heldByAnother: standing.heldByAnother ?? false,
    path,
    connection,
    transaction(write) {
      const done = last.then(() => commit(connection, write));
      last = done.catch(() => undefined);
      return done;
    },
    query: (sql, parameters) => named(sql, read(sql, parameters).catch(hear)),
    async run(sql, parameters) {
      await named(sql, read(sql, parameters).catch(hear));
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

async function commit(
  connection: DuckDBConnection,
  write: (connection: DuckDBConnection) => Promise<void>,
): Promise<void> {
  await connection.run('BEGIN TRANSACTION');
  try {
    await write(connection);
    await connection.run('COMMIT');
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function migrate(connection: DuckDBConnection, { migrations, clock }: StoreOptions): Promise<void> {
  await connection.run(
    'CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, what VARCHAR, applied_at BIGINT)',
  );
  const applied = await appliedVersion(connection);
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

async function appliedVersion(connection: DuckDBConnection): Promise<number> {
  const reader = await connection.runAndReadAll(
    'SELECT coalesce(max(version), 0)::INTEGER AS version FROM schema_migrations',
  );
  return Number(reader.getRowsJson()[0]?.[0] ?? 0);
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
  /no space left|read-only file system|permission denied|disk quota|ENOSPC|EROFS|EACCES|EDQUOT/i.test(message);
/** What DuckDB says of a page whose checksum is wrong, and afterwards. */
const isDamage = (message: string): boolean => /checksum|corrupt|database has been invalidated/i.test(message);

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).slice(0, 300);
}
