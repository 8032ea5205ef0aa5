import { expect, test } from 'vitest';
import { BatchBuilder, Dictionaries } from './batchBuilder.ts';
import { sampleBatches, sampleUid } from './rowBatches.ts';
import { type KindSchema, metaColumns } from './schema.ts';
import { createTables } from './tables.ts';

const pods: KindSchema = {
  id: 'pods',
  group: '',
  version: 'v1',
  resource: 'pods',
  kind: 'Pod',
  namespaced: true,
  columns: [...metaColumns],
};

function row(at: number) {
  return { uid: sampleUid(at), version: String(at), name: `web-${at}`, namespace: 'shop', status: 'Running' };
}

test('R44 a batch that does not follow the one before is refused whole, though it names no unknown text', () => {
  const table = createTables().table(pods);
  const make = sampleBatches(pods);
  const [first, , third] = [make(0, [row(1)]), make(0, [row(2)]), make(0, [row(3)])];
  table.apply(first, '');
  expect(() => table.apply(third, '')).toThrow('Batch 2 of pods came where 1 was expected');
  // Neither does the same one count twice.
  expect(() => table.apply(first, '')).toThrow('Batch 0 of pods came where 1 was expected');
  expect(table.count).toBe(1);
});

test('R44 builders that share their dictionaries are numbered together, and new dictionaries begin anew', () => {
  const table = createTables().table(pods);
  const shared = new Dictionaries(pods, 1);
  const one = sampleBatches(pods, new BatchBuilder(pods, shared));
  const two = sampleBatches(pods, new BatchBuilder(pods, shared));
  // More than one text: the dictionaries start afresh behind every batch.
  const batches = [one(0, [row(1)]), two(0, [row(2)]), one(0, [row(3)])];
  expect(new Set(batches.map(({ interner }) => interner)).size).toBe(3);
  for (const [at, batch] of batches.entries()) table.apply(batch, at === 1 ? 'shop' : '');
  const lasting = new Dictionaries(pods);
  const three = sampleBatches(pods, new BatchBuilder(pods, lasting));
  const four = sampleBatches(pods, new BatchBuilder(pods, lasting));
  const later = [three(1, [row(4)]), four(1, [row(5)]), three(1, [row(6)])];
  expect(later.map(({ sequence }) => sequence)).toEqual([0, 1, 2]);
  for (const batch of later) table.apply(batch, '');
  expect(table.count).toBe(6);
});
