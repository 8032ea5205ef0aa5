// A kubesage:// link from the operating system starts the program a second time: the running window takes it.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { electronBinary, expect, startApp, test } from '../app.ts';

const root = join(import.meta.dirname, '..', '..');

/** Starts the program again, as the desktop does for a link, and waits until it has handed the link over. */
function startAgain(data: string, link: string): Promise<number | null> {
  const child = spawn(electronBinary(), ['--no-sandbox', '--disable-gpu', root, link], {
    env: { ...process.env, HOME: data, KUBESAGE_DATA: data, KUBECONFIG: '' },
    stdio: 'ignore',
  });
  return new Promise((resolve) => child.once('exit', resolve));
}

test('a link opens in the window that is there, which comes to the front', async () => {
  test.setTimeout(120_000);
  const data = mkdtempSync(join(tmpdir(), 'kubesage-links-'));
  const app = await startApp('electron', { kubeconfigs: [], dataFolder: data });
  try {
    await expect(app.page.getByRole('heading', { name: 'Fleet' })).toBeVisible();
    await app.desktop?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
    await startAgain(data, 'kubesage://resources/nodes?filter=ready');
    await expect(app.page.getByRole('heading', { name: 'Nodes' })).toBeVisible();
    expect(new URL(app.page.url()).hash).toBe('#/resources/nodes?filter=ready');
    const windows = await app.desktop?.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => ({ minimized: window.isMinimized(), visible: window.isVisible() })),
    );
    expect(windows).toEqual([{ minimized: false, visible: true }]);
    // What is no link of ours changes nothing, and stays in the app.
    for (const hostile of ['kubesage://x#/settings/about', 'kubesage://<script>alert(1)</script>', 'kubesage:x']) {
      await startAgain(data, hostile);
      expect(new URL(app.page.url()).hash).toBe('#/resources/nodes?filter=ready');
    }
    await startAgain(data, 'kubesage:////evil.example/x');
    await app.page.waitForTimeout(300);
    expect(app.page.url()).toMatch(/^app:\/\/kubesage\/#\//);
  } finally {
    await app.close();
    rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
