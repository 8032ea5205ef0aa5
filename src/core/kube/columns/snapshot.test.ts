import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SampleRow, sampleBatches, samplePods, sampleUid } from './rowBatches.ts';
import { type KindSchema, meta, metaColumns, tones } from './schema.ts';
import { decodeSnapshot, encodeSnapshot, encodeSnapshotGently, readSnapshot, writeSnapshot } from './snapshot.ts';
import { diskSnapshotFiles } from './snapshotFiles.ts';
import { createTables, type Tables } from './tables.ts';

const pods = samplePods(
  { id: 'cpu', title: 'CPU', type: 'number', unit: 'millicores', priority: 0 },
  { id: 'ip', title: 'IP', type: 'name', priority: 1 },
);
const nodes: KindSchema = { ...pods, id: 'nodes', resource: 'nodes', kind: 'Node', namespaced: false };

const clusters = [
  { index: 0, id: 'prod', uid: 'uid-prod' },
  { index: 7, id: 'dev', uid: 'uid-dev' },
];
/** In the next session the clusters have other numbers. */
const known = {
  indexOf: ({ id, uid }: { id: string; uid: string }) =>
    id === 'prod' && uid === 'uid-prod' ? 3 : id === 'dev' ? 1 : undefined,
  schemaOf: (kind: string) => (kind === 'pods' ? pods : kind === 'nodes' ? nodes : undefined),
};

function contents(tables: Tables, cluster: number) {
  return tables.all().flatMap((table) =>
    [...table.rows(cluster)].map((row) => ({
      kind: table.schema.id,
      uid: table.uid(row),
      version: table.versions[row],
      cells: table.schema.columns.map((_, column) => table.cell(row, column)),
    })),
  );
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function sample(): Tables {
  const tables = createTables();
  for (const schema of [pods, nodes]) {
    tables.table(schema);
    for (const { index } of clusters) {
      const rows = [1, 2, 3].map((at) => ({
        uid: sampleUid(at),
        version: String(at),
        name: `n-${at}`,
        namespace: 'a',
      }));
      tables.apply({ type: 'rows', batch: sampleBatches(schema)(index, rows), scope: '' });
      const done = { cluster: index, kind: schema.id, scope: '', resourceVersion: `4${index}` };
      tables.apply({ type: 'progress', ...done });
    }
  }
  return tables;
}

const anyRow: fc.Arbitrary<SampleRow> = fc.record({
  uid: fc.uuid({ version: 4 }),
  version: fc.integer({ min: 1, max: 2 ** 50 }).map(String),
  name: fc.string({ unit: 'binary', maxLength: 30 }).filter((text) => text.isWellFormed()),
  namespace: fc.string({ unit: 'grapheme', maxLength: 5 }),
  tone: fc.constantFrom(...tones),
  created: fc.integer({ min: 0, max: 4_294_967_295 }),
  labels: fc.dictionary(fc.constantFrom('app', 'tier'), fc.constantFrom('web', 'x')),
  cells: fc.record({
    cpu: fc.oneof(fc.double(), fc.integer(), fc.constant(Number.NaN)),
    ip: fc.constantFrom('', '10.0.0.1'),
  }),
});

test('what is written is what is read, in the clusters of the new session', () => {
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 30 }), fc.array(anyRow, { maxLength: 5 }), (rows, others) => {
      const tables = createTables();
      tables.table(pods);
      tables.apply({ type: 'rows', batch: sampleBatches(pods)(0, rows), scope: '' });
      tables.apply({ type: 'rows', batch: sampleBatches(pods)(7, others), scope: '' });
      const file = joined(encodeSnapshot(tables, { writtenAt: 5, clusters }));
      const read = createTables();
      expect(decodeSnapshot(file, read, known)).toMatchObject({ writtenAt: 5, refused: [] });
      const byUid = (list: ReturnType<typeof contents>) => list.sort((a, b) => (a.uid < b.uid ? -1 : 1));
      expect(byUid(contents(read, 3))).toEqual(byUid(contents(tables, 0)));
      expect(byUid(contents(read, 1))).toEqual(byUid(contents(tables, 7)));
    }),
    { numRuns: 100 },
  );
});

test('versions to resume from come back, by scope, and rows of a snapshot say so', () => {
  const file = joined(encodeSnapshot(sample(), { writtenAt: 5, clusters }));
  const tables = createTables();
  const causes = new Set<string>();
  tables.observe({ added: (_, __, cause) => causes.add(cause) });
  const result = decodeSnapshot(file, tables, known);
  expect(result).toMatchObject({
    loaded: [
      { cluster: 'prod', rows: 3, resourceVersions: { '': '40' } },
      { cluster: 'dev', rows: 3, resourceVersions: { '': '47' } },
      { cluster: 'prod', rows: 3, resourceVersions: { '': '40' } },
      { cluster: 'dev', rows: 3, resourceVersions: { '': '47' } },
    ],
  });
  expect([...(tables.get('pods')?.resourceVersions(1) ?? [])]).toEqual([['', '47']]);
  expect([...causes]).toEqual(['snapshot']);
});

