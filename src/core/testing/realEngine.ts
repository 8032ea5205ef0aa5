import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { vi } from 'vitest';
import type { Cluster } from '../cluster/fleet/contract.ts';
import { contract, type KubeSageContract } from '../contract.ts';
import { createEngine } from '../engine.ts';
import { type Client, createConnection } from '../kernel/client.ts';
import { Scope } from '../kernel/disposable.ts';
import { createMemoryPorts } from '../kernel/ports/memory.ts';

/** The program that starts clusters for tests; undefined where there is none, and then the tests say so and are skipped. */
export const clusterTool = process.env.KUBESAGE_KUBE;

export function saySkipped(what: string): void {
  if (clusterTool === undefined) {
    process.stderr.write(`Skipped: ${what}. KUBESAGE_KUBE does not name the tool for test clusters\n`);
  }
}

/** A cluster of real servers. */
export interface RealCluster {
  kubeconfig: string;
  /** Runs kubectl as the cluster's administrator, with text as its input where there is some. */
  kubectl(args: readonly string[], input?: string): string;
  down(): void;
}

export async function startRealCluster(name: string, up: readonly string[] = []): Promise<RealCluster> {
  if (clusterTool === undefined) throw new Error('KUBESAGE_KUBE is not set');
  const tool = clusterTool;
  const release = up.includes('--real-node') ? await realNodeLock() : undefined;
  const last = (...args: string[]) => execFileSync(tool, args, { encoding: 'utf8' }).trim().split('\n').at(-1) ?? '';
  let kubeconfig: string;
  try {
    kubeconfig = last('up', name, ...up);
  } catch (error) {
    release?.();
    throw error;
  }
  const command = path.join(last('assets'), 'kubectl');
  return {
    kubeconfig,
    kubectl: (args, input) =>
      execFileSync(command, ['--kubeconfig', kubeconfig, ...args], {
        encoding: 'utf8',
        stdio: ['pipe', 'pipe', 'pipe'],
        ...(input !== undefined && { input }),
      }),
    down() {
      execFileSync(tool, ['down', name], { stdio: 'ignore' });
      release?.();
    },
  };
}

/** Asks until the check passes, for up to a minute. */
export const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 60_000, interval: 50 });

/** An engine, and a client of it that knows its clusters. */
export interface ConnectedEngine {
  client: Client<KubeSageContract>;
  clusters(): readonly Cluster[];
  close(): Promise<void>;
}

/** @param folder holds the data folder, which is left as it is at the end */
export async function connectEngine(kubeconfig: string, folder: string): Promise<ConnectedEngine> {
  const engine = await createEngine({
    host: 'test',
    version: '0.0.1',
    dataFolder: path.join(folder, 'data'),
    env: { PATH: process.env.PATH, KUBECONFIG: kubeconfig, KUBERC: 'off' },
    homeFolder: folder,
    discover: true,
    askShell: false,
    demo: 'never',
    startDemo: () => Promise.reject(new Error('No demo here')),
    workers: 1,
    log: (message) => process.stderr.write(`${message}\n`),
  });
  const scope = new Scope();
  const { client } = scope.add(
    createConnection(contract, async () => {
      const [own, other] = createMemoryPorts();
      engine.server.accept(other, { id: 'local', name: 'Local user' });
      return own;
    }),
  );
  let clusters: readonly Cluster[] = [];
  scope.add(
    client.fleet.clusters(
      {},
      {
        change: ({ rows }) => {
          clusters = rows;
        },
        error: (problem) => process.stderr.write(`${problem.message}\n`),
      },
    ),
  );
  return {
    client,
    clusters: () => clusters,
    async close() {
      scope.dispose();
      await engine.close();
    },
  };
}

/** An engine with one real cluster, open and live. */
export interface RealEngine extends Omit<RealCluster, 'down'> {
  client: Client<KubeSageContract>;
  /** The cluster's id in the contract. */
  cluster: string;
  until: typeof until;
  close(): Promise<void>;
}

/** Starts a cluster of that name with an engine; with `viewerOf`, an engine for a user who may only look at that one's. */
export async function startRealEngine(
  name: string,
  options: { up?: readonly string[]; viewerOf?: RealEngine } = {},
): Promise<RealEngine> {
  const { viewerOf } = options;
  const own = viewerOf === undefined ? await startRealCluster(name, options.up) : undefined;
  const { kubeconfig, kubectl } = (own ?? viewerOf) as Omit<RealCluster, 'down'>;
  const folder = mkdtempSync(path.join(tmpdir(), 'kubesage-real-'));
  const { client, clusters, close } = await connectEngine(
    own === undefined ? `${kubeconfig}.viewer` : kubeconfig,
    folder,
  );
  const first = () => {
    const [cluster] = clusters();
    if (cluster === undefined) throw new Error('No cluster yet');
    return cluster;
  };
  await until(() => void first());
  await client.fleet.open({ clusters: [first().key] });
  await until(() => {
    if (first().state !== 'live') throw new Error(`It is ${first().state}: ${first().reason ?? ''}`);
  });
  return {
    client,
    cluster: first().key,
    kubeconfig,
    kubectl,
    until,
    async close() {
      await close();
      rmSync(folder, { recursive: true, force: true });
      own?.down();
    },
  };
}

/** A machine has one real node at a time: test files that want it wait for each other. */
async function realNodeLock(): Promise<() => void> {
  const lock = path.join(tmpdir(), 'kubesage-real-node.lock');
  const holder = path.join(lock, 'pid');
  for (;;) {
    try {
      mkdirSync(lock);
      writeFileSync(holder, String(process.pid));
      return () => rmSync(lock, { recursive: true, force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (isOrphaned(holder)) rmSync(lock, { recursive: true, force: true });
    await pause(500);
  }
}

/** Whoever took the lock has ended without giving it back. */
function isOrphaned(holder: string): boolean {
  try {
    process.kill(Number(readFileSync(holder, 'utf8')), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
