import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright';
import { type Figure, median } from '../figure.ts';
import { listenForPaint, type Marked } from '../fleet/painted.ts';
import { cpuSecondsOf, rested } from './processes.ts';
import { Replay } from './replay.ts';
import { allPainted, noteFrom, Serving, startBrowser } from './serving.ts';

const clusters = 20;
const podsEach = 5_000;
const probesPerSecond = 10;
const seconds = 15;
const rates = [
  { perSecond: 1_000, atMost: 60 },
  { perSecond: 20_000, atMost: 120 },
] as const;

/**
 * scale.pixel: from an event to its painted row, p99, with 100,000 rows, while so many events a second arrive from 20
 * clusters. The events are made by the process of the replayed clusters (whole pods of 7 KB in the real server's
 * encoding; no API server on two cores makes 20,000 a second) and are stamped before they are encrypted. The engine
 * serves a Chromium; all of them share this machine.
 */
export async function run(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kubesage-scale-pixel-'));
  let replay: Replay | undefined;
  let browser: Browser | undefined;
  let serving: Serving | undefined;
  try {
    replay = await Replay.start({ pods: podsEach, clusters, folder });
    await replay.prepareEvents();
    browser = await startBrowser();
    serving = new Serving({ kubeconfig: replay.kubeconfig, data: folder, probe: false });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await noteFrom(page, { complete: '100,000 pods' });
    await page.goto(await serving.address);
    await page.getByRole('checkbox', { name: 'Choose all' }).check();
    await page.getByRole('button', { name: /^Open/ }).click();
    await page.evaluate(() => {
      location.hash = '#/resources/pods';
    });
    await allPainted(page, ['complete'], 60_000);
    await listenForPaint(page);
    await rested(serving.pid);
    const figures: Figure[] = [];
    for (const rate of rates) {
      figures.push(await measure(replay, page, serving, rate));
      await rested(serving.pid);
    }
    return figures;
  } finally {
    await browser?.close();
    await serving?.end();
    replay?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

async function measure(
  replay: Replay,
  page: Page,
  serving: Serving,
  { perSecond, atMost }: (typeof rates)[number],
): Promise<Figure> {
  await page.evaluate(() => (globalThis as unknown as Marked).painted.clear());
  const cpuBefore = cpuSecondsOf(serving.pid);
  const { sent, skipped, seconds: took, probedAt } = await replay.send({ perSecond, probesPerSecond, seconds });
  const cores = (cpuSecondsOf(serving.pid) - cpuBefore) / took;
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const paintedAt = new Map(await page.evaluate(() => [...(globalThis as unknown as Marked).painted]));
  const delays = probedAt
    .slice(probesPerSecond)
    .map(([restarts, at]) => (paintedAt.get(restarts) ?? Number.POSITIVE_INFINITY) - at)
    .sort((one, other) => one - other);
  // A probe is written again after a second; one that was not painted by then counts as the worst.
  const value = delays[Math.ceil(delays.length * 0.99) - 1] ?? Number.POSITIVE_INFINITY;
  const shown = delays.filter(Number.isFinite);
  const rate = sent / took;
  const round = (number: number) => Number(number.toFixed(1));
  return {
    id: perSecond === 1_000 ? 'scale.pixel' : `scale.pixel.${perSecond}`,
    value: round(value),
    unit: 'ms, p99',
    against:
      `the event before its encryption, at ${Math.round(rate)} events/s (${skipped} were not taken) over 100,000 pods; ` +
      `p50 ${shown.length === 0 ? '-' : round(median(shown))} ms, ${shown.length} of ${delays.length} probes painted; engine ${cores.toFixed(2)} cores`,
    goal: `<= ${atMost}`,
    holds: value <= atMost && rate >= perSecond * 0.95,
    n: delays.length,
    spread: [round(shown[0] ?? Number.NaN), round(shown.at(-1) ?? Number.NaN)],
  };
}
