import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Figure, median } from '../figure.ts';
import { readAccess } from '../fleet/access.ts';
import { fill } from '../fleet/fill.ts';
import { Api } from './api.ts';
import { bundle, watcherWorker } from './bundle.ts';
import { clusterDown, clusterUp, kubectlPath, signalControllers } from './kube.ts';
import { cpuSecondsOf } from './processes.ts';

const pods = 10_000;
const nodes = 100;
const cluster = 'bench-kind';
const churnPerSecond = 40;
const seconds = 20;
const listLimitMs = 90_000;
/** Lists are what clients differ in, and a server's collector may run in any of them: each is made so often. */
const lists = 3;

/** A client that lists and watches all pods until its input ends. */
interface Client {
  name: string;
  command: string;
  args: readonly string[];
  /** Says that its list is complete. kubectl says nothing: it has then printed as many lines. */
  isComplete(output: Output): boolean;
}

interface Output {
  head: string;
  lines: number;
}

interface Spent {
  /** Of the API server, for the list: the median of several. */
  listSeconds: number;
  /** For the churn, the client's watch included. */
  churnSeconds: number;
  bytes: number;
}

/**
 * scale.kind: CPU time that a real API server spends on one client's live table of 10,000 pods: its list, and 20 s of
 * 40 changes a second. Every client gets the same churn, alone, and what the server spends on the churn (and on nothing)
 * without any client is taken off. The server's own metrics are read before and after; its controllers and simulated
 * nodes are paused.
 */
export async function run(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kubesage-kind-'));
  const kubectl = kubectlPath();
  const kubeconfig = clusterUp(cluster, nodes);
  try {
    await fill(kubeconfig, pods, nodes);
    await bundle(
      { childWatching: './childWatching.ts', childInformerWatching: './childInformerWatching.ts', ...watcherWorker },
      folder,
    );
    const saysListed: Client['isComplete'] = ({ head }) => head.includes('listed');
    const node = (name: string) => ({
      command: process.execPath,
      args: [path.join(folder, `${name}.mjs`), kubeconfig],
      isComplete: saysListed,
    });
    const clients: Client[] = [
      { name: 'ours', ...node('childWatching') },
      {
        name: 'kubectl get pods -A -w',
        command: kubectl,
        args: ['--kubeconfig', kubeconfig, 'get', 'pods', '-A', '-w', '--no-headers'],
        isComplete: ({ lines }) => lines >= pods,
      },
      { name: '@kubernetes/client-node', ...node('childInformerWatching') },
    ];
    const go = await buildClientGo(folder);
    if (go !== undefined) {
      clients.push({ name: 'client-go', command: go, args: [kubeconfig], isComplete: saysListed });
    }
    const api = new Api(readAccess(kubeconfig));
    signalControllers(kubeconfig, 'SIGSTOP');
    // Twice, before and behind the clients: what the server does for nobody.
    const alone = [await cost(api, undefined, folder)];
    const spent = new Map<string, Spent>();
    for (const client of clients) spent.set(client.name, await cost(api, client, folder));
    alone.push(await cost(api, undefined, folder));
    api.close();
    return [figure(spent, alone)];
  } finally {
    signalControllers(kubeconfig, 'SIGCONT');
    clusterDown(cluster);
    rmSync(folder, { recursive: true, force: true });
  }
}

function figure(all: ReadonlyMap<string, Spent>, alone: readonly Spent[]): Figure {
  const churnAlone = median(alone.map(({ churnSeconds }) => churnSeconds));
  const listAlone = median(alone.map(({ listSeconds }) => listSeconds));
  // A watch of some hundred events costs less than the same churn differs from one time to the next.
  const watchOf = ({ churnSeconds }: Spent) => Math.max(0, churnSeconds - churnAlone);
  const above = new Map([...all].map(([name, side]) => [name, side.listSeconds - listAlone + watchOf(side)]));
  const ours = above.get('ours') ?? Number.NaN;
  const others = [...above].filter(([name]) => name !== 'ours');
  const best = Math.min(...others.map(([, cpu]) => cpu));
  const text = [...all].map(([name, side]) => {
    const list = (side.listSeconds - listAlone).toFixed(2);
    return `${name} ${list} s and ${watchOf(side).toFixed(2)} s, ${(side.bytes / 1e6).toFixed(0)} MB`;
  });
  const value = Number((ours / best).toPrecision(3));
  return {
    id: 'scale.kind',
    value,
    unit: "times the best other's CPU of the API server",
    against: `list and ${seconds} s of ${churnPerSecond} changes a second, above the server's ${churnAlone.toFixed(2)} s for the churn itself: ${text.join('; ')}`,
    goal: '<= 0.5',
    holds: value <= 0.5,
    n: 1,
    spread: [value, value],
  };
}

