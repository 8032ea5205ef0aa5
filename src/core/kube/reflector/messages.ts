import type { ErrorValue } from '../../kernel/errors.ts';
import type { ConnectionSpec, Credentials } from '../auth/connection.ts';
import type { WatchMessage } from '../columns/batch.ts';
import type { WatchTarget } from './watchers.ts';

/** From the engine's thread to a worker. `watch` numbers one demand, so that what is late can be told from what is new. */
export type Order =
  | { type: 'connect'; cluster: number; spec: ConnectionSpec }
  | { type: 'disconnect'; cluster: number }
  | { type: 'watch'; cluster: number; watch: number; target: WatchTarget }
  | { type: 'unwatch'; cluster: number; kind: string }
  | { type: 'retry'; cluster: number }
  | { type: 'shed' }
  /** So many rows have been taken in: the worker may send as many more. */
  | { type: 'taken'; rows: number }
  | { type: 'credentials'; id: number; credentials?: Credentials; error?: ErrorValue };

/** From a worker to the engine's thread. */
export type Report =
  | { type: 'messages'; messages: { watch: number; message: WatchMessage }[] }
  | { type: 'credentials'; id: number; cluster: number; refused: number | undefined };

export interface WorkerData {
  version: string;
}

export function kindOf(message: WatchMessage): string {
  return message.type === 'rows' ? message.batch.kind : message.kind;
}

export function clusterOf(message: WatchMessage): number {
  return message.type === 'rows' ? message.batch.cluster : message.cluster;
}
