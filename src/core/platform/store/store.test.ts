import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { OpeningMark } from './file.ts';
import type { Migration } from './migrations.ts';
import { openStore, type Store } from './store.ts';
import { TableWriter } from './writer.ts';

const migrations: readonly Migration[] = [
  { version: 1, what: 'a table', sql: 'CREATE TABLE samples (seen BIGINT, name VARCHAR, value DOUBLE, kind UTINYINT)' },
];

let folder: string;
let path: string;
let notices: string[];
const stores: Store[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
  path = join(folder, 'history.duckdb');
  notices = [];
});
afterEach(() => {
  for (const store of stores.splice(0)) store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(overrides: { migrations?: readonly Migration[]; path?: string | undefined } = {}): Promise<Store> {
  const store = await openStore({
    path,
    migrations,
    clock: new FakeClock(),
    onNotice: (message) => notices.push(message),
    ...overrides,
  });
  stores.push(store);
  return store;
}

async function fill(store: Store, rows: number, clock = new FakeClock()): Promise<void> {
  const writer = new TableWriter(store, {
    table: 'samples',
    columns: ['bigint', 'varchar', 'double', 'utinyint'],
    clock,
    onProblem: (message) => message !== null && notices.push(message),
  });
  for (let row = 0; row < rows; row++) writer.add([row, `name-${row}`, row / 2, row % 3]);
  await writer.flush();
  writer.dispose();
}

const count = async (store: Store): Promise<number> =>
  Number((await store.query('SELECT count(*)::INTEGER AS n FROM samples'))[0]?.n);

describe('the store', () => {
  it('gives back what was written, over several chunks and a reopening', async () => {
    const first = await open();
    await fill(first, 5_000);
    first.close();
    const second = await open();
    expect(
      await second.query(
        'SELECT seen::INTEGER AS seen, name, value, kind FROM samples WHERE seen IN (0, 2047, 2048, 4999) ORDER BY seen',
      ),
    ).toEqual([
      { seen: 0, name: 'name-0', value: 0, kind: 0 },
      { seen: 2047, name: 'name-2047', value: 1023.5, kind: 1 },
      { seen: 2048, name: 'name-2048', value: 1024, kind: 2 },
      { seen: 4999, name: 'name-4999', value: 2499.5, kind: 1 },
    ]);
    expect(await count(second)).toBe(5_000);
    expect(notices).toEqual([]);
  });

  it('applies each migration once, in order', async () => {
    (await open()).close();
    const more = [...migrations, { version: 2, what: 'a column', sql: 'ALTER TABLE samples ADD COLUMN note VARCHAR' }];
    (await open({ migrations: more })).close();
    const store = await open({ migrations: more });
    expect(await store.query('SELECT version, what FROM schema_migrations ORDER BY version')).toEqual([
      { version: 1, what: 'a table' },
      { version: 2, what: 'a column' },
    ]);
  });

  it('F21 sets a damaged file aside, says so and starts anew', async () => {
    const first = await open();
    await fill(first, 20_000);
    await first.run('CHECKPOINT');
    first.close();
    overwrite(path, 0, Buffer.alloc(4_096, 0x5a));
    const second = await open();
    expect(await count(second)).toBe(0);
    expect(second.problem).toBeNull();
    expect(notices).toEqual([expect.stringContaining('damaged and has been set aside')]);
    expect(readdirSync(folder).filter((name) => name.includes('.damaged-'))).toHaveLength(1);
  });

  it('F21 loses only the log when only the log is damaged', async () => {
    const child = await runChild('crash');
    expect(child).toBe('SIGKILL');
    const size = statSync(`${path}.wal`).size;
    overwrite(`${path}.wal`, Math.floor(size / 2), Buffer.alloc(Math.ceil(size / 2), 0xff));
    const store = await open();
    // The 1,000 rows that were in the file itself are there, whatever DuckDB could replay of the log.
    expect(await count(store)).toBeGreaterThanOrEqual(1_000);
    expect(store.problem).toBeNull();
    await fill(store, 10);
  });

  it('sets a file of a newer version aside instead of breaking it', async () => {
    const newer = [...migrations, { version: 2, what: 'tomorrow', sql: 'CREATE TABLE tomorrow (x INTEGER)' }];
    (await open({ migrations: newer })).close();
    const store = await open();
    expect(notices).toEqual([expect.stringContaining('newer KubeSage')]);
    expect(await count(store)).toBe(0);
    expect(readdirSync(folder).filter((name) => name.includes('.newer-'))).toHaveLength(1);
  });

  it('F22 stays in memory while another process holds the file, and says so', async () => {
    const holder = startChild('hold');
    await line(holder, 'holding');
    const store = await open();
    expect(store.problem).toContain('Another KubeSage');
    await fill(store, 3);
    expect(await count(store)).toBe(3);
    holder.kill('SIGKILL');
    await new Promise((resolve) => holder.once('exit', resolve));
  });

  it('F19 loses nothing that was acknowledged when the process is killed', async () => {
    for (let round = 1; round <= 3; round++) expect(await runChild('crash')).toBe('SIGKILL');
    const store = await open();
    expect(await count(store)).toBe(3 * 2_000);
    expect(notices).toEqual([]);
  });

  it('gives up a file that ended the process twice while it was opened', async () => {
    (await open()).close();
    expect([new OpeningMark(path).begin(), new OpeningMark(path).begin()]).toEqual([true, true]);
    const store = await open();
    expect(notices).toEqual([expect.stringContaining('ended the engine each time')]);
    expect(await count(store)).toBe(0);
  });

  it('names the statement when a query fails, and the writer goes on', async () => {
    const store = await open();
    await expect(store.query('SELECT nonsense FROM samples')).rejects.toMatchObject({
      code: 'internal',
      hint: expect.stringContaining('SELECT nonsense'),
    });
    await fill(store, 2);
    expect(await count(store)).toBe(2);
  });
});

describe('the writer', () => {
  it('flushes by itself after a period', async () => {
    const clock = new FakeClock();
    const store = await open();
    const writer = new TableWriter(store, {
      table: 'samples',
      columns: ['bigint', 'varchar', 'double', 'utinyint'],
      clock,
      onProblem: () => {},
    });
    writer.add([1, 'one', 1, 1]);
    expect(await count(store)).toBe(0);
    await clock.advance(1_000);
    await writer.flush();
    expect(await count(store)).toBe(1);
    writer.dispose();
  });

  it('F20 keeps rows while they cannot be written, reports it once, drops the oldest past its bound', async () => {
    const store = await open();
    const problems: (string | null)[] = [];
    const writer = new TableWriter(store, {
      table: 'samples',
      columns: ['bigint', 'varchar', 'double', 'utinyint'],
      clock: new FakeClock(),
      mostPending: 100,
      onProblem: (problem) => problems.push(problem),
    });
    await store.run('ALTER TABLE samples RENAME TO elsewhere');
    for (let row = 0; row < 101; row++) writer.add([row, 'x', 0, 0]);
    await writer.flush();
    await writer.flush();
    expect(problems).toHaveLength(1);
    expect([writer.pending, writer.dropped]).toEqual([91, 10]);
    await store.run('ALTER TABLE elsewhere RENAME TO samples');
    await writer.flush();
    expect(problems).toEqual([expect.stringContaining('cannot be written'), null]);
    expect(await store.query('SELECT min(seen)::INTEGER AS first, count(*)::INTEGER AS n FROM samples')).toEqual([
      { first: 10, n: 91 },
    ]);
    writer.dispose();
  });
});

function overwrite(file: string, at: number, bytes: Buffer): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, bytes, 0, bytes.length, at);
  closeSync(handle);
}

function startChild(mode: 'crash' | 'hold') {
  return spawn(process.execPath, [join(import.meta.dirname, 'testing', 'storeChild.ts'), path, mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Runs the child until it kills itself. @returns the signal. */
function runChild(mode: 'crash'): Promise<NodeJS.Signals | null> {
  return new Promise((resolve) => startChild(mode).once('exit', (_code, signal) => resolve(signal)));
}

function line(child: ReturnType<typeof startChild>, text: string): Promise<void> {
  return new Promise((resolve) => {
    let heard = '';
    child.stdout.on('data', (data: Buffer) => {
      heard += data.toString();
      if (heard.includes(text)) resolve();
    });
  });
}
