import { Worker } from 'node:worker_threads';
import type { RowBatch } from '../../src/core/kube/columns/batch.ts';
import { createTables, type Tables } from '../../src/core/kube/columns/tables.ts';
import { builtInSchema } from '../../src/core/kube/projectors/index.ts';
import { type Figure, median, toFigure } from '../figure.ts';
import type { PlainPod } from '../fleet/syntheticPods.ts';
import type { WireOrder } from './childWire.ts';

const rows = 100_000;
const rounds = 7;

/**
 * scale.wire: rows from a watcher's thread into the engine's store over a MessagePort: typed arrays that are handed over
 * and written into columns, against the same rows as plain objects, cloned by the port and put into a Map by their key.
 */
export async function run(): Promise<Figure[]> {
  const worker = new Worker(new URL('./childWire.ts', import.meta.url));
  try {
    await said(worker, 'ready');
    const seconds: Record<WireOrder['form'], number[]> = { batches: [], objects: [] };
    // The first round of each counts for neither.
    for (let round = 0; round <= rounds; round++) {
      for (const form of ['batches', 'objects'] as const) {
        const took = await receive(worker, form);
        if (round > 0) seconds[form].push(took);
      }
    }
    const rate = (values: readonly number[]) => Math.round(rows / median(values));
    return [
      toFigure(
        seconds.objects.map((value, round) => value / (seconds.batches[round] as number)),
        {
          id: 'scale.wire',
          unit: 'times the rows a second',
          against: `structured clone of row objects, ${rate(seconds.objects)} rows/s into a Map; ours ${rate(seconds.batches)} rows/s into the table`,
          atLeast: 1,
        },
      ),
    ];
  } finally {
    await worker.terminate();
  }
}

/** Seconds from the first message to the last row in the store. */
function receive(worker: Worker, form: WireOrder['form']): Promise<number> {
  const schema = builtInSchema('pods');
  if (schema === undefined) throw new Error('The schema of pods is missing');
  const tables: Tables = createTables();
  const table = tables.table(schema);
  const objects = new Map<string, PlainPod>();
  return new Promise((resolve, reject) => {
    let from = 0;
    const listen = (message: 'begin' | 'end' | RowBatch | PlainPod[]) => {
      if (message === 'begin') from = performance.now();
      else if (message === 'end') {
        const took = (performance.now() - from) / 1000;
        worker.off('message', listen);
        worker.off('error', reject);
        const stored = form === 'batches' ? table.count : objects.size;
        if (stored === rows) resolve(took);
        else reject(new Error(`${stored} of ${rows} rows came as ${form}`));
      } else if (Array.isArray(message)) {
        for (const pod of message) objects.set(`${pod.cluster}/${pod.namespace}/${pod.name}`, pod);
      } else tables.apply({ type: 'rows', batch: message, scope: '' });
    };
    worker.on('message', listen);
    worker.once('error', reject);
    worker.postMessage({ form } satisfies WireOrder);
  });
}

function said(worker: Worker, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (message) => {
      worker.off('error', reject);
      if (message === word) resolve();
      else reject(new Error('The sending thread said something else'));
    });
  });
}
