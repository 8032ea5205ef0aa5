import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KeyOf, SortKey } from './keys.ts';
import { sampleBatches, sampleUid } from './rowBatches.ts';
import { decodeLabels, type KindSchema, meta, metaColumns, tones } from './schema.ts';
import type { Table } from './table.ts';
import { createTables } from './tables.ts';
import { type RowFilter, View } from './view.ts';

const things: KindSchema = {
  id: 'things',
  group: '',
  version: 'v1',
  resource: 'things',
  kind: 'Thing',
  namespaced: true,
  columns: [
    ...metaColumns,
    { id: 'size', title: 'Size', type: 'number', unit: 'count', priority: 0 },
    { id: 'node', title: 'Node', type: 'text', priority: 0 },
    { id: 'ip', title: 'IP', type: 'name', priority: 1 },
  ],
};

const clusterNames = (cluster: number) => ['prod', 'dev', 'test'][cluster] ?? '';

const urgency = ['failed', 'warning', 'unknown', 'progressing', 'healthy', 'stopped'];

function keyValue(table: Table, row: number, by: SortKey['by']): string | number | null {
  if (by === 'urgency') return urgency.indexOf(table.tone(row));
  if (by === 'cluster') return clusterNames(table.clusters[row] as number);
  if (typeof by === 'object') return decodeLabels(table.text(row, meta.labels))[by.label] ?? '';
  return table.cell(row, by);
}

/** The same order by comparing values. */
function naiveOrder(table: Table, rows: number[], sort: readonly SortKey[]): number[] {
  const compareValues = (a: string | number | null, b: string | number | null, descending: boolean) => {
    if (a === b) return 0;
    if (a === null || a === '') return 1;
    if (b === null || b === '') return -1;
    return a < b === descending ? 1 : -1;
  };
  return rows.sort((a, b) => {
    for (const { by, descending } of sort) {
      const difference = compareValues(keyValue(table, a, by), keyValue(table, b, by), descending);
      if (difference !== 0) return difference;
    }
    const tie = (row: number) => [table.text(row, 0), table.text(row, 1), table.clusters[row] as number, row];
    const [left, right] = [tie(a), tie(b)];
    for (let at = 0; at < left.length; at++) {
      if (left[at] !== right[at]) return (left[at] as string) < (right[at] as string) ? -1 : 1;
    }
    return 0;
  });
}

const anyKey: fc.Arbitrary<SortKey> = fc.record({
  by: fc.constantFrom<SortKey['by']>(0, 1, 2, 3, 5, 10, 11, 12, 'cluster', 'urgency', { label: 'app' }),
  descending: fc.boolean(),
});

const anyRow = fc.record({
  uid: fc.integer({ min: 1, max: 400 }).map(sampleUid),
  name: fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-'), maxLength: 6 }),
  namespace: fc.constantFrom('', 'default', 'web'),
  status: fc.constantFrom('Running', 'Pending', ''),
  tone: fc.constantFrom(...tones),
  created: fc.constantFrom(0, 5, 100_000, 4_000_000_000),
  labels: fc.constantFrom<Record<string, string>>({}, { app: 'web' }, { app: 'db', tier: 'x' }),
  cells: fc.record({
    size: fc.constantFrom(0, -0, 1, -1, 2.5, 1e12, -1e-7, Number.NaN, Number.POSITIVE_INFINITY),
    node: fc.constantFrom('', 'n1', 'n2'),
    ip: fc.constantFrom('', '10.0.0.1', '10.0.0.2'),
  }),
  deleted: fc.boolean(),
});

const anyBatch = fc.record({
  cluster: fc.integer({ min: 0, max: 2 }),
  rows: fc.oneof(
    { weight: 6, arbitrary: fc.array(anyRow, { maxLength: 5 }) },
    { weight: 1, arbitrary: fc.array(anyRow, { minLength: 300, maxLength: 301 }) },
  ),
});

