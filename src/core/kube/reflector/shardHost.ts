import type { Clock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { CredentialSource, Credentials } from '../auth/connection.ts';
import { batchBuffer } from '../columns/batchBuilder.ts';
import { forgetByteCaches } from '../projectors/byteCache.ts';
import type { createTransport } from '../transport/index.ts';
import { clusterOf, kindOf, type Order, type Report } from './messages.ts';
import { Shard } from './shard.ts';

/** Rows on their way to the engine, from which on nothing more is read from any server, and until when. */
const mostRows = 20_000;
const fewRows = 5_000;

/** The worker's end of what connects it with the engine's thread: a MessagePort, or a test's. */
export interface ShardPort {
  on(event: 'message', listener: (order: Order) => void): unknown;
  postMessage(report: Report, transfer?: ArrayBuffer[]): void;
}

export interface ShardHostOptions {
  clock: Clock;
  random: () => number;
  defer: (run: () => void) => void;
  version: string;
  /** Tests bring their own. */
  transport?: typeof createTransport | undefined;
}

/** One shard of the clusters, told what to do through the port. Returns the shard, which ends with `dispose`. */
export function serveShard(port: ShardPort, options: ShardHostOptions): Shard {
  /** Number of the demand that a (cluster, kind) is watched for. */
  const watches = new Map<string, number>();
  const waiting = new Map<number, { resolve: (credentials: Credentials) => void; reject: (error: unknown) => void }>();
  let nextRequest = 0;
  let outgoing: Extract<Report, { type: 'messages' }>['messages'] = [];

  let underWay = 0;
  let reading = true;

  /** What is not read waits in the sockets and at the servers, which send the newest state of it in the end (F17). */
  function count(rows: number): void {
    underWay += rows;
    if (reading && underWay >= mostRows) reading = false;
    else if (!reading && underWay <= fewRows) reading = true;
    else return;
    shard.setReading(reading);
  }

  function send(): void {
    const messages = outgoing;
    outgoing = [];
    let rows = 0;
    for (const { message } of messages) if (message.type === 'rows') rows += message.batch.count;
    const buffers: ArrayBuffer[] = [];
    for (const { message } of messages) if (message.type === 'rows') buffers.push(batchBuffer(message.batch));
    port.postMessage({ type: 'messages', messages } satisfies Report, buffers);
    if (rows > 0) count(rows);
  }

  const shard = new Shard({
    ...options,
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
      case 'shed':
        forgetByteCaches();
        break;
      case 'taken':
        count(-order.rows);
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
  return shard;
}
