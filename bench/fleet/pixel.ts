import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, type RequestOptions, request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Page } from 'playwright';
import type { Figure } from '../figure.ts';
import { type Access, readAccess } from './access.ts';
import { fill } from './fill.ts';
import { namespaceCount, namespaceName } from './pods.ts';

const pods = 10_000;
const nodes = 100;
const cluster = 'bench-pixel';
const eventsPerSecond = 1_000;
const probesPerSecond = 10;
const seconds = 30;

/**
 * fleet.pixel: from an event of the API server to its painted row, p99, while 1,000 events a second arrive. The event's
 * moment is the earlier of two: the write's answer, and its arrival at a bare watch beside ours. The row's moment is the
 * task after the frame that shows it. The engine serves a Chromium; writer, API server, engine and browser share this
 * machine.
 */
export async function run(): Promise<Figure[]> {
  const tool = process.env.KUBESAGE_KUBE;
  if (tool === undefined || tool === '') throw new Error('Set KUBESAGE_KUBE to the tool that starts test clusters');
  const data = mkdtempSync(path.join(tmpdir(), 'kubesage-pixel-'));
  const kubeconfig = execFileSync(tool, ['up', cluster, '--nodes', String(nodes)], { encoding: 'utf8' }).trim();
  let server: ChildProcess | undefined;
  try {
    const access = readAccess(kubeconfig);
    await fill(access, pods, nodes);
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
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await open(page, address);
      return [await Promise.race([measure(access, page), givenUp()])];
    } finally {
      await browser.close();
    }
  } finally {
    server?.kill();
    execFileSync(tool, ['down', cluster]);
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  }
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

async function measure(access: Access, page: Page): Promise<Figure> {
  const agent = new Agent({ keepAlive: true, maxSockets: 48, ca: access.ca, cert: access.cert, key: access.key });
  const names = await podPaths(access, agent);
  // The first rows by name are on the screen: they are the probes, all others the noise.
  const sorted = [...names].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const probes = sorted.slice(2, 12);
  const others = sorted.slice(100);
  const eventAt = new Map<number, number>();
  const seen = (probe: number, at: number) =>
    eventAt.set(probe, Math.min(at, eventAt.get(probe) ?? Number.POSITIVE_INFINITY));
  const watch = watchProbes(access, probes, seen);
  await listenForPaint(page);

  let sent = 0;
  let answered = 0;
  let probe = 100_000;
  const noise = () => {
    const target = others[(sent * 7_919) % others.length] as string;
    sent++;
    const body = JSON.stringify({ metadata: { annotations: { 'bench.example.com/turn': String(sent) } } });
    void send(access, agent, { method: 'PATCH', path: target }, body).then(() => answered++);
  };
  const mark = () => {
    const number = ++probe;
    const target = probes[number % probes.length] as string;
    const body = JSON.stringify([{ op: 'replace', path: '/status/containerStatuses/0/restartCount', value: number }]);
    void send(access, agent, { method: 'PATCH', path: `${target}/status` }, body, 'application/json-patch+json').then(
      () => seen(number, now()),
    );
  };
  const started = now();
  let probesSent = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsed = (now() - started) / 1_000;
      if (elapsed >= seconds) {
        clearInterval(timer);
        resolve();
        return;
      }
      // Never more than a few hundred in flight: a machine that cannot do the rate shows a lower one, not a queue.
      while (sent < elapsed * eventsPerSecond && sent - answered < 400) noise();
      while (probesSent < elapsed * probesPerSecond) {
        mark();
        probesSent++;
      }
    }, 5);
  });
  const rate = Math.round((answered + probesSent) / ((now() - started) / 1_000));
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  watch.destroy();
  agent.destroy();
  const paintedAt = new Map(await page.evaluate(() => [...(globalThis as unknown as Marked).painted]));
  const delays = [...eventAt]
    .filter(([number]) => number > 100_000 + probesPerSecond)
    .map(([number, at]) => (paintedAt.get(number) ?? Number.POSITIVE_INFINITY) - at)
    .sort((a, b) => a - b);
  const shown = delays.filter(Number.isFinite);
  const p99 = shown[Math.min(shown.length - 1, Math.ceil(shown.length * 0.99) - 1)] ?? Number.POSITIVE_INFINITY;
  const value = shown.length < delays.length * 0.98 ? Number.POSITIVE_INFINITY : p99;
  const p50 = shown[Math.floor(shown.length / 2)] ?? Number.NaN;
  return {
    id: 'fleet.pixel',
    value: Number(value.toFixed(1)),
    unit: 'ms, p99',
    against: `the API server's own event, at ${rate} events/s over ${pods} pods; p50 ${p50.toFixed(1)} ms, ${shown.length} of ${delays.length} probes painted before they were overwritten`,
    goal: '<= 60',
    holds: value <= 60 && rate >= eventsPerSecond * 0.95,
    n: shown.length,
    spread: [Number((shown[0] ?? Number.NaN).toFixed(1)), Number((shown.at(-1) ?? Number.NaN).toFixed(1))],
  };
}

