import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Clock, FakeClock } from '../../kernel/clock.ts';
import type { ExecSpec } from '../kubeconfig/index.ts';
import { runExecPlugin } from './execPlugin.ts';
import { connection, createStubFolder, credential, execSpec, type StubFolder, v1 } from './stubs.ts';

let stubs: StubFolder;
beforeAll(async () => {
  stubs = await createStubFolder();
});
afterAll(() => rm(stubs.path, { recursive: true }));

const searchPath = process.env.PATH ?? '';

async function run(body: string, more: Partial<ExecSpec> = {}, signal?: AbortSignal, clock: Clock = new FakeClock()) {
  const file = await stubs.script('plugin', body);
  const spec = execSpec('plugin', more);
  return runExecPlugin(spec, file, { clock, connection, env: { HOME: stubs.path }, searchPath, signal });
}

describe('what a plugin is told', () => {
  it('gets its arguments, its variables and KUBERNETES_EXEC_INFO, and an empty standard input', async () => {
    const out = join(stubs.path, 'told');
    await run(
      `{ printf '%s|' "$@"; echo; echo "$REGION"; echo "$KUBERNETES_EXEC_INFO"; cat; } > ${out}\necho '${credential({ token: 't' })}'`,
      { args: ['get token', '--x=1'], env: [{ name: 'REGION', value: 'eu west' }] },
    );
    const [args, region, info] = (await readFile(out, 'utf8')).split('\n');
    expect([args, region]).toEqual(['get token|--x=1|', 'eu west']);
    expect(JSON.parse(info ?? '')).toEqual({ kind: 'ExecCredential', apiVersion: v1, spec: { interactive: false } });
  });

  it('gets the cluster when it asks for it', async () => {
    const out = join(stubs.path, 'cluster');
    await run(`echo "$KUBERNETES_EXEC_INFO" > ${out}; echo '${credential({ token: 't' })}'`, {
      provideClusterInfo: true,
      clusterConfig: { audience: 'a', n: 1 },
    });
    expect(JSON.parse(await readFile(out, 'utf8')).spec.cluster).toEqual({
      server: connection.server,
      'certificate-authority-data': Buffer.from('CA').toString('base64'),
      config: { audience: 'a', n: 1 },
    });
  });
});

it('takes a token with its end, in both versions', async () => {
  const status = { token: 'secret', expirationTimestamp: '2026-01-02T03:04:05Z' };
  expect(await run(`echo '${credential(status)}'`)).toEqual({
    token: 'secret',
    expiresAt: Date.UTC(2026, 0, 2, 3, 4, 5),
  });
  const beta = 'client.authentication.k8s.io/v1beta1';
  expect(await run(`echo '${credential({ token: 's' }, beta)}'`, { apiVersion: beta })).toEqual({ token: 's' });
});

