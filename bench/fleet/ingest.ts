import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'vite';
import { type Figure, median, toFigure } from '../figure.ts';
import { fill } from './fill.ts';

const pods = 10_000;
const nodes = 100;
const rounds = 3;
const cluster = 'bench-ingest';
/** A namespace without pods: what a process costs that has connected and listed, and ingested nothing. */
const emptyNamespace = 'default';

interface Side {
  /** From the process' start to its end, which is when its list is complete. */
  seconds: number;
  /** User and system time of the process and its threads until its last list was complete; NaN where it is not compared. */
  cpuSeconds: number;
  /** The part of it after the list before was complete: of a process with one list, all. */
  lastCpuSeconds: number;
}

/**
 * fleet.list10k, fleet.list10k.informer, fleet.cpu: from a cold process to the complete live list of 10,000 pods of
 * about 10 KB on a real API server. The sides take turns, so that whatever else the machine does meets all of them.
 * KUBESAGE_KUBE names the tool that starts clusters.
 *
 * fleet.cpu is the cost of pods: each side lists the server twice in one process, as two clusters, and what the second
 * 10,000 pods cost is compared. The first ones pay for the process' start and V8's compilation too, once for a whole fleet;
 * the ratios with those in them are in the figure's text.
 */
export async function run(): Promise<Figure[]> {
  const tool = process.env.KUBESAGE_KUBE;
  if (tool === undefined || tool === '') {
    throw new Error('Set KUBESAGE_KUBE to the tool that starts test clusters (its `up`, `down` and `assets` are used)');
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'kubesage-ingest-'));
  const kubectl = path.join(lastLine(execFileSync(tool, ['assets'], { encoding: 'utf8' })), 'kubectl');
  const kubeconfig = lastLine(execFileSync(tool, ['up', cluster, '--nodes', String(nodes)], { encoding: 'utf8' }));
  try {
    await bundle(folder);
    await fill(kubeconfig, pods, nodes);
    const ours: Side[] = [];
    const informer: Side[] = [];
    const theirs: Side[] = [];
    const bare: Side[] = [];
    const oursEmpty: Side[] = [];
    const informerEmpty: Side[] = [];
    const oursAgain: Side[] = [];
    const informerAgain: Side[] = [];
    const child = (name: string, ...more: string[]) =>
      time(process.execPath, [path.join(folder, `${name}.mjs`), kubeconfig, ...more]);
    for (let round = 0; round < rounds; round++) {
      ours.push(await child('childOurs'));
      informer.push(await child('childInformer'));
      theirs.push(await time(kubectl, ['--kubeconfig', kubeconfig, 'get', 'pods', '-A']));
      bare.push(await child('childBare'));
      oursEmpty.push(await child('childOurs', '1', emptyNamespace));
      informerEmpty.push(await child('childInformer', '1', emptyNamespace));
      oursAgain.push(await child('childOurs', '2'));
      informerAgain.push(await child('childInformer', '2'));
    }
    const above = (sides: readonly Side[], base: readonly Side[]) =>
      median(sides.map(({ cpuSeconds }) => cpuSeconds)) - median(base.map(({ cpuSeconds }) => cpuSeconds));
    const marginal = above(informer, informerEmpty) / above(ours, oursEmpty);
    const whole = median(ratios(informer, ours, 'cpuSeconds'));
    const most = median(ratios(informer, bare, 'cpuSeconds'));
    console.error(summary({ ours, informer, theirs, bare, oursEmpty, informerEmpty, oursAgain, informerAgain }));
    return [
      toFigure(ratios(theirs, ours, 'seconds'), {
        id: 'fleet.list10k',
        unit: 'times faster',
        against: 'kubectl get pods -A',
        atLeast: 4,
      }),
      toFigure(ratios(informer, ours, 'seconds'), {
        id: 'fleet.list10k.informer',
        unit: 'times faster',
        against: 'informer of @kubernetes/client-node',
        atLeast: 3,
      }),
      toFigure(ratios(informerAgain, oursAgain, 'lastCpuSeconds'), {
        id: 'fleet.cpu',
        unit: 'times less CPU per pod',
        against:
          `informer of @kubernetes/client-node, 10,000 further pods in a process that has listed 10,000; for the first ones ` +
          `with start and compilation it is ${whole.toFixed(1)} times (above processes that listed nothing ` +
          `${marginal.toFixed(1)}), where one that reads the bytes and drops them reaches ${most.toFixed(1)}`,
        atLeast: 10,
      }),
    ];
  } finally {
    execFileSync(tool, ['down', cluster]);
    rmSync(folder, { recursive: true, force: true });
  }
}

function ratios(sides: readonly Side[], to: readonly Side[], of: keyof Side): number[] {
  return sides.map((side, round) => side[of] / (to[round] as Side)[of]);
}

/** The children as one file each, as the product ships: reading hundreds of modules is nobody's figure. */
async function bundle(folder: string): Promise<void> {
  const here = import.meta.dirname;
  const entries = {
    childOurs: path.join(here, 'childOurs.ts'),
    childInformer: path.join(here, 'childInformer.ts'),
    childBare: path.join(here, 'childBare.ts'),
    watcherWorker: path.join(here, '../../src/core/kube/reflector/watcherWorker.ts'),
  };
  for (const [name, entry] of Object.entries(entries)) {
    await build({
      configFile: false,
      logLevel: 'error',
      root: here,
      ssr: { noExternal: true },
      build: {
        ssr: entry,
        outDir: folder,
        emptyOutDir: false,
        target: 'node24',
        minify: false,
        rollupOptions: { output: { entryFileNames: `${name}.mjs`, codeSplitting: false } },
      },
    });
  }
}

function time(command: string, args: readonly string[]): Promise<Side> {
  return new Promise((resolve, reject) => {
    const from = performance.now();
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let head = '';
    child.stdout.on('data', (bytes: Buffer) => {
      if (head.length < 1000) head += bytes.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const seconds = (performance.now() - from) / 1000;
      if (code !== 0) return reject(new Error(`${command} ended with ${code}`));
      if (!head.startsWith('{')) return resolve({ seconds, cpuSeconds: Number.NaN, lastCpuSeconds: Number.NaN });
      const { rows, cpuSeconds } = JSON.parse(head) as { rows?: number; cpuSeconds: number[] };
      const expected = args.at(-1) === emptyNamespace ? 0 : pods * cpuSeconds.length;
      // The one that drops its bytes has no rows.
      if (rows !== undefined && rows !== expected) return reject(new Error(`${rows} rows instead of ${expected}`));
      const [last = Number.NaN, before = 0] = cpuSeconds.toReversed();
      return resolve({ seconds, cpuSeconds: last, lastCpuSeconds: last - before });
    });
  });
}

function summary(sides: Readonly<Record<string, readonly Side[]>>): string {
  const digits = (values: readonly number[]) => values.map((value) => value.toFixed(2)).join(' ');
  return Object.entries(sides)
    .map(
      ([name, all]) =>
        `${name}: ${digits(all.map((side) => side.seconds))} s, CPU ${digits(all.map((side) => side.cpuSeconds))} s, ` +
        `of the last list ${digits(all.map((side) => side.lastCpuSeconds))} s`,
    )
    .join('\n');
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}
