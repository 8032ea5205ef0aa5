import { homedir } from 'node:os';
import { createEngine, type DemoFleet, type Engine, type EngineOptions } from '../core/engine.ts';
import { version } from './version.ts';

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
  sealKey?: Uint8Array | undefined;
  confirm?: EngineOptions['confirm'];
  spawnPty?: EngineOptions['spawnPty'];
}): Promise<Engine> {
  return createEngine({
    ...options,
    version,
    env: process.env,
    homeFolder: homedir(),
    discover: options.demo !== 'always',
    // A program that a desktop starts has a poorer PATH than the user's shell.
    askShell: options.host === 'electron',
    startDemo,
    watcherWorkerUrl: workerUrl('../core/kube/reflector/watcherWorker.ts', './watcherWorker.mjs'),
    log: (message) => process.stderr.write(`${message}\n`),
  });
}

/** Loaded when it is wanted: nobody else pays for the simulator. */
async function startDemo(): Promise<DemoFleet> {
  const { startDemoWorker } = await import('../core/simulator/index.ts');
  return startDemoWorker({ entry: workerUrl('../core/simulator/demoWorker.ts', './demoWorker.mjs') });
}
