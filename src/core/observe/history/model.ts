import { isUserColumn, type KindSchema, meta } from '../../kube/columns/schema.ts';

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

const notKept: ReadonlySet<number> = new Set([meta.tone, meta.ownerUid]);

export function versionCells(schema: KindSchema, cell: CellReader): VersionCells {
  const cells: VersionCells = {};
  schema.columns.forEach((column, index) => {
    if (notKept.has(index) || isUserColumn(column.id)) return;
    const value = cell(index);
    if (value === null || value === '') return;
    cells[column.id] = value;
  });
  return cells;
}

/**
 * 53 bits over all cells: two FNV-1a style sums with different primes. A collision between two successive versions of
 * one object (about 1 in 10^16) would leave one version out.
 */
export function fingerprint(schema: KindSchema, cell: CellReader): number {
  let high = 0x811c9dc5;
  let low = 0x01000193;
  const mix = (code: number) => {
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x85ebca6b) + 0x27d4eb2f;
  };
  let number = 0;
  for (const [index, { id }] of schema.columns.entries()) {
    // What the user adds to a list changes no object.
    if (isUserColumn(id)) continue;
    const value = cell(index);
    mix(++number);
    if (typeof value === 'string') for (let at = 0; at < value.length; at++) mix(value.charCodeAt(at));
    else {
      scratch[0] = value ?? Number.NaN;
      mix(words[0] ?? 0);
      mix(words[1] ?? 0);
    }
  }
  return (high >>> 0) * 0x200000 + ((low >>> 0) & 0x1fffff);
}

const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);

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
