import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../kernel/clock.ts';
import { createStubFolder, type StubFolder } from '../auth/stubs.ts';
import { createKustomizeProgram } from './index.ts';

/** Writes down what it was given, and answers with a file of the folder. */
const noting = `
{ echo "args $*"; echo "proxy $HTTPS_PROXY git $GIT_ALLOW_PROTOCOL home $HOME kube $KUBECONFIG"; find "\${2:-$1}" -type f; } > "$(dirname "$0")/../given"
cat "$2/kustomization.yaml"
`;
const signal = new AbortController().signal;

describe('kustomize', () => {
  let folder: StubFolder;
  beforeEach(async () => {
    folder = await createStubFolder();
  });
  const program = (env: Record<string, string> = {}) =>
    createKustomizeProgram({
      clock: systemClock,
      env: {
        PATH: join(folder.path, 'bin'),
        KUBESAGE_KUSTOMIZE: join(folder.path, 'bin', 'kustomize'),
        KUBESAGE_KUBECTL: join(folder.path, 'bin', 'kubectl'),
        ...env,
      },
      askShell: false,
    });
  const given = () => readFile(join(folder.path, 'given'), 'utf8');
  const overlay = new Map([
    ['base/kustomization.yaml', 'resources: [web.yaml]'],
    ['base/web.yaml', 'kind: X'],
    ['prod/kustomization.yaml', 'resources: [../base]'],
  ]);

  test('is found, kustomize before kubectl; without either it is said what to do', async () => {
    expect(await program().find()).toBeNull();
    await expect(program().build(overlay, 'prod', signal)).rejects.toMatchObject({ code: 'unavailable' });
    await folder.script('kubectl', noting);
    expect(await program().find()).toBe('kubectl');
    await folder.script('kustomize', noting);
    expect(await program().find()).toBe('kustomize');
  });

  test('builds a copy of the files, with no way into the network, and leaves nothing behind', async () => {
    await folder.script('kubectl', noting);
    expect(await program().build(overlay, 'prod', signal)).toBe('resources: [../base]');
    const [args = '', env = ''] = (await given()).split('\n');
    expect(args).toMatch(/^args kustomize .*\/files\/prod$/);
    expect(env).toMatch(/^proxy http:\/\/127\.0\.0\.1:9 git none home \S+kubesage-kustomize-\S+ kube \S+\/none$/);
    const copy = args.split(' ')[2] ?? '';
    await expect(readFile(join(copy, 'kustomization.yaml'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test.each([
    ['https://example.com/app.yaml', 'Nothing is fetched'],
    ['github.com/org/repo//base?ref=v1', 'Nothing is fetched'],
    ['git@example.com:org/repo.git', 'Nothing is fetched'],
    ['../elsewhere', 'Choose the folder above'],
    ['/etc', 'Choose the folder above'],
    ['missing.yaml', 'Nothing is fetched'],
  ])('refuses %s before anything runs', async (reference, hint) => {
    await folder.script('kubectl', noting);
    const files = new Map([['kustomization.yaml', `resources:\n  - ${JSON.stringify(reference)}\n`]]);
    await expect(program().build(files, '', signal)).rejects.toMatchObject({
      code: 'invalid',
      message: `kustomization.yaml refers to ${reference}, which is not among the files`,
      hint: expect.stringContaining(hint),
    });
    await expect(given()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('a failure is told in its last words, without the folder of the copy', async () => {
    await folder.script('kubectl', 'echo "error: accumulating $2/base: no such field" >&2; exit 1');
    await expect(program().build(overlay, 'prod', signal)).rejects.toMatchObject({
      code: 'invalid',
      message: 'accumulating prod/base: no such field',
    });
  });
});
