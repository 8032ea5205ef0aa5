import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type Figure, toFigure } from '../figure.ts';

const hours = 3;
const linesAnHour = 1_800_000;
const linesOfAPod = 30_000;
const stepsAnHour = 6;
/** Caches fill and DuckDB takes the buffers that it may have. */
const warmHours = 1;
const atMost = 2;

interface Step {
  step: number;
  sent: number;
  missing: number;
  kept: number;
  letGo: number;
  number: number;
  rss: number;
  heap: number;
  seconds: number;
}

/**
 * operate.logs.memory: what the engine's memory grows in an hour of log churn, compressed: 500 lines a second and a replaced
 * pod a minute, as fast as they go. The slope through all steps after the first hour, of the heap or of what is resident,
 * whichever grows more.
 */
export async function run(): Promise<Figure[]> {
  const steps: Step[] = [];
  const child = spawn(
    process.execPath,
    [
      '--expose-gc',
      path.join(import.meta.dirname, 'childLogs.ts'),
      ...[hours, linesAnHour, linesOfAPod, stepsAnHour].map(String),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  for await (const line of createInterface({ input: child.stdout })) steps.push(JSON.parse(line) as Step);
  const later = steps.filter(({ step }) => step >= warmHours * stepsAnHour);
  const [first, last] = [later[0], later.at(-1)];
  if (first === undefined || last === undefined || steps.length !== hours * stepsAnHour + 1) {
    throw new Error(`The churn ended after ${steps.length} steps`);
  }
  if (last.missing > 0) throw new Error(`${last.missing} lines did not reach the reader`);
  const MB = 1 << 20;
  const slope = slopeOf(later.map(({ step, heap }) => [step / stepsAnHour, heap / MB]));
  const rss = slopeOf(later.map(({ step, rss: bytes }) => [step / stepsAnHour, bytes / MB]));
  const against =
    `compressed: ${hours} h of ${linesAnHour} lines and ${linesAnHour / linesOfAPod} replaced pods each, in ${Math.round(last.seconds)} s; ` +
    `one tab that reads, one that does not, one capture of 64 MB (${last.letGo} lines let go); after collections, from hour ${warmHours} on; ` +
    `heap ${(first.heap / MB).toFixed(1)} MB, then ${(last.heap / MB).toFixed(1)} MB, ${slope.toFixed(1)} MB/h; resident ${(first.rss / MB).toFixed(0)} to ${(last.rss / MB).toFixed(0)} MB, ${rss.toFixed(1)} MB/h`;
  return [toFigure([Math.max(slope, rss)], { id: 'operate.logs.memory', unit: 'MB/h', against, atMost })];
}

/** Of the line that is nearest to all points. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(([at]) => at), mean(([, value]) => value)];
  const over = points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0);
  return over / points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
}
