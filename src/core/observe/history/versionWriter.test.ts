import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { metaColumns } from '../../kube/columns/schema.ts';
import { openStore, type Store } from '../../platform/store/index.ts';
import { readCells } from './readCells.ts';
import { historyMigrations } from './tables.ts';
import { VersionWriter } from './versionWriter.ts';

const schema = { id: 'pods', columns: metaColumns };
let clock: FakeClock;
let store: Store;
let problems: (string | null)[];
const writers: VersionWriter[] = [];
beforeEach(async () => {
  clock = new FakeClock(2 ** 40 + 5);
  problems = [];
  store = await openStore({ path: undefined, migrations: historyMigrations, clock, onNotice: () => {} });
});
afterEach(() => {
  for (const writer of writers.splice(0)) writer.dispose();
  store.close();
});

function createWriter(mostPending?: number): VersionWriter {
  const onProblem = (problem: string | null) => void problems.push(problem);
  const writer = new VersionWriter(store, { clock, periodMs: 500, onProblem, ...(mostPending && { mostPending }) });
  writers.push(writer);
  return writer;
}

function add(writer: VersionWriter, row: number, kind = schema): void {
  const head = { cluster: `c${row % 3}`, namespace: `n${row % 5}`, name: `web-${row}`, status: `s${row % 7}` };
  const numbers = { change: row % 3, tone: row % 6, at: clock.now(), fingerprint: row };
  const uid = Uint32Array.of(0, 0x80000000 + row, row, 0xffffffff, row);
  writer.add(kind, { ...head, ...numbers }, uid, 1, (page) =>
    page.addCells((column) => (column === 7 ? `l${row}` : null)),
  );
}

const columns = 'cluster, kind, uid, namespace, name, valid_from::VARCHAR AS at, change, tone, status, fingerprint';
const expected = (row: number, kind = 'pods') => ({
  cluster: `c${row % 3}`,
  kind,
  uid: `${(0x80000000 + row).toString(16)}-${row
    .toString(16)
    .padStart(8, '0')
    .replace(/(....)/, '$1-')}-ffff-ffff${row.toString(16).padStart(8, '0')}`,
  namespace: `n${row % 5}`,
  name: `web-${row}`,
  at: String(2 ** 40 + 5),
  change: row % 3,
  tone: row % 6,
  status: `s${row % 7}`,
  fingerprint: row,
});

it('writes every column as it is, over several pages, kinds, batches and runs', async () => {
  const nodes = { id: 'nodes', columns: metaColumns };
  for (const [from, to] of [
    [0, 2_500],
    [2_500, 2_510],
    [2_510, 5_000],
  ] as const) {
    // Each as after a restart: numbers of places, statuses and pages go on.
    const writer = createWriter();
    for (let row = from; row < to; row++) add(writer, row, row % 10 === 0 ? nodes : schema);
    await writer.flush();
    expect(writer.pending).toBe(0);
  }
  const rows = await store.query(`SELECT ${columns}, page, position FROM object_versions ORDER BY fingerprint`);
  expect(rows.map(({ page: _page, position: _position, ...row }) => row)).toEqual(
    Array.from({ length: 5_000 }, (_, row) => expected(row, row % 10 === 0 ? 'nodes' : 'pods')),
  );
  expect(await readCells(store, rows)).toEqual(
    Array.from({ length: 5_000 }, (_, row) => ({
      name: `web-${row}`,
      namespace: `n${row % 5}`,
      status: `s${row % 7}`,
      labels: `l${row}`,
    })),
  );
  expect(problems).toEqual([]);
});

it('commits by itself after a period', async () => {
  const writer = createWriter();
  add(writer, 1);
  await clock.advance(500);
  await writer.flush();
  expect(await store.query(`SELECT ${columns} FROM object_versions`)).toEqual([expected(1)]);
});

it('F20 keeps versions while they cannot be written, says so once, and drops the oldest past its bound', async () => {
  const writer = createWriter(100);
  await store.run('DROP VIEW object_history; DROP VIEW object_versions; ALTER TABLE versions RENAME TO elsewhere');
  for (let row = 0; row < 95; row++) add(writer, row);
  await writer.flush();
  await writer.flush();
  expect(problems).toHaveLength(1);
  for (let row = 95; row < 101; row++) add(writer, row);
  expect([writer.pending, writer.dropped]).toEqual([91, 10]);
  // What failed left nothing behind.
  expect(await store.query('SELECT count(*)::INTEGER AS n FROM cell_pages')).toEqual([{ n: 0 }]);
  await store.run('ALTER TABLE elsewhere RENAME TO versions');
  await clock.advance(1_000);
  await writer.flush();
  expect(problems).toEqual([expect.stringContaining('cannot be written'), null]);
  expect(
    await store.query(
      `SELECT min(fingerprint) AS first, count(*)::INTEGER AS n, count(DISTINCT s.status)::INTEGER AS statuses
       FROM versions v JOIN statuses s ON s.id = v.status JOIN places p ON p.id = v.place`,
    ),
  ).toEqual([{ first: 10, n: 91, statuses: 7 }]);
});
