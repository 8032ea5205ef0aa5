// Gate S1: what Electron's security checklist asks for, asserted from the running app, from inside a page that tries.
import { expect, test } from '../app.ts';

const desktopOf = (app: { desktop: import('@playwright/test').ElectronApplication | undefined }) => {
  if (app.desktop === undefined) throw new Error('No desktop');
  return app.desktop;
};

test('S1 every window is sandboxed and isolated, without Node, webviews or insecure content', async ({ app }) => {
  const preferences = await desktopOf(app).evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => {
      const contents = window.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
      // What is off may be left out of the report.
      return { navigateOnDragDrop: false, nodeIntegrationInWorker: false, ...contents.getLastWebPreferences() };
    }),
  );
  expect(preferences).toHaveLength(1);
  expect(preferences[0]).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
  });
});

test('S1 the page comes from app:// under a strict policy, and has no Node', async ({ page }) => {
  expect(page.url()).toMatch(/^app:\/\/kubesage\//);
  const found = await page.evaluate(async () => {
    const response = await fetch(location.href);
    return {
      policy: response.headers.get('content-security-policy'),
      node: [
        typeof (globalThis as Record<string, unknown>).require,
        typeof (globalThis as Record<string, unknown>).process,
      ],
      // What the preload gave, and nothing else of its world.
      bridge: Object.keys((globalThis as unknown as { kubesage: object }).kubesage).sort(),
    };
  });
  expect(found.policy).toContain("default-src 'none'");
  expect(found.policy).toContain("script-src 'self'");
  expect(found.policy).not.toContain('unsafe-eval');
  expect(found.node).toEqual(['undefined', 'undefined']);
  expect(found.bridge).toEqual(['chooseKubeconfig', 'connect', 'host', 'setTheme', 'takeLink']);
});

test('S1 the policy stops inline scripts, eval and strangers', async ({ page }) => {
  const outcome = await page.evaluate(async () => {
    const marks = globalThis as Record<string, unknown>;
    const script = document.createElement('script');
    script.textContent = 'globalThis.inlineRan = true';
    document.body.append(script);
    // In a task of the page's own: what runs for the debugger is exempt from the policy.
    const evaluated = await new Promise((resolve) => {
      setTimeout(() => {
        try {
          new Function('return 1')();
          resolve('ran');
        } catch (error) {
          resolve((error as Error).name);
        }
      });
    });
    const reached = await fetch('https://example.com/').then(
      () => 'reached',
      () => 'refused',
    );
    return { inline: marks.inlineRan ?? false, evaluated, reached };
  });
  expect(outcome).toEqual({ inline: false, evaluated: 'EvalError', reached: 'refused' });
});

test('S1 the page cannot navigate away, open windows or gain permissions', async ({ app, page }) => {
  await desktopOf(app).evaluate(({ shell }) => {
    const outside: string[] = [];
    Object.assign(globalThis, { outside });
    Object.assign(shell, { openExternal: async (address: string) => void outside.push(address) });
  });
  const outcome = await page.evaluate(async () => {
    const opened = window.open('https://example.com/', '_blank', 'popup');
    location.href = 'file:///etc/passwd';
    const permission = await Notification.requestPermission();
    const location_ = await new Promise((resolve) =>
      navigator.geolocation.getCurrentPosition(
        () => resolve('given'),
        () => resolve('refused'),
      ),
    );
    const camera = await navigator.mediaDevices.getUserMedia({ video: true }).then(
      () => 'given',
      () => 'refused',
    );
    return { opened: opened !== null, permission, location: location_, camera };
  });
  expect(outcome).toEqual({ opened: false, permission: 'denied', location: 'refused', camera: 'refused' });
  await page.evaluate(() => {
    location.href = 'https://example.com/';
  });
  await page.waitForTimeout(300);
  expect(page.url()).toMatch(/^app:\/\/kubesage\//);
  expect(await desktopOf(app).evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  // Of what it asks the system to open, only documentation and the start of a forwarded port are opened: other addresses could carry what it has read.
  await page.evaluate(() => {
    for (const address of [
      'https://kubernetes.io/docs/concepts/workloads/pods/',
      'https://kubernetes.io/docs/?q=secret',
      'https://kubernetes.io.evil.example/docs/x',
      'http://127.0.0.1:41234',
      'http://127.0.0.1:41234/?q=secret',
      'http://127.0.0.1:41234/secret',
      'http://127.0.0.1.evil.example:41234',
      'https://evil.example/secret',
      'file:///etc/passwd',
      'smb://evil.example/x',
      'ms-msdt:/id',
    ]) {
      window.open(address);
    }
  });
  await page.waitForTimeout(300);
  expect(await desktopOf(app).evaluate(() => (globalThis as unknown as { outside: string[] }).outside)).toEqual([
    'https://kubernetes.io/docs/concepts/workloads/pods/',
    'http://127.0.0.1:41234/',
  ]);
});

test('S1 files outside the renderer are not served', async ({ page }) => {
  const statuses = await page.evaluate(() =>
    Promise.all(
      ['/../main/desktop.cjs', '/..%2fmain%2fdesktop.cjs', '/%2e%2e/main/desktop.cjs', '/none.js'].map((path) =>
        fetch(`app://kubesage${path}`).then((response) => response.status),
      ),
    ),
  );
  expect(statuses).toEqual([404, 404, 404, 404]);
});

test('S3 no other origin gets a port, and a second instance does not start', async ({ app, page }) => {
  expect(await page.evaluate(() => (globalThis as unknown as { kubesage: { host: string } }).kubesage.host)).toBe(
    'electron',
  );
  expect(await desktopOf(app).evaluate(({ app: main }) => main.hasSingleInstanceLock())).toBe(true);
});

test('S4 a page that floods and lies to the main process changes nothing', async ({ app, page }) => {
  await page.evaluate(() => {
    const { kubesage } = globalThis as unknown as { kubesage: { connect(): void; setTheme(theme: unknown): void } };
    for (let turn = 0; turn < 2_000; turn++) {
      kubesage.connect();
      kubesage.setTheme(`junk-${turn}`);
    }
  });
  await expect.poll(() => desktopOf(app).evaluate(({ nativeTheme }) => nativeTheme.themeSource)).not.toMatch(/junk/);
  await expect(page.getByRole('heading', { name: 'Fleet' })).toBeVisible();
});
