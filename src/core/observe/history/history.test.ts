import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { uidWords } from '../../kube/columns/batchBuilder.ts';
import { samplePods } from '../../kube/columns/rowBatches.ts';
import { type KindSchema, meta, metaColumns } from '../../kube/columns/schema.ts';
import { uidText } from '../../kube/columns/uid.ts';
import { openStore, type Store } from '../../platform/store/index.ts';
import type { CellPage } from './cellPage.ts';
import { createHistory, type History } from './history.ts';
import { changedCells } from './model.ts';
import type { ObservedTable } from './observed.ts';
import { fingerprint } from './print.ts';
import { historyMigrations } from './tables.ts';

const pods = samplePods({ id: 'restarts', title: 'Restarts', type: 'number', unit: 'count', priority: 0 });

/** A table of pods in one cluster, as the recorder sees it. */
class Pods implements ObservedTable {
  readonly schema: KindSchema;
  readonly rows: ({ uid: string; name: string; status: string; restarts: number } | undefined)[] = [];
  constructor(schema = pods) {
    this.schema = schema;
  }
  clusterOf = () => 'prod';
  copyUid = (row: number, words: Uint32Array) => uidWords(this.rows[row]?.uid ?? '', words, 0);
  uidOf(row: number): string {
    const words = new Uint32Array(4);
    this.copyUid(row, words);
    return uidText(words, 0);
  }
  writeCells = (page: CellPage, row: number) => page.addCells((column) => this.cell(row, column));
  isAlive = (row: number) => this.rows[row] !== undefined;
  fingerprint = (row: number) => fingerprint(this.schema, (column) => this.cell(row, column));
  cell(row: number, column: number): string | number {
    const pod = this.rows[row];
    if (pod === undefined) return '';
    if (column === meta.name) return pod.name;
    if (column === meta.namespace) return 'shop';
    if (column === meta.status) return pod.status;
    if (column === metaColumns.length) return pod.restarts;
    const type = this.schema.columns[column]?.type;
    return type === 'number' ? 0 : type === 'time' ? 0 : '';
  }
}

let clock: FakeClock;
let store: Store;
let history: History;
let table: Pods;
const web = { cluster: 'prod', kind: 'pods', namespace: 'shop', name: 'web-0', uid: 'u1' };

beforeEach(async () => {
  clock = new FakeClock(1_000_000);
  store = await openStore({ path: undefined, migrations: historyMigrations, clock, onNotice: () => {} });
  start();
});
afterEach(async () => {
  await history.recorder.flush();
  history.dispose();
  store.close();
});

function start(): void {
  history = createHistory({ store, clock, keepDays: 0.01, onProblem: (problem) => expect(problem).toBeNull() });
  table = new Pods();
}

function set(row: number, status: string, restarts = 0): void {
  const before = table.rows[row];
  table.rows[row] = { uid: `u${row + 1}`, name: `web-${row}`, status, restarts };
  history.recorder.changed(table, row, before === undefined ? 'added' : 'modified');
}

function remove(row: number): void {
  history.recorder.changed(table, row, 'deleted');
  table.rows[row] = undefined;
}

