import { appendFile, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { createAudit } from '../audit/index.ts';
import { createRecordings, recordingsApi } from './index.ts';

describe('recordings', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'kubesage-recordings-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const recorded = {
    title: 'web · main',
    cluster: 'dev',
    clusterName: 'dev',
    mode: 'exec',
    principal: 'local',
    required: true,
    withInput: false,
    columns: 80,
    rows: 24,
  };
  const context = { principal: { id: 'local', name: 'Local user' }, signal: new AbortController().signal };

  async function setUp() {
    const clock = new FakeClock();
    const folder = join(root, 'recordings');
    const recordings = createRecordings({ folder, clock });
    const audit = await createAudit({ folder: undefined, clock });
    const failures: string[] = [];
    const start = (more: Partial<typeof recorded> = {}) =>
      recordings.start({ ...recorded, ...more }, (error) => failures.push(error.message));
    return { clock, folder, recordings, audit, api: recordingsApi(recordings, audit), start, failures };
  }

  test('are asciicasts of version 2 that only their user may read, without what was typed', async () => {
    const { clock, folder, start, recordings } = await setUp();
    const recorder = await start();
    recorder.output('$ ');
    await clock.advance(1500);
    recorder.input('secret\r');
    recorder.resize(132, 43);
    recorder.output('grün\r\n');
    const { key, bytes, seconds } = await recorder.end();
    const text = await readFile(join(folder, `${key}.cast`), 'utf8');
    const [head, ...events] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(head).toMatchObject({
      version: 2,
      width: 80,
      height: 24,
      timestamp: expect.any(Number),
      title: 'web · main',
    });
    expect(events).toEqual([
      [0, 'o', '$ '],
      [1.5, 'r', '132x43'],
      [1.5, 'o', 'grün\r\n'],
      [1.5, 'm', 'end'],
    ]);
    expect({ bytes, seconds }).toEqual({ bytes: Buffer.byteLength(text), seconds: 1.5 });
    expect((await stat(join(folder, `${key}.cast`))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await recordings.list()).toMatchObject([{ key, state: 'done', seconds: 1.5, required: true, bytes }]);
  });

  test('have what was typed where it was asked for', async () => {
    const { folder, start } = await setUp();
    const recorder = await start({ withInput: true });
    recorder.input('ls\r');
    const { key } = await recorder.end();
    expect(await readFile(join(folder, `${key}.cast`), 'utf8')).toContain('[0,"i","ls\\r"]');
  });

  test('that are under way or were cut off say so, and files of others are left alone', async () => {
    const { clock, folder, start, recordings } = await setUp();
    const recorder = await start();
    recorder.output('half');
    await clock.advance(250);
    expect(await recordings.list()).toMatchObject([{ state: 'running' }]);
    await expect(recordings.remove(recorder.key)).rejects.toMatchObject({ code: 'conflict' });
    await appendFile(join(folder, 'mine.cast'), 'not ours\n');
    await recorder.end();
    // As another program finds it that was killed in the middle of a line.
    await appendFile(join(folder, `${recorder.key}.cast`), '[9,"o","ab');
    expect(await createRecordings({ folder, clock }).list()).toMatchObject([{ state: 'cut' }]);
  });

  test('are read in parts of whole lines', async () => {
    const { start, recordings } = await setUp();
    const recorder = await start();
    for (let line = 0; line < 4000; line++) recorder.output(`${'grün '.repeat(30)}${line}`);
    const { key, bytes } = await recorder.end();
    let text = '';
    let parts = 0;
    for (let offset: number | undefined = 0; offset !== undefined; parts++) {
      const part: { text: string; next?: number } = await recordings.part(key, offset);
      expect(part.text.endsWith('\n')).toBe(true);
      text += part.text;
      offset = part.next;
    }
    expect(parts).toBeGreaterThan(2);
    expect(Buffer.byteLength(text)).toBe(bytes);
    await expect(recordings.part('../../etc/passwd', 0)).rejects.toMatchObject({ code: 'notFound' });
  });

  test('are held against the record of changes, and their removal is in it', async () => {
    const { folder, start, audit, api } = await setUp();
    const recorder = await start();
    recorder.output('as it was');
    const { key, sha256 } = await recorder.end();
    expect(await api.check({ key }, context)).toEqual({ sha256, state: 'unknown' });
    await audit.record({
      principal: 'local',
      user: '',
      run: 'r',
      action: 'terminalEnd',
      cluster: 'dev',
      clusterName: 'dev',
      kind: 'pods',
      namespace: 'shop',
      name: 'web',
      request: '',
      changes: [
        { path: '/recording', after: key },
        { path: '/sha256', after: sha256 },
      ],
      result: 'done',
    });
    expect(await api.check({ key }, context)).toEqual({ sha256, state: 'intact' });
    await appendFile(join(folder, `${key}.cast`), '[2,"o","put in"]\n');
    expect(await api.check({ key }, context)).toMatchObject({ state: 'changed' });
    await api.remove({ key }, context);
    expect(await readdir(folder)).toEqual([]);
    expect(audit.entries.at(-1)).toMatchObject({ action: 'removeRecording', name: 'web', principal: 'local' });
    await expect(api.check({ key }, context)).rejects.toMatchObject({ code: 'notFound' });
  });

  test('cannot be started where nothing is kept, and say when they cannot go on', async () => {
    const clock = new FakeClock();
    const none = createRecordings({ folder: undefined, clock });
    await expect(none.start(recorded, () => undefined)).rejects.toMatchObject({ code: 'unavailable' });
    const { start, failures } = await setUp();
    const recorder = await start();
    // More at once than any disk takes.
    const screen = 'x'.repeat(1024 * 1024);
    for (let count = 0; count < 40; count++) recorder.output(screen);
    expect(failures).toEqual(['The disk is too slow for the recording']);
    await recorder.end();
  });
});