test('a view equals filtering and sorting everything again, whatever changes', () => {
  fc.assert(
    fc.property(
      fc.record({
        batches: fc.array(anyBatch, { minLength: 1, maxLength: 12 }),
        sort: fc.array(anyKey, { maxLength: 3 }),
        clusters: fc.subarray([0, 1, 2]),
        namespaces: fc.option(fc.subarray(['default', 'web', 'none'])),
        smallest: fc.option(fc.constantFrom(0, 2)),
        group: fc.constantFrom<KeyOf>(1, 10, 12, 'cluster', { label: 'app' }),
      }),
      ({ batches, sort, clusters, namespaces, smallest, group }) => {
        const tables = createTables();
        const table = tables.table(things);
        const size = table.store('size');
        const accepts = (row: number) =>
          size?.type === 'number' && ((size.values[row] as number) >= Number(smallest) || (size.values[row] ?? 0) < 0);
        const filter: RowFilter | null = smallest === null ? null : { timed: false, begin: () => {}, test: accepts };
        const spec = {
          clusters: new Set(clusters),
          namespaces: namespaces === null ? null : new Set(namespaces),
          filter,
          sort,
          group,
        };
        const view = new View(table, spec, clusterNames);
        const make = sampleBatches(things);
        let version = 1;
        for (const { cluster, rows } of batches) {
          const batch = make(
            cluster,
            rows.map((row) => ({ ...row, version: String(version++) })),
          );
          tables.apply({ type: 'rows', batch, scope: '' });
          view.update(0);
          const inScope = [...table.rows()].filter(
            (row) =>
              clusters.includes(table.clusters[row] as number) &&
              (namespaces === null || namespaces.includes(table.text(row, meta.namespace))),
          );
          const matched = inScope.filter((row) => filter === null || accepts(row));
          expect([...view.window(0, 1000)]).toEqual(naiveOrder(table, matched, sort));
          expect(view.total).toBe(inScope.length);
          expect(view.tones).toEqual(tones.map((tone) => matched.filter((row) => table.tone(row) === tone).length));
          const { groups } = view.groups();
          const counts = new Map<string, number>();
          for (const row of matched) {
            const value = String(keyValue(table, row, group) ?? '');
            counts.set(value, (counts.get(value) ?? 0) + 1);
          }
          expect(new Map(groups.map((it) => [it.value, it.count]))).toEqual(counts);
          // The same, with all but one value summed up.
          const { groups: few, others } = view.groups(1);
          expect(few.length).toBe(Math.min(1, groups.length));
          expect(few.length + (others?.values ?? 0)).toBe(groups.length);
          const summed = tones.map((_, tone) =>
            [...few, ...(others === null ? [] : [others])].reduce((sum, it) => sum + (it.tones[tone] ?? 0), 0),
          );
          expect(summed).toEqual(view.tones);
        }
      },
    ),
    { numRuns: 80 },
  );
});

test('a window that was not updated shows no row that is gone, or is another object by now', () => {
  const tables = createTables();
  const table = tables.table(things);
  const make = sampleBatches(things);
  const rows = [0, 1, 2].map((at) => ({ uid: sampleUid(at), version: '1', name: `x${at}` }));
  tables.apply({ type: 'rows', batch: make(0, rows), scope: '' });
  const view = new View(
    table,
    { clusters: new Set([0]), namespaces: null, filter: null, sort: [], group: null },
    clusterNames,
  );
  view.update(0);
  const gone = { uid: sampleUid(1), version: '2', name: 'x1', deleted: true };
  tables.apply({ type: 'rows', batch: make(0, [gone]), scope: '' });
  expect([...view.window(0, 9)].map((row) => table.text(row, meta.name))).toEqual(['x0', 'x2']);
  // Another cluster's object takes over the number.
  const other = sampleBatches(things)(1, [{ uid: sampleUid(9), version: '3', name: 'y' }]);
  tables.apply({ type: 'rows', batch: other, scope: '' });
  expect([...view.window(0, 9)].map((row) => table.text(row, meta.name))).toEqual(['x0', 'x2']);
  expect(view.matched).toBe(3);
  view.update(0);
  expect(view.matched).toBe(2);
});

test('a filter that depends on the time is asked again as time passes', () => {
  const tables = createTables();
  const table = tables.table(things);
  const make = sampleBatches(things);
  const rows = [10, 50].map((created, at) => ({ uid: sampleUid(at + 1), version: '1', name: `x${at}`, created }));
  tables.apply({ type: 'rows', batch: make(0, rows), scope: '' });
  const created = table.store('created');
  let now = 0;
  const young: RowFilter = {
    timed: true,
    begin: (nowMs) => {
      now = nowMs;
    },
    test: (row) => created?.type === 'time' && now / 1000 - (created.seconds[row] as number) < 30,
  };
  const spec = { clusters: new Set([0]), namespaces: null, filter: young, sort: [], group: null };
  const view = new View(table, spec, clusterNames);
  view.update(35_000);
  expect([...view.window(0, 9)]).toEqual([0, 1]);
  expect(view.update(35_500)).toBe(false);
  expect(view.update(45_000)).toBe(true);
  expect([...view.window(0, 9)]).toEqual([1]);
  expect(view.total).toBe(2);
});
