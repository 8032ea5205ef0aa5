import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { KubeSageError, toErrorValue } from '../kernel/errors.ts';
import { createDemoFleet, type DemoFleet } from './demoFleet.ts';

/** What the worker says: once, when it serves or cannot. */
type Greeting = { kubeconfig: string } | { failure: string };

const role = 'kubesage-demo-fleet';

/**
 * The demo fleet on a thread of its own, so that its life never delays who looks at it. `entry` is this module's file,
 * where a bundler has moved it; default: this file.
 */
export async function startDemoWorker(options: { seed?: string; entry?: URL } = {}): Promise<DemoFleet> {
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
  return { kubeconfig: greeting.kubeconfig, dispose: () => void worker.terminate() };
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
    port.postMessage({ kubeconfig: fleet.kubeconfig } satisfies Greeting);
  } catch (error) {
    port.postMessage({ failure: toErrorValue(error).message } satisfies Greeting);
  }
}

void serveDemo();
