import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { FakeClock } from '../../kernel/clock.ts';
import { createDocuments } from './documents.ts';
import { createClaimedFolder, createDataFolder, createMemoryFolder, type DataFolder } from './folder.ts';

const Shape = z.object({
  theme: z.enum(['light', 'dark']).default('light'),
  views: z.array(z.object({ id: z.string(), name: z.string() })).default([]),
  keys: z.record(z.string(), z.object({ combo: z.string() })).default({}),
});

function memory(text?: string) {
  const files = new Map<string, Uint8Array>();
  if (text !== undefined) files.set('view.json', new TextEncoder().encode(text));
  const folder = createMemoryFolder(files);
  const read = (name = 'view.json') => JSON.parse(new TextDecoder().decode(files.get(name)));
  return { files, folder, read, documents: createDocuments({ folder, clock: new FakeClock() }) };
}

it('starts with the defaults and writes nothing before a change', async () => {
  const { documents, files } = memory();
  const document = await documents.open('view', Shape);
  expect(document.value).toEqual({ theme: 'light', views: [], keys: {} });
  expect(files.size).toBe(0);
});

it('keeps a change, in a real file that only the user may read', async () => {
  const path = await mkdtemp(join(tmpdir(), 'kubesage-'));
  const options = { folder: createDataFolder(path), clock: new FakeClock() };
  const document = await createDocuments(options).open('view', Shape);
  await document.update((value) => ({ ...value, theme: 'dark' }));
  expect((await createDocuments(options).open('view', Shape)).value.theme).toBe('dark');
  expect((await stat(join(path, 'view.json'))).mode & 0o777).toBe(0o600);
  // The temporary file of the atomic write is gone.
  expect(await readdir(path)).toEqual(['view.json']);
});

it('sets a damaged file aside, says so, and goes on with defaults', async () => {
  for (const damage of ['', '{"theme": "da', '[1]', 'null', '\u0000\u0000']) {
    const { documents, files } = memory(damage);
    const document = await documents.open('view', Shape);
    expect(document.value.theme).toBe('light');
    const aside = [...files.keys()].find((name) => name.includes('.damaged-'));
    expect(new TextDecoder().decode(files.get(aside ?? ''))).toBe(damage);
    expect(documents.notices).toHaveLength(1);
    expect(documents.notices[0]).toMatchObject({ tone: 'warning', hint: expect.stringContaining(aside ?? '?') });
    await document.update((value) => ({ ...value, theme: 'dark' }));
    expect(files.has('view.json')).toBe(true);
  }
});

it('keeps what a newer version wrote, at every depth, and lets what was deleted go', async () => {
  const { documents, read } = memory(
    JSON.stringify({
      theme: 'light',
      future: { a: [1] },
      views: [
        { id: '1', name: 'a', columns: ['x'] },
        { id: '2', name: 'b', columns: ['y'] },
      ],
      keys: { save: { combo: 's', when: 'editing' }, gone: { combo: 'g', when: 'never' } },
    }),
  );
  const document = await documents.open('view', Shape);
  await document.update((value) => ({
    theme: 'dark',
    views: value.views.filter((view) => view.id === '2').map((view) => ({ ...view, name: 'c' })),
    keys: { save: { combo: 'ctrl+s' } },
  }));
  expect(read()).toEqual({
    theme: 'dark',
    future: { a: [1] },
    views: [{ id: '2', name: 'c', columns: ['y'] }],
    keys: { save: { combo: 'ctrl+s', when: 'editing' } },
  });
});

it('leaves a value that it cannot use in the file, and the other fields in force', async () => {
  const { documents, read } = memory('{"theme": "solarized", "views": [{"id": "1", "name": "a"}]}');
  const document = await documents.open('view', Shape);
  expect(document.value).toEqual({ theme: 'light', views: [{ id: '1', name: 'a' }], keys: {} });
  expect(documents.notices[0]?.message).toContain('theme');
  await document.update((value) => ({ ...value, views: [] }));
  // The default that is in force is not written over it before somebody chooses.
  expect(read()).toEqual({ theme: 'solarized', views: [], keys: {} });
  await document.update((value) => ({ ...value, theme: 'dark' }));
  expect(read().theme).toBe('dark');
});

it('writes changes that come during a write once, with the last value', async () => {
  const files = new Map<string, string>();
  const writes: string[] = [];
  const gates: (() => void)[] = [];
  const folder: DataFolder = {
    ...createMemoryFolder(),
    write: async (name, content) => {
      writes.push(String(content));
      await new Promise<void>((open) => gates.push(open));
      files.set(name, String(content));
    },
  };
  const documents = createDocuments({ folder, clock: new FakeClock() });
  const document = await documents.open('view', Shape);
  const done = [1, 2, 3, 4, 5].map((n) => {
    const written = document.update((value) => ({ ...value, views: [{ id: String(n), name: 'v' }] }));
    return n === 1 ? Promise.resolve().then(() => written) : written;
  });
  while (gates.length > 0 || writes.length === 0) {
    gates.shift()?.();
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }
  await Promise.all(done);
  expect(writes.length).toBeLessThanOrEqual(2);
  expect(JSON.parse(files.get('view.json') ?? '').views).toEqual([{ id: '5', name: 'v' }]);
});

it('says why when it cannot write, and keeps the value in memory', async () => {
  const folder: DataFolder = {
    ...createMemoryFolder(),
    write: async () => {
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    },
  };
  const documents = createDocuments({ folder, clock: new FakeClock() });
  const document = await documents.open('view', Shape);
  await expect(document.update((value) => ({ ...value, theme: 'dark' }))).rejects.toMatchObject({
    code: 'unavailable',
  });
  expect(document.value.theme).toBe('dark');
});

it('replaces a file whole: a reader sees the old or the new content, never a part', async () => {
  const path = await mkdtemp(join(tmpdir(), 'kubesage-'));
  const folder = createDataFolder(path);
  await writeFile(join(path, 'a.json'), 'old');
  const long = 'x'.repeat(5_000_000);
  const seen = new Set<number>();
  let writing = true;
  const written = folder.write('a.json', long).finally(() => {
    writing = false;
  });
  while (writing) seen.add((await readFile(join(path, 'a.json'))).length);
  await written;
  seen.add((await readFile(join(path, 'a.json'))).length);
  expect([...seen].every((length) => length === 3 || length === long.length)).toBe(true);
  expect(seen.has(long.length)).toBe(true);
});

it.each([true, false])(
  'reads before it is known whose folder it is; changes wait (held by another: %s)',
  async (held) => {
    const files = new Map([['preferences.json', new TextEncoder().encode('{ broken')]]);
    const answer = Promise.withResolvers<boolean>();
    const folder = createClaimedFolder(createMemoryFolder(files), answer.promise);
    expect(await folder.read('preferences.json')).toEqual(new TextEncoder().encode('{ broken'));
    const changes = [folder.rename('preferences.json', 'aside.json'), folder.write('new.json', '{}')];
    await new Promise((resolve) => setImmediate(resolve));
    expect([...files.keys()]).toEqual(['preferences.json']);
    answer.resolve(held);
    await Promise.all(changes);
    expect([...files.keys()].sort()).toEqual(held ? ['preferences.json'] : ['aside.json', 'new.json']);
    expect(await folder.read('preferences.json')).toBeNull();
    expect(await folder.read('aside.json')).toEqual(new TextEncoder().encode('{ broken'));
  },
);
