import type { KindSchema } from '../../kube/columns/schema.ts';
import type { CellPage } from './cellPage.ts';

/** A table as the recorder reads it. Rows are numbered; a number is used again after its object is gone. */
export interface ObservedTable {
  readonly schema: KindSchema;
  /** Id of the cluster that the row belongs to. */
  clusterOf(row: number): string;
  uidOf(row: number): string;
  /** Puts the uid's four words into `words`, the highest first. */
  copyUid(row: number, words: Uint32Array): void;
  isAlive(row: number): boolean;
  cell(row: number, column: number): string | number | null;
  /** `fingerprint` of the row's cells. */
  fingerprint(row: number): number;
  /** Adds the row's cells to a page of this schema. */
  writeCells(page: CellPage, row: number): void;
}
