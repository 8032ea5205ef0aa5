import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExecSpec } from '../kubeconfig/index.ts';
import { type ApprovalStore, Approvals, createConsents } from './consent.ts';
import { readPluginPolicy } from './kuberc.ts';
import { createStubFolder, execSpec, type StubFolder } from './stubs.ts';

let stubs: StubFolder;
let env: Record<string, string>;
let store: ApprovalStore & { value: Approvals };
beforeEach(async () => {
  stubs = await createStubFolder();
  env = {};
  store = {
    value: Approvals.parse({}),
    update: async (change) => {
      store.value = change(store.value);
    },
  };
});
afterEach(() => rm(stubs.path, { recursive: true }));

const consents = () =>
  createConsents({
    approvals: store,
    searchPath: async () => ['.', 'relative', join(stubs.path, 'bin'), '/nowhere'].join(delimiter),
    policy: () => readPluginPolicy(env, stubs.path),
    now: () => 7,
  });

async function approve(spec: ExecSpec) {
  await consents().approve(spec, (await consents().inspect(spec)).hash);
}

it('shows exactly what would run, and runs nothing before it was approved', async () => {
  const file = await stubs.script('login', 'exit 0');
  const spec = execSpec('login', { args: ['a'], env: [{ name: 'X', value: '1' }], installHint: 'get it' });
  expect(await consents().inspect(spec)).toEqual({
    command: 'login',
    resolved: file,
    searched: [join(stubs.path, 'bin'), '/nowhere'],
    args: ['a'],
    env: [{ name: 'X', value: '1' }],
    installHint: 'get it',
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    group: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  await expect(consents().clear(spec)).rejects.toMatchObject({ code: 'forbidden' });
  await approve(spec);
  expect(await consents().clear(spec)).toBe(file);
});

describe('S6: what was approved is this and nothing else', () => {
  const spec = execSpec('login', { args: ['get', 'token'], env: [{ name: 'A', value: '1' }] });
  const changes: [string, ExecSpec][] = [
    ['another argument', { ...spec, args: ['get', 'token', '--x'] }],
    ['arguments that look the same when joined', { ...spec, args: ['get token'] }],
    ['another value', { ...spec, env: [{ name: 'A', value: '2' }] }],
    ['another variable', { ...spec, env: [...spec.env, { name: 'LD_PRELOAD', value: '/tmp/x' }] }],
    ['another name for it', { ...spec, command: 'login2' }],
  ];
  it.each(changes)('%s asks again', async (_, changed) => {
    await stubs.script('login', 'exit 0');
    await stubs.script('login2', 'exit 0');
    await approve(spec);
    await expect(consents().clear(changed)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('a changed program asks again, also behind a symbolic link', async () => {
    const file = await stubs.script('real', 'exit 0');
    await symlink(file, join(stubs.path, 'bin', 'login'));
    await approve(spec);
    await consents().clear(spec);
    await stubs.script('real', 'exit 0 # changed');
    await expect(consents().clear(spec)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('what changed between showing and approving is not approved', async () => {
    await stubs.script('login', 'exit 0');
    const shown = await consents().inspect(spec);
    await stubs.script('login', 'exit 0 # changed');
    await expect(consents().approve(spec, shown.hash)).rejects.toMatchObject({ code: 'conflict' });
    expect(store.value.approved).toEqual({});
  });
});

it('says where it looked for a program that is not there, and how to get it', async () => {
  const spec = execSpec('kubelogin', { installHint: 'brew install kubelogin' });
  await expect(consents().clear(spec)).rejects.toMatchObject({
    code: 'unauthenticated',
    message: 'The credential plugin "kubelogin" was not found in the 2 folders of PATH',
    hint: 'brew install kubelogin',
  });
  await expect(consents().approve(spec, (await consents().inspect(spec)).hash)).rejects.toMatchObject({
    code: 'unauthenticated',
  });
});

it('takes a relative path from the kubeconfig’s folder only, and never where everyone may write', async () => {
  await mkdir(join(stubs.path, 'k'));
  await writeFile(join(stubs.path, 'k', 'x'), '#!/bin/sh\n', { mode: 0o755 });
  const spec = execSpec('./x', { folder: join(stubs.path, 'k') });
  expect((await consents().inspect(spec)).resolved).toBe(join(stubs.path, 'k', 'x'));
  await expect(consents().inspect(execSpec('./x'))).rejects.toMatchObject({ code: 'forbidden' });
  await chmod(join(stubs.path, 'k'), 0o777);
  await expect(consents().inspect(spec)).rejects.toMatchObject({
    code: 'forbidden',
    message: expect.stringContaining('everyone may write'),
  });
});

describe('S6: one decision about plugins that are alike', () => {
  const eks = (cluster: string, more: Partial<ExecSpec> = {}) =>
    execSpec('login', {
      args: ['--region', 'eu-west-1', 'eks', 'get-token', '--cluster-name', cluster, '--output=json'],
      env: [{ name: 'AWS_PROFILE', value: 'prod' }],
      ...more,
    });
  const group = async (spec: ExecSpec) => (await consents().inspect(spec)).group;

  it('groups what differs in values only: not another flag, word, environment or program', async () => {
    await stubs.script('login', 'exit 0');
    const file = await stubs.script('login2', 'exit 0');
    const one = await group(eks('one'));
    expect(await group(eks('two'))).toBe(one);
    expect(await group({ ...eks('one'), args: eks('one').args.with(1, 'us-east-1').with(6, '--output=yaml') })).toBe(
      one,
    );
    for (const other of [
      { ...eks('one'), args: [...eks('one').args, '--debug'] },
      { ...eks('one'), args: [...eks('one').args, 'more'] },
      { ...eks('one'), args: eks('one').args.with(2, 'sts') },
      { ...eks('one'), args: eks('one').args.with(4, '--role-arn') },
      { ...eks('one'), args: eks('one').args.with(5, '--endpoint') },
      eks('one', { env: [{ name: 'AWS_PROFILE', value: 'test' }] }),
      eks('one', { command: file }),
      eks('one', { command: 'login2' }),
    ]) {
      expect(await group(other)).not.toBe(one);
    }
    await stubs.script('login', 'exit 0 # changed');
    expect(await group(eks('one'))).not.toBe(one);
  });

  it('approves exactly what was shown, all of it or nothing', async () => {
    await stubs.script('login', 'exit 0');
    const specs = Array.from({ length: 50 }, (_, n) => eks(`cluster-${n}`));
    const shown = await Promise.all(specs.map(async (spec) => ({ spec, hash: (await consents().inspect(spec)).hash })));
    expect(new Set(await Promise.all(specs.map(group))).size).toBe(1);
    const wrong = [...shown.slice(1), { spec: eks('cluster-0'), hash: shown[1]?.hash ?? '' }];
    await expect(consents().approveAll(wrong)).rejects.toMatchObject({ code: 'conflict' });
    expect(store.value.approved).toEqual({});
    await consents().approveAll(shown);
    for (const spec of specs) await consents().clear(spec);
    // One that is alike and was not shown asks.
    await expect(consents().clear(eks('cluster-50'))).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('kuberc', () => {
  const head = 'apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n';
  const write = async (text: string, file = 'rc') => {
    env = { KUBERC: join(stubs.path, file) };
    await writeFile(join(stubs.path, file), head + text);
  };
  const cleared = async () => {
    await stubs.script('login', 'exit 0');
    await approve(execSpec('login'));
    return consents()
      .clear(execSpec('login'))
      .then(
        () => 'runs',
        (error: Error) => error.message,
      );
  };

  it.each([
    ['', 'runs'],
    ['credentialPluginPolicy: ""\n', 'runs'],
    ['credentialPluginPolicy: AllowAll\n', 'runs'],
    ['credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{command: login}]\n', 'runs'],
    // 1.35's name for the field.
    ['credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{name: other}, {name: login}]\n', 'runs'],
    ['credentialPluginPolicy: DenyAll\n', /DenyAll/],
    ['credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{command: other}]\n', /does not have/],
    ['credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{command: /usr/bin/login}]\n', /does not have/],
    ['credentialPluginPolicy: Allowlist\n', /is empty/],
    ['credentialPluginAllowlist: [{command: login}]\n', /allowlist, but/],
    ['credentialPluginPolicy: Sometimes\n', /not one that KubeSage knows/],
    ['credentialPluginPolicy: [\n', /not valid YAML/],
  ])('%j', async (text, expected) => {
    await write(text);
    if (expected === 'runs') expect(await cleared()).toBe('runs');
    else expect(await cleared()).toMatch(expected);
  });

  it('allows a program by its path, reads ~/.kube/kuberc, and is off with KUBERC=off', async () => {
    await mkdir(join(stubs.path, '.kube'));
    const file = join(stubs.path, 'bin', 'login');
    await write(
      `credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{command: "${file}"}]\n`,
      '.kube/kuberc',
    );
    env = {};
    expect(await cleared()).toBe('runs');
    await writeFile(join(stubs.path, '.kube', 'kuberc'), `${head}credentialPluginPolicy: DenyAll\n`);
    expect(await cleared()).toMatch(/DenyAll/);
    env = { KUBERC: 'off' };
    expect(await cleared()).toBe('runs');
    env = { KUBERC: join(stubs.path, 'missing') };
    expect(await cleared()).toMatch(/cannot be read/);
  });
});
