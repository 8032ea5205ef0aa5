import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClock, systemClock } from '../../kernel/clock.ts';
import { Scope } from '../../kernel/disposable.ts';
import { base64, fixture, pem } from './fixtures.ts';
import {
  type AddedSource,
  createKubeconfig,
  type Kubeconfig,
  type KubeconfigOptions,
  type SourceStore,
} from './kubeconfig.ts';

let home: string;
let scope: Scope;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'kubesage-'));
  await mkdir(join(home, '.kube'));
  scope = new Scope();
});
afterEach(async () => {
  scope.dispose();
  await rm(home, { recursive: true });
});

function memoryStore(): SourceStore & { texts: Map<string, Uint8Array> } {
  let sources: readonly AddedSource[] = [];
  const texts = new Map<string, Uint8Array>();
  return {
    texts,
    read: () => sources,
    save: async (next) => {
      sources = next;
    },
    readText: async (id) => texts.get(id) ?? null,
    saveText: async (id, sealed) => void texts.set(id, sealed),
    removeText: async (id) => void texts.delete(id),
  };
}

async function start(options: Partial<KubeconfigOptions> = {}): Promise<Kubeconfig> {
  const kubeconfig = await createKubeconfig({
    env: {},
    homeFolder: home,
    clock: systemClock,
    store: memoryStore(),
    ...options,
  });
  return scope.add(kubeconfig);
}

const names = (kubeconfig: Kubeconfig) => kubeconfig.contexts.map((context) => context.context);
const path = (...parts: string[]) => join(home, ...parts);
const config = () => path('.kube', 'config');