describe('history', () => {
  it('keeps each version with the moments between which it was true, and what changed', async () => {
    set(0, 'Pending');
    await history.recorder.flush();
    await clock.advance(5_000);
    set(0, 'Running', 1);
    await history.recorder.flush();
    await clock.advance(5_000);
    remove(0);
    const { versions, truncated } = await history.object(web, 10);
    expect(truncated).toBe(false);
    expect(versions).toEqual([
      { validFrom: 1_010_000, validTo: null, change: 'deleted', tone: 'healthy', status: 'Running', changed: [] },
      {
        validFrom: 1_005_000,
        validTo: 1_010_000,
        change: 'modified',
        tone: 'healthy',
        status: 'Running',
        changed: [
          { column: 'restarts', before: '0', after: '1' },
          { column: 'status', before: 'Pending', after: 'Running' },
        ],
      },
      { validFrom: 1_000_000, validTo: 1_005_000, change: 'added', tone: 'healthy', status: 'Pending', changed: [] },
    ]);
  });

  it('records nothing when no column changed', async () => {
    set(0, 'Running');
    await history.recorder.flush();
    set(0, 'Running');
    expect((await history.object(web, 10)).versions).toHaveLength(1);
  });

  it('makes one version of several changes in a moment', async () => {
    set(0, 'Pending');
    set(0, 'ContainerCreating');
    set(0, 'Running');
    expect((await history.object(web, 10)).versions.map((version) => version.status)).toEqual(['Running']);
  });

  it('after a restart records only what changed meanwhile, and what went', async () => {
    set(0, 'Running');
    set(1, 'Running');
    set(2, 'Running');
    await history.recorder.flush();
    history.dispose();
    await clock.advance(60_000);
    start();
    set(0, 'Running');
    set(1, 'CrashLoopBackOff', 7);
    history.recorder.listed('prod', 'pods');
    await history.recorder.flush();
    const { changes } = await history.changes({ from: 1_000_001, to: clock.now(), limit: 10 });
    expect(changes.map(({ object, change, status }) => [object.name, change, status]).sort()).toEqual([
      ['web-1', 'modified', 'CrashLoopBackOff'],
      ['web-2', 'deleted', 'Running'],
    ]);
  });

  it('does not resurrect what was deleted before a restart', async () => {
    set(0, 'Running');
    await history.recorder.flush();
    await clock.advance(1_000);
    remove(0);
    await history.recorder.flush();
    history.dispose();
    start();
    history.recorder.listed('prod', 'pods');
    await history.recorder.flush();
    expect((await history.object(web, 10)).versions.map((version) => version.change)).toEqual(['deleted', 'added']);
  });

  it('says when there are more versions than asked for, and compares the last one shown with the one before', async () => {
    for (let restarts = 0; restarts < 4; restarts++) {
      set(0, 'Running', restarts);
      await history.recorder.flush();
      await clock.advance(1_000);
    }
    const { versions, truncated } = await history.object(web, 2);
    expect(truncated).toBe(true);
    expect(versions.map((version) => version.changed)).toEqual([
      [{ column: 'restarts', before: '2', after: '3' }],
      [{ column: 'restarts', before: '1', after: '2' }],
    ]);
  });

  it('limits changes to clusters and kinds', async () => {
    set(0, 'Running');
    const ask = (filter: { clusters?: string[]; kinds?: string[] }) =>
      history.changes({ from: 0, to: clock.now(), limit: 5, ...filter });
    expect((await ask({ clusters: ['prod'], kinds: ['pods'] })).changes).toHaveLength(1);
    expect((await ask({ clusters: ['other'] })).changes).toEqual([]);
    expect((await ask({ kinds: ['nodes'] })).changes).toEqual([]);
  });

  it('forgets versions that ended long ago and keeps the one that still holds', async () => {
    set(0, 'Pending');
    set(1, 'Running');
    await history.recorder.flush();
    await clock.advance(1_000);
    set(0, 'Running');
    await history.recorder.flush();
    await clock.advance(20 * 60_000);
    await history.retain();
    expect((await history.object(web, 10)).versions.map((version) => version.status)).toEqual(['Running']);
    expect((await history.object({ ...web, name: 'web-1', uid: 'u2' }, 10)).versions).toHaveLength(1);
  });
});

describe('what lists find', () => {
  const find = (row: number, status: string) => {
    table.rows[row] = { uid: `u${row + 1}`, name: `web-${row}`, status, restarts: 0 };
    history.recorder.changed(table, row, 'added', 'list');
  };
  const rows = async () => Number((await store.query('SELECT count(*)::INTEGER AS n FROM object_versions'))[0]?.n);
  /** What DuckDB does takes real time, what the recorder waits for is the clock's. */
  const settled = (count: number) =>
    expect
      .poll(
        async () => {
          await clock.advance(250);
          return rows();
        },
        { timeout: 10_000 },
      )
      .toBe(count);

  /** A machine with other work writes after the last turn of the clock: it goes on, by less than a rest. */
  const soon = async () => {
    await clock.advance(2);
    return rows();
  };

  it('waits while lists go on and is recorded when they rest, what is watched meanwhile at once', async () => {
    for (let row = 0; row < 100; row++) {
      find(row, 'Running');
      if (row === 50) set(200, 'Running');
      await clock.advance(100);
      if (row % 20 === 19) await store.query('SELECT 1');
    }
    await expect.poll(soon, { timeout: 10_000 }).toBe(1);
    await clock.advance(1_000);
    await settled(101);
  });

  it('does not wait for ever', async () => {
    find(0, 'Running');
    for (let row = 1; row < 200; row++) {
      find(row, 'Running');
      await clock.advance(100);
      if (row % 20 === 19) await store.query('SELECT 1');
    }
    await expect.poll(soon, { timeout: 10_000 }).toBeGreaterThan(0);
  });

  it('is all recorded for who asks', async () => {
    for (let row = 0; row < 2_500; row++) find(row, 'Running');
    expect((await history.changes({ from: 0, to: clock.now(), limit: 5_000 })).changes).toHaveLength(2_500);
  });

  it('takes what changes before it is read as changed now', async () => {
    find(0, 'Pending');
    set(0, 'Running');
    await clock.advance(100);
    await settled(1);
  });

  it('of a list before it was forgotten says nothing about what was deleted', async () => {
    set(0, 'Running');
    await history.recorder.flush();
    history.recorder.listed('prod', 'pods');
    history.recorder.forgotten(table, 0);
    table.rows[0] = undefined;
    expect((await history.object(web, 10)).versions.map(({ change }) => change)).toEqual(['added']);
  });
});

