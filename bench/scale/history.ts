// What the history writes a second, from the engine's columns to the disk, against DuckDB's bare appender.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '../../src/core/kernel/clock.ts';
import { meta } from '../../src/core/kube/columns/schema.ts';
import type { Table } from '../../src/core/kube/columns/table.ts';
import { historyMigrations, readCells, VersionWriter } from '../../src/core/observe/history/index.ts';
import { openStore, type Store } from '../../src/core/platform/store/index.ts';
import { type Figure, median, toFigure } from '../figure.ts';
import { podTable } from './recordedPods.ts';

const pods = 100_000;
const runs = 5;

/** A version as values, in the order of the bare table's columns. */
interface Version {
  texts: readonly [cluster: string, kind: string, uid: string, namespace: string, name: string];
  at: bigint;
  change: number;
  tone: number;
  status: string;
  fingerprint: number;
  cells: string;
}

const bareTable = `CREATE TABLE bare_versions (
  cluster VARCHAR NOT NULL, kind VARCHAR NOT NULL, uid VARCHAR NOT NULL, namespace VARCHAR NOT NULL,
  name VARCHAR NOT NULL, valid_from BIGINT NOT NULL, change UTINYINT NOT NULL, tone UTINYINT NOT NULL,
  status VARCHAR NOT NULL, fingerprint DOUBLE NOT NULL, cells VARCHAR NOT NULL)`;

const now = Date.UTC(2026, 10, 1);
const clusterOf = (table: Table, row: number) => `production-${table.clusters[row]}`;
const headOf = (table: Table, row: number) => ({
  namespace: String(table.cell(row, meta.namespace)),
  name: String(table.cell(row, meta.name)),
  status: String(table.cell(row, meta.status)),
  tone: Number(table.cell(row, meta.tone)),
  change: 0,
  fingerprint: row * 7_919,
});

/** The cells that a version keeps: tone and owner's uid are not among them. */
function cellsOf(table: Table, row: number): Record<string, string | number> {
  const cells: Record<string, string | number> = {};
  for (const [index, { id }] of table.schema.columns.entries()) {
    const value = table.cell(row, index);
    if (value === null || value === '' || index === meta.tone || index === meta.ownerUid) continue;
    cells[id] = value;
  }
  return cells;
}

function toVersion(table: Table, row: number): Version {
  const { namespace, name, status, tone, change, fingerprint } = headOf(table, row);
  const cells = JSON.stringify(cellsOf(table, row));
  const texts = [clusterOf(table, row), 'pods', table.uid(row), namespace, name] as const;
  return { texts, at: BigInt(now + row), change, tone, status, fingerprint, cells };
}

/** From the table's columns, as the recorder hands them over. */
async function ours(store: Store, table: Table): Promise<void> {
  const writer = new VersionWriter(store, {
    clock: systemClock,
    periodMs: 60_000,
    onProblem(message) {
      if (message !== null) throw new Error(message);
    },
  });
  for (const row of table.rows()) {
    const head = { ...headOf(table, row), cluster: clusterOf(table, row), at: now + row };
    writer.add(table.schema, head, table.uids, 4 * row, (page) => page.addRow(table.stores, row));
  }
  await writer.flush();
  writer.dispose();
}

/** From values that are there: one call a value, one a row. */
async function bare(store: Store, given: readonly Version[]): Promise<void> {
  await store.connection.run('BEGIN TRANSACTION');
  const appender = await store.connection.createAppender('bare_versions');
  for (const { texts, at, change, tone, status, fingerprint, cells } of given) {
    for (const text of texts) appender.appendVarchar(text);
    appender.appendBigInt(at);
    appender.appendUTinyInt(change);
    appender.appendUTinyInt(tone);
    appender.appendVarchar(status);
    appender.appendDouble(fingerprint);
    appender.appendVarchar(cells);
    appender.endRow();
  }
  appender.flushSync();
  appender.closeSync();
  await store.connection.run('COMMIT');
}

/** What DuckDB itself takes from memory: the same rows out of a table that is there. */
async function copied(store: Store): Promise<void> {
  await store.connection.run('BEGIN TRANSACTION');
  await store.connection.run('INSERT INTO bare_versions SELECT * FROM source');
  await store.connection.run('COMMIT');
}

