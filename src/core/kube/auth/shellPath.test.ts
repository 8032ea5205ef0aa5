import { readFile, rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createShellPath } from './shellPath.ts';
import { createStubFolder, type StubFolder } from './stubs.ts';

let stubs: StubFolder;
beforeAll(async () => {
  stubs = await createStubFolder();
});
afterAll(() => rm(stubs.path, { recursive: true }));

it('takes the login shell’s PATH first, out of whatever its start-up files print, and asks once', async () => {
  const counter = `${stubs.path}/asked`;
  const shell = await stubs.script(
    'shell',
    `echo x >> ${counter}\necho "PATH=/fooled"; export PATH="$PATH:/from/shell"; for last; do :; done; eval "$last"; echo bye`,
  );
  const searchPath = createShellPath({ env: { SHELL: shell, PATH: '/usr/bin:relative::/bin' }, askShell: true });
  expect((await searchPath()).split(':').slice(0, 3)).toEqual(['/usr/bin', '/bin', '/from/shell']);
  expect(await searchPath()).not.toContain('fooled');
  expect(await readFile(counter, 'utf8')).toBe('x\n');
});

it('goes on with the process’s own PATH when the shell hangs, fails or is none', async () => {
  const hanging = await stubs.script('hang', 'sleep 300');
  const failing = await stubs.script('fail', 'exit 1');
  for (const shell of [hanging, failing, '/no/such/shell', 'relative']) {
    const searchPath = createShellPath({ env: { SHELL: shell, PATH: '/own' }, askShell: true, timeoutMs: 500 });
    expect((await searchPath()).split(':')[0]).toBe('/own');
  }
});

it('leaves the shell alone where it is not to be asked', async () => {
  const shell = await stubs.script('shell2', 'echo never; exit 1');
  const searchPath = createShellPath({ env: { SHELL: shell, PATH: '/a:/a:/b' }, askShell: false });
  expect((await searchPath()).split(':').slice(0, 2)).toEqual(['/a', '/b']);
});
