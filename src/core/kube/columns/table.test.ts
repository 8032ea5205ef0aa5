import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BatchBuilder, Dictionaries } from './batchBuilder.ts';
import type { CellChange } from './observer.ts';
import { type SampleRow, sampleBatches, samplePods, sampleUid } from './rowBatches.ts';
import { meta, metaColumns, tones } from './schema.ts';
import type { Table } from './table.ts';
import { createTables, type Tables } from './tables.ts';

const pods = samplePods(
  { id: 'restarts', title: 'Restarts', type: 'number', unit: 'count', priority: 0 },
  { id: 'node', title: 'Node', type: 'text', priority: 0 },
  { id: 'ip', title: 'IP', type: 'name', priority: 1 },
  { id: 'started', title: 'Started', type: 'time', priority: 1 },
);

type Plain = Record<string, unknown>;

function contents(table: Table): Record<string, Plain> {
  const rows: Record<string, Plain> = {};
  for (const row of table.rows()) {
    const cells: Plain = { version: table.versions[row] };
    for (const [at, column] of table.schema.columns.entries()) cells[column.id] = table.cell(row, at);
    rows[`${table.clusters[row]}/${table.uid(row)}`] = cells;
  }
  return rows;
}

function plain(row: SampleRow): Plain {
  return {
    version: Number(row.version),
    name: row.name,
    namespace: row.namespace ?? '',
    status: row.status ?? '',
    tone: tones.indexOf(row.tone ?? 'healthy'),
    reason: '',
    created: row.created === undefined || row.created === 0 ? null : row.created * 1000,
    deleting: null,
    labels: Object.entries(row.labels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join('\n'),
    owner: '',
    owneruid: '',
    restarts: row.cells?.restarts ?? null,
    node: row.cells?.node ?? '',
    ip: row.cells?.ip ?? '',
    started: null,
  };
}

const anyRow = fc.record({
  uid: fc.integer({ min: 1, max: 12 }).map(sampleUid),
  version: fc.integer({ min: 1, max: 60 }).map(String),
  name: fc.string({ unit: fc.constantFrom('a', 'b', '-', 'é'), maxLength: 90 }),
  namespace: fc.constantFrom('default', 'kube-system', 'web'),
  status: fc.constantFrom('Running', 'Pending', 'CrashLoopBackOff'),
  tone: fc.constantFrom(...tones),
  created: fc.integer({ min: 0, max: 2_000_000_000 }),
  labels: fc.constantFrom<Record<string, string>>({}, { app: 'web' }, { app: 'db', tier: 'x' }),
  cells: fc.record({
    restarts: fc.integer({ min: 0, max: 9 }),
    node: fc.constantFrom('', 'n1', 'n2'),
    ip: fc.constantFrom('10.0.0.1', '10.0.0.200', ''),
  }),
  deleted: fc.boolean(),
});

type Step =
  | { type: 'rows'; cluster: number; rows: SampleRow[]; fresh: boolean }
  | { type: 'list'; cluster: number; rows: SampleRow[] };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('rows' as const),
      cluster: fc.integer({ min: 0, max: 1 }),
      rows: fc.array(anyRow, { maxLength: 8 }),
      fresh: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('list' as const),
      cluster: fc.integer({ min: 0, max: 1 }),
      rows: fc.uniqueArray(anyRow, { maxLength: 8, selector: (row) => row.uid }),
    }),
  },
);

/** The same rules over plain objects: monotone versions, tombstones, lists that remove what they do not name. */
class Model {
  readonly rows = new Map<string, { cluster: number; row: SampleRow }>();
  readonly gone = new Map<string, number>();

  event(cluster: number, row: SampleRow): void {
    const key = `${cluster}/${row.uid}`;
    const known = this.rows.get(key);
    const version = Number(row.version);
    if (row.deleted === true) {
      if (known === undefined) this.gone.set(key, Math.max(version, this.gone.get(key) ?? 0));
      else if (version >= Number(known.row.version)) {
        this.rows.delete(key);
        this.gone.set(key, version);
      }
    } else if (known === undefined ? !((this.gone.get(key) ?? -1) >= version) : version > Number(known.row.version)) {
      this.rows.set(key, { cluster, row });
    }
  }

