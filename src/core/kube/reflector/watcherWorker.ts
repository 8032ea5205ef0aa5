import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../kernel/clock.ts';
import type { WorkerData } from './messages.ts';
import { serveShard } from './shardHost.ts';

/** Entry of a worker thread: one shard of the clusters, told what to do by the engine's thread. */
if (parentPort === null) throw new Error('This module runs as a worker thread');
serveShard(parentPort, {
  clock: systemClock,
  random: Math.random,
  defer: (run) => setImmediate(run),
  version: (workerData as WorkerData).version,
});
