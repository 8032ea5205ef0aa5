import { parentPort } from 'node:worker_threads';
import { batchRows } from '../../columns/batchBuilder.ts';
import { builtInSchema } from '../../projectors/index.ts';
import type { Report } from '../messages.ts';

/** The worker, which dies as soon as it has seen the pod `crash-now`: a defect that some object causes. */
const port = parentPort;
const send = port?.postMessage.bind(port);
const pods = builtInSchema('pods');
if (port === null || send === undefined || pods === undefined) throw new Error('This module runs as a worker thread');

port.postMessage = (report: Report, ...rest) => {
  if (report.type === 'messages') {
    for (const { message } of report.messages) {
      if (message.type === 'rows' && batchRows(pods, [message.batch]).some(({ name }) => name === 'crash-now')) {
        throw new Error('a bug');
      }
    }
  }
  send(report, ...rest);
};
await import('../watcherWorker.ts');