interface Marked {
  painted: Map<number, number>;
}

/** Notes when a probe's number is first on the screen: in the first task after the frame that has it. */
function listenForPaint(page: Page): Promise<void> {
  return page.evaluate(() => {
    const painted = new Map<number, number>();
    (globalThis as unknown as { painted: Map<number, number> }).painted = painted;
    const pending = new Set<number>();
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      const at = performance.timeOrigin + performance.now();
      for (const number of pending) painted.set(number, at);
      pending.clear();
    };
    const note = (text: string | null) => {
      for (const [digits] of (text ?? '').matchAll(/1\d{2},?\d{3}/g)) {
        const number = Number(digits.replace(',', ''));
        if (painted.has(number) || pending.has(number)) continue;
        if (pending.size === 0) requestAnimationFrame(() => channel.port2.postMessage(0));
        pending.add(number);
      }
    };
    new MutationObserver((mutations) => {
      for (const { target, addedNodes } of mutations) {
        note(target.textContent && target.textContent.length < 400 ? target.textContent : null);
        for (const node of addedNodes) note(node.textContent);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

/** A bare watch for each probe, beside ours: reads only their numbers. */
function watchProbes(access: Access, probes: readonly string[], seen: (probe: number, at: number) => void): Agent {
  const agent = new Agent({ keepAlive: true, ca: access.ca, cert: access.cert, key: access.key });
  for (const probe of probes) {
    const list = probe.slice(0, probe.lastIndexOf('/'));
    const url = `${access.server}${list}?watch=true&fieldSelector=metadata.name%3D${nameOf(probe)}`;
    const watch = request(url, { agent, headers: { accept: 'application/json' } }, (response) => {
      response.on('data', (chunk: Buffer) => {
        const at = now();
        for (const [, digits] of chunk.toString('latin1').matchAll(/"restartCount":(1\d{5})\b/g))
          seen(Number(digits), at);
      });
      // Torn off when the measurement ends.
      response.on('error', () => {});
    });
    watch.on('error', () => {});
    watch.end();
  }
  return agent;
}

async function podPaths(access: Access, agent: Agent): Promise<string[]> {
  const paths: string[] = [];
  for (let index = 0; index < namespaceCount; index++) {
    const namespace = namespaceName(index);
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    const text = await send(access, agent, { path: `/api/v1/namespaces/${namespace}/pods`, headers: { accept } });
    const { items } = JSON.parse(text) as { items: { metadata: { name: string } }[] };
    for (const { metadata } of items) paths.push(`/api/v1/namespaces/${namespace}/pods/${metadata.name}`);
  }
  return paths;
}

function send(
  access: Access,
  agent: Agent,
  options: RequestOptions,
  body?: string,
  type = 'application/merge-patch+json',
): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {
      'user-agent': 'kubesage-bench',
      ...(body === undefined ? {} : { 'content-type': type }),
      ...options.headers,
    };
    const sent = request(`${access.server}${options.path}`, { ...options, agent, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const text = Buffer.concat(parts).toString();
        if ((response.statusCode ?? 0) < 300) resolve(text);
        else reject(new Error(`${options.path}: ${response.statusCode} ${text.slice(0, 200)}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
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
