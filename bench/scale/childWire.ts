import { parentPort } from 'node:worker_threads';
import type { RowBatch } from '../../src/core/kube/columns/batch.ts';
import { batchBuffer } from '../../src/core/kube/columns/batchBuilder.ts';
import { builtInSchema } from '../../src/core/kube/projectors/index.ts';
import { type PlainPod, syntheticPods } from '../fleet/syntheticPods.ts';

/** The sending thread of scale.wire: the same rows in our form or as objects, by the thousand, when it is asked. */
export interface WireOrder {
  form: 'batches' | 'objects';
}

const rows = 100_000;
const port = parentPort;
const schema = builtInSchema('pods');
if (port === null || schema === undefined) throw new Error('This runs as a worker thread');
const { batches, plain } = syntheticPods(schema, rows);
const parts: PlainPod[][] = [];
for (let at = 0; at < plain.length; at += 2_000) parts.push(plain.slice(at, at + 2_000));

port.on('message', ({ form }: WireOrder) => {
  // Copies of what stays here are made before the clock starts: what is sent is gone.
  const copies: RowBatch[] = form === 'batches' ? batches.map((batch) => structuredClone(batch)) : [];
  port.postMessage('begin');
  if (form === 'batches') for (const batch of copies) port.postMessage(batch, [batchBuffer(batch)]);
  else for (const part of parts) port.postMessage(part);
  port.postMessage('end');
});
port.postMessage('ready');
