import type { KindId } from './schema.ts';

/**
 * Rows on their way from a watcher (a worker thread that parses) to the tables (the engine's thread). Columns only, so
 * that 10,000 rows cross as a few transferred buffers. Made by BatchBuilder, applied by Table.
 *
 * Text is interned at the watcher: a text cell is an id in the dictionary of (interner, column), and `strings` carries
 * what that dictionary has gained since the interner's previous batch of this kind. Ids count up from 0 in order of
 * appearance, across batches; id 0 is always ''. When `interner` differs from what the receiver knows, the dictionary
 * starts afresh.
 */
export interface RowBatch {
  /** Index of the cluster in the engine. */
  cluster: number;
  kind: KindId;
  /** Identifies the dictionaries that the text ids below belong to; grows when the watcher starts them afresh. */
  interner: number;
  /** Counts the interner's batches, from 0: whoever misses one has lost rows, and perhaps texts that later rows name. */
  sequence: number;
  /** Number of rows. */
  count: number;
  /** One byte a row: 0 upsert, 1 delete. A deleted row has its uid and its name and namespace; other cells may be empty. */
  ops: Uint8Array;
  /** Four 32-bit words a row, big-endian halves of the uid; a uid that is no RFC 4122 UUID is hashed to 128 bits. */
  uids: Uint32Array;
  /** resourceVersion as a number where it is one that a float holds exactly, else NaN (then it is not comparable). */
  versions: Float64Array;
  /** One entry a column of the kind's schema, in the schema's order. */
  cells: readonly CellColumn[];
  /** Text that the dictionaries gained, by column index; columns without news are absent. */
  strings: ReadonlyMap<number, readonly string[]>;
}

export type CellColumn =
  | { type: 'text'; ids: Uint32Array }
  /** UTF-8 of every row one after the other; row i is bytes[ends[i-1] .. ends[i]]. */
  | { type: 'name'; bytes: Uint8Array; ends: Uint32Array }
  | { type: 'number'; values: Float64Array }
  | { type: 'time'; seconds: Uint32Array };

/** What a watcher tells about one kind of one cluster, in order. */
export type WatchMessage =
  /** A complete list begins: rows that are not named before `listed` are gone. */
  | { type: 'listing'; cluster: number; kind: KindId; scope: string }
  | { type: 'rows'; batch: RowBatch; scope: string }
  /** The list is complete; the table equals the server's state at this version. */
  | { type: 'listed'; cluster: number; kind: KindId; scope: string; resourceVersion: string }
  /** Everything up to this version has been delivered. */
  | { type: 'progress'; cluster: number; kind: KindId; scope: string; resourceVersion: string }
  | { type: 'state'; cluster: number; kind: KindId; scope: string; state: WatchState };

/** Where a watch stands. `since` is milliseconds since the epoch. `scope` above is a namespace, or '' for all. */
export type WatchState =
  | { state: 'listing'; since: number }
  /** `unreadable` objects were sent in a form that neither way of reading understands; they are not among the rows. */
  | { state: 'live'; since: number; unreadable?: number }
  /** Rows are shown as they were; the server may know better. */
  | { state: 'stale'; since: number; reason: string; code: string }
  | { state: 'forbidden'; since: number; reason: string }
  /** The server does not serve this kind (any more). */
  | { state: 'absent'; since: number; reason: string }
  | { state: 'stopped'; since: number };
