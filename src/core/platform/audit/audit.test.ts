import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { auditApi, createAudit } from './index.ts';

const entry = (name: string) => ({
  principal: 'local',
  user: 'eva',
  run: 'run-1',
  action: 'scale',
  cluster: 'a',
  clusterName: 'production',
  kind: 'deployments.apps',
  namespace: 'shop',
  name,
  request: 'PATCH /apis/apps/v1/namespaces/shop/deployments/web/scale',
  changes: [{ path: '/spec/replicas', before: 2, after: 3 }],
  result: 'done' as const,
});

describe('audit', () => {
  let folder = '';
  const clock = new FakeClock();
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubesage-audit-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const start = () => createAudit({ folder, clock });
  const file = async () => join(folder, (await readdir(folder)).sort()[0] ?? '');

  test('S9 is there after a restart, and chained over files', async () => {
    const first = await start();
    await Promise.all([first.record(entry('a')), first.record(entry('b'))]);
    clock.advance(1000);
    const second = await start();
    await second.record({ ...entry('c'), inverse: { method: 'PATCH' } });
    const third = await start();
    expect(third.entries.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(third.entries[2]?.inverse).toEqual({ method: 'PATCH' });
    expect(await readdir(folder)).toHaveLength(2);
    expect(await third.verify()).toEqual({ entries: 3, head: third.entries[2]?.key });
  });

  test.each([
    ['a changed value', (text: string) => text.replace('"name":"b"', '"name":"x"'), 2, 'not as it was written'],
    ['a line taken out', (text: string) => text.replace(/^.*\n/, ''), 1, 'missing or was put in'],
    ['a line put in', (text: string) => text.replace(/^(.*\n)/, '$1$1'), 2, 'missing or was put in'],
    ['a line that is no JSON', (text: string) => text.replace(/^.*\n/, '{"previous"\n'), 1, 'no JSON'],
  ])('S9 verify finds %s', async (_, tamper, line, message) => {
    const record = await start();
    for (const name of ['a', 'b', 'c']) await record.record(entry(name));
    await writeFile(await file(), tamper(await readFile(await file(), 'utf8')));
    expect((await (await start()).verify()).broken).toMatchObject({ line, message: expect.stringContaining(message) });
  });

  test('shows what stands behind a line that was not written whole', async () => {
    const record = await start();
    await record.record(entry('a'));
    await appendFile(await file(), '{"previous":"');
    clock.advance(1000);
    const next = await start();
    await next.record(entry('b'));
    expect((await start()).entries.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('rejects when nothing can be written, so that nothing is changed without a record', async () => {
    await writeFile(join(folder, 'file'), '');
    const record = await createAudit({ folder: join(folder, 'file', 'audit'), clock });
    await expect(record.ready()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(record.record(entry('a'))).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('finds entries by object and text, newest first', async () => {
    const record = await createAudit({ folder: undefined, clock });
    for (const name of ['a', 'b']) await record.record({ ...entry(name), inverse: 1 });
    const api = auditApi(record);
    const context = { principal: { id: 'local', name: 'local' }, signal: new AbortController().signal };
    const ask = (input: object) => api.entries({ text: '', limit: 100, ...input } as never, context);
    expect(await ask({})).toMatchObject({ total: 2, entries: [{ name: 'b' }, { name: 'a' }] });
    expect(await ask({ name: 'a' })).toMatchObject({ total: 1 });
    expect(await ask({ text: 'EVA' })).toMatchObject({ total: 2 });
    expect(JSON.stringify(await ask({}))).not.toContain('inverse');
  });
});
