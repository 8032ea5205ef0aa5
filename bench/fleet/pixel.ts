import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { setPriority, tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { chromium, type Page } from 'playwright';
import type { Figure } from '../figure.ts';
import { rested } from '../scale/processes.ts';
import { type Access, readAccess } from './access.ts';
import type { ProbeSearch, SeenProbe } from './childProbes.ts';
import { type Entry, Etcd, putMessage, varint } from './etcd.ts';
import { fill } from './fill.ts';
import { listenForPaint, type Marked } from './painted.ts';

const pods = 10_000;
const nodes = 100;
const cluster = 'bench-pixel';
const eventsPerSecond = 1_000;
const probesPerSecond = 10;
const probeCount = 10;
/** Probes' restart counts begin here, those of the noise end below it. */
const firstProbe = 100_000;
/** What the pods that will change have before: as long in protobuf's bytes as every later number. */
const prepared = 20_000;
const noisyPods = 500;
const seconds = 30;

/**
 * fleet.pixel: from an event of the API server to its painted row, p99, while 1,000 events a second arrive. The event's
 * moment is its arrival at a bare watch beside ours, the row's the task after the frame that shows it. The engine serves
 * a Chromium. Writer, etcd, API server, engine and browser share this machine, so the events are written into etcd (two
 * cores do not have 1,000 patches a second in an API server), what else watches the pods is paused meanwhile, and the
 * cluster runs at a lower priority: it stands for one that is not on the user's machine.
 */
export async function run(): Promise<Figure[]> {
  const tool = process.env.KUBESAGE_KUBE;
  if (tool === undefined || tool === '') throw new Error('Set KUBESAGE_KUBE to the tool that starts test clusters');
  const data = mkdtempSync(path.join(tmpdir(), 'kubesage-pixel-'));
  const kubeconfig = execFileSync(tool, ['up', cluster, '--nodes', String(nodes)], { encoding: 'utf8' }).trim();
  let server: ChildProcess | undefined;
  try {
    await fill(kubeconfig, pods, nodes);
    const targets = await prepare(kubeconfig);
    const program = path.join(import.meta.dirname, '../../out/main/kubesage.mjs');
    server = spawn(process.execPath, [program, 'serve', '--data', data], {
      env: { ...process.env, KUBECONFIG: kubeconfig, HOME: data },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const address = await addressOf(server);
    const browser = await chromium.launch({
      executablePath: process.env.KUBESAGE_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    signal(kubeconfig, 'SIGSTOP');
    giveWay(kubeconfig);
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await open(page, address);
      await rested(server.pid ?? 0);
      return [await Promise.race([measure(kubeconfig, targets, page), givenUp()])];
    } finally {
      signal(kubeconfig, 'SIGCONT');
      await browser.close();
    }
  } finally {
    server?.kill();
    execFileSync(tool, ['down', cluster]);
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Lets the cluster have what the engine and the browser leave. */
function giveWay(kubeconfig: string): void {
  for (const component of ['etcd', 'kube-apiserver']) {
    const tasks = `/proc/${pidOf(kubeconfig, component)}/task`;
    // On Linux each thread has a priority of its own.
    for (const task of readdirSync(tasks)) setPriority(Number(task), 10);
  }
}

function pidOf(kubeconfig: string, component: string): number {
  return Number(readFileSync(path.join(path.dirname(kubeconfig), `${component}.pid`), 'utf8'));
}

/** Pauses or wakes everything beside the API server that watches pods. */
function signal(kubeconfig: string, name: 'SIGSTOP' | 'SIGCONT'): void {
  for (const component of ['kwok', 'kube-controller-manager', 'kube-scheduler']) {
    process.kill(pidOf(kubeconfig, component), name);
  }
}

interface Targets {
  probes: Target[];
  others: Target[];
}

/** Chooses the pods that will change and gives them a restart count whose bytes can be written over. */
async function prepare(kubeconfig: string): Promise<Targets> {
  const access = readAccess(kubeconfig);
  const agent = new Agent({ keepAlive: true, maxSockets: 16, ca: access.ca, cert: access.cert, key: access.key });
  const etcd = Etcd.of(kubeconfig);
  const byName = (a: Entry, b: Entry) => (nameOf(a.key) < nameOf(b.key) ? -1 : 1);
  const entries = (await etcd.list('/registry/pods/')).sort(byName);
  // The first rows by name are on the screen: ten of them are the probes. The noise is anywhere else.
  const stride = Math.floor((entries.length - 100) / noisyPods);
  const chosen = entries.filter((_, index) =>
    index < 100 ? index >= 2 && index < 2 + probeCount : (index - 100) % stride === 0,
  );
  let next = 0;
  const targets: Target[] = new Array(chosen.length);
  const worker = async () => {
    while (next < chosen.length) {
      const index = next++;
      const { key } = chosen[index] as Entry;
      const body = JSON.stringify([
        { op: 'replace', path: '/status/containerStatuses/0/restartCount', value: prepared },
      ]);
      await patch(access, agent, `${pathOf(key)}/status`, body);
      const entry = await etcd.get(key);
      if (entry === undefined) throw new Error(`${key} is gone`);
      targets[index] = toTarget(entry);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  agent.destroy();
  etcd.close();
  return { probes: targets.slice(0, probeCount), others: targets.slice(probeCount) };
}

function patch(access: Access, agent: Agent, where: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json-patch+json' };
    const sent = request(`${access.server}${where}`, { method: 'PATCH', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${where}: ${response.statusCode}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** `/registry/pods/NAMESPACE/NAME`, as the API has it. */
function pathOf(key: string): string {
  const [, , namespace, name] = key.slice(1).split('/');
  return `/api/v1/namespaces/${namespace}/pods/${name}`;
}

/** A measurement that does not end is an error, not a bench that hangs. */
function givenUp(): Promise<never> {
  return new Promise((_resolve, reject) => {
    const limitMs = (seconds + 90) * 1_000;
    setTimeout(() => reject(new Error(`fleet.pixel did not end within ${limitMs / 1_000} s`)), limitMs).unref();
  });
}

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('checkbox', { name: 'Choose all' }).check();
  await page.getByRole('button', { name: /^Open/ }).click();
  await page.evaluate(() => {
    location.hash = '#/resources/pods';
  });
  await page
    .getByText(/10,000 pods/)
    .first()
    .waitFor({ timeout: 60_000 });
}

/** A pod whose restart count is at a known place of the bytes that etcd has. */
interface Target {
  path: string;
  /** The put that gives it so many restarts: from 2^14 to 2^21 - 1, three bytes. */
  withRestarts(restarts: number): Buffer;
}

async function measure(kubeconfig: string, { probes, others }: Targets, page: Page): Promise<Figure> {
  const etcd = Etcd.of(kubeconfig);
  const eventAt = new Map<number, number>();
  const access = readAccess(kubeconfig);
  const watch = await watchProbes(access, eventAt);
  // This thread writes for the cluster, and gives way as it does; threads that are there already do not.
  setPriority(process.pid, 10);
  await listenForPaint(page);

  let sent = 0;
  let answered = 0;
  let failure: unknown;
  const write = (target: Target, restarts: number) => {
    sent++;
    etcd.send(target.withRestarts(restarts)).then(
      () => answered++,
      (error: unknown) => {
        failure ??= error;
      },
    );
  };
  let noise = 0;
  let marks = 0;
  const started = now();
  let elapsed = 0;
  while (elapsed < seconds) {
    if (failure !== undefined) throw failure;
    // Never more than a few hundred in flight: a machine that cannot do the rate shows a lower one, not a queue.
    while (noise < elapsed * (eventsPerSecond - probesPerSecond) && sent - answered < 300) {
      write(others[noise % others.length] as Target, firstProbe - 1 - Math.floor(noise / others.length));
      noise++;
    }
    while (marks < elapsed * probesPerSecond) {
      write(probes[marks % probes.length] as Target, firstProbe + marks);
      marks++;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
    elapsed = (now() - started) / 1_000;
  }
  const rate = Math.round(answered / elapsed);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await watch.terminate();
  etcd.close();
  const paintedAt = new Map(await page.evaluate(() => [...(globalThis as unknown as Marked).painted]));
  const delays = [...eventAt]
    .filter(([restarts]) => restarts > firstProbe + probesPerSecond)
    .map(([restarts, at]) => (paintedAt.get(restarts) ?? Number.POSITIVE_INFINITY) - at)
    .sort((a, b) => a - b);
  if (delays.length < (marks - probesPerSecond) * 0.9) {
    throw new Error(`The watch beside ours saw ${delays.length} of ${marks} probes`);
  }
  const shown = delays.filter(Number.isFinite);
  // A probe is written again after a second; one that was not painted by then counts as the worst.
  const value = delays[Math.ceil(delays.length * 0.99) - 1] ?? Number.POSITIVE_INFINITY;
  const p50 = delays[Math.floor(delays.length / 2)] ?? Number.NaN;
  return {
    id: 'fleet.pixel',
    value: Number(value.toFixed(1)),
    unit: 'ms, p99',
    against: `the event's arrival at a bare watch of all pods, at ${rate} events/s over ${pods} pods; p50 ${p50.toFixed(1)} ms, ${shown.length} of ${delays.length} probes painted`,
    goal: '<= 60',
    holds: value <= 60 && rate >= eventsPerSecond * 0.95,
    n: delays.length,
    spread: [Number((shown[0] ?? Number.NaN).toFixed(1)), Number((shown.at(-1) ?? Number.NaN).toFixed(1))],
  };
}

/** `restartCount` is field 5 of a container's status; the prepared pods have a number of three bytes there. */
function toTarget(entry: Entry): Target {
  const field = Buffer.from([0x28, ...varint(prepared)]);
  const at = entry.value.indexOf(field);
  if (at < 0 || entry.value.indexOf(field, at + 1) >= 0) {
    throw new Error(`${entry.key} does not have its restart count where it was put`);
  }
  const { message, valueAt } = putMessage(entry);
  return {
    path: pathOf(entry.key),
    withRestarts(restarts) {
      message.set(varint(restarts), valueAt + at + 1);
      return Buffer.from(message);
    },
  };
}

/** The watch beside ours, open. Fills in when each probe's event arrived. */
async function watchProbes(access: Access, eventAt: Map<number, number>): Promise<Worker> {
  const search: ProbeSearch = {
    access,
    from: await versionNow(access),
    first: firstProbe,
    end: firstProbe + seconds * probesPerSecond,
  };
  const watch = new Worker(new URL('./childProbes.ts', import.meta.url), { workerData: search });
  await new Promise((resolve, reject) => {
    watch.once('message', resolve);
    watch.once('error', reject);
  });
  watch.on('message', ([restarts, at]: SeenProbe) => eventAt.set(restarts, at));
  return watch;
}

/** Where a watch goes on from that wants nothing of what is there already. */
function versionNow(access: Access): Promise<string> {
  const { ca, cert, key, server } = access;
  const headers = { accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' };
  return new Promise((resolve, reject) => {
    request(`${server}/api/v1/pods?limit=1`, { ca, cert, key, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const list = JSON.parse(Buffer.concat(parts).toString()) as { metadata: { resourceVersion: string } };
        resolve(list.metadata.resourceVersion);
      });
    })
      .on('error', reject)
      .end();
  });
}

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    server.stdout?.on('data', (data: Buffer) => {
      heard += data.toString();
      const found = /http:\/\/\S+/.exec(heard);
      if (found !== null) resolve(found[0]);
    });
    server.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${heard}`)));
  });
}

const nameOf = (podPath: string): string => podPath.slice(podPath.lastIndexOf('/') + 1);
const now = (): number => performance.timeOrigin + performance.now();