async function open(path: string): Promise<Store> {
  const onNotice = (message: string) => {
    throw new Error(message);
  };
  const store = await openStore({ path, migrations: historyMigrations, clock: systemClock, onNotice });
  await store.run(bareTable);
  return store;
}

/** Every version that ours wrote says what the bare one says. */
async function compare(store: Store, given: readonly Version[]): Promise<void> {
  const rows = await store.query(
    `SELECT cluster, kind, uid, namespace, name, valid_from::VARCHAR AS at, change, tone, status, fingerprint, page, position
     FROM object_versions ORDER BY valid_from`,
  );
  const cells = await readCells(store, rows);
  for (const [at, version] of given.entries()) {
    const row = rows[at];
    const { texts, change, tone, status, fingerprint } = version;
    const written = [row?.cluster, row?.kind, row?.uid, row?.namespace, row?.name, row?.at, row?.change, row?.tone];
    const wanted = [...texts, String(version.at), change, tone];
    const [kept, said] = [sorted(cells[at] ?? {}), sorted(JSON.parse(version.cells) as object)];
    if (
      written.join() !== wanted.join() ||
      row?.status !== status ||
      row.fingerprint !== fingerprint ||
      kept !== said
    ) {
      throw new Error(`Version ${at}: ${written.join()} ${kept} instead of ${wanted.join()} ${said}`);
    }
  }
  if (rows.length !== given.length) throw new Error(`${rows.length} versions instead of ${given.length}`);
}

function sorted(cells: object): string {
  return JSON.stringify(Object.entries(cells).sort(([a], [b]) => (a < b ? -1 : 1)));
}

interface Recording {
  threadMicrosPerRow: number;
  processMicrosPerRow: number;
}

/** The recorder's whole way in a process of its own: what a row costs the engine's thread, and the process. */
async function recording(): Promise<Recording> {
  const child = join(import.meta.dirname, 'childRecording.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', child, String(pods)]);
  return JSON.parse(stdout) as Recording;
}

export async function run(): Promise<Figure[]> {
  const table = podTable(pods);
  const given = [...table.rows()].map((row) => toVersion(table, row));
  const folder = await mkdtemp(join(tmpdir(), 'kubesage-history-'));
  const seconds = { ours: [] as number[], bare: [] as number[], copied: [] as number[] };
  const ways = { ours: (store: Store) => ours(store, table), bare: (store: Store) => bare(store, given), copied };
  try {
    for (let round = 0; round <= runs; round++) {
      for (const way of ['ours', 'bare', 'copied'] as const) {
        const path = join(folder, `${way}-${round}.duckdb`);
        const store = await open(path);
        if (way === 'copied') {
          await bare(store, given);
          await store.connection.run('CREATE TEMP TABLE source AS SELECT * FROM bare_versions');
          await store.connection.run('DELETE FROM bare_versions');
        }
        const start = performance.now();
        await ways[way](store);
        const took = (performance.now() - start) / 1_000;
        // The first round warms up, and is looked at.
        if (round > 0) seconds[way].push(took);
        else if (way === 'ours') await compare(store, given);
        store.close();
        await rm(path, { force: true });
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const { threadMicrosPerRow, processMicrosPerRow } = await recording();
  const speed = (took: readonly number[]) => `${Math.round(pods / median(took) / 1_000)},000 rows/s`;
  const ratios = seconds.ours.map((took, at) => (seconds.bare[at] as number) / took);
  const bytes = Math.round(given.reduce((sum, { cells }) => sum + cells.length, 0) / pods);
  const against = [
    `DuckDB's bare appender (11 columns as ready values, cells as JSON of ${bytes} bytes, one call a value, committed): ${speed(seconds.bare)}`,
    `DuckDB from a table in memory to the same columns: ${speed(seconds.copied)}`,
    `ours from the engine's columns, committed: ${speed(seconds.ours)}`,
    `the recorder costs the engine's thread ${threadMicrosPerRow.toFixed(1)} µs a row, the process ${processMicrosPerRow.toFixed(1)}`,
  ].join('; ');
  return [toFigure(ratios, { id: 'scale.history', unit: 'times', against, atLeast: 3 })];
}
