// The unpacked app, made by electron-builder out of the build and this Electron, starts and shows the demo fleet.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron as electron, expect, test } from '@playwright/test';

const root = join(import.meta.dirname, '..', '..');

test('the packaged app starts, with the engine and its native parts, and nothing of the sources', async () => {
  test.setTimeout(240_000);
  execFileSync(process.execPath, [join(root, 'scripts', 'tasks', 'package.ts'), 'dir'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const folder = join(root, 'dist', 'linux-unpacked');
  const resources = join(folder, 'resources');
  expect(readdirSync(resources).sort()).toEqual(expect.arrayContaining(['app.asar', 'app.asar.unpacked']));
  expect(existsSync(join(resources, 'app'))).toBe(false);
  expect(existsSync(join(resources, 'app.asar.unpacked', 'src'))).toBe(false);

  const data = mkdtempSync(join(tmpdir(), 'kubesage-packaged-'));
  const app = await electron.launch({
    executablePath: join(folder, 'kubesage'),
    args: ['--no-sandbox', '--disable-gpu'],
    env: {
      ...(process.env as Record<string, string>),
      KUBECONFIG: '',
      HOME: data,
      KUBESAGE_DATA: data,
      KUBESAGE_NODE: process.execPath,
    },
  });
  try {
    const page = await app.firstWindow();
    expect(page.url()).toMatch(/^app:\/\/kubesage\//);
    await expect(page.getByRole('article').first()).toContainText('Live', { timeout: 60_000 });
    await expect(page.getByRole('article')).toHaveCount(5);
  } finally {
    await app.close();
    rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