describe('discovery', () => {
  it('reads the default file, and has no problem with its absence', async () => {
    expect(await start()).toMatchObject({ contexts: [], problems: [] });
    await writeFile(config(), fixture({ contexts: ['a', 'b'] }));
    expect(names(await start())).toEqual(['a', 'b']);
  });

  it('reads the list of KUBECONFIG instead, with what is missing reported and the rest shown', async () => {
    await writeFile(config(), fixture({ contexts: ['default-file'] }));
    await writeFile(path('one'), fixture({ contexts: ['one'] }));
    await writeFile(path('two'), fixture({ contexts: ['two'] }));
    const list = [path('one'), '', path('none'), path('two'), path('one')].join(delimiter);
    const kubeconfig = await start({ env: { KUBECONFIG: list } });
    expect(names(kubeconfig)).toEqual(['one', 'two']);
    expect(kubeconfig.problems).toEqual([
      { source: path('none'), message: 'There is no such file', hint: 'Check the path.' },
    ]);
    expect(kubeconfig.sources).toEqual([
      expect.objectContaining({
        id: 'environment',
        kind: 'environment',
        contexts: 2,
        problem: 'There is no such file.',
      }),
    ]);
  });

  it('shows 200 contexts, and a name that two sources use twice', async () => {
    const contexts = Array.from({ length: 200 }, (_, n) => `context-${n}`);
    await writeFile(
      config(),
      fixture({ contexts, cluster: { 'certificate-authority-data': base64(pem('CERTIFICATE').repeat(40)) } }),
    );
    await writeFile(path('more'), fixture({ contexts: ['context-7'], server: 'https://elsewhere' }));
    const kubeconfig = await start();
    await kubeconfig.addPath(path('more'));
    expect(kubeconfig.contexts).toHaveLength(201);
    expect(new Set(kubeconfig.contexts.map((context) => context.id)).size).toBe(201);
  });

  it('takes every kubeconfig of a folder, and nothing that is none', async () => {
    await mkdir(path('d'));
    await writeFile(path('d', 'a.yaml'), fixture({ contexts: ['a'] }));
    await writeFile(path('d', 'b.json'), JSON.stringify({ kind: 'Config', contexts: [{ name: 'b', context: {} }] }));
    await writeFile(path('d', 'README.md'), '# hello');
    await writeFile(path('d', 'pod.yaml'), 'kind: Pod\n');
    await mkdir(path('d', 'cache'));
    await symlink(path('d', 'a.yaml'), path('d', 'z-link'));
    const kubeconfig = await start();
    const { contexts } = await kubeconfig.addPath(path('d'));
    expect(contexts).toHaveLength(2);
    expect(names(kubeconfig)).toEqual(['a', 'b']);
    expect(kubeconfig.problems).toEqual([]);
  });

  it('keeps pasted text sealed, finds it again, and forgets it when told', async () => {
    const store = memoryStore();
    const secretBox = {
      seal: async (plain: string) => Buffer.from(plain).reverse(),
      open: async (sealed: Uint8Array) => Buffer.from(sealed).reverse().toString(),
    };
    const first = await start({ store, secretBox });
    const { id, contexts } = await first.addText(fixture({ contexts: ['pasted'] }), 'from a mail');
    expect(Buffer.concat([...store.texts.values()]).toString()).not.toContain('made-up-token');
    const second = await start({ store, secretBox });
    expect(second.contexts).toMatchObject([{ id: contexts[0], source: 'pasted', auth: { token: 'made-up-token' } }]);
    await second.remove(id);
    expect([names(second), store.texts.size]).toEqual([[], 0]);
    await expect(second.remove('default')).rejects.toMatchObject({ code: 'notFound' });
    await expect(second.addText('hello')).rejects.toMatchObject({ code: 'invalid' });
  });

  it('refuses a path that is not there, no kubeconfig, or read already', async () => {
    await writeFile(path('no'), 'kind: Pod');
    await writeFile(path('yes'), fixture());
    const kubeconfig = await start();
    await expect(kubeconfig.addPath(path('none'))).rejects.toMatchObject({ code: 'notFound' });
    await expect(kubeconfig.addPath(path('no'))).rejects.toMatchObject({ code: 'invalid' });
    await kubeconfig.addPath('~/yes');
    await expect(kubeconfig.addPath(path('yes'))).rejects.toMatchObject({ code: 'conflict' });
  });

  it('gives the connection with the CA file as it is now', async () => {
    await writeFile(path('.kube', 'ca.pem'), pem('CERTIFICATE'));
    await writeFile(config(), fixture({ server: 'https://10.0.0.1', cluster: { 'certificate-authority': 'ca.pem' } }));
    const kubeconfig = await start({ env: { HTTPS_PROXY: 'http://proxy:3128' } });
    const [context] = kubeconfig.contexts;
    if (context === undefined) throw new Error('no context');
    expect(await kubeconfig.connection(context)).toMatchObject({
      ca: pem('CERTIFICATE'),
      proxyUrl: 'http://proxy:3128',
    });
    await writeFile(path('.kube', 'ca.pem'), 'rotated');
    expect((await kubeconfig.connection(context)).ca).toBe('rotated');
    await rm(path('.kube', 'ca.pem'));
    await expect(kubeconfig.connection(context)).rejects.toMatchObject({ code: 'invalid' });
  });

  it('shows the demo fleet beside nothing else', async () => {
    const kubeconfig = await start({ discover: false });
    await writeFile(config(), fixture({ contexts: ['mine'] }));
    kubeconfig.setDemo(fixture({ contexts: ['demo'], server: 'http://127.0.0.1:1' }));
    expect(kubeconfig.contexts).toMatchObject([{ context: 'demo', source: 'demo', demo: true, risks: [] }]);
    await kubeconfig.reload();
    expect(names(kubeconfig)).toEqual(['demo']);
    kubeconfig.setDemo(null);
    expect(names(kubeconfig)).toEqual([]);
  });
});

