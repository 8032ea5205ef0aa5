import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright';
import { type Figure, toFigure } from '../figure.ts';
import { cpuSecondsOf, memoryOf } from './processes.ts';
import { fleetIsComplete, type Step, steps } from './screenSteps.ts';
import { Serving, startBrowser } from './serving.ts';

const clusters = 100;
const podsEach = 5_000;
const churnPerSecond = 100;
const loadMs = 300_000;
const stepMs = 60_000;

interface Taken {
  name: string;
  /** From the user's act to its painted answer, milliseconds. */
  answerMs: number;
  /** The longest task of the page, 0 when none was over 50 ms, and of the engine's event loop. Milliseconds. */
  pageMs: number;
  engineMs: number;
}

/**
 * scale.screens.*: 100 simulated clusters of 5,000 pods behind `kubesage serve`, and every screen in Chromium: how long
 * each takes to answer, and the longest task of the page and of the engine meanwhile. The simulator runs on the same
 * machine; its share of the processors is printed.
 */
export async function run(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kubesage-screens-'));
  const kubeconfig = path.join(folder, 'config');
  let simulator: ChildProcess | undefined;
  let browser: Browser | undefined;
  let serving: Serving | undefined;
  try {
    simulator = await startSimulator(kubeconfig);
    browser = await startBrowser();
    serving = new Serving({ kubeconfig, data: path.join(folder, 'data'), probe: true });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const walk = new Walk(page, serving, simulator.pid ?? 0);
    const load = await walk.load();
    const taken: Taken[] = [];
    for (const step of steps) taken.push(await walk.take(step));
    await walk.tellMemory();
    return toFigures(taken, load);
  } finally {
    await browser?.close();
    await serving?.end();
    simulator?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function toFigures(taken: readonly Taken[], load: Taken): Figure[] {
  const worst = (what: 'answerMs' | 'pageMs' | 'engineMs') => taken.reduce((a, b) => (b[what] > a[what] ? b : a));
  const where = `${taken.length} screens and questions over ${clusters} clusters of ${podsEach} pods, ${churnPerSecond} changes a second`;
  const of = (what: 'answerMs' | 'pageMs' | 'engineMs', id: string, about: string, atMost: number) =>
    toFigure([worst(what)[what]], { id, unit: 'ms', against: `${about}: ${worst(what).name}; ${where}`, atMost });
  return [
    of('answerMs', 'scale.screens.answer', 'the slowest answer', 500),
    of('pageMs', 'scale.screens.page', "the page's longest task over 50 ms (0: none)", 50),
    of('engineMs', 'scale.screens.engine', "the engine's longest task", 50),
    toFigure([load.answerMs / 1000], {
      id: 'scale.screens.load',
      unit: 's',
      against: `from opening the clusters to ${(clusters * podsEach).toLocaleString('en')} painted pods, the simulator on the same processors; page ${load.pageMs.toFixed(0)} ms, engine ${load.engineMs.toFixed(0)} ms at once`,
      atMost: 90,
    }),
  ];
}

/** One page that goes from screen to screen. */
class Walk {
  readonly #page: Page;
  readonly #serving: Serving;
  readonly #simulator: number;
  #picture = 0;

  constructor(page: Page, serving: Serving, simulator: number) {
    this.#page = page;
    this.#serving = serving;
    this.#simulator = simulator;
  }

  /** Opens the page, and all clusters in it; ends when all pods are shown. */
  async load(): Promise<Taken> {
    const page = this.#page;
    await noteLongTasks(page);
    await page.goto(await this.#serving.address);
    const choose = page.getByRole('checkbox', { name: 'Choose all' });
    await choose.waitFor();
    await this.#keepPicture('first run');
    await choose.check();
    const before = this.#cpu();
    const taken = await this.take({
      name: 'loading',
      limitMs: loadMs,
      act: (it) => it.getByRole('button', { name: /^Open/ }).click(),
      answered: fleetIsComplete(clusters, clusters * podsEach),
    });
    const after = this.#cpu();
    const share = (part: 'engine' | 'simulator') => (((after[part] - before[part]) * 1000) / taken.answerMs).toFixed(2);
    console.error(`loading took ${share('engine')} processors in the engine, ${share('simulator')} in the simulator`);
    await this.tellMemory();
    return taken;
  }

  async take({ name, act, answered, limitMs = stepMs }: Step): Promise<Taken> {
    const page = this.#page;
    await this.#serving.probe();
    await page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks.splice(0));
    const from = performance.now();
    await act(page);
    await page
      .waitForFunction(answered.test, answered.argument, { polling: 'raf', timeout: limitMs })
      .catch((error) => {
        console.error(`${name}: no answer: ${String(error).slice(0, 200)}`);
      });
    const answerMs = performance.now() - from;
    // What it set off goes on for a moment.
    await new Promise((resolve) => setTimeout(resolve, 700));
    const long = await page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks.splice(0));
    const { longestTaskMs } = await this.#serving.probe();
    const taken = { name, answerMs, pageMs: Math.max(0, ...long), engineMs: longestTaskMs };
    const rounded = (value: number) => value.toFixed(0).padStart(6);
    console.error(`${name.padEnd(34)}${rounded(answerMs)}${rounded(taken.pageMs)}${rounded(longestTaskMs)} ms`);
    await this.#keepPicture(name);
    return taken;
  }

  async tellMemory(): Promise<void> {
    const { heapUsed, arrayBuffers } = await this.#serving.probe();
    const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
    const { rssBytes, peakBytes } = memoryOf(this.#serving.pid);
    const page = await this.#page.evaluate(
      () => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
    );
    console.error(
      `memory: engine ${megabytes(rssBytes)} MB (at most ${megabytes(peakBytes)}; heap ${megabytes(heapUsed)}, ` +
        `buffers ${megabytes(arrayBuffers)}), the page's heap ${megabytes(page)} MB`,
    );
  }

  #cpu() {
    return { engine: cpuSecondsOf(this.#serving.pid), simulator: cpuSecondsOf(this.#simulator) };
  }

  /** Where KUBESAGE_BENCH_PICTURES names a folder. */
  async #keepPicture(name: string): Promise<void> {
    const folder = process.env.KUBESAGE_BENCH_PICTURES;
    if (folder === undefined || folder === '') return;
    const number = String(this.#picture++).padStart(2, '0');
    await this.#page.screenshot({ path: path.join(folder, `${number}-${name.replaceAll(/\W+/g, '-')}.png`) });
  }
}

async function noteLongTasks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const longTasks: number[] = [];
    (globalThis as unknown as { longTasks: number[] }).longTasks = longTasks;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longTasks.push(duration);
    }).observe({ type: 'longtask', buffered: true });
  });
}

async function startSimulator(kubeconfig: string): Promise<ChildProcess> {
  const sizes = [clusters, podsEach, churnPerSecond].map(String);
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'childFleet.ts'), kubeconfig, ...sizes], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`the simulator ended with ${code}`)));
  });
  if (!existsSync(kubeconfig)) throw new Error('the simulator wrote no kubeconfig');
  return child;
}
