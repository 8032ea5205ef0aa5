import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { kubeconfigOf } from '../../src/core/simulator/kubeconfig.ts';
import { type Figure, toFigure } from '../figure.ts';
import { startDisplay } from './display.ts';
import { now } from './serving.ts';

const root = path.join(import.meta.dirname, '../..');
const rounds = 5;
const limitMs = 30_000;

/**
 * scale.start: the packaged app, from its process' start to its first screen with the 20 contexts of a kubeconfig and a
 * button that opens them. A data folder of its own each time. Where there is no display it needs xvfb-run.
 */
export async function run(): Promise<Figure[]> {
  execFileSync(process.execPath, [path.join(root, 'scripts/tasks/package.ts'), 'dir'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const program = path.join(root, 'dist', 'linux-unpacked', 'kubesage');
  if (!existsSync(program)) throw new Error(`${program} was not made: this bench knows the Linux package`);
  const display = process.env.DISPLAY === undefined ? startDisplay() : undefined;
  try {
    const values: number[] = [];
    // The first start reads the files from the disk for the others, and counts as they do.
    for (let round = 0; round < rounds; round++) values.push(await startOnce(program, display?.name));
    console.error(`starts: ${values.map((value) => value.toFixed(2)).join(' ')} s`);
    return [
      toFigure(values, {
        id: 'scale.start',
        unit: 's',
        against: 'nothing: from the start of the packaged app to 20 contexts that can be opened',
        atMost: 1.2,
      }),
    ];
  } finally {
    display?.child.kill();
  }
}

async function startOnce(program: string, display: string | undefined): Promise<number> {
  const data = mkdtempSync(path.join(tmpdir(), 'kubesage-start-'));
  const kubeconfig = path.join(data, 'kubeconfig');
  const user = { name: 'nobody', groups: [], token: 'none', rules: [] };
  // Nothing is contacted before somebody opens it, so nothing has to be there.
  const clusters = Array.from({ length: 20 }, (_, at) => ({ name: `c-${at}`, server: 'https://127.0.0.1:9', user }));
  writeFileSync(kubeconfig, kubeconfigOf(clusters));
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    KUBECONFIG: kubeconfig,
    HOME: data,
    KUBESAGE_DATA: data,
    KUBESAGE_NODE: process.execPath,
  };
  if (display !== undefined) env.DISPLAY = display;
  const startedAt = now();
  const child = spawn(program, ['--no-sandbox', '--disable-gpu', '--remote-debugging-port=0'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const late = setTimeout(() => end(child), limitMs);
  try {
    const page = await pageOf(await debuggerOf(child), startedAt + limitMs);
    return ((await evaluated(page, `(${paintedAt})()`)) - startedAt) / 1000;
  } finally {
    clearTimeout(late);
    end(child);
    await new Promise((resolve) => setTimeout(resolve, 500));
    rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Runs in the app's page. Milliseconds since the epoch when contexts that can be chosen are on the screen. */
async function paintedAt(): Promise<number> {
  const painted = () =>
    new Promise<void>((resolve) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve();
      requestAnimationFrame(() => channel.port2.postMessage(0));
    });
  for (;;) {
    await painted();
    const rows = document.body?.textContent?.match(/c-\d+/g) ?? [];
    if (rows.length > 0 && document.querySelector('input[type=checkbox], [role=checkbox]') !== null) {
      return performance.timeOrigin + performance.now();
    }
  }
}

/** The address of the debugger of the app's window, once the window has its document. */
async function pageOf(browser: string, untilMs: number): Promise<string> {
  while (now() < untilMs) {
    const answer = await fetch(`http://${new URL(browser).host}/json/list`);
    const targets = (await answer.json()) as { type: string; url: string; webSocketDebuggerUrl: string }[];
    const page = targets.find(({ type, url }) => type === 'page' && url !== '' && url !== 'about:blank');
    if (page !== undefined) return page.webSocketDebuggerUrl;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('The app has no window');
}

/** A number that a page computes. Playwright wants contexts that Electron's debugger does not have. */
function evaluated(page: string, expression: string): Promise<number> {
  const socket = new WebSocket(page);
  return new Promise<number>((resolve, reject) => {
    const params = { expression, awaitPromise: true, returnByValue: true };
    const ask = () => socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }));
    socket.onopen = ask;
    socket.onmessage = ({ data }) => {
      const answer = JSON.parse(String(data)) as { error?: object; result?: { result?: { value?: unknown } } };
      if (answer.error !== undefined) {
        // Its document is not there yet, or another came while it computed.
        setTimeout(ask, 20);
        return;
      }
      const value = answer.result?.result?.value;
      if (typeof value === 'number') resolve(value);
      else reject(new Error(`The app's page answered ${String(data).slice(0, 500)}`));
    };
    socket.onerror = () => reject(new Error("The app's page cannot be asked"));
    socket.onclose = () => reject(new Error('The app ended before its first screen'));
  }).finally(() => socket.close());
}

/** The whole group: the app's engine and renderers are its children. */
function end(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function debuggerOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      heard += bytes.toString();
      const found = /DevTools listening on (ws:\S+)/.exec(heard)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The app ended with ${code}: ${heard.slice(-500)}`)));
  });
}
