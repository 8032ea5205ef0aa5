import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Browser,
  test as base,
  chromium,
  type ElectronApplication,
  _electron as electron,
  type Page,
  type TestInfo,
} from '@playwright/test';
import { findElectron } from '../scripts/electron.ts';
import { addressOf } from '../src/main/serve/testing/served.ts';

const root = join(import.meta.dirname, '..');

export interface AppOptions {
  /** Kubeconfig files to read; none starts the demo fleet. */
  kubeconfigs: readonly string[];
  /** Keep this data folder, for specs that restart the app. */
  dataFolder?: string | undefined;
}

export interface App {
  page: Page;
  host: 'chromium' | 'electron';
  /** The desktop, where it is one. */
  desktop: ElectronApplication | undefined;
  /** Process id of the engine. */
  enginePid(): Promise<number>;
  /** Address of the API, where it is served. */
  url: string | undefined;
  /** All that the program has written to its error output. */
  said(): string;
  close(): Promise<void>;
}

interface Fixtures {
  kubeconfigs: readonly string[];
  app: App;
  page: Page;
}

/** `test` with a running app: `test.use({ kubeconfigs: [...] })` names what it reads. */
export const test = base.extend<Fixtures>({
  kubeconfigs: [[], { option: true }],
  app: async ({ kubeconfigs }, use, info) => {
    const app = await startApp(hostOf(info), { kubeconfigs });
    await use(app);
    await app.close();
  },
  page: async ({ app }, use) => {
    await use(app.page);
  },
});

export { expect } from '@playwright/test';

/** Where the specs of a project run. */
export function hostOf({ project }: TestInfo): App['host'] {
  return project.name === 'electron' ? 'electron' : 'chromium';
}

export async function startApp(host: 'chromium' | 'electron', options: AppOptions): Promise<App> {
  const data = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'kubesage-e2e-'));
  const env: Record<string, string> = {
    ...(process.env as Record<string, string>),
    KUBECONFIG: options.kubeconfigs.join(':'),
    // Nobody's own kubeconfig takes part in a test.
    HOME: data,
    KUBESAGE_DATA: data,
    KUBESAGE_NODE: process.execPath,
  };
  const app = host === 'electron' ? await startDesktop(env) : await startServed(env, data);
  return {
    ...app,
    async close() {
      await app.close();
      if (options.dataFolder === undefined)
        rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

async function startDesktop(env: Record<string, string>): Promise<App> {
  const desktop = await launchDesktop(electronBinary(), env);
  const said = listen(desktop.process());
  const page = await desktop.firstWindow();
  return {
    page,
    host: 'electron',
    desktop,
    url: undefined,
    said,
    enginePid: async () => childOf(desktop.process().pid ?? -1, 'engine.mjs'),
    close: () => closeDesktop(desktop),
  };
}

export function electronBinary(): string {
  const electron = findElectron({ install: false });
  if ('missing' in electron) throw new Error(`There is no Electron: ${electron.missing}`);
  return electron.binary;
}

/** Now and then an old Electron and the debugger that drives it miss each other at the start: then once more. */
async function launchDesktop(executablePath: string, env: Record<string, string>): Promise<ElectronApplication> {
  const options = { executablePath, args: ['--no-sandbox', '--disable-gpu', root], env, timeout: 20_000 };
  try {
    return await electron.launch(options);
  } catch (error) {
    process.stderr.write(`Electron did not start, trying again: ${String(error).split('\n')[0]}\n`);
    return electron.launch(options);
  }
}

/** The app ends by itself within the five seconds that its engine has; a process that is still there is killed. */
async function closeDesktop(desktop: ElectronApplication): Promise<void> {
  const child = desktop.process();
  const timer = setTimeout(() => child.kill('SIGKILL'), 12_000);
  await desktop.close();
  clearTimeout(timer);
}

async function startServed(env: Record<string, string>, data: string): Promise<App> {
  const server = spawn(
    process.execPath,
    [join(root, 'out', 'main', 'kubesage.mjs'), 'serve', '--port', '0', '--data', data],
    {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const said = listen(server);
  const address = await addressOf(server);
  const browser: Browser = await chromium.launch({
    executablePath: process.env.KUBESAGE_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(address);
  return {
    page,
    host: 'chromium',
    desktop: undefined,
    url: new URL(address).origin,
    said,
    enginePid: async () => server.pid ?? -1,
    async close() {
      await browser.close();
      await stop(server);
    },
  };
}

/** Passes on a program's error output and keeps it. */
function listen(child: ChildProcess): () => string {
  let said = '';
  child.stderr?.on('data', (text: Buffer) => {
    said += text.toString();
    process.stderr.write(text);
  });
  return () => said;
}

/** A child process by a part of its command line. */
function childOf(parent: number, part: string): number {
  return Number(execFileSync('pgrep', ['-P', String(parent), '-f', part], { encoding: 'utf8' }).split('\n')[0]);
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 8_000).unref();
  });
}
