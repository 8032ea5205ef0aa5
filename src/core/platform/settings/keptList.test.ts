import { expect, it } from 'vitest';
import { z } from 'zod';
import { FakeClock } from '../../kernel/clock.ts';
import { createDocuments } from './documents.ts';
import { createMemoryFolder } from './folder.ts';
import { openKeptList } from './keptList.ts';

const entry = z.object({ key: z.string(), title: z.string() });
const first = [{ key: 'team', title: 'Team' }];

function list(files: Map<string, Uint8Array>) {
  const documents = createDocuments({ folder: createMemoryFolder(files), clock: new FakeClock() });
  return openKeptList(documents, { name: 'rules', field: 'rules', entry, first });
}

it('has the first entries until somebody changes them, in their order', async () => {
  const files = new Map<string, Uint8Array>();
  const rules = await list(files);
  expect(rules.all).toEqual(first);
  await rules.save({ key: 'owner', title: 'Owner' });
  await rules.save({ key: 'team', title: 'A team' });
  const kept = [
    { key: 'team', title: 'A team' },
    { key: 'owner', title: 'Owner' },
  ];
  expect(rules.all).toEqual(kept);
  // Of the next start as well; and what was removed does not come back.
  expect((await list(files)).all).toEqual(kept);
  for (const { key } of kept) await rules.remove(key);
  expect((await list(files)).all).toEqual([]);
});

it('tells those who follow it, until they stop', async () => {
  const rules = await list(new Map());
  const following = rules.follow();
  let told = 0;
  following.onChange(() => told++);
  await rules.save({ key: 'owner', title: 'Owner' });
  expect(told).toBe(1);
  expect(following.read()).toMatchObject({ rev: 2, head: { count: 2 } });
  following.dispose();
  await rules.remove('owner');
  expect(told).toBe(1);
});