test('what a watch tells afterwards continues where the snapshot ended', () => {
  const file = joined(encodeSnapshot(sample(), { writtenAt: 5, clusters }));
  const tables = createTables();
  decodeSnapshot(file, tables, known);
  const rows = [
    { uid: sampleUid(2), version: '50', name: 'n-2', namespace: 'a', status: 'Failed' },
    { uid: sampleUid(1), version: '51', name: 'n-1', namespace: 'a', deleted: true },
  ];
  tables.apply({ type: 'rows', batch: sampleBatches(pods)(3, rows), scope: '' });
  const table = tables.table(pods);
  const statuses = [...table.rows(3)].map((row) => [table.text(row, meta.name), table.text(row, meta.status)]);
  expect(statuses.sort()).toEqual([
    ['n-2', 'Failed'],
    ['n-3', ''],
  ]);
});

test('a part that is damaged, of other columns or of another cluster is refused; the rest is read', () => {
  const parts = encodeSnapshot(sample(), { writtenAt: 5, clusters });
  const file = joined(parts);
  // The last byte belongs to the last part: nodes of dev.
  file[file.length - 9] = (file[file.length - 9] as number) ^ 1;
  const tables = createTables();
  const result = decodeSnapshot(file, tables, {
    indexOf: known.indexOf,
    schemaOf: (kind) => (kind === 'pods' ? { ...pods, columns: metaColumns } : nodes),
  });
  expect(result).toMatchObject({
    loaded: [{ cluster: 'prod', schema: { id: 'nodes' } }],
    refused: [
      { cluster: 'prod', kind: 'pods', reason: 'The columns of this kind have changed since' },
      { cluster: 'dev', kind: 'pods', reason: 'The columns of this kind have changed since' },
      { cluster: 'dev', kind: 'nodes', reason: 'The checksum is wrong: this part of the file is damaged' },
    ],
  });
  const reinstalled = { indexOf: () => undefined, schemaOf: known.schemaOf };
  expect(decodeSnapshot(joined(parts), createTables(), reinstalled)).toMatchObject({ loaded: [] });
});

test('a kind of which a part is damaged shows the other rows, and is not resumed', () => {
  const many = Array.from({ length: 25_000 }, (_, at) => ({ uid: sampleUid(at + 1), version: '5', name: `n-${at}` }));
  const tables = createTables();
  tables.table(nodes).apply(sampleBatches(nodes)(0, many), '');
  tables.table(nodes).progress(0, '', '40');
  const file = joined(encodeSnapshot(tables, { writtenAt: 5, clusters }));
  const whole = createTables();
  expect(decodeSnapshot(file, whole, known)).toMatchObject({ loaded: [{ rows: 10_000 }, {}, { rows: 5_000 }] });
  expect(contents(whole, 3)).toEqual(contents(tables, 0));
  expect([...(whole.get('nodes')?.resourceVersions(3) ?? [])]).toEqual([['', '40']]);
  file[file.length - 9] = (file[file.length - 9] as number) ^ 1;
  const rest = createTables();
  expect(decodeSnapshot(file, rest, known)).toMatchObject({ refused: [{ kind: 'nodes' }] });
  expect([rest.get('nodes')?.count, rest.get('nodes')?.resourceVersions(3).size]).toEqual([20_000, 0]);
});

test('rows that change while they are written: none is half of one moment, and forgotten ones are listed anew', async () => {
  const row = (at: number, version: number) => {
    return {
      uid: sampleUid(at + 1),
      version: `${version}`,
      name: `n-${at}`,
      status: `${version}`,
      namespace: `${version}`,
    };
  };
  const make = sampleBatches(nodes);
  const all = (version: number) =>
    make(
      0,
      [...Array(25_000).keys()].map((at) => row(at, version)),
    );
  for (const forgets of [false, true]) {
    const tables = createTables();
    const table = tables.table(nodes);
    table.apply(
      sampleBatches(nodes)(
        0,
        [...Array(25_000).keys()].map((at) => row(at, 5)),
      ),
      '',
    );
    table.progress(0, '', '40');
    let pauses = 0;
    const parts = await encodeSnapshotGently(tables, { writtenAt: 5, clusters }, async () => {
      if (++pauses !== 1) return;
      if (forgets) tables.forget(0, 'nodes');
      else {
        table.apply(all(6), '');
        table.apply(make(0, [{ ...row(24_999, 7), deleted: true }]), '');
        // Takes the number of the one that is gone.
        table.apply(make(0, [row(30_000, 8)]), '');
        table.progress(0, '', '50');
      }
    });
    const read = createTables();
    decodeSnapshot(joined(parts), read, known);
    const nodeTable = read.table(nodes);
    const names = [...nodeTable.rows(3)].map((at) => nodeTable.text(at, meta.name));
    if (forgets) {
      expect([names.length, nodeTable.resourceVersions(3).size]).toEqual([10_000, 0]);
      continue;
    }
    expect([...nodeTable.resourceVersions(3)]).toEqual([['', '40']]);
    expect(new Set(names).size).toBe(25_000);
    expect(names.includes('n-24999')).toBe(false);
    const seen = new Map<string, number>();
    for (const at of nodeTable.rows(3)) {
      const state = `${nodeTable.versions[at]} ${nodeTable.text(at, meta.status)} ${nodeTable.text(at, meta.namespace)}`;
      seen.set(state, (seen.get(state) ?? 0) + 1);
    }
    expect(Object.fromEntries(seen)).toEqual({ '5 5 5': 10_000, '6 6 6': 14_999, '8 8 8': 1 });
  }
});

