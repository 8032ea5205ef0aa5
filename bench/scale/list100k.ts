import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Figure, toFigure } from '../figure.ts';
import { bundle, watcherWorker } from './bundle.ts';
import { readContexts } from './contexts.ts';
import { kubectlPath } from './kube.ts';
import { Replay } from './replay.ts';
import { time } from './timing.ts';

const clusters = 20;
const podsEach = 5_000;
const rounds = 3;

interface Ours {
  rows: number;
  cpuSeconds: number;
  rssBytes: number;
  peakBytes: number;
  tableBytes: number;
  longestTaskMs: number;
}

/**
 * scale.list100k and what comes with it: from a cold process to the complete live table of 20 clusters with 5,000 pods
 * of about 10 KB each, replayed from recordings of a real API server over TLS. A side that is not done after 150 s is
 * an error.
 */
export async function run(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kubesage-list100k-'));
  let replay: Replay | undefined;
  try {
    const kubectl = kubectlPath();
    await bundle({ childTables: './childTables.ts', childInformers: './childInformers.ts', ...watcherWorker }, folder);
    replay = await Replay.start({ pods: podsEach, clusters, folder });
    const { kubeconfig } = replay;
    const ours: { seconds: number; report: Ours }[] = [];
    const kubectlSeconds: number[] = [];
    const informerSeconds: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const { seconds, output } = await time(process.execPath, [path.join(folder, 'childTables.mjs'), kubeconfig]);
      const report = JSON.parse(output) as Ours;
      if (report.rows !== clusters * podsEach) throw new Error(`${report.rows} rows instead of ${clusters * podsEach}`);
      ours.push({ seconds, report });
      // The others take minutes together: once each is enough to compare with, and their spread is far from the goal.
      if (round > 0) continue;
      kubectlSeconds.push(await allAtOnce(kubectl, kubeconfig, folder));
      const informers = await time(process.execPath, [
        '--max-old-space-size=12000',
        path.join(folder, 'childInformers.mjs'),
        kubeconfig,
      ]);
      informerSeconds.push(informers.seconds);
      console.error(`client-node: ${informers.output} after ${informers.seconds.toFixed(1)} s`);
    }
    const { unknown } = await replay.counts();
    if (unknown.length > 0) console.error(`Not recorded: ${unknown.join('; ')}`);
    return figures(ours, kubectlSeconds, informerSeconds);
  } finally {
    replay?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function figures(
  ours: readonly { seconds: number; report: Ours }[],
  kubectlSeconds: readonly number[],
  informerSeconds: readonly number[],
): Figure[] {
  const seconds = ours.map((side) => side.seconds);
  const reports = ours.map(({ report }) => report);
  const last = reports.at(-1) as Ours;
  const text = (values: readonly number[]) => values.map((value) => value.toFixed(2)).join(', ');
  console.error(
    `ours: ${text(seconds)} s, CPU ${text(reports.map((report) => report.cpuSeconds))} s, ` +
      `tables ${(last.tableBytes / 1e6).toFixed(0)} MB`,
  );
  const what = `${clusters} clusters with ${podsEach} pods`;
  return [
    toFigure(seconds, {
      id: 'scale.list100k',
      unit: 's',
      against: `${what}; kubectl get pods -A of all contexts at once ${text(kubectlSeconds)} s, informers of @kubernetes/client-node ${text(informerSeconds)} s`,
      atMost: 3.5,
    }),
    toFigure(
      seconds.map((value) => (kubectlSeconds[0] as number) / value),
      {
        id: 'scale.list100k.kubectl',
        unit: 'times faster',
        against: `kubectl get pods -A of ${what} at once`,
        atLeast: 10,
      },
    ),
    toFigure(
      seconds.map((value) => (informerSeconds[0] as number) / value),
      {
        id: 'scale.list100k.informer',
        unit: 'times faster',
        against: `informers of @kubernetes/client-node in one process, ${what}`,
        atLeast: 15,
      },
    ),
    toFigure(
      reports.map(({ rssBytes }) => rssBytes / 1e6),
      {
        id: 'scale.memory.tables',
        unit: 'MB',
        against: `watchers and tables alone, complete; at most ${(Math.max(...reports.map(({ peakBytes }) => peakBytes)) / 1e6).toFixed(0)} MB`,
        atMost: 350,
      },
    ),
    toFigure(
      reports.map(({ longestTaskMs }) => longestTaskMs),
      {
        id: 'scale.longtask.tables',
        unit: 'ms',
        against: 'the thread that has the tables, from its start to complete',
        atMost: 50,
      },
    ),
  ];
}

/** One kubectl for each context, all started together; until the last has ended. */
async function allAtOnce(kubectl: string, kubeconfig: string, home: string): Promise<number> {
  const from = performance.now();
  await Promise.all(
    readContexts(kubeconfig).map(async ({ name }) => {
      const { lines } = await time(
        kubectl,
        ['--kubeconfig', kubeconfig, '--context', name, 'get', 'pods', '-A', '--no-headers'],
        { ...process.env, HOME: home },
      );
      if (lines !== podsEach) throw new Error(`kubectl showed ${lines} pods of ${name} instead of ${podsEach}`);
    }),
  );
  return (performance.now() - from) / 1000;
}
