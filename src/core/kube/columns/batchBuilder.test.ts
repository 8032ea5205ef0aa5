import { describe, expect, it } from 'vitest';
import { BatchBuilder, batchBuffer, batchRows, Dictionaries, uidWords, versionNumber } from './batchBuilder.ts';
import { type KindSchema, meta, metaColumns } from './schema.ts';

const schema: KindSchema = {
  id: 'things',
  group: '',
  version: 'v1',
  resource: 'things',
  kind: 'Thing',
  namespaced: true,
  columns: [...metaColumns, { id: 'size', title: 'Size', type: 'number', priority: 0 }],
};
const size = metaColumns.length;
const uid = '6f1f7a3c-2b9e-4b57-9a3d-0d6f1f5f6a01';

function add(builder: BatchBuilder, name: string, namespace: string): void {
  builder.begin(uid, '12', 0);
  builder.name(meta.name, name);
  builder.text(meta.namespace, namespace);
  builder.number(size, name.length);
  builder.time(meta.created, 1772323200);
  builder.end();
}

describe('BatchBuilder', () => {
  it('hands rows over as columns that are absent where nothing was written', () => {
    const builder = new BatchBuilder(schema);
    add(builder, 'ä-long-näme', 'shop');
    builder.begin('not a uuid', 'x1', 1);
    builder.end();
    const batch = builder.take(7);
    expect(batch).toMatchObject({ cluster: 7, kind: 'things', count: 2, ops: Uint8Array.of(0, 1) });
    expect([...batch.uids.slice(0, 4)]).toEqual([0x6f1f7a3c, 0x2b9e4b57, 0x9a3d0d6f, 0x1f5f6a01]);
    expect([...batch.versions]).toEqual([12, Number.NaN]);
    const [first, second] = batchRows(schema, [batch]);
    expect(first).toMatchObject({ name: 'ä-long-näme', namespace: 'shop', size: 11, created: 1772323200, status: '' });
    expect(second).toMatchObject({ name: '', namespace: '', size: Number.NaN, created: 0 });
    // What follows is in no buffer that was given away.
    const moved = structuredClone(batch, { transfer: [batchBuffer(batch)] });
    expect(batchRows(schema, [moved])).toEqual([first, second]);
    add(builder, 'next', 'shop');
    const next = builder.take(7);
    expect(next.ops).toHaveLength(1);
    expect(batchRows(schema, [moved, next])[2]).toMatchObject({ name: 'next', namespace: 'shop' });
  });

  it('forgets a row that was begun and not ended', () => {
    const builder = new BatchBuilder(schema);
    add(builder, 'one', 'a');
    builder.begin(uid, '1', 1);
    builder.name(meta.name, 'half');
    builder.number(size, 99);
    builder.begin(uid, '2', 0);
    builder.name(meta.name, 'two');
    builder.end();
    builder.begin(uid, '3', 0);
    builder.name(meta.name, 'torn');
    const rows = batchRows(schema, [builder.take(0)]);
    expect(rows.map(({ name, size: length }) => [name, length])).toEqual([
      ['one', 3],
      ['two', Number.NaN],
    ]);
  });

  it('names each text once, across batches and the builders that share dictionaries', () => {
    const dictionaries = new Dictionaries(schema);
    const one = new BatchBuilder(schema, dictionaries);
    const two = new BatchBuilder(schema, dictionaries);
    add(one, 'x', 'shop');
    const first = one.take(1);
    add(two, 'y', 'shop');
    add(two, 'z', 'desk');
    const second = two.take(2);
    expect(first.strings.get(meta.namespace)).toEqual(['', 'shop']);
    expect(second.strings.get(meta.namespace)).toEqual(['desk']);
    expect(second.interner).toBe(first.interner);
    expect(batchRows(schema, [first, second]).map(({ namespace }) => namespace)).toEqual(['shop', 'shop', 'desk']);
  });

  it('starts its dictionaries afresh when they are full and nobody holds rows', () => {
    const dictionaries = new Dictionaries(schema, 2);
    const builder = new BatchBuilder(schema, dictionaries);
    const other = new BatchBuilder(schema, dictionaries);
    for (const namespace of ['a', 'b', 'c']) add(builder, 'x', namespace);
    add(other, 'y', 'c');
    const first = builder.take(0);
    const held = other.take(0);
    expect(held.interner).toBe(first.interner);
    add(builder, 'x', 'c');
    const afresh = builder.take(0);
    expect(afresh.interner).toBeGreaterThan(first.interner);
    expect(afresh.strings.get(meta.namespace)).toEqual(['', 'c']);
    expect(batchRows(schema, [first, held, afresh]).map(({ namespace }) => namespace)).toEqual([
      'a',
      'b',
      'c',
      'c',
      'c',
    ]);
  });

  it('keeps 1,000 rows that outgrow every array', () => {
    const builder = new BatchBuilder(schema);
    for (let i = 0; i < 1000; i++) add(builder, `${'n'.repeat(i % 60)}${i}`, `ns-${i}`);
    const rows = batchRows(schema, [builder.take(0)]);
    expect(rows.map(({ name, namespace }) => `${namespace}/${name}`)).toEqual(
      Array.from({ length: 1000 }, (_, i) => `ns-${i}/${'n'.repeat(i % 60)}${i}`),
    );
  });
});

it('hashes what is no canonical UUID, and differently', () => {
  const words = new Uint32Array(8);
  uidWords(uid.toUpperCase(), words, 0);
  uidWords('node-1', words, 4);
  expect(new Set(words).size).toBe(8);
  expect(words[0]).not.toBe(0x6f1f7a3c);
});

it('reads versions that a float holds exactly', () => {
  expect(['1', '9007199254740991', '9007199254740993', '', 'abc', '1e5'].map(versionNumber)).toEqual([
    1,
    9007199254740991,
    Number.NaN,
    Number.NaN,
    Number.NaN,
    Number.NaN,
  ]);
});
