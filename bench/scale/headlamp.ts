import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright';
import { clusterId } from '../../src/core/kube/kubeconfig/model.ts';
import { type Figure, median, toFigure } from '../figure.ts';
import { fill } from '../fleet/fill.ts';
import { clusterDown, clusterUp, signalControllers } from './kube.ts';
import { allPainted, noteFrom, now, Serving, startBrowser } from './serving.ts';

const pods = 10_000;
const nodes = 100;
const cluster = 'bench-headlamp';
const rounds = 3;
const limitMs = 60_000;

/** What KUBESAGE_HEADLAMP is for. Figures in the repository were measured with commit 6d2b42cc (0.45.0). */
const howToBuild = `scale.headlamp is skipped: set KUBESAGE_HEADLAMP to a folder with Headlamp's headlamp-server and frontend/build:
  git clone https://github.com/kubernetes-sigs/headlamp && cd headlamp
  (cd backend && CGO_ENABLED=0 go build -trimpath -o ../headlamp-server ./cmd)
  (cd frontend && npm ci --ignore-scripts && PUBLIC_URL=./ npx vite build)`;

/** One of the two programs, started for one round and ready to be opened. */
interface Side {
  address: string;
  /** From the opened page to the pods of all namespaces. */
  goToPods(page: Page): Promise<void>;
  /** What the page says when its table has all pods. */
  complete: string;
  /** What gives more rows where a list comes in parts. */
  more: string;
  end(): Promise<void>;
}

interface Taken {
  /** Seconds from the opening of the page to its first painted pods. */
  rows: number;
  /** And to the painted count of all of them. */
  complete: number;
  /** How often there was more to be asked for. */
  clicks: number;
}

/**
 * scale.headlamp: the complete table of 10,000 pods of a real cluster: how many times sooner than Headlamp's. Both serve
 * the same Chromium from fresh processes with empty data folders, driven by the same steps; the time begins when the
 * page is opened. Both are opened at the pods of the cluster; here a button then opens the cluster, which Headlamp
 * contacts by itself.
 * Headlamp lists 1,000 pods and has a button for the next ones, which is pressed the moment it can be.
 */
export async function run(): Promise<Figure[]> {
  const headlamp = process.env.KUBESAGE_HEADLAMP;
  if (headlamp === undefined || headlamp === '') {
    console.error(howToBuild);
    return [];
  }
  for (const part of ['headlamp-server', 'frontend/build/index.html']) {
    if (!existsSync(path.join(headlamp, part))) throw new Error(`${headlamp} has no ${part}.\n${howToBuild}`);
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'kubesage-headlamp-'));
  const kubeconfig = clusterUp(cluster, nodes);
  let browser: Browser | undefined;
  try {
    await fill(kubeconfig, pods, nodes);
    signalControllers(kubeconfig, 'SIGSTOP');
    browser = await startBrowser();
    const ours: Taken[] = [];
    const theirs: Taken[] = [];
    for (let round = 0; round < rounds; round++) {
      const data = (name: string) => {
        const made = path.join(folder, `${name}-${round}`);
        mkdirSync(made);
        return made;
      };
      ours.push(await measured('ours', browser, () => startOurs(kubeconfig, data('ours'))));
      theirs.push(await measured('headlamp', browser, () => startHeadlamp(headlamp, kubeconfig, data('headlamp'))));
    }
    return [toRatio(ours, theirs)];
  } finally {
    await browser?.close();
    signalControllers(kubeconfig, 'SIGCONT');
    clusterDown(cluster);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function toRatio(ours: readonly Taken[], theirs: readonly Taken[]): Figure {
  const of = (all: readonly Taken[], what: keyof Taken) => median(all.map((taken) => taken[what]));
  const seconds = (all: readonly Taken[], what: 'rows' | 'complete') => `${of(all, what).toFixed(2)} s`;
  return toFigure(
    theirs.map(({ complete }, round) => complete / (ours[round]?.complete ?? Number.NaN)),
    {
      id: 'scale.headlamp',
      unit: 'times sooner',
      against:
        `the complete table of ${pods} pods, from opening the page: ours ${seconds(ours, 'complete')} ` +
        `(first rows ${seconds(ours, 'rows')}), Headlamp ${seconds(theirs, 'complete')} ` +
        `(first rows ${seconds(theirs, 'rows')}, ${of(theirs, 'clicks')} times "Load more"); medians`,
      atLeast: 10,
    },
  );
}

/** Starts one side, opens it, and asks for more until its table has all pods. The steps are the same for both. */
async function measured(name: string, browser: Browser, start: () => Promise<Side>): Promise<Taken> {
  const side = await start();
  // A context of its own: nothing of the round before is in the browser's cache.
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    await noteFrom(page, { rows: '-service-\\d', complete: side.complete });
    const openedAt = now();
    await page.goto(side.address, { waitUntil: 'commit' });
    await side.goToPods(page);
    const more = new AbortController();
    const clicking = askForMore(page, side.more, more.signal);
    const painting = allPainted(page, ['rows', 'complete'], limitMs);
    const { painted } = await painting.finally(() => {
      more.abort();
      return Promise.all([clicking, keepScreenshot(page, name)]);
    });
    const clicks = await clicking;
    const since = (what: string) => ((painted[what] ?? Number.NaN) - openedAt) / 1000;
    const taken = { rows: since('rows'), complete: since('complete'), clicks };
    console.error(
      `${name}: rows ${taken.rows.toFixed(2)} s, complete ${taken.complete.toFixed(2)} s, ${clicks} clicks`,
    );
    return taken;
  } finally {
    await context.close();
    await side.end();
  }
}

