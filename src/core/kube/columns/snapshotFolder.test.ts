import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSnapshotFolder } from './snapshotFolder.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'snapshots-'));
});
afterAll(() => rm(folder, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);

test('a folder of snapshots is made with the first, and cleared of what a killed process left', async () => {
  const path = join(folder, 'deep');
  const snapshots = createSnapshotFolder(path);
  expect(await snapshots.list()).toEqual([]);
  await snapshots.replace('a', [bytes('one '), bytes('two')]);
  // Killed in the middle of the next write.
  await writeFile(join(path, 'a.snapshot.4711.new'), 'half of');
  expect(await snapshots.list()).toEqual(['a']);
  await expect.poll(() => readdir(path)).toEqual(['a.snapshot']);
  expect(new TextDecoder().decode((await snapshots.read('a')) ?? undefined)).toBe('one two');
  expect((await stat(join(path, 'a.snapshot'))).mode & 0o777).toBe(0o600);
  await snapshots.setAside('a');
  expect([await snapshots.list(), await snapshots.read('a'), await readdir(path)]).toEqual([[], null, ['a.damaged']]);
  await snapshots.replace('b', [bytes('b')]);
  await snapshots.remove('b');
  await snapshots.remove('b');
  expect(await snapshots.list()).toEqual([]);
});

test('files are read before it is known whose folder it is, and changed only when it is our own', async () => {
  await createSnapshotFolder(folder).replace('a', [bytes('one')]);
  await writeFile(join(folder, 'b.snapshot.4711.new'), 'being written');
  const before = (await readdir(folder)).sort();
  const answer = Promise.withResolvers<boolean>();
  const snapshots = createSnapshotFolder(folder, answer.promise);
  expect(await snapshots.list()).toEqual(['a']);
  expect(await snapshots.read('a')).toEqual(Buffer.from('one'));
  const changes = [snapshots.replace('a', [bytes('two')]), snapshots.setAside('a'), snapshots.remove('a')];
  expect((await readdir(folder)).sort()).toEqual(before);
  answer.resolve(true);
  await Promise.all(changes);
  expect((await readdir(folder)).sort()).toEqual(before);
  expect(await snapshots.read('a')).toEqual(Buffer.from('one'));
});

test('F19: a process that is killed while it writes leaves a whole file', async () => {
  const path = join(folder, 'killed');
  const script = `
    const { createSnapshotFolder } = await import(${JSON.stringify(new URL('./snapshotFolder.ts', import.meta.url).href)});
    const snapshots = createSnapshotFolder(${JSON.stringify(path)});
    for (let round = 1; ; round++) {
      await snapshots.replace('a', Array.from({ length: 40 }, () => new Uint8Array(50_000).fill(round % 256)));
      if (round % 3 === 0) process.stdout.write('.');
    }`;
  for (let kill = 0; kill < 4; kill++) {
    const writer = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(writer.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, kill * 3));
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    const snapshots = createSnapshotFolder(path);
    expect(await snapshots.list()).toEqual(['a']);
    const content = (await snapshots.read('a')) ?? new Uint8Array();
    expect(content.length).toBe(2_000_000);
    expect(content.every((byte) => byte === content[0])).toBe(true);
    expect(await readdir(path)).toEqual(['a.snapshot']);
  }
});