test('any damage is told, never thrown', () => {
  const file = joined(encodeSnapshot(sample(), { writtenAt: 5, clusters }));
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, flip, cut) => {
      const damaged = cut ? file.slice(0, at) : file.slice();
      if (!cut) damaged[at] = (damaged[at] as number) ^ flip;
      const result = decodeSnapshot(damaged, createTables(), known);
      if ('problem' in result) expect(result.problem).not.toBe('');
      else expect(result.loaded.length + result.refused.length).toBe(4);
    }),
    { numRuns: 300 },
  );
});

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'snapshot-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('on disk, a snapshot replaces the one before as a whole and leaves nothing else', async () => {
  const path = join(folder, 'deep', 'fleet.snapshot');
  const tables = createTables();
  expect(await readSnapshot(diskSnapshotFiles, path, { tables, ...known })).toBeNull();
  await writeSnapshot(diskSnapshotFiles, path, { tables: createTables(), writtenAt: 1, clusters });
  await writeSnapshot(diskSnapshotFiles, path, { tables: sample(), writtenAt: 2, clusters });
  expect(await readdir(join(folder, 'deep'))).toEqual(['fleet.snapshot']);
  expect(await readSnapshot(diskSnapshotFiles, path, { tables, ...known })).toMatchObject({ writtenAt: 2 });
  expect(contents(tables, 3)).toEqual(contents(sample(), 0));
  await writeFile(path, (await readFile(path)).subarray(0, 20));
  expect(await readSnapshot(diskSnapshotFiles, path, { tables: createTables(), ...known })).toEqual({
    problem: 'The file is too short to be a snapshot',
  });
});

test('a file with the checksums of an earlier version is read, and its damage found', () => {
  const parts = encodeSnapshot(sample(), { writtenAt: 5, clusters });
  const file = joined(parts);
  const headerLength = new DataView(file.buffer).getUint32(8, true);
  const bodies = 44 + headerLength;
  const head = JSON.parse(new TextDecoder().decode(file.subarray(44, bodies))) as {
    parts: { offset: number; length: number; checksum: string }[];
  };
  for (const part of head.parts) {
    const body = file.subarray(bodies + part.offset, bodies + part.offset + part.length);
    part.checksum = createHash('sha256').update(body).digest('hex');
  }
  const text = new TextEncoder().encode(JSON.stringify(head));
  const header = new Uint8Array(((44 + text.length + 7) & ~7) - 44).fill(0x20);
  header.set(text);
  const earlier = Buffer.concat([file.subarray(0, 44), header, file.subarray(bodies)]);
  earlier.writeUInt32LE(header.length, 8);
  createHash('sha256').update(header).digest().copy(earlier, 12);
  expect(decodeSnapshot(earlier, createTables(), known)).toMatchObject({ refused: [] });
  earlier[earlier.length - 9] = (earlier[earlier.length - 9] ?? 0) ^ 1;
  expect(decodeSnapshot(earlier, createTables(), known)).toMatchObject({
    refused: [{ reason: 'The checksum is wrong: this part of the file is damaged' }],
  });
});

test('rows out of a file beside rows that are known: numbers that were used before, values that need eight bytes', () => {
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 12 }), fc.nat({ max: 4 }), fc.boolean(), (rows, removed, announced) => {
      const source = createTables();
      source.table(pods);
      source.apply({ type: 'rows', batch: sampleBatches(pods)(0, rows), scope: '' });
      const file = joined(encodeSnapshot(source, { writtenAt: 5, clusters }));
      const tables = createTables();
      const table = tables.table(pods);
      const own = Array.from({ length: 5 }, (_, at) => ({ uid: sampleUid(at), version: '1', name: `own-${at}` }));
      tables.apply({ type: 'rows', batch: sampleBatches(pods)(9, own), scope: '' });
      const gone = own.slice(0, removed).map((row) => ({ ...row, version: '2', deleted: true }));
      tables.apply({ type: 'rows', batch: sampleBatches(pods)(9, gone), scope: '' });
      const before = contents(tables, 9);
      const toCome = announced ? { toCome: new Map([['pods', rows.length]]) } : {};
      expect(decodeSnapshot(file, tables, { ...known, ...toCome })).toMatchObject({ refused: [] });
      const byUid = (list: ReturnType<typeof contents>) => list.sort((a, b) => (a.uid < b.uid ? -1 : 1));
      expect(byUid(contents(tables, 3))).toEqual(byUid(contents(source, 0)));
      expect(contents(tables, 9)).toEqual(before);
      for (const { uid } of contents(tables, 3)) expect(table.find(3, uid)).not.toBe(-1);
    }),
    { numRuns: 100 },
  );
});