describe('a plugin that fails', () => {
  const failures: [string, string, Partial<ExecSpec>, RegExp, RegExp][] = [
    [
      'exits 1',
      'echo "could not reach the provider" >&2; exit 1',
      {},
      /failed with exit code 1: could not reach/,
      /terminal/,
    ],
    ['prints junk', 'echo "Welcome! token=abc"', {}, /not JSON/, /ExecCredential/],
    ['prints nothing', 'true', {}, /printed nothing/, /ExecCredential/],
    ['prints other JSON', 'echo "{}"', {}, /not an ExecCredential/, /ExecCredential/],
    [
      'speaks another version',
      `echo '${credential({ token: 't' }, 'client.authentication.k8s.io/v1beta1')}'`,
      {},
      /answered in client/,
      /version/,
    ],
    ['gives nothing', `echo '${credential({})}'`, {}, /neither a token nor a certificate/, /ExecCredential/],
    ['gives half a pair', `echo '${credential({ clientCertificateData: 'x' })}'`, {}, /without its key/, /./],
    ['gives a wrong time', `echo '${credential({ token: 't', expirationTimestamp: 'soon' })}'`, {}, /RFC 3339/, /./],
    [
      'needs a terminal',
      'test -t 0 || { echo "stdin is not a terminal" >&2; exit 1; }',
      {},
      /exit code 1: stdin is not/,
      /seems to need a terminal/,
    ],
    [
      'asks for input',
      'read answer || { echo "Password: EOF" >&2; exit 2; }',
      {},
      /exit code 2/,
      /seems to need a terminal/,
    ],
    [
      'insists on one',
      'true',
      { interactiveMode: 'Always' },
      /needs a terminal \(interactiveMode: Always\)/,
      /Run `plugin`/,
    ],
    ['is killed', 'kill -9 $$', {}, /ended by SIGKILL/, /./],
    ['talks without end', 'yes', {}, /printed more than/, /right program/],
    ['names its remedy', 'exit 3', { installHint: 'brew install x' }, /exit code 3/, /brew install x/],
  ];
  it.each(failures)('F10 a plugin %s: the fault is named, with what to do', async (_, body, more, message, hint) => {
    const error = await run(body, more).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'unauthenticated',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    expect((error as Error).message).not.toContain('abc');
  });

  it('F10 a plugin that hangs is ended after 30 seconds, with everything that it started', async () => {
    const pids = join(stubs.path, 'pids');
    const body = `echo "waiting for you" >&2; sleep 300 & echo $! >> ${pids}; setsid sleep 300 & echo $! >> ${pids}; sleep 300`;
    const clock = new FakeClock();
    const running = run(body, {}, undefined, clock);
    const settled = running.then(
      () => true,
      () => true,
    );
    const read = async () => (await readFile(pids, 'utf8').catch(() => '')).trim().split('\n');
    await vi.waitFor(async () => expect(await read()).toHaveLength(2), { timeout: 20_000 });
    const started = await read();
    await clock.advance(29_999);
    expect(await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, 100))])).toBeUndefined();
    await clock.advance(1);
    await expect(running).rejects.toMatchObject({
      code: 'unauthenticated',
      message: 'The credential plugin "plugin" did not answer within 30 s and was ended: waiting for you',
    });
    expect(started).toHaveLength(2);
    await vi.waitFor(() => expect(started.filter((pid) => isRunning(pid))).toEqual([]), { timeout: 10_000 });
  });

  it('cannot be started', async () => {
    const file = join(stubs.path, 'none');
    const running = runExecPlugin(execSpec('none'), file, { connection, env: {}, searchPath });
    await expect(running).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('ENOENT'),
    });
  });

  it('is ended when nobody needs it any more', async () => {
    const end = new AbortController();
    const running = run('sleep 300', {}, end.signal);
    setTimeout(() => end.abort(new Error('closed')), 50);
    await expect(running).rejects.toThrow('closed');
  });

  it('F10 what a plugin says is shown without secrets', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const jwt = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from('{"sub":"me"}').toString('base64url')}.c2ln`;
    const said = [
      key,
      `got ${jwt}`,
      'password: hunter2hunter2',
      'Authorization: Bearer abcdef123456',
      'MYVALUE-42',
      'AKIAIOSFODNN7EXAMPLE',
    ];
    const body = `cat >&2 <<'END'\n${said.join('\n')}\nplease log in\nEND\nexit 1`;
    const error = (await run(body, { env: [{ name: 'S', value: 'MYVALUE-42' }] }).catch(
      (caught: unknown) => caught,
    )) as Error;
    expect(error.message).toContain('please log in');
    for (const secret of ['PRIVATE KEY', jwt.slice(0, 20), 'hunter2', 'abcdef123456', 'MYVALUE', 'AKIAIOSF']) {
      expect(error.message).not.toContain(secret);
    }
  });
});

function isRunning(pid: string): boolean {
  // A killed process whose parent has not looked yet is a zombie: dead all the same.
  try {
    process.kill(Number(pid), 0);
  } catch {
    return false;
  }
  return !!existsSync(`/proc/${pid}/exe`);
}
