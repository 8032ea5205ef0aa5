import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngine, type Engine } from './engine.ts';
import type { CallContext } from './kernel/contract.ts';

/** An engine whose data folder is not its own, or cannot be written. */
let folder: string;
let data: string;
let engine: Engine | undefined;
let logged: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubesage-folder-'));
  data = join(folder, 'data');
  mkdirSync(data);
  logged = [];
});
afterEach(async () => {
  await engine?.close();
  engine = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const context: CallContext = { principal: { id: 'local', name: 'me' }, signal: new AbortController().signal };

async function start(): Promise<Engine> {
  engine = await createEngine({
    host: 'test',
    version: '0.0.1',
    dataFolder: data,
    env: { KUBERC: 'off' },
    homeFolder: folder,
    discover: false,
    askShell: false,
    demo: 'never',
    startDemo: () => Promise.reject(new Error('No demo here')),
    workers: 1,
    log: (message) => logged.push(message),
  });
  return engine;
}

async function notices(from: Engine): Promise<{ key: string; message: string; hint?: string }[]> {
  const source = await from.server.dispatch.live('system.notices', {}, context);
  try {
    return source.read().rows as { key: string; message: string; hint?: string }[];
  } finally {
    source.dispose();
  }
}

async function preferencesOf(from: Engine): Promise<unknown> {
  const source = await from.server.dispatch.live('settings.preferences', {}, context);
  try {
    return source.read().head;
  } finally {
    source.dispose();
  }
}

/** Every file of the folder with its content. */
function contents(): Record<string, string> {
  const names = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map((entry) => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name), 'hex')]),
  );
}

const preferences = { theme: 'dark' } as const;

it('F22 a second one on the same folder says so, reads what is there, and changes nothing of it', async () => {
  await (await start()).server.dispatch.call('settings.update', { change: preferences }, context);
  await engine?.close();
  engine = undefined;
  writeFileSync(join(data, 'snapshots.half'), 'being written');
  const child = join(import.meta.dirname, 'platform', 'store', 'testing', 'storeChild.ts');
  const holder = spawn(process.execPath, [child, join(data, 'history.duckdb'), 'hold'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise((resolve) => holder.once('exit', resolve));
  try {
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const before = contents();
    const second = await start();
    expect(await notices(second)).toEqual([
      expect.objectContaining({
        key: 'history-file',
        message: expect.stringContaining(`Another KubeSage uses ${data}`),
        hint: expect.stringContaining('--data'),
      }),
    ]);
    expect(logged).toEqual([expect.stringContaining('Another KubeSage uses')]);
    expect(await preferencesOf(second)).toMatchObject(preferences);
    await second.server.dispatch.call('settings.update', { change: { theme: 'light' } }, context);
    expect(await preferencesOf(second)).toMatchObject({ theme: 'light' });
    await second.close();
    engine = undefined;
    expect(contents()).toEqual(before);
  } finally {
    holder.kill('SIGKILL');
    await gone;
  }
});

/** Where the kernel lets us: on Linux, as root. */
const mayMount = process.platform === 'linux' && process.getuid?.() === 0;

describe.skipIf(!mayMount)('a disk that refuses', () => {
  beforeEach(() => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', data]);
  });
  afterEach(async () => {
    await engine?.close();
    engine = undefined;
    execFileSync('umount', [data]);
  });

  it.each(['full', 'read-only'])(
    'F20 an engine on a disk that is %s starts, answers and shows a banner',
    async (how) => {
      await (await start()).close();
      engine = undefined;
      writeFileSync(join(data, 'preferences.json'), '{"theme":"dark"}');
      if (how === 'read-only') execFileSync('mount', ['-o', 'remount,ro', data]);
      else expect(() => writeFileSync(join(data, 'filler'), Buffer.alloc(5 << 20))).toThrow('ENOSPC');
      const started = await start();
      expect(await preferencesOf(started)).toMatchObject({ theme: 'dark' });
      expect(await started.server.dispatch.call('history.status', {}, context)).toMatchObject({ rows: 0 });
      await expect(
        started.server.dispatch.call('settings.update', { change: { theme: 'light' } }, context),
      ).rejects.toMatchObject({ code: 'unavailable', hint: expect.stringContaining('free space') });
      const shown = await notices(started);
      const banner = (what: string) =>
        expect.objectContaining({
          message: expect.stringContaining(`${what} cannot be written`),
          hint: expect.stringContaining('space'),
        });
      expect(shown).toContainEqual(banner('Settings'));
      if (how === 'read-only') expect(shown).toContainEqual(banner('The history'));
    },
  );
});