describe('a kubeconfig that changes while it is read', () => {
  const changed = (kubeconfig: Kubeconfig, expected: readonly string[]) =>
    vi.waitFor(() => expect(names(kubeconfig)).toEqual(expected), { timeout: 20_000, interval: 20 });

  it('F18 notices a change, an atomic replacement, removal and return by itself', async () => {
    await writeFile(config(), fixture({ contexts: ['a'] }));
    const kubeconfig = await start();
    await writeFile(config(), fixture({ contexts: ['a', 'b'] }));
    await changed(kubeconfig, ['a', 'b']);
    await writeFile(path('.kube', 'new'), fixture({ contexts: ['c'] }));
    await rename(path('.kube', 'new'), config());
    await changed(kubeconfig, ['c']);
    await rm(config());
    await changed(kubeconfig, []);
    await writeFile(config(), fixture({ contexts: ['d'] }));
    await changed(kubeconfig, ['d']);
  });

  it('F18 follows a symbolic link that is swapped, and the file behind it', async () => {
    for (const version of ['v1', 'v2']) {
      await mkdir(path(version));
      await writeFile(path(version, 'config'), fixture({ contexts: [version] }));
    }
    await symlink(path('v1'), path('current'));
    await symlink(path('current', 'config'), config());
    const kubeconfig = await start();
    const [{ id } = { id: '' }] = kubeconfig.contexts;
    await symlink(path('v2'), path('next'));
    await rename(path('next'), path('current'));
    await kubeconfig.reload();
    expect(names(kubeconfig)).toEqual(['v2']);
    await writeFile(path('v2', 'config'), fixture({ contexts: ['v1'] }));
    await changed(kubeconfig, ['v1']);
    // The file is known by the path that the user knows.
    expect(kubeconfig.contexts[0]?.id).toBe(id);
  });

  it.each([
    ['empty', ''],
    [
      'cut off in YAML',
      fixture({ contexts: ['a', 'b'] })
        .slice(0, 200)
        .concat('\n  - "'),
    ],
    ['no text', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
    ['something else', 'kind: Pod\n'],
  ])('F18 keeps the last good content of a file that becomes %s', async (_, content) => {
    await writeFile(config(), fixture({ contexts: ['a', 'b'] }));
    const clock = new FakeClock();
    const kubeconfig = await start({ clock });
    const before = kubeconfig.contexts;
    await writeFile(config(), content);
    await kubeconfig.reload();
    expect(kubeconfig.contexts).toEqual(before);
    expect(kubeconfig.problems).toMatchObject([
      { source: config(), hint: expect.stringContaining('What was read last is shown') },
    ]);
    await clock.advance(60_000);
    await kubeconfig.reload();
    expect(kubeconfig.contexts).toEqual(before);
    await writeFile(config(), fixture({ contexts: ['b'] }));
    await kubeconfig.reload();
    expect([names(kubeconfig), kubeconfig.problems]).toEqual([['b'], []]);
  });

  it('F18 waits for the rest of a file that looks cut off, and takes it as it is when it stays so', async () => {
    const whole = fixture({ contexts: ['a', 'b'] });
    await writeFile(config(), whole);
    const clock = new FakeClock();
    const kubeconfig = await start({ clock });
    const cut = whole.slice(0, whole.indexOf('contexts:'));
    await writeFile(config(), cut);
    await kubeconfig.reload();
    expect([names(kubeconfig), kubeconfig.problems[0]?.message]).toEqual([['a', 'b'], 'It seems to be cut off']);
    await clock.advance(15_000);
    await kubeconfig.reload();
    expect([names(kubeconfig), kubeconfig.problems]).toEqual([[], []]);
  });

  it('F18 says nothing when nothing changed, and keeps the objects of what stayed', async () => {
    await writeFile(config(), fixture({ contexts: ['a', 'b'] }));
    const kubeconfig = await start({ clock: new FakeClock() });
    const [a] = kubeconfig.contexts;
    let fired = 0;
    kubeconfig.onChange(() => fired++);
    await writeFile(config(), fixture({ contexts: ['a', 'b'] }));
    await kubeconfig.reload();
    expect(fired).toBe(0);
    await writeFile(config(), fixture({ contexts: ['a', 'c'] }));
    await Promise.all([kubeconfig.reload(), kubeconfig.reload(), kubeconfig.reload()]);
    expect([fired, kubeconfig.contexts[0] === a]).toEqual([1, true]);
  });

  it('F18 keeps 200 contexts of 40 files apart, duplicate names too, and one broken file takes nothing else with it', async () => {
    const folder = path('many');
    await mkdir(folder);
    const file = (n: number) => join(folder, `config-${n}`);
    const own = (n: number) => [...Array.from({ length: 4 }, (_, at) => `context-${n}-${at}`), 'same-name'];
    for (let n = 0; n < 40; n++) {
      await writeFile(file(n), fixture({ contexts: own(n), server: `https://10.0.0.${n}` }));
    }
    const kubeconfig = await start({ clock: new FakeClock(), discover: false });
    await kubeconfig.addPath(folder);
    const before = kubeconfig.contexts;
    expect(before).toHaveLength(200);
    expect(new Set(before.map(({ id }) => id)).size).toBe(200);
    const same = before.filter(({ context }) => context === 'same-name');
    expect(new Set(same.map(({ server }) => server)).size).toBe(40);
    await writeFile(file(7), '');
    await kubeconfig.reload();
    expect(kubeconfig.contexts).toEqual(before);
    expect(kubeconfig.problems).toMatchObject([{ source: file(7) }]);
    await rm(file(7));
    await kubeconfig.reload();
    expect([kubeconfig.contexts.length, kubeconfig.problems]).toEqual([195, []]);
    // Those of the other files are the same objects: nothing that is open is touched.
    expect(kubeconfig.contexts.every((context) => before.includes(context))).toBe(true);
  });
});
