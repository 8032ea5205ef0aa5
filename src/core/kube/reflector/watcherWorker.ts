import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { CredentialSource, Credentials } from '../auth/connection.ts';
import { batchBuffers } from '../columns/batchBuilder.ts';
import { clusterOf, kindOf, type Order, type Report, type WorkerData } from './messages.ts';
import { Shard } from './shard.ts';

/** Entry of a worker thread: one shard of the clusters, told what to do by the engine's thread. */
if (parentPort === null) throw new Error('This module runs as a worker thread');
const port = parentPort;

/** Number of the demand that a (cluster, kind) is watched for. */
const watches = new Map<string, number>();
const waiting = new Map<number, { resolve: (credentials: Credentials) => void; reject: (error: unknown) => void }>();
let nextRequest = 0;
let outgoing: Extract<Report, { type: 'messages' }>['messages'] = [];

function send(): void {
  const messages = outgoing;
  outgoing = [];
  const buffers: ArrayBuffer[] = [];
  for (const { message } of messages) if (message.type === 'rows') buffers.push(...batchBuffers(message.batch));
  port.postMessage({ type: 'messages', messages } satisfies Report, buffers);
}

const shard = new Shard({
  clock: systemClock,
  random: Math.random,
  defer: (run) => setImmediate(run),
  version: (workerData as WorkerData).version,
  emit(message) {
    const watch = watches.get(`${clusterOf(message)}/${kindOf(message)}`);
    if (watch === undefined) return;
    if (outgoing.length === 0) queueMicrotask(send);
    outgoing.push({ watch, message });
  },
});

function credentialsOf(cluster: number): CredentialSource {
  return {
    get: (refused) =>
      new Promise((resolve, reject) => {
        const id = nextRequest++;
        waiting.set(id, { resolve, reject });
        port.postMessage({ type: 'credentials', id, cluster, refused } satisfies Report);
      }),
  };
}

port.on('message', (order: Order) => {
  switch (order.type) {
    case 'connect':
      shard.connect(order.cluster, order.spec, credentialsOf(order.cluster));
      break;
    case 'disconnect':
      shard.disconnect(order.cluster);
      for (const key of [...watches.keys()]) if (key.startsWith(`${order.cluster}/`)) watches.delete(key);
      break;
    case 'watch':
      watches.set(`${order.cluster}/${order.target.schema.id}`, order.watch);
      shard.watch(order.cluster, order.target);
      break;
    case 'unwatch':
      watches.delete(`${order.cluster}/${order.kind}`);
      shard.unwatch(order.cluster, order.kind);
      break;
    case 'retry':
      shard.retry(order.cluster);
      break;
    case 'credentials': {
      const request = waiting.get(order.id);
      waiting.delete(order.id);
      if (order.credentials !== undefined) request?.resolve(order.credentials);
      else request?.reject(KubeSageError.fromValue(order.error ?? { code: 'internal', message: 'No credentials' }));
      break;
    }
  }
});