  list(cluster: number, rows: readonly SampleRow[], version: number): void {
    for (const row of rows) this.event(cluster, row);
    const named = new Set(rows.map((row) => `${cluster}/${row.uid}`));
    for (const [key, { cluster: of, row }] of this.rows) {
      if (of !== cluster || named.has(key)) continue;
      this.rows.delete(key);
      this.gone.set(key, Math.max(version, Number(row.version)));
    }
  }
}

function run(tables: Tables, steps: readonly Step[]): Model {
  const model = new Model();
  tables.table(pods);
  const dictionaries = new Dictionaries(pods, 5);
  let batches = sampleBatches(pods, new BatchBuilder(pods, dictionaries));
  for (const [at, step] of steps.entries()) {
    const version = 100 + at;
    const { cluster } = step;
    if (step.type === 'rows') {
      if (step.fresh) batches = sampleBatches(pods);
      tables.apply({ type: 'rows', batch: batches(cluster, step.rows), scope: '' });
      for (const row of step.rows) model.event(cluster, row);
    } else {
      const rows = step.rows.map((row) => ({ ...row, deleted: false }));
      tables.apply({ type: 'listing', cluster, kind: 'pods', scope: '' });
      tables.apply({ type: 'rows', batch: batches(cluster, rows), scope: '' });
      tables.apply({ type: 'listed', cluster, kind: 'pods', scope: '', resourceVersion: String(version) });
      model.list(cluster, rows, version);
    }
  }
  return model;
}

test('a table holds what a map of newest objects would hold', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 25 }), (steps) => {
      const tables = createTables();
      const model = run(tables, steps);
      const expected = Object.fromEntries([...model.rows].map(([key, { row }]) => [key, plain(row)]));
      const table = tables.table(pods);
      expect(contents(table)).toEqual(expected);
      expect(table.count).toBe(model.rows.size);
      const counts = tones.map((tone) => [...model.rows.values()].filter(({ row }) => row.tone === tone).length);
      const known = tones.map((_, at) => (table.tonesOf(0)[at] ?? 0) + (table.tonesOf(1)[at] ?? 0));
      expect(known).toEqual(counts);
    }),
    { numRuns: 300 },
  );
});

test('observers are told enough to keep a copy, and aggregates stay exact', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 20 }), (steps) => {
      const tables = createTables();
      const copy: Record<string, Plain> = {};
      const keyOf = (table: Table, row: number) => `${table.clusters[row]}/${table.uid(row)}`;
      const read = (table: Table, row: number) =>
        Object.fromEntries(table.schema.columns.map((column, at) => [column.id, table.cell(row, at)]));
      tables.observe({
        added(table, row) {
          expect(copy).not.toHaveProperty([keyOf(table, row)]);
          copy[keyOf(table, row)] = read(table, row);
        },
        modified(table, row, changes: readonly CellChange[]) {
          const known = copy[keyOf(table, row)] as Plain;
          const before = { ...known };
          const after = read(table, row);
          const differing = Object.keys(after).filter((id) => after[id] !== known[id]);
          expect(changes.map(({ column }) => table.schema.columns[column]?.id).sort()).toEqual(differing.sort());
          for (const change of changes) {
            expect(before[table.schema.columns[change.column]?.id as string]).toBe(change.before);
          }
          copy[keyOf(table, row)] = after;
        },
        deleted(table, row) {
          expect(copy[keyOf(table, row)]).toEqual(read(table, row));
          delete copy[keyOf(table, row)];
        },
      });
      const table = tables.table(pods);
      const running = table.aggregate({
        sums: ['restarts'],
        where: (it, row) => it.text(row, meta.status) === 'Running',
      });
      const model = run(tables, steps);
      expect(Object.keys(copy).sort()).toEqual([...model.rows.keys()].sort());
      for (const cluster of [0, 1]) {
        const rows = [...model.rows.values()].filter((it) => it.cluster === cluster && it.row.status === 'Running');
        const restarts = rows.reduce((sum, { row }) => sum + Number(row.cells?.restarts), 0);
        expect(running.of(cluster)).toEqual({ rows: rows.length, sums: [restarts] });
      }
    }),
    { numRuns: 200 },
  );
});

