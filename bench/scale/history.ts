// What the history writes a second, through its own writer, against DuckDB's bare appender with the same rows.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/core/kernel/clock.ts';
import { historyMigrations, versionColumns } from '../../src/core/observe/history/index.ts';
import { openStore, type Store, TableWriter } from '../../src/core/platform/store/index.ts';
import { type Figure, median, toFigure } from '../figure.ts';

const rows = 100_000;
const runs = 5;

type Version = readonly (string | number)[];

/** Versions of pods of 20 clusters, as the recorder makes them. */
function versions(): Version[] {
  const statuses = ['Running', 'Pending', 'ContainerCreating', 'CrashLoopBackOff', 'Completed'];
  const start = Date.UTC(2026, 10, 1);
  return Array.from({ length: rows }, (_, row) => {
    const name = `checkout-${row % 97}-${(row * 2_654_435_761).toString(36)}`;
    const namespace = `team-${row % 40}`;
    const status = statuses[row % statuses.length] ?? '';
    const uid = `${(row * 40_503).toString(16).padStart(8, '0')}-7f3a-4c1e-9b2d-${row.toString(16).padStart(12, '0')}`;
    const cells = {
      name,
      namespace,
      status,
      created: start - row * 1_000,
      labels: `app=checkout-${row % 97}\npod-template-hash=${(row % 997).toString(36)}\nteam=${namespace}`,
      owner: `ReplicaSet/checkout-${row % 97}`,
      node: `node-${row % 250}`,
      ip: `10.${row % 200}.${row % 250}.${row % 251}`,
      restarts: row % 7,
      ready: '1/1',
      cpurequest: 250,
      memoryrequest: 268_435_456,
      image: `registry.example.com/shop/checkout:1.${row % 30}`,
    };
    const cluster = `production-${row % 20}`;
    return [cluster, 'pods', uid, namespace, name, start + row, 1, row % 6, status, row * 7_919, JSON.stringify(cells)];
  });
}

async function ours(store: Store, given: readonly Version[]): Promise<void> {
  const writer = new TableWriter(store, {
    table: 'object_versions',
    columns: versionColumns,
    clock: systemClock,
    onProblem(message) {
      if (message !== null) throw new Error(message);
    },
  });
  for (const version of given) writer.add(version);
  await writer.flush();
  writer.dispose();
}

async function bare(store: Store, given: readonly Version[]): Promise<void> {
  await store.connection.run('BEGIN TRANSACTION');
  const appender = await store.connection.createAppender('object_versions');
  for (const version of given) {
    for (let column = 0; column < versionColumns.length; column++) {
      const value = version[column];
      switch (versionColumns[column]) {
        case 'varchar':
          appender.appendVarchar(value as string);
          break;
        case 'bigint':
          appender.appendBigInt(BigInt(value as number));
          break;
        case 'utinyint':
          appender.appendUTinyInt(value as number);
          break;
        default:
          appender.appendDouble(value as number);
      }
    }
    appender.endRow();
  }
  appender.flushSync();
  appender.closeSync();
  await store.connection.run('COMMIT');
}

export async function run(): Promise<Figure[]> {
  const given = versions();
  const folder = await mkdtemp(join(tmpdir(), 'kubesage-history-'));
  const seconds = { ours: [] as number[], bare: [] as number[] };
  try {
    for (let round = 0; round <= runs; round++) {
      for (const [side, write] of [['ours', ours] as const, ['bare', bare] as const]) {
        const path = join(folder, `${side}-${round}.duckdb`);
        const onNotice = (message: string) => {
          throw new Error(message);
        };
        const store = await openStore({ path, migrations: historyMigrations, clock: systemClock, onNotice });
        const start = performance.now();
        await write(store, given);
        const took = (performance.now() - start) / 1_000;
        // The first round warms up both.
        if (round > 0) seconds[side].push(took);
        const [counted] = await store.query(
          'SELECT count(*)::INTEGER AS n, sum(length(cells))::DOUBLE AS bytes, count(DISTINCT uid)::INTEGER AS uids FROM object_versions',
        );
        const bytes = given.reduce((sum, version) => sum + String(version[10]).length, 0);
        if (counted?.n !== rows || counted.bytes !== bytes || counted.uids !== rows) {
          throw new Error(`${side} wrote ${JSON.stringify(counted)}`);
        }
        store.close();
        await rm(path, { force: true });
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const speed = (took: number) => Math.round(rows / took / 1_000);
  const ratios = seconds.ours.map((took, at) => (seconds.bare[at] as number) / took);
  const rates = `${speed(median(seconds.ours))},000 rows/s of 11 columns and 420 bytes, committed`;
  const against = `DuckDB's bare appender with the same rows in the same process: ${speed(median(seconds.bare))},000 rows/s; ours ${rates}`;
  return [toFigure(ratios, { id: 'scale.history', unit: 'times', against, atLeast: 3 })];
}