/** Presses the button whenever it can be pressed. Returns how often. */
async function askForMore(page: Page, button: string, ended: AbortSignal): Promise<number> {
  const more = page.getByRole('button', { name: button, exact: true });
  let clicks = 0;
  while (!ended.aborted) {
    if ((await more.count()) > 0 && (await more.isEnabled()) && !ended.aborted) {
      // It goes away by itself when the last part has come.
      const clicked = await more.click({ timeout: 500 }).then(
        () => true,
        () => false,
      );
      if (clicked) clicks++;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return clicks;
}

/** A picture of what was measured, where KUBESAGE_BENCH_PICTURES names a folder. */
async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.KUBESAGE_BENCH_PICTURES;
  if (folder === undefined || folder === '') return;
  await page.screenshot({ path: path.join(folder, `headlamp-${name}.png`) });
}

async function startOurs(kubeconfig: string, data: string): Promise<Side> {
  const serving = new Serving({ kubeconfig, data, probe: false });
  try {
    return {
      address: `${await serving.address}#/resources/pods?clusters=${clusterId(kubeconfig, cluster)}`,
      // No address contacts a cluster that nobody has opened: that is a step of its own.
      goToPods: (page) => page.getByRole('main').getByRole('button', { name: 'Open', exact: true }).click(),
      complete: '10,000 pods',
      more: 'Load more',
      end: () => serving.end(),
    };
  } catch (error) {
    await serving.end();
    throw error;
  }
}

async function startHeadlamp(folder: string, kubeconfig: string, data: string): Promise<Side> {
  const port = await freePort();
  const args = ['-kubeconfig', kubeconfig, '-html-static-dir', path.join(folder, 'frontend/build')];
  const child = spawn(
    path.join(folder, 'headlamp-server'),
    [...args, '-listen-addr', '127.0.0.1', '-port', String(port), '-log-level', 'error'],
    { env: { ...process.env, HOME: data, XDG_CONFIG_HOME: data }, stdio: 'ignore' },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  const address = `http://127.0.0.1:${port}`;
  try {
    await answering(child, address);
    // Its footer, `1-15 of 10,000`. While there is more, the header says `1,000 of ~10,000`.
    const complete = '1-\\d+ of 10,000';
    return { address: `${address}/c/${cluster}/pods`, goToPods: async () => {}, complete, more: 'Load more', end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function answering(child: ChildProcess, address: string): Promise<void> {
  let failure: unknown;
  child.once('error', (error) => {
    failure = error;
  });
  for (const from = performance.now(); performance.now() - from < 20_000; ) {
    if (failure !== undefined) throw failure;
    if (child.exitCode !== null) throw new Error(`headlamp-server ended with ${child.exitCode}`);
    const answered = await fetch(address).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`headlamp-server does not answer at ${address}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
