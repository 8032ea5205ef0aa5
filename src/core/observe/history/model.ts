import { type KindSchema, meta } from '../../kube/columns/schema.ts';

/** Kinds whose objects change all the time and say nothing by it. Events have a table of their own. */
const unrecorded: ReadonlySet<string> = new Set([
  'events',
  'events.events.k8s.io',
  'leases.coordination.k8s.io',
  'componentstatuses',
]);

export const isRecorded = (kind: string): boolean => !unrecorded.has(kind);
export const isEventKind = (kind: string): boolean => kind === 'events' || kind === 'events.events.k8s.io';

/** Reads one cell of a row: text, a number, an instant in milliseconds, or null when absent. */
export type CellReader = (column: number) => string | number | null;

/** A row's cells as they are kept: by column id, absent ones left out, so that a later schema still reads them. */
export type VersionCells = Record<string, string | number>;

/** What of a kind's schema says what its versions' cells are. */
export type VersionSchema = Pick<KindSchema, 'id' | 'columns'>;

/** Columns that are compared and not kept: they follow from others, or say nothing to a reader. */
export const notKept: ReadonlySet<number> = new Set([meta.tone, meta.ownerUid]);

export interface CellChange {
  column: string;
  before: string | null;
  after: string | null;
}

/** Columns whose value differs, sorted by id. */
export function changedCells(before: VersionCells, after: VersionCells): CellChange[] {
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const text = (value: string | number | undefined) => (value === undefined ? null : String(value));
  return ids
    .filter((id) => before[id] !== after[id])
    .map((column) => ({ column, before: text(before[column]), after: text(after[column]) }));
}
