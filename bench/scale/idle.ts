import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Figure, toFigure } from '../figure.ts';
import { bundle, watcherWorker } from './bundle.ts';
import { cpuSecondsOf } from './processes.ts';
import { Replay } from './replay.ts';

const clusters = 20;
const kinds = 12;
const settleMs = 5_000;
const idleMs = 60_000;

/**
 * scale.idle: what 240 watches cost while nothing happens: 12 kinds of 20 clusters, a bookmark a minute each, for a
 * minute. Lists in that time are a fault, whatever they cost.
 */
export async function run(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kubesage-idle-'));
  let replay: Replay | undefined;
  let child: ReturnType<typeof spawn> | undefined;
  try {
    await bundle({ childIdle: './childIdle.ts', ...watcherWorker }, folder);
    replay = await Replay.start({ pods: 5_000, clusters, folder });
    child = spawn(process.execPath, [path.join(folder, 'childIdle.mjs'), replay.kubeconfig], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await listed(child);
    const { pid } = child;
    if (pid === undefined) throw new Error('The watching process did not start');
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    const before = { counts: await replay.counts(), cpu: cpuSecondsOf(pid) };
    await new Promise((resolve) => setTimeout(resolve, idleMs));
    const after = { counts: await replay.counts(), cpu: cpuSecondsOf(pid) };
    const lists = after.counts.lists - before.counts.lists;
    const reopened = after.counts.watches - before.counts.watches;
    const open = after.counts.openWatches;
    const figure = toFigure([((after.cpu - before.cpu) / (idleMs / 1000)) * 100], {
      id: 'scale.idle',
      unit: '% of a core',
      against: `${open} open watches, a bookmark a minute each; ${lists} lists and ${reopened} watches were opened in that minute`,
      atMost: 1,
    });
    return [{ ...figure, holds: figure.holds && lists === 0 && open >= clusters * kinds }];
  } finally {
    child?.kill();
    replay?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function listed(child: ReturnType<typeof spawn>): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`The watching process ended with ${code}`)));
    setTimeout(() => reject(new Error('Not all kinds were listed within 60 s')), 60_000).unref();
  });
}
