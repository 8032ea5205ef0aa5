import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import type { Authenticator } from '../auth/index.ts';
import { connection, contextWith } from '../auth/stubs.ts';
import { type KubeContext, type Kubeconfig, parseKubeconfig } from '../kubeconfig/index.ts';
import { createLocalShells, type Pty } from './index.ts';
import { shellKubeconfig } from './shellKubeconfig.ts';
import { startupOf } from './startup.ts';

const run = promisify(execFile);

describe('the kubeconfig of a shell', () => {
  const context = (auth: KubeContext['auth']): KubeContext => ({
    ...contextWith({}),
    context: 'prod/eu',
    cluster: 'eu',
    user: 'me',
    namespace: 'shop',
    address: {
      server: 'https://eu.example:6443',
      ca: { file: '/etc/pki/ca.pem' },
      insecureSkipTlsVerify: false,
      disableCompression: false,
    },
    auth,
  });

  test('names files in place of copying them, and has one context under its own name', () => {
    const config = shellKubeconfig(
      context({ clientCertificate: { file: '/home/me/me.crt' }, clientKey: { file: '/home/me/me.key' } }),
      '',
      undefined,
    );
    expect(config).toMatchObject({
      'current-context': 'prod/eu',
      contexts: [{ name: 'prod/eu', context: { cluster: 'eu', user: 'me', namespace: 'shop' } }],
      clusters: [
        { name: 'eu', cluster: { server: 'https://eu.example:6443', 'certificate-authority': '/etc/pki/ca.pem' } },
      ],
      users: [{ name: 'me', user: { 'client-certificate': '/home/me/me.crt', 'client-key': '/home/me/me.key' } }],
    });
    expect(parseKubeconfig(JSON.stringify(config), '').contexts.size).toBe(1);
  });

  test('asks a plugin by its absolute place, with what the cluster tells it, and holds none of its tokens', () => {
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: './bin/login',
      args: ['--quiet'],
      env: [{ name: 'REGION', value: 'eu' }],
      provideClusterInfo: true,
      interactiveMode: 'IfAvailable' as const,
      folder: '/home/me/.kube',
      clusterConfig: { audience: 'x' },
    };
    const config = shellKubeconfig(context({ exec }), 'other', undefined);
    expect(config).toMatchObject({
      contexts: [{ context: { namespace: 'other' } }],
      clusters: [
        { cluster: { extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'x' } }] } },
      ],
      users: [{ user: { exec: { command: '/home/me/.kube/bin/login', args: ['--quiet'], provideClusterInfo: true } } }],
    });
    expect(JSON.stringify(config)).not.toContain('token');
    const bare = shellKubeconfig(context({ exec: { ...exec, command: 'aws' } }), '', undefined);
    expect(bare).toMatchObject({ users: [{ user: { exec: { command: 'aws' } } }] });
  });
});

