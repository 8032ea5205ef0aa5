import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { engineFlags } from '../../src/main/engineFlags.ts';

const root = path.join(import.meta.dirname, '../..');

export interface Probe {
  longestTaskMs: number;
  /** Processor time of the thread in the turn of its loop that took most of it, milliseconds. */
  ownMs: number;
  heapUsed: number;
  external: number;
  arrayBuffers: number;
  rss: number;
}

/** `kubesage serve` as it is built, with a probe of its event loop. */
export class Serving {
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly address: Promise<string>;
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;

  constructor(options: { kubeconfig: string; data: string; probe: boolean }) {
    const probe = options.probe ? ['--import', path.join(import.meta.dirname, 'childProbe.ts')] : [];
    this.startedAt = now();
    const program = path.join(root, 'out/main/kubesage.mjs');
    this.#child = spawn(process.execPath, [...engineFlags, ...probe, program, 'serve', '--data', options.data], {
      env: { ...process.env, KUBECONFIG: options.kubeconfig, HOME: options.data },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    this.pid = this.#child.pid ?? 0;
    this.#ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.address = new Promise((resolve, reject) => {
      let heard = '';
      this.#child.stdout?.on('data', (bytes: Buffer) => {
        heard += bytes.toString();
        const found = /http:\/\/\S+/.exec(heard);
        if (found !== null) resolve(found[0]);
      });
      void this.#ended.then((code) => reject(new Error(`serve ended with ${code}: ${heard}`)));
    });
    // Whoever waits for the address hears of it; nobody may be.
    this.address.catch(() => {});
  }

  /** Since the last question. */
  probe(): Promise<Probe> {
    return new Promise((resolve, reject) => {
      this.#child.once('message', (answer) => resolve(answer as Probe));
      void this.#ended.then((code) => reject(new Error(`serve ended with ${code}`)));
      this.#child.send('probe');
    });
  }

  /** Ends it as its user would; what it knows is written by then. */
  async end(): Promise<void> {
    this.#child.kill('SIGTERM');
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 20_000);
    await this.#ended;
    clearTimeout(late);
  }
}

export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.KUBESAGE_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

/** What a page notes from its first moment on; read back with `noted`. */
export interface Noted {
  /** Milliseconds since the epoch when each text was first painted. */
  painted: Record<string, number>;
  /** Durations of tasks over 50 ms, milliseconds, in order. */
  longTasks: number[];
}

/** Notes, in this page's documents to come, long tasks, and when each pattern was first painted. */
export async function noteFrom(page: Page, patterns: Readonly<Record<string, string>>): Promise<void> {
  await page.addInitScript((wanted: Readonly<Record<string, string>>) => {
    const state: Noted = { painted: {}, longTasks: [] };
    (globalThis as unknown as { noted: Noted }).noted = state;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) state.longTasks.push(duration);
    }).observe({ type: 'longtask', buffered: true });
    const open = new Map(Object.entries(wanted).map(([name, pattern]) => [name, new RegExp(pattern)]));
    const channel = new MessageChannel();
    const found: string[] = [];
    channel.port1.onmessage = () => {
      // The first task behind the frame that shows it.
      for (const name of found.splice(0)) state.painted[name] ??= performance.timeOrigin + performance.now();
    };
    let planned = false;
    const look = () => {
      planned = false;
      const text = document.body?.textContent ?? '';
      for (const [name, pattern] of open) {
        if (!pattern.test(text)) continue;
        open.delete(name);
        found.push(name);
      }
      if (found.length > 0) channel.port2.postMessage(0);
      if (open.size === 0) observer.disconnect();
    };
    const observer = new MutationObserver(() => {
      if (planned) return;
      planned = true;
      requestAnimationFrame(look);
    });
    observer.observe(document, { subtree: true, childList: true, characterData: true });
  }, patterns);
}

export function noted(page: Page): Promise<Noted> {
  return page.evaluate(() => (globalThis as unknown as { noted: Noted }).noted);
}

/** Waits until everything that `noteFrom` was told was painted. */
export async function allPainted(page: Page, names: readonly string[], timeoutMs: number): Promise<Noted> {
  await page.waitForFunction(
    (wanted) => {
      const { painted } = (globalThis as unknown as { noted?: Noted }).noted ?? { painted: {} };
      return wanted.every((name) => name in painted);
    },
    names,
    { timeout: timeoutMs, polling: 50 },
  );
  return noted(page);
}

export const now = (): number => performance.timeOrigin + performance.now();