/** Runs one client (or none) through its lists, and the last of them through the churn. */
async function cost(api: Api, client: Client | undefined, home: string): Promise<Spent> {
  const listSeconds: number[] = [];
  const before = await api.metrics();
  for (let list = 1; ; list++) {
    const from = await api.metrics();
    const running = client === undefined ? undefined : await listed(client, home);
    try {
      const listedAt = await api.metrics();
      listSeconds.push(listedAt.cpuSeconds - from.cpuSeconds);
      if (list < lists) continue;
      await api.churn(seconds, churnPerSecond);
      if (running?.exitCode != null) throw new Error(`${client?.name} ended with ${running.exitCode} before its time`);
      const clientCpu = running?.pid === undefined ? 0 : cpuSecondsOf(running.pid);
      running?.kill();
      // The server counts a watch's bytes when it ends; leaving costs every client as much.
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const after = await api.metrics();
      const spent = {
        listSeconds: median(listSeconds),
        churnSeconds: after.cpuSeconds - listedAt.cpuSeconds,
        bytes: (after.sentBytes - before.sentBytes) / lists,
      };
      console.error(
        `${client?.name ?? 'nobody'}: server ${listSeconds.map((each) => each.toFixed(2)).join(' ')} s for lists, ` +
          `${spent.churnSeconds.toFixed(2)} s for the churn, client ${clientCpu.toFixed(2)} s`,
      );
      return spent;
    } finally {
      running?.kill();
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

/** Starts a client and waits for its list. */
async function listed(client: Client, home: string): Promise<ChildProcess> {
  const env = { ...process.env, HOME: home };
  const child = spawn(client.command, client.args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await completed(child, client, reading(child));
    return child;
  } catch (error) {
    child.kill();
    throw error;
  }
}

function reading(child: ChildProcess): Output {
  const output: Output = { head: '', lines: 0 };
  child.stdout?.on('data', (bytes: Buffer) => {
    if (output.head.length < 1000) output.head += bytes.toString();
    for (const byte of bytes) if (byte === 10) output.lines++;
  });
  return output;
}

async function completed(child: ChildProcess, client: Client, output: Output): Promise<void> {
  const from = performance.now();
  while (!client.isComplete(output)) {
    if (child.exitCode !== null) throw new Error(`${client.name} ended with ${child.exitCode}`);
    if (performance.now() - from > listLimitMs)
      throw new Error(`${client.name} did not list within ${listLimitMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Undefined, with a word about it, where there is no Go. */
async function buildClientGo(folder: string): Promise<string | undefined> {
  const go = ['/usr/local/go/bin/go', '/usr/bin/go'].find((each) => existsSync(each));
  if (go === undefined) {
    console.error('client-go is left out: there is no Go');
    return undefined;
  }
  const source = path.join(folder, 'clientgo');
  cpSync(path.join(import.meta.dirname, 'clientgo'), source, { recursive: true });
  const program = path.join(folder, 'clientgo-informer');
  try {
    await promisify(execFile)(go, ['build', '-o', program, '.'], {
      cwd: source,
      env: { ...process.env, CGO_ENABLED: '0' },
      timeout: 600_000,
    });
  } catch (error) {
    console.error(`client-go is left out: ${(error as Error).message.slice(0, 500)}`);
    return undefined;
  }
  return readFileSync(program).length > 0 ? program : undefined;
}
