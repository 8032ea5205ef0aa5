import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Figure, median, toFigure } from '../figure.ts';
import { bundle, watcherWorker } from './bundle.ts';
import { readContexts } from './contexts.ts';
import { kubectlPath } from './kube.ts';
import { Replay } from './replay.ts';
import { SlowLink } from './slowLink.ts';
import { time } from './timing.ts';

const pods = 10_000;
const rounds = 3;
/** No further round begins after that: a side that misses its goal by far need not miss it three times. */
const enoughMs = 45_000;
const bitsPerSecond = 20_000_000;
const roundTripMs = 80;

/**
 * scale.slow: 10,000 pods of a real API server's recorded answers, compressed as that server compressed them, over 20
 * Mbit/s with a round trip of 80 ms, from a cold process to the complete list.
 */
export async function run(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kubesage-slow-'));
  let replay: Replay | undefined;
  let link: SlowLink | undefined;
  try {
    const kubectl = kubectlPath();
    await bundle({ childTables: './childTables.ts', ...watcherWorker }, folder);
    replay = await Replay.start({ pods, clusters: 1, folder });
    const server = readContexts(replay.kubeconfig)[0]?.server ?? '';
    link = await SlowLink.start({ port: Number(new URL(server).port), bitsPerSecond, roundTripMs });
    const kubeconfig = path.join(folder, 'slow-kubeconfig');
    writeFileSync(kubeconfig, throughLink(readFileSync(replay.kubeconfig, 'utf8'), link.port));
    const ours: number[] = [];
    const theirs: number[] = [];
    const sent: { ours: number; theirs: number } = { ours: 0, theirs: 0 };
    const from = performance.now();
    while (ours.length < rounds && (ours.length === 0 || performance.now() - from < enoughMs)) {
      const before = (await replay.counts()).bytesSent;
      const side = await time(process.execPath, [path.join(folder, 'childTables.mjs'), kubeconfig]);
      const { rows } = JSON.parse(side.output) as { rows: number };
      if (rows !== pods) throw new Error(`${rows} rows instead of ${pods}`);
      ours.push(side.seconds);
      const between = (await replay.counts()).bytesSent;
      const env = { ...process.env, HOME: folder };
      const other = await time(kubectl, ['--kubeconfig', kubeconfig, 'get', 'pods', '-A', '--no-headers'], env);
      if (other.lines !== pods) throw new Error(`kubectl showed ${other.lines} pods instead of ${pods}`);
      theirs.push(other.seconds);
      console.error(`ours ${side.seconds.toFixed(1)} s, kubectl ${other.seconds.toFixed(1)} s`);
      sent.ours = between - before;
      sent.theirs = (await replay.counts()).bytesSent - between;
    }
    const against = `kubectl get pods -A ${median(theirs).toFixed(1)} s; bytes: ours ${sent.ours}, kubectl's ${sent.theirs}`;
    return [
      toFigure(ours, { id: 'scale.slow', unit: 's', against, atMost: 5 }),
      toFigure(
        ours.map((seconds, round) => (theirs[round] as number) / seconds),
        {
          id: 'scale.slow.kubectl',
          unit: 'times faster',
          against: 'kubectl get pods -A over the same link',
          atLeast: 3,
        },
      ),
    ];
  } finally {
    link?.close();
    replay?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The server under an address that is this machine's and does not look like it: our transport asks for no compression
 * on loopback, and this link stands for one that is not.
 */
function throughLink(kubeconfig: string, port: number): string {
  const config = JSON.parse(kubeconfig) as { clusters: { cluster: Record<string, unknown> }[] };
  for (const { cluster } of config.clusters) {
    cluster.server = `https://[::ffff:127.0.0.1]:${port}`;
    cluster['tls-server-name'] = 'localhost';
  }
  return JSON.stringify(config);
}
