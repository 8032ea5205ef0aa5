import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { createKubeconfig } from './kubeconfig.ts';
import { createPassphrase } from './passphrase.ts';
import { createProtection } from './protection.ts';
import { createKeyBox } from './sealed.ts';
import { createSourceStore } from './sourceStore.ts';

const text = JSON.stringify({
  kind: 'Config',
  clusters: [{ name: 'c', cluster: { server: 'https://10.0.0.1' } }],
  users: [{ name: 'u', user: { token: 'canary-token' } }],
  contexts: [{ name: 'mine', context: { cluster: 'c', user: 'u' } }],
});
/** scrypt's N: a test need not be slow to guess. */
const cost = 16;

/** One data folder over several starts of the program. */
function createDisk() {
  const files = new Map<string, Uint8Array>();
  let sources: { id: string; kind: 'file' | 'folder' | 'pasted'; path: string }[] = [];
  const folder = {
    read: async (name: string) => files.get(name) ?? null,
    write: async (name: string, content: Uint8Array | string) => {
      files.set(name, typeof content === 'string' ? new TextEncoder().encode(content) : content);
    },
    remove: async (name: string) => {
      files.delete(name);
    },
  };
  const document = {
    get value() {
      return { sources };
    },
    update: async (change: (value: { sources: typeof sources }) => { sources: typeof sources }) => {
      sources = change({ sources }).sources;
    },
  };
  return {
    files,
    shows: (word: string) => [...files.values()].some((bytes) => Buffer.from(bytes).includes(word)),
    async start(keyring?: Uint8Array) {
      const store = createSourceStore(document, folder);
      const box = keyring === undefined ? undefined : createKeyBox(keyring);
      const protection = createProtection(box, await createPassphrase(folder, cost), store);
      const homeFolder = await mkdtemp(join(tmpdir(), 'kubesage-'));
      const kubeconfig = await createKubeconfig({
        env: {},
        homeFolder,
        clock: new FakeClock(),
        store,
        secretBox: protection.box,
        discover: false,
      });
      return { protection, kubeconfig };
    },
  };
}

it('S8 seals what was pasted with a passphrase, and is locked after each start until it is given', async () => {
  const disk = createDisk();
  const first = await disk.start();
  expect(first.protection.state()).toEqual({ by: 'nothing', locked: false });
  await first.kubeconfig.addText(text, 'mail');
  expect(disk.shows('canary-token')).toBe(true);
  await first.protection.protect('correct horse');
  expect(first.protection.state()).toEqual({ by: 'passphrase', locked: false });
  await first.kubeconfig.addText(text.replaceAll('mine', 'other'));
  expect(disk.shows('canary-token')).toBe(false);
  expect(disk.shows('correct horse')).toBe(false);

  const second = await disk.start();
  expect(second.protection.state()).toEqual({ by: 'passphrase', locked: true });
  expect(second.kubeconfig.contexts).toEqual([]);
  expect(second.kubeconfig.problems[0]).toMatchObject({ message: 'Pasted kubeconfigs are locked' });
  await expect(second.kubeconfig.addText(text)).rejects.toMatchObject({ code: 'unavailable' });
  await expect(second.protection.unlock('correct house')).rejects.toMatchObject({ code: 'unauthenticated' });
  await expect(second.protection.protect('another one')).rejects.toMatchObject({ code: 'unavailable' });
  await expect(second.protection.unprotect(false)).rejects.toMatchObject({ code: 'unavailable' });
  await second.protection.unlock('correct horse');
  await second.kubeconfig.reopen();
  expect(second.kubeconfig.contexts.map(({ context }) => context)).toEqual(['mine', 'other']);
  expect(second.kubeconfig.problems).toEqual([]);
});

it('S8 changes the passphrase, and does without one again', async () => {
  const disk = createDisk();
  const first = await disk.start();
  await first.kubeconfig.addText(text);
  await first.protection.protect('correct horse');
  await first.protection.protect('battery staple');
  const second = await disk.start();
  await expect(second.protection.unlock('correct horse')).rejects.toMatchObject({ code: 'unauthenticated' });
  await second.protection.unlock('battery staple');
  await second.protection.unprotect(false);
  const third = await disk.start();
  expect(third.protection.state()).toEqual({ by: 'nothing', locked: false });
  expect(third.kubeconfig.contexts).toHaveLength(1);
});

it('S8 throws away what nobody can open, and only that, when the passphrase is lost', async () => {
  const disk = createDisk();
  const first = await disk.start();
  await first.protection.protect('correct horse');
  const sealed = await first.kubeconfig.addText(text);
  const second = await disk.start();
  await second.protection.unprotect(true);
  await second.kubeconfig.reopen();
  expect(second.kubeconfig.sources.map(({ id }) => id)).not.toContain(sealed.id);
  expect([...disk.files.keys()].filter((name) => name.startsWith('pasted/'))).toEqual([]);
  await second.kubeconfig.addText(text);
  expect((await disk.start()).kubeconfig.contexts).toHaveLength(1);
});

it('starts with a damaged file, and says what is locked by it', async () => {
  const disk = createDisk();
  const first = await disk.start();
  await first.kubeconfig.addText(text, 'plain');
  await first.protection.protect('correct horse');
  for (const damage of ['{', '{}', '{"version":1,"kdf":"scrypt","cost":99999999999,"salt":"","key":""}']) {
    disk.files.set('passphrase.json', Buffer.from(damage));
    const { kubeconfig, protection } = await disk.start();
    expect(kubeconfig.problems[0]?.message).toContain('passphrase.json in the data folder is damaged');
    await expect(protection.unlock('correct horse')).rejects.toMatchObject({ code: 'invalid' });
  }
});

it('leaves it to the keyring where there is one', async () => {
  const disk = createDisk();
  const { protection } = await disk.start(new Uint8Array(32).fill(7));
  expect(protection.state()).toEqual({ by: 'keyring', locked: false });
  await expect(protection.protect('correct horse')).rejects.toMatchObject({ code: 'conflict' });
  await expect(protection.unprotect(true)).rejects.toMatchObject({ code: 'conflict' });
});
