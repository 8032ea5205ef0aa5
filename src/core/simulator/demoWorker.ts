// The demo fleet in a thread of its own. Posts `{ kubeconfig }` once it serves; ends with its thread.
import { parentPort } from 'node:worker_threads';
import { createDemoFleet } from './demoFleet.ts';

const { kubeconfig } = await createDemoFleet();
parentPort?.postMessage({ kubeconfig });
