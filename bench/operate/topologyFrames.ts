import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright';
import { type Figure, toFigure } from '../figure.ts';
import { Serving, startBrowser } from '../scale/serving.ts';

const churnPerSecond = 100;
const seconds = 4;
const atLeast = 30;
const loadMs = 120_000;

/**
 * operate.topology.frames*: the built program serves a simulated fleet that changes all the time; in Chromium the picture
 * is dragged, a step in every frame, once as a whole and once from near. Values are the frames of each second.
 */
export async function run(): Promise<Figure[]> {
  return [
    await frames('operate.topology.frames5k', { clusters: 1, pods: 4_600 }),
    await frames('operate.topology.frames100k', { clusters: 20, pods: 4_600 }),
  ];
}

async function frames(id: string, sizes: { clusters: number; pods: number }): Promise<Figure> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kubesage-frames-'));
  const kubeconfig = path.join(folder, 'config');
  let simulator: ChildProcess | undefined;
  let browser: Browser | undefined;
  let serving: Serving | undefined;
  try {
    simulator = await startSimulator(kubeconfig, sizes);
    browser = await startBrowser();
    serving = new Serving({ kubeconfig, data: path.join(folder, 'data'), probe: false });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const summary = await openPicture(page, await serving.address, sizes.clusters * sizes.pods);
    const whole = await pan(page);
    for (let step = 0; step < 8; step++) await page.getByRole('button', { name: 'Nearer' }).click();
    const near = await pan(page);
    const slowest = Math.max(whole.longestMs, near.longestMs);
    return toFigure([...whole.perSecond, ...near.perSecond], {
      id,
      unit: 'frames/s',
      against: `${summary}, ${churnPerSecond} changes a second; the longest frame took ${slowest.toFixed(0)} ms`,
      atLeast,
    });
  } finally {
    await browser?.close();
    await serving?.end();
    simulator?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** @returns what the page says that the picture shows */
async function openPicture(page: Page, address: string, pods: number): Promise<string> {
  await page.goto(address);
  await page.getByRole('checkbox', { name: 'Choose all' }).check();
  await page.getByRole('button', { name: /^Open/ }).click();
  await page.evaluate(() => {
    location.hash = '#/topology';
  });
  const summary = page.getByText(/objects in .* nodes/);
  await page.waitForFunction(
    (least) => {
      const told = /([\d,]+) objects in [\d,]+ nodes/.exec(document.body.textContent ?? '')?.[1];
      const loading = document.body.textContent?.includes('still on their way') === true;
      return told !== undefined && Number(told.replaceAll(',', '')) > least && !loading;
    },
    pods,
    { timeout: loadMs },
  );
  // Laid out, and drawn.
  await page.locator('canvas:not([data-nodes="0"])').waitFor();
  return (await summary.first().textContent()) ?? '';
}

/** Drags the picture to and fro. The button is really held; the moves come from the page, one a frame. */
async function pan(page: Page): Promise<{ perSecond: number[]; longestMs: number }> {
  const canvas = page.getByRole('application');
  const box = await canvas.boundingBox();
  if (box === null) throw new Error('There is no picture');
  const [x, y] = [box.x + box.width / 2, box.y + box.height - 20];
  const look = () => canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL().length);
  const before = await look();
  await page.mouse.move(x, y);
  await page.mouse.down();
  const result = await canvas.evaluate(
    (element, { x, y, seconds }) =>
      new Promise<{ stamps: number[] }>((resolve) => {
        const stamps: number[] = [];
        const step = (now: number) => {
          stamps.push(now);
          const at = (now - (stamps[0] as number)) / 1000;
          if (at > seconds) return resolve({ stamps });
          const clientX = x + Math.sin(at * 2.1) * 300;
          const clientY = y - Math.abs(Math.sin(at * 1.3)) * 250;
          const init = { pointerId: 1, clientX, clientY, buttons: 1, bubbles: true };
          element.dispatchEvent(new PointerEvent('pointermove', init));
          requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
    { x, y, seconds },
  );
  const moved = await look();
  await page.mouse.up();
  if (moved === before) throw new Error('The picture did not move');
  const { stamps } = result;
  const [first = 0] = stamps;
  const perSecond = Array.from(
    { length: seconds },
    (_, second) => stamps.filter((at) => at >= first + second * 1000 && at < first + (second + 1) * 1000).length,
  );
  const longestMs = Math.max(...stamps.slice(1).map((at, index) => at - (stamps[index] as number)));
  return { perSecond, longestMs };
}

async function startSimulator(kubeconfig: string, sizes: { clusters: number; pods: number }): Promise<ChildProcess> {
  const numbers = [sizes.clusters, sizes.pods, churnPerSecond].map(String);
  const program = path.join(import.meta.dirname, '../scale/childFleet.ts');
  const child = spawn(process.execPath, [program, kubeconfig, ...numbers], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`the simulator ended with ${code}`)));
  });
  return child;
}