test('a list of an earlier time is believed when its own version says so', () => {
  const tables = createTables();
  const table = tables.table(pods);
  const batches = sampleBatches(pods);
  const row = { uid: sampleUid(1), name: 'web', namespace: 'default' };
  tables.apply({ type: 'rows', batch: batches(0, [{ ...row, version: '90', status: 'Failed' }]), scope: '' });
  // etcd was restored from a backup: the whole server is at version 50.
  tables.apply({ type: 'listing', cluster: 0, kind: 'pods', scope: '' });
  tables.apply({ type: 'rows', batch: batches(0, [{ ...row, version: '40', status: 'Running' }]), scope: '' });
  expect(table.text(0, meta.status)).toBe('Failed');
  tables.apply({ type: 'listed', cluster: 0, kind: 'pods', scope: '', resourceVersion: '50' });
  expect(table.text(0, meta.status)).toBe('Running');
  expect(table.versions[0]).toBe(40);
});

test('a list that repeats what is known changes nothing', () => {
  const tables = createTables();
  const table = tables.table(pods);
  const batches = sampleBatches(pods);
  const rows = [1, 2, 3].map((at) => ({ uid: sampleUid(at), version: String(at), name: `web-${at}` }));
  tables.apply({ type: 'rows', batch: batches(0, rows), scope: '' });
  const changes = table.changes.reader();
  tables.apply({ type: 'listing', cluster: 0, kind: 'pods', scope: '' });
  tables.apply({ type: 'rows', batch: batches(0, rows), scope: '' });
  tables.apply({ type: 'listed', cluster: 0, kind: 'pods', scope: '', resourceVersion: '9' });
  expect(changes.pending).toBe(0);
  expect(Object.keys(contents(table))).toHaveLength(3);
});

test('a list of one namespace leaves the others alone', () => {
  const tables = createTables();
  const table = tables.table(pods);
  const batches = sampleBatches(pods);
  const rows = ['a', 'b'].map((namespace, at) => ({ uid: sampleUid(at + 1), version: '1', name: 'web', namespace }));
  tables.apply({ type: 'rows', batch: batches(0, rows), scope: '' });
  tables.apply({ type: 'listing', cluster: 0, kind: 'pods', scope: 'a' });
  tables.apply({ type: 'listed', cluster: 0, kind: 'pods', scope: 'a', resourceVersion: '5' });
  expect([...table.rows()].map((row) => table.text(row, meta.namespace))).toEqual(['b']);
});

test('two versions of a kind share a table that has the columns of both', () => {
  const tables = createTables();
  const column = (id: string, type: 'text' | 'number') => ({ id, title: id, type, priority: 0 as const });
  const one = { ...pods, id: 'apps.x', columns: [...metaColumns, column('phase', 'text'), column('size', 'number')] };
  const two = { ...pods, id: 'apps.x', columns: [...metaColumns, column('size', 'text'), column('phase', 'text')] };
  const table = tables.table(one, 0);
  expect(tables.table(two, 1)).toBe(table);
  const row = { version: '1', name: 'x' };
  const first = sampleBatches(one)(0, [{ ...row, uid: sampleUid(1), cells: { phase: 'Ready', size: 3 } }]);
  const second = sampleBatches(two)(1, [{ ...row, uid: sampleUid(2), cells: { phase: 'Lost', size: 'big' } }]);
  tables.apply({ type: 'rows', batch: first, scope: '' });
  tables.apply({ type: 'rows', batch: second, scope: '' });
  const own = table.schema.columns.slice(metaColumns.length).map((it) => it.id);
  expect(own).toEqual(['phase', 'size', 'size:text']);
  expect([0, 1].map((at) => own.map((id) => table.cell(at, table.column(id))))).toEqual([
    ['Ready', 3, ''],
    ['Lost', null, 'big'],
  ]);
});

test('a cluster that is removed leaves nothing behind', () => {
  const tables = createTables();
  const table = tables.table(pods);
  const batches = sampleBatches(pods);
  const row = { version: '1', name: 'x' };
  for (const cluster of [0, 1]) {
    tables.apply({ type: 'rows', batch: batches(cluster, [{ ...row, uid: sampleUid(1) }]), scope: '' });
  }
  const causes: string[] = [];
  tables.observe({ deleted: (_, __, cause) => causes.push(cause) });
  tables.removeCluster(0);
  expect([...table.rows()].map((it) => table.clusters[it])).toEqual([1]);
  expect(causes).toEqual(['forgotten']);
  expect(table.countOf(0)).toBe(0);
});
