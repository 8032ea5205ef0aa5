// A day of two clusters in virtual time: whether the heap grows while nothing that is kept does.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { soak } from '../../src/core/weather/testing/soak.ts';
import { type Figure, toFigure } from '../figure.ts';

const hours = 24;
/** The first hours fill caches and let the compiler settle. */
const settled = 6;

export async function run(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kubesage-soak-'));
  try {
    const started = performance.now();
    const { checkpoints, changes, expired, restarts } = await soak(hours, join(folder, 'history.duckdb'));
    const took = Math.round((performance.now() - started) / 1_000);
    const later = checkpoints.slice(settled);
    const mb = (bytes: number) => (bytes / (1 << 20)).toFixed(1);
    const [first, last] = [later[0], later.at(-1)];
    if (first === undefined || last === undefined) throw new Error('There were no checkpoints');
    const against =
      `an hour before, the median of the steps (one collection more or less moves single ones); heap of hour ${settled + 1}: ${mb(first.heap)} MB, ${mb(last.heap)} MB at the end; ${changes} changes, ${expired} times 410, ` +
      `${restarts} restarts in ${took} s; tables equal to fresh lists each hour; snapshot ${mb(last.snapshot)} MB, ` +
      `history ${mb(last.history)} MB with ${last.versions} versions`;
    const steps = later.slice(1).map(({ heap }, at) => (heap - (later[at]?.heap ?? heap)) / 1024);
    return [toFigure(steps, { id: 'scale.soak', unit: 'KB/h', against, atMost: 100 })];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
