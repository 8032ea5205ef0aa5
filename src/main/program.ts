import { homedir } from 'node:os';
import { Worker } from 'node:worker_threads';
import packageJson from '../../package.json' with { type: 'json' };
import { createEngine, type DemoFleet, type Engine, type EngineOptions } from '../core/engine.ts';

export const { version } = packageJson;

/** From the sources, workers are the files themselves; in a bundle they lie beside it. */
const isSource = import.meta.url.endsWith('.ts');

function workerUrl(source: string, bundled: string): URL {
  return new URL(isSource ? source : bundled, import.meta.url);
}

/** The engine as a program runs it: on the user's environment, with workers where this host's files are. */
export function startEngine(options: {
  host: EngineOptions['host'];
  dataFolder: string | undefined;
  demo: EngineOptions['demo'];
}): Promise<Engine> {
  return createEngine({
    ...options,
    version,
    env: process.env,
    homeFolder: homedir(),
    discover: options.demo !== 'always',
    // A program that a desktop starts has a poorer PATH than the user's shell.
    askShell: options.host === 'electron',
    startDemo: startDemoWorker,
    watcherWorkerUrl: workerUrl('../core/kube/reflector/watcherWorker.ts', './watcherWorker.mjs'),
    log: (message) => process.stderr.write(`${message}\n`),
  });
}

/** The demo fleet's API servers run in a thread of their own, so that they do not compete with the engine's. */
function startDemoWorker(): Promise<DemoFleet> {
  const worker = new Worker(workerUrl('../core/simulator/demoWorker.ts', './demoWorker.mjs'));
  return new Promise((resolve, reject) => {
    worker.once('message', ({ kubeconfig }: { kubeconfig: string }) => {
      worker.on('error', (error) => process.stderr.write(`The demo fleet ended: ${error.message}\n`));
      resolve({ kubeconfig, dispose: () => void worker.terminate() });
    });
    worker.once('error', reject);
  });
}