describe('what the engine forgets', () => {
  /** The engine drops the row; the recorder is told as long as its cells can be read. */
  const forget = (row: number) => {
    history.recorder.forgotten(table, row);
    table.rows[row] = undefined;
  };

  it('leaves its row number to another object, which was added and not modified', async () => {
    set(0, 'Running');
    await history.recorder.flush();
    forget(0);
    await clock.advance(1_000);
    table.rows[0] = { uid: 'other', name: 'other', status: 'Running', restarts: 0 };
    history.recorder.changed(table, 0, 'added');
    const { changes } = await history.changes({ from: 0, to: clock.now(), limit: 10 });
    expect(changes.map(({ object, change }) => [object.name, change])).toEqual([
      ['other', 'added'],
      ['web-0', 'added'],
    ]);
  });

  it('is not told again when it is found again unchanged, and what was not read yet is', async () => {
    set(0, 'Pending');
    await history.recorder.flush();
    await clock.advance(1_000);
    set(0, 'Running');
    forget(0);
    await clock.advance(1_000);
    set(0, 'Running');
    const { versions } = await history.object(web, 10);
    expect(versions.map(({ validFrom, change, status }) => [validFrom, change, status])).toEqual([
      [1_001_000, 'modified', 'Running'],
      [1_000_000, 'added', 'Pending'],
    ]);
  });

  it('was deleted when the next list does not have it', async () => {
    set(0, 'Running');
    await history.recorder.flush();
    forget(0);
    await clock.advance(1_000);
    history.recorder.listed('prod', 'pods');
    await history.recorder.flush();
    expect((await history.object(web, 10)).versions.map(({ change }) => change)).toEqual(['deleted', 'added']);
  });
});

describe('fingerprint', () => {
  it('differs for every single cell that differs', () => {
    const cells = pods.columns.map((column) => (column.type === 'number' || column.type === 'time' ? 1 : 'a'));
    const print = (values: readonly (string | number)[]) => fingerprint(pods, (column) => values[column] ?? '');
    const prints = cells.map((_cell, index) =>
      print(cells.map((cell, at) => (at === index ? (cell === 1 ? 2 : 'b') : cell))),
    );
    expect(new Set([...prints, print(cells)]).size).toBe(cells.length + 1);
  });
});

describe('changedCells', () => {
  it('names what appeared, went and changed', () => {
    expect(changedCells({ a: 1, b: 'x', same: 1 }, { a: 2, c: 'y', same: 1 })).toEqual([
      { column: 'a', before: '1', after: '2' },
      { column: 'b', before: 'x', after: null },
      { column: 'c', before: null, after: 'y' },
    ]);
  });
});

describe('a past from elsewhere', () => {
  const values = (status: string, restarts: number) =>
    pods.columns.map((_, column) => {
      if (column === meta.name) return 'web-0';
      if (column === meta.namespace) return 'shop';
      if (column === meta.status) return status;
      if (column === metaColumns.length) return restarts;
      return pods.columns[column]?.type === 'text' || pods.columns[column]?.type === 'name' ? '' : 0;
    });
  const version = (at: number, status: string, restarts: number) => ({
    schema: pods,
    uid: 'u1',
    at,
    change: at === 1_000 ? ('added' as const) : ('modified' as const),
    values: values(status, restarts),
  });

  it('comes before the present, which goes on without saying its last version again', async () => {
    const read = Promise.withResolvers<void>();
    const imported = history.importPast('prod', async (add) => {
      add(version(1_000, 'Pending', 0));
      add(version(2_000.5, 'Running', 1));
      await read.promise;
    });
    set(0, 'Running', 1);
    set(1, 'Running');
    await clock.advance(1_000);
    read.resolve();
    await imported;
    await history.recorder.flush();
    const { versions } = await history.object(web, 10);
    expect(versions.map((one) => [one.validFrom, one.change, one.status])).toEqual([
      [2_000, 'modified', 'Running'],
      [1_000, 'added', 'Pending'],
    ]);
    expect((await history.object({ ...web, name: 'web-1', uid: 'u2' }, 10)).versions).toHaveLength(1);
  });

  it('is told once', async () => {
    await history.importPast('prod', async (add) => add(version(1_000, 'Running', 0)));
    await history.importPast('prod', () => Promise.reject(new Error('never asked')));
    expect((await history.status()).rows).toBe(1);
  });

  it('is not kept in half', async () => {
    const broken = history.importPast('prod', async (add) => {
      add(version(1_000, 'Running', 0));
      throw new Error('broke off');
    });
    await expect(broken).rejects.toThrow('broke off');
    expect((await history.status()).rows).toBe(0);
    set(0, 'Running');
    await history.recorder.flush();
    expect((await history.status()).rows).toBe(1);
  });

  it('that a kill interrupted is told again, whole', async () => {
    const [begun, half] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const broken = history.importPast('prod', async (add) => {
      add(version(1_000, 'Pending', 0));
      begun.resolve();
      await half.promise;
    });
    // The first part is on the disk; then there is another process.
    await begun.promise;
    await history.recorder.flush();
    expect((await history.status()).rows).toBe(1);
    history.dispose();
    start();
    await history.importPast('prod', async (add) => {
      add(version(1_000, 'Pending', 0));
      add(version(2_000, 'Running', 1));
    });
    expect((await history.object(web, 10)).versions.map(({ status }) => status)).toEqual(['Running', 'Pending']);
    await history.importPast('prod', () => Promise.reject(new Error('never asked')));
    half.resolve();
    await broken;
  });
});
