import { request } from 'node:https';
import { parentPort, workerData } from 'node:worker_threads';
import type { Access } from './access.ts';

/** What a watch of all pods looks for: restart counts from `first` up to `end`, which is not among them. */
export interface ProbeSearch {
  access: Access;
  /** resourceVersion to watch from. */
  from: string;
  first: number;
  end: number;
}

/** A restart count and when it arrived first, milliseconds since the epoch. */
export type SeenProbe = [restarts: number, at: number];

/**
 * A bare watch of all pods beside ours, as protobuf too, so that the server has the same work for both. A thread of its
 * own, so that what it is told waits for nobody. Of the bytes it only looks for restart counts of probes.
 */
const { access, from, first, end } = workerData as ProbeSearch;
const { ca, cert, key, server } = access;
const headers = { accept: 'application/vnd.kubernetes.protobuf;stream=watch' };
const seen = new Set<number>();
const where = `${server}/api/v1/pods?watch=true&resourceVersion=${from}`;
request(where, { ca, cert, key, headers }, (response) => {
  parentPort?.postMessage('open');
  let rest: Buffer = Buffer.alloc(3);
  response.on('data', (chunk: Buffer) => {
    const at = performance.timeOrigin + performance.now();
    const bytes = Buffer.concat([rest, chunk]);
    // Field 5 as a varint of three bytes whose last is that of 98,304 to 114,687.
    for (let last = bytes.indexOf(0x06); last >= 0; last = bytes.indexOf(0x06, last + 1)) {
      const [tag, low, middle] = bytes.subarray(last - 3, last);
      if (tag !== 0x28 || low === undefined || middle === undefined) continue;
      const restarts = (6 << 14) | ((middle & 127) << 7) | (low & 127);
      if (restarts < first || restarts >= end || seen.has(restarts)) continue;
      seen.add(restarts);
      parentPort?.postMessage([restarts, at] satisfies SeenProbe);
    }
    rest = bytes.subarray(-3);
  });
}).end();
