import { isMainThread, type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads';
import { KubeSageError, toErrorValue } from '../kernel/errors.ts';
import { createDemoFleet, type DemoFleet } from './demoFleet.ts';
import { type PastRow, pastRows } from './scenario/pastRows.ts';

/** What the worker says: first, when it serves or cannot. */
type Greeting = { kubeconfig: string } | { failure: string };
/** Then, when it is asked: the past in parts, and that this was all or why there is no more. */
type Told = { rows: readonly PastRow[] } | { ended: string | null };
/** What it is asked: the past of these clusters, by name. */
type Question = { past: readonly string[] };

const role = 'kubesage-demo-fleet';
/** Of the thread's time, this share at most goes to the past: the clusters answer meanwhile. */
const pastShare = 0.4;
/** Rows that come at once: as many as the engine's thread takes in within a few milliseconds. */
const mostRows = 250;

/** The demo fleet where it runs. */
interface DemoThread {
  kubeconfig: string;
  /**
   * Tells the two weeks before its start, of the clusters with these names, in order of time within a cluster. Rejects
   * when the signal is aborted or the thread ends.
   */
  past(clusters: readonly string[], take: (rows: readonly PastRow[]) => void, signal: AbortSignal): Promise<void>;
  dispose(): void;
}

/**
 * The demo fleet on a thread of its own, so that its life never delays who looks at it. `entry` is this module's file,
 * where a bundler has moved it; default: this file.
 */
export async function startDemoWorker(options: { seed?: string; entry?: URL } = {}): Promise<DemoThread> {
  const worker = new Worker(options.entry ?? new URL(import.meta.url), {
    workerData: { role, seed: options.seed },
    name: role,
  });
  const greeting = await new Promise<Greeting>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new KubeSageError('internal', `The demo fleet's thread ended with ${code}`)));
  });
  if ('failure' in greeting) {
    await worker.terminate();
    throw new KubeSageError('internal', `The demo fleet could not be started: ${greeting.failure}`);
  }
  // Whoever uses the fleet keeps the process alive, not the fleet.
  worker.unref();
  return {
    kubeconfig: greeting.kubeconfig,
    past: (clusters, take, signal) => readPast(worker, { clusters, take, signal }),
    dispose: () => void worker.terminate(),
  };
}

function readPast(
  worker: Worker,
  {
    clusters,
    take,
    signal,
  }: { clusters: readonly string[]; take(rows: readonly PastRow[]): void; signal: AbortSignal },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (finish: () => void) => {
      worker.off('message', hear);
      worker.off('exit', gone);
      signal.removeEventListener('abort', abort);
      finish();
    };
    const abort = () => end(() => reject(signal.reason));
    const gone = () => end(() => reject(new KubeSageError('cancelled', "The demo fleet's thread has ended")));
    const hear = (told: Told) => {
      if ('rows' in told) return take(told.rows);
      if (told.ended === null) end(resolve);
      else end(() => reject(new KubeSageError('internal', `The demo fleet's past broke off: ${told.ended}`)));
    };
    if (signal.aborted) return reject(signal.reason);
    worker.on('message', hear);
    worker.once('exit', gone);
    signal.addEventListener('abort', abort, { once: true });
    worker.postMessage({ past: clusters } satisfies Question);
  });
}

function mine(data: unknown): data is { role: string; seed?: string } {
  return typeof data === 'object' && data !== null && 'role' in data && data.role === role;
}

/** Starts the fleet when this module is the worker's entry; imported by anything else it does nothing. */
export async function serveDemo(): Promise<void> {
  const port = parentPort;
  if (isMainThread || port === null || !mine(workerData)) return;
  const { seed } = workerData;
  try {
    const fleet = await createDemoFleet(seed === undefined ? {} : { seed });
    port.on('message', ({ past }: Question) => void tellPast(port, fleet, past));
    port.postMessage({ kubeconfig: fleet.kubeconfig } satisfies Greeting);
  } catch (error) {
    port.postMessage({ failure: toErrorValue(error).message } satisfies Greeting);
  }
}

async function tellPast(port: MessagePort, fleet: DemoFleet, clusters: readonly string[]): Promise<void> {
  const tell = (told: Told) => port.postMessage(told);
  try {
    let started = performance.now();
    for (const rows of pastRows({ nowMs: fleet.bornMs, seed: fleet.seed, clusters })) {
      for (let from = 0; from < rows.length; from += mostRows) tell({ rows: rows.slice(from, from + mostRows) });
      const tookMs = performance.now() - started;
      await new Promise((resolve) => setTimeout(resolve, tookMs * (1 / pastShare - 1)));
      started = performance.now();
    }
    tell({ ended: null });
  } catch (error) {
    tell({ ended: toErrorValue(error).message });
  }
}

void serveDemo();
