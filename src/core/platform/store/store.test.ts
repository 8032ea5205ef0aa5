import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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

  it('F21 flipped bits, zeroes and cuts anywhere in the file or its log: it opens, says what is lost, and takes new rows', {
    timeout: 120_000,
  }, async () => {
    expect(await runChild('crash')).toBe('SIGKILL');
    const files = ['', '.wal'].map((ending) => ({ ending, content: readFileSync(`${path}${ending}`) }));
    const damages: [string, (content: Buffer, at: number) => Buffer][] = [
      ['a flipped bit', (content, at) => content.fill((content[at] ?? 0) ^ 0x10, at, at + 1)],
      ['zeroes at the end', (content, at) => content.fill(0, at)],
      ['cut off', (content, at) => content.subarray(0, at)],
    ];
    for (const damaged of files) {
      for (const [what, damage] of damages) {
        for (const part of [0.02, 0.4, 0.8, 0.999]) {
          const own = join(folder, `${damaged.ending}-${what}-${part}.duckdb`);
          for (const { ending, content } of files) writeFileSync(`${own}${ending}`, content);
          const at = Math.floor(damaged.content.length * part);
          writeFileSync(`${own}${damaged.ending}`, damage(Buffer.from(damaged.content), at));
          notices = [];
          const store = await open({ path: own });
          expect(store.problem).toBeNull();
          // What was in the file itself is lost only with a file that is damaged itself, and that is told.
          const rows = await count(store).catch(() => -1);
          if (rows < 1_000)
            expect(notices.join()).toMatch(/damaged.*between .* and .* UTC|damaged.*at an unknown time/);
          if (damaged.ending === '.wal') expect(rows).toBeGreaterThanOrEqual(1_000);
          await fill(store, 10);
          store.close();
        }
      }
    }
  });

  it('F21 a page that is found damaged while it is read is told, and the file is set aside with the next start', async () => {
    const first = await open();
    await fill(first, 50_000);
    await first.run('CHECKPOINT');
    first.close();
    const whole = readFileSync(path);
    // Three headers of 4 KB, then blocks of 256 KB: some hold rows, some say where they are.
    const told: string[] = [];
    for (let at = 3 * 4_096; at < whole.length; at += 262_144) {
      const own = join(folder, `page-${at}.duckdb`);
      writeFileSync(own, whole);
      overwrite(own, at + 4_096, Buffer.alloc(64, 0x5a));
      notices = [];
      const damaged = await open({ path: own });
      const everything = 'SELECT max(seen)::INTEGER, max(name), max(value), max(kind) FROM samples';
      await damaged.query(everything).catch(() => undefined);
      await damaged.query(everything).catch(() => undefined);
      expect(notices.length).toBeLessThanOrEqual(1);
      told.push(...notices);
      if (notices[0]?.startsWith('A part of') !== true) continue;
      damaged.close();
      notices = [];
      const anew = await open({ path: own });
      expect(notices).toEqual([
        expect.stringMatching(/damaged and has been set aside: what was recorded between .* UTC/),
      ]);
      expect([anew.problem, await count(anew)]).toEqual([null, 0]);
      await fill(anew, 10);
      anew.close();
      notices = [];
      expect(await count(await open({ path: own }))).toBe(10);
      expect(notices).toEqual([]);
    }
    expect(told).toContainEqual(expect.stringContaining('A part of the history file is damaged'));
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

  it('F21 sets a file of a newer version aside instead of breaking it', async () => {
    const newer = [...migrations, { version: 2, what: 'tomorrow', sql: 'CREATE TABLE tomorrow (x INTEGER)' }];
    (await open({ migrations: newer })).close();
    const store = await open();
    expect(notices).toEqual([expect.stringContaining('newer KubeSage')]);
    expect(await count(store)).toBe(0);
    expect(readdirSync(folder).filter((name) => name.includes('.newer-'))).toHaveLength(1);
  });

  it('F22 a second one stays in memory while another process holds the file, and says so', async () => {
    const holder = startChild('hold');
    await line(holder, 'holding');
    const store = await open();
    expect(store.problem).toContain('Another KubeSage');
    expect(store.heldByAnother).toBe(true);
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
  it('keeps every text and number as it is, whatever characters they have', async () => {
    const store = await open();
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
            fc.oneof(
              fc.string({ unit: 'grapheme' }),
              fc.constantFrom('', '\u001f', 'a\u001fb', "'\u0000", '{"a":"\\n"}', 'NULL', '\u001e,'),
            ),
            fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
            fc.nat(255),
          ),
          { minLength: 1, maxLength: 40 },
        ),
        async (rows) => {
          await store.run('DELETE FROM samples');
          const writer = new TableWriter(store, {
            table: 'samples',
            columns: ['bigint', 'varchar', 'double', 'utinyint'],
            clock: new FakeClock(),
            onProblem: (message) => message !== null && notices.push(message),
          });
          for (const row of rows) writer.add(row);
          await writer.flush();
          writer.dispose();
          const read = await store.query('SELECT seen::VARCHAR AS seen, name, value, kind FROM samples ORDER BY rowid');
          expect(read).toEqual(rows.map(([seen, name, value, kind]) => ({ seen: String(seen), name, value, kind })));
        },
      ),
      { numRuns: 50 },
    );
    expect(notices).toEqual([]);
  });

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
    const clock = new FakeClock();
    const writer = new TableWriter(store, {
      table: 'samples',
      columns: ['bigint', 'varchar', 'double', 'utinyint'],
      clock,
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
    await clock.advance(1_000);
    await writer.flush();
    expect(problems).toEqual([expect.stringContaining('cannot be written'), null]);
    expect(await store.query('SELECT min(seen)::INTEGER AS first, count(*)::INTEGER AS n FROM samples')).toEqual([
      { first: 10, n: 91 },
    ]);
    writer.dispose();
  });
});

