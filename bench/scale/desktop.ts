import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ElectronApplication, _electron as electron } from 'playwright';
import { findElectron } from '../../scripts/electron.ts';
import { type Figure, toFigure } from '../figure.ts';
import { startDisplay } from './display.ts';
import { Replay } from './replay.ts';

const root = path.join(import.meta.dirname, '../..');
const clusters = 20;
const podsEach = 5_000;
const complete = '100,000 pods';
const rounds = 3;

/**
 * scale.longtask.main: the longest time that Electron's main process keeps its windows, menus and dialogs waiting while
 * 20 clusters are opened, up to 100,000 painted pods. Asked through the debugger; the app knows nothing of it.
 */
export async function run(): Promise<Figure[]> {
  const found = findElectron({ install: false });
  if ('missing' in found) throw new Error(`There is no Electron: ${found.missing}`);
  const folder = mkdtempSync(path.join(tmpdir(), 'kubesage-desktop-'));
  const display = process.env.DISPLAY === undefined ? startDisplay() : undefined;
  const env = { ...process.env, ...(display === undefined ? {} : { DISPLAY: display.name }) };
  let replay: Replay | undefined;
  try {
    replay = await Replay.start({ pods: podsEach, clusters, folder });
    const measured: MainTasks[] = [];
    for (let round = 0; round < rounds; round++) {
      measured.push(await openOnce(found.binary, env, replay.kubeconfig, path.join(folder, String(round))));
    }
    const list = (values: readonly number[]) => values.map((value) => value.toFixed(0)).join(', ');
    return [
      toFigure(
        measured.map(({ longestMs }) => longestMs),
        {
          id: 'scale.longtask.main',
          unit: 'ms',
          against:
            `the event loop of Electron's main process while ${clusters} clusters are opened, up to ${complete} painted ` +
            `after ${list(measured.map(({ seconds }) => seconds * 1000))} ms; 99.9 % of the waits are below ` +
            `${list(measured.map(({ usualMs }) => usualMs))} ms; main worked for ${list(measured.map(({ cpuMs }) => cpuMs))} ms of them`,
          atMost: 20,
        },
      ),
    ];
  } finally {
    replay?.close();
    display?.child.kill();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

interface MainTasks {
  longestMs: number;
  /** 99.9 % of the waits were shorter. */
  usualMs: number;
  cpuMs: number;
  seconds: number;
}

async function openOnce(
  executablePath: string,
  env: NodeJS.ProcessEnv,
  kubeconfig: string,
  data: string,
): Promise<MainTasks> {
  const started = await electron.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', root],
    env: {
      ...(env as Record<string, string>),
      KUBECONFIG: kubeconfig,
      HOME: data,
      KUBESAGE_DATA: data,
      KUBESAGE_NODE: process.execPath,
    },
    timeout: 30_000,
  });
  try {
    const page = await started.firstWindow();
    await page.getByRole('checkbox', { name: 'Choose all' }).check();
    // What the start leaves behind is another figure's.
    await page.waitForTimeout(1_000);
    const from = performance.now();
    await watchMain(started);
    await page.getByRole('button', { name: /^Open/ }).click();
    await page.evaluate(() => {
      location.hash = '#/resources/pods';
    });
    await page.waitForFunction((text) => document.body.textContent?.includes(text), complete, { timeout: 60_000 });
    const seconds = (performance.now() - from) / 1000;
    return { ...(await watchedMain(started)), seconds };
  } finally {
    await started.close();
  }
}

interface Watching {
  delay: ReturnType<typeof import('node:perf_hooks').monitorEventLoopDelay>;
  cpu: NodeJS.CpuUsage;
}

/** A timer of 1 ms is always due, so what it is late by is the task before it. */
async function watchMain(desktop: ElectronApplication): Promise<void> {
  await desktop.evaluate(() => {
    const hooks = process.mainModule?.require('perf_hooks') as typeof import('node:perf_hooks');
    const delay = hooks.monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    Object.assign(globalThis, { watching: { delay, cpu: process.cpuUsage() } });
  });
}

async function watchedMain(desktop: ElectronApplication): Promise<Omit<MainTasks, 'seconds'>> {
  return desktop.evaluate(() => {
    const { delay, cpu } = (globalThis as unknown as { watching: Watching }).watching;
    delay.disable();
    const { user, system } = process.cpuUsage(cpu);
    return { longestMs: delay.max / 1e6, usualMs: delay.percentile(99.9) / 1e6, cpuMs: (user + system) / 1000 };
  });
}
