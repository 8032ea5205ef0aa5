import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../kernel/clock.ts';
import type { Authenticator } from '../auth/index.ts';
import { connection, contextWith, createStubFolder, type StubFolder } from '../auth/stubs.ts';
import type { Kubeconfig } from '../kubeconfig/index.ts';
import { chartPlace, createHelmProgram, type HelmCall } from './index.ts';

/** A helm that writes down what it was given. */
const noting = `
if [ "$1" = version ]; then echo v4.1.0; exit 0; fi
{ echo "$KUBECONFIG"; ls -l "$KUBECONFIG"; cat "$KUBECONFIG"; echo; echo "args $*"; echo "driver $HELM_DRIVER $HELM_NAMESPACE$HELM_KUBETOKEN"; } > "$(dirname "$0")/../given"
for arg; do if [ -d "$arg" ]; then (cd "$arg" && find . -type f) >> "$(dirname "$0")/../given"; fi; done
echo "input: $(cat)"
echo "to the other side" >&2
`;

describe('helm', () => {
  let folder: StubFolder;
  beforeEach(async () => {
    folder = await createStubFolder();
  });
  afterEach(async () => {
    // Each run has a folder of its own in the system's: none stays.
    const path = (await given().catch(() => '')).split('\n')[0] ?? '';
    if (path !== '') await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  const given = () => readFile(join(folder.path, 'given'), 'utf8');
  const program = (env: Record<string, string> = {}) =>
    createHelmProgram({
      kubeconfig: { contexts: [contextWith({})], connection: async () => connection } as unknown as Kubeconfig,
      authenticator: {
        sourceFor: () => ({ get: async () => ({ token: 'hush', clientKey: 'KEY', generation: 1 }) }),
      } as unknown as Authenticator,
      clock: systemClock,
      env: { PATH: join(folder.path, 'bin'), KUBESAGE_HELM: join(folder.path, 'bin', 'helm'), ...env },
      homeFolder: folder.path,
      askShell: false,
    });
  const call = (more: Partial<HelmCall> = {}): HelmCall => ({
    cluster: 'dev',
    namespace: 'shop',
    driver: 'secret',
    args: ['upgrade', 'web'],
    signal: new AbortController().signal,
    ...more,
  });

  test('is found, with its version', async () => {
    expect(await program().find()).toBeNull();
    await expect(program().run(call())).rejects.toMatchObject({ code: 'unavailable' });
    const path = await folder.script('helm', noting);
    expect(await program().find()).toEqual({ path, version: 'v4.1.0', major: 4 });
  });

  test('gets exactly one context, in a file of this user alone, and its output comes line by line', async () => {
    await folder.script('helm', noting);
    const lines: string[] = [];
    const env = { HELM_KUBETOKEN: 'other', HELM_NAMESPACE: 'other', KUBECONFIG: '/other' };
    const output = await program(env).run(
      call({ input: 'values', onLine: (line, from) => lines.push(`${from}: ${line}`) }),
    );
    expect(output).toBe('input: values\n');
    expect(lines.sort()).toEqual(['error: to the other side', 'out: input: values']);
    const [, mode = '', json = ''] = (await given()).split('\n');
    expect(mode).toMatch(/^-rw-------/);
    expect(JSON.parse(json)).toMatchObject({
      contexts: [{ context: { namespace: 'shop' } }],
      clusters: [{ cluster: { server: connection.server } }],
      users: [{ user: { token: 'hush', 'client-key-data': Buffer.from('KEY').toString('base64') } }],
    });
    expect(await given()).toContain('args upgrade web\ndriver secret \n');
  });

  test("a chart of the call's own is written, and none of its files elsewhere", async () => {
    await folder.script('helm', noting);
    const chart = new Map([
      ['Chart.yaml', 'name: web'],
      ['templates/a.yaml', ''],
    ]);
    await program().run(call({ args: ['upgrade', 'web', chartPlace], chart }));
    expect((await given()).split('\n').slice(-3)).toEqual(
      expect.arrayContaining(['./Chart.yaml', './templates/a.yaml']),
    );
    const outside = new Map([['../../escaped', '']]);
    await expect(program().run(call({ chart: outside }))).rejects.toMatchObject({ code: 'invalid' });
    expect(await readdir(folder.path)).not.toContain('escaped');
  });

  test('a failure is told in its last words', async () => {
    await folder.script(
      'helm',
      `[ "$1" = version ] && echo v3.15.0 && exit 0\necho "WARNING: old" >&2; echo "Error: no such chart" >&2; exit 1`,
    );
    await expect(program().run(call())).rejects.toMatchObject({ code: 'invalid', message: 'no such chart' });
  });

  test('is asked to stop when it is cancelled, and may put things in order', async () => {
    await folder.script(
      'helm',
      `[ "$1" = version ] && echo v4.0.0 && exit 0\ntrap 'echo in order > "$(dirname "$0")/../stopped"; exit 1' TERM\necho begun\nwhile :; do sleep 0.05; done`,
    );
    const end = new AbortController();
    const reason = new Error('enough');
    const running = program().run(call({ signal: end.signal, onLine: () => end.abort(reason) }));
    await expect(running).rejects.toBe(reason);
    expect(await readFile(join(folder.path, 'stopped'), 'utf8')).toBe('in order\n');
  });
});