/** Where the kernel lets us: on Linux, as root. */
const mayMount = process.platform === 'linux' && process.getuid?.() === 0;

describe.skipIf(!mayMount)('a disk of 3 MB', () => {
  const mount = (...args: string[]) => execFileSync('mount', args);
  beforeEach(() => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    mount('-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk);
    path = join(disk, 'history.duckdb');
  });
  afterEach(() => {
    for (const store of stores.splice(0)) store.close();
    execFileSync('umount', [join(folder, 'disk')]);
  });

  it('F20 that is full: reads go on, the writer asks more and more rarely, and nothing is lost when there is space', async () => {
    const filler = join(folder, 'disk', 'filler');
    const store = await open();
    await fill(store, 1_000);
    writeFileSync(filler, Buffer.alloc(2_900_000 - store.bytes()));
    const clock = new FakeClock();
    const problems: (string | null)[] = [];
    const writer = new TableWriter(store, {
      table: 'samples',
      columns: ['bigint', 'varchar', 'double', 'utinyint'],
      clock,
      onProblem: (problem) => problems.push(problem),
    });
    for (let row = 0; row < 30_000; row++) writer.add([row, `another-${row}`, row, 0]);
    const run = vi.spyOn(store.connection, 'run');
    for (let second = 0; second < 600; second++) {
      await clock.advance(1_000);
      await writer.flush();
      // No log that grows with every attempt.
      expect(store.bytes()).toBeLessThan(3 << 20);
    }
    // After 1, 2, 4, 8 and 16 seconds, then each half minute.
    expect(run.mock.calls.filter(([sql]) => sql === 'BEGIN TRANSACTION').length).toBeLessThan(30);
    expect(problems).toEqual([expect.stringContaining('No space left on device')]);
    expect([await count(store), writer.pending]).toEqual([1_000, 30_000]);
    rmSync(filler);
    await clock.advance(30_000);
    await writer.flush();
    expect(problems.at(-1)).toBeNull();
    expect([await count(store), writer.pending]).toEqual([31_000, 0]);
    writer.dispose();
    expect(notices).toEqual([]);
  });

  it('F20 that is full or read-only at the start: the store opens, shows what is there, and says why nothing is added', async () => {
    const first = await open();
    await fill(first, 1_000);
    first.close();
    const filler = join(folder, 'disk', 'filler');
    const handle = openSync(filler, 'w');
    expect(() => {
      for (;;) writeSync(handle, Buffer.alloc(1 << 16));
    }).toThrow('ENOSPC');
    closeSync(handle);
    const full = await open();
    expect(await count(full)).toBe(1_000);
    full.close();
    rmSync(filler);
    mount('-o', 'remount,ro', join(folder, 'disk'));
    notices = [];
    const readOnly = await open();
    expect(readOnly.problem).toContain('cannot be written');
    expect(notices).toEqual([readOnly.problem]);
    expect(await count(readOnly)).toBe(1_000);
    readOnly.close();
    const anew = await open({ path: join(folder, 'disk', 'deeper', 'new.duckdb') });
    expect(anew.problem).toContain('cannot be written');
    await fill(anew, 5);
    expect(await count(anew)).toBe(5);
    mount('-o', 'remount,rw', join(folder, 'disk'));
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
