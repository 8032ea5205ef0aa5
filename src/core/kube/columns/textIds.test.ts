import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BatchBuilder, Dictionaries } from './batchBuilder.ts';
import { sampleBatches, samplePods, sampleUid } from './rowBatches.ts';
import { meta } from './schema.ts';
import { createTables } from './tables.ts';

const pods = samplePods();

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

test('R46 texts of rows that are gone are forgotten by the watcher and by the table, with lists and without', () => {
  const table = createTables().table(pods);
  const dictionaries = new Dictionaries(pods);
  const make = sampleBatches(pods, new BatchBuilder(pods, dictionaries));
  const apply = (...rows: Parameters<typeof make>[1]) => table.apply(make(0, rows), '');
  const list = (at: number) => {
    dictionaries.beginList('');
    apply(
      ...Array.from({ length: 50 }, (_, name) => ({
        ...row(name),
        version: `${at + name}`,
        labels: { at: `${at}-${name}` },
      })),
    );
    dictionaries.endList('');
  };
  list(1_000);
  const listed = dictionaries.size;
  // Thousands of versions of an object whose labels change with each version.
  let most = 0;
  for (let version = 2_000; version < 8_000; version++) {
    apply({ ...row(1), version: `${version}`, labels: { at: `r${version}` } });
    most = Math.max(most, dictionaries.size);
    if (version % 2_500 === 0) list(version);
  }
  expect(most).toBeLessThanOrEqual(listed * 2 + 600);
  expect(table.textStore(meta.labels).dictionary.size).toBeLessThan(3_000);
  const texts = [...table.rows()].map((at) => table.cell(at, meta.labels));
  expect(texts[1]).toBe('at=r7999');
  expect(texts[2]).toBe('at=7500-2');
});

test('a table shows the same texts however often the dictionaries start afresh', () => {
  const anyStep = fc.record({
    op: fc.constantFrom('change', 'change', 'change', 'list', 'failed list'),
    at: fc.nat(20),
    text: fc.nat(2_000),
  });
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (steps, most) => {
      const table = createTables().table(pods);
      const dictionaries = new Dictionaries(pods, most);
      const make = sampleBatches(pods, new BatchBuilder(pods, dictionaries));
      const expected = new Map<string, string>();
      for (const [version, { op, at, text }] of steps.entries()) {
        if (op !== 'change') dictionaries.beginList('');
        const rows = op === 'change' ? [at] : [...expected.keys()].map(Number);
        for (const name of rows) expected.set(String(name), `at=${text}`);
        const labels = { at: String(text) };
        if (rows.length > 0)
          table.apply(
            make(
              0,
              rows.map((name) => ({ ...row(name), version: `${version + 1}`, labels })),
            ),
            '',
          );
        if (op === 'list') dictionaries.endList('');
      }
      const shown = [...table.rows()].map((at) => [
        String(table.cell(at, meta.name)).slice(4),
        table.cell(at, meta.labels),
      ]);
      expect(new Map(shown as [string, string][])).toEqual(expected);
    }),
  );
});
