import type { RowBatch } from '../columns/batch.ts';

/** Where the objects of one list go: projected into columns while their bytes are at hand. */
export interface RowSink {
  /** Rows that wait to be taken. */
  readonly count: number;
  protobuf(bytes: Uint8Array, start: number, end: number, op: 0 | 1): void;
  json(bytes: Uint8Array, start: number, end: number, op: 0 | 1): void;
  take(): RowBatch;
}