describe('a shell on this computer', () => {
  let home: string;
  let runtime: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'kubesage-home-'));
    runtime = join(home, 'runtime');
    await mkdir(runtime, { mode: 0o700 });
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  function setUp(
    get: () => Promise<object> = async () => ({ token: 'fresh', generation: 1 }),
    auth: KubeContext['auth'] = {},
  ) {
    const clock = new FakeClock();
    const exits: (() => void)[] = [];
    const kills: boolean[] = [];
    let spawned: { program: string; env: Readonly<Record<string, string>>; args: readonly string[] } | undefined;
    const pty: Pty = {
      write: () => undefined,
      resize: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
      kill: (hard) => kills.push(hard),
      onData: () => undefined,
      onExit: (listener) => exits.push(() => listener({ exitCode: 0, signal: undefined })),
    };
    const context = { ...contextWith(auth), id: 'dev' };
    const shells = createLocalShells({
      kubeconfig: { contexts: [context], connection: async () => connection } as unknown as Kubeconfig,
      authenticator: { sourceFor: () => ({ get }) } as unknown as Authenticator,
      clock,
      env: {
        SHELL: '/bin/sh',
        PATH: '/own/bin:/bin',
        XDG_RUNTIME_DIR: runtime,
        KUBECONFIG: '/others',
        ELECTRON_RUN_AS_NODE: '1',
        KUBESAGE_DATA: '/data',
      },
      homeFolder: home,
      spawn(program, { env, args }) {
        spawned = { program, env, args };
        return pty;
      },
    });
    const open = () =>
      shells.open({ cluster: 'dev', namespace: '', columns: 80, rows: 24 }, new AbortController().signal);
    return { open, clock, kills, exit: () => exits.map((each) => each()), spawned: () => spawned };
  }

  test('has a folder of its own while it lives, PATH as it was, and nothing of this program', async () => {
    const { open, spawned, exit } = setUp();
    const shell = await open();
    const { program, env } = spawned() ?? { program: '', env: {} as Record<string, string> };
    expect(program).toBe('/bin/sh');
    expect(env.PATH).toBe('/own/bin:/bin');
    expect(Object.keys(env)).not.toEqual(expect.arrayContaining([expect.stringMatching(/ELECTRON|KUBESAGE_DATA/)]));
    const [folder = ''] = await readdir(runtime);
    expect(env.KUBECONFIG).toBe(join(runtime, folder, 'kubeconfig'));
    expect((await stat(join(runtime, folder))).mode & 0o777).toBe(0o700);
    expect((await stat(env.KUBECONFIG ?? '')).mode & 0o777).toBe(0o600);
    const ended = shell.end();
    exit();
    await ended;
    expect(await readdir(runtime)).toEqual([]);
  });

  test('that does not hear that it is over is killed', async () => {
    const { open, clock, kills, exit } = setUp();
    const shell = await open();
    const ended = shell.end();
    expect(kills).toEqual([false]);
    await clock.advance(2000);
    expect(kills).toEqual([false, true]);
    exit();
    await ended;
  });

  test('is not opened where a plugin may not run', async () => {
    const refusal = new Error('not approved');
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'login',
      args: [],
      env: [],
      provideClusterInfo: false,
      interactiveMode: 'Never' as const,
      folder: home,
    };
    const { open, spawned } = setUp(() => Promise.reject(refusal), { exec });
    await expect(open()).rejects.toBe(refusal);
    expect(spawned()).toBeUndefined();
    expect(await readdir(runtime)).toEqual([]);
  });

  test('removes what an earlier program left there', async () => {
    const dead = join(runtime, 'kubesage-shell-999999999-abc');
    const alive = join(runtime, `kubesage-shell-${process.ppid}-abc`);
    await mkdir(dead);
    await mkdir(alive);
    const { open } = setUp();
    await open();
    const left = await readdir(runtime);
    expect(left).toContain(`kubesage-shell-${process.ppid}-abc`);
    expect(left).not.toContain('kubesage-shell-999999999-abc');
  });

  test.each(['/bin/bash', '/bin/zsh', '/bin/sh'])('%s has ours, whatever its start-up files set', async (shell) => {
    if (
      !(await stat(shell).then(
        () => true,
        () => false,
      ))
    )
      return;
    for (const file of ['.bash_profile', '.zshrc', '.profile']) {
      await writeFile(join(home, file), 'export KUBECONFIG=/theirs\nexport OWN=kept\n');
    }
    const folder = join(runtime, 'folder');
    await mkdir(folder);
    const startup = startupOf(shell, folder, { KUBECONFIG: "/it's/ours" });
    for (const [name, text] of startup.files) await writeFile(join(folder, name), text);
    const { stdout } = await run(
      '/bin/sh',
      ['-c', `echo 'echo "=$KUBECONFIG $OWN="; exit' | "$0" "$@"`, shell, ...startup.args],
      {
        env: { HOME: home, PATH: process.env.PATH, ...startup.env, KUBECONFIG: "/it's/ours" },
      },
    );
    expect(stdout).toContain("=/it's/ours kept=");
  });
});
