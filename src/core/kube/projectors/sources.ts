import type { BatchBuilder } from '../columns/batchBuilder.ts';
import { type Column, decodeLabels, type KindSchema } from '../columns/schema.ts';
import { cellText, findAll, type JsonPath, parseJsonPath } from './jsonPath.ts';
import { type Wanted, wantPath } from './jsonWalk.ts';
import { isRecord, secondsOf } from './read.ts';

/** A column whose cell is looked up in the object as JSON: a printer column of a CRD, or one that the user added. */
export interface SourcedColumn {
  index: number;
  type: Column['type'];
  label: string | undefined;
  annotation: string | undefined;
  path: JsonPath | undefined;
  /** kubectl prints the first value that a printer column finds; a user's column shows all of them. */
  firstOnly: boolean;
}

/** Every `apply` leaves the whole manifest there, a Secret's values among it. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * What of a Secret a column may show: its values never leave the API server's answer, so that no path is even tried
 * that could reach them.
 */
function mayRead(schema: KindSchema, column: SourcedColumn): boolean {
  if (schema.id !== 'secrets') return true;
  if (column.annotation !== undefined) return column.annotation !== lastApplied;
  if (column.path === undefined) return true;
  const [first, second, third] = column.path.prefix;
  if (first === 'type' || first === 'immutable') return true;
  if (first !== 'metadata' || second === undefined || column.path.steps.some(({ step }) => step === 'deep'))
    return false;
  return second !== 'managedFields' && (second !== 'annotations' || (third !== undefined && third !== lastApplied));
}

/** The columns of a schema that say where they come from. Throws KubeSageError `invalid` for a path that is none. */
export function sourcedColumns(schema: KindSchema, firstUserColumn: number): SourcedColumn[] {
  const found: SourcedColumn[] = [];
  for (const [index, { type, from }] of schema.columns.entries()) {
    if (from === undefined) continue;
    const column: SourcedColumn = {
      index,
      type,
      label: from.from === 'label' ? from.path : undefined,
      annotation: from.from === 'annotation' ? from.path : undefined,
      path: from.from === 'jsonPath' ? parseJsonPath(from.path) : undefined,
      firstOnly: index < firstUserColumn && from.all !== true,
    };
    if (mayRead(schema, column)) found.push(column);
  }
  return found;
}

/** Adds to `root` what the columns read beyond the labels. */
export function wantSources(root: Wanted, columns: readonly SourcedColumn[]): void {
  for (const { annotation, path } of columns) {
    if (annotation !== undefined) wantPath(root, ['metadata', 'annotations', annotation]);
    if (path !== undefined) wantPath(root, path.prefix);
  }
}

/** Writes the cells. `labels` is the row's own labels text. */
export function writeSources(
  columns: readonly SourcedColumn[],
  object: unknown,
  labels: string,
  cells: BatchBuilder,
): void {
  let decoded: Record<string, string> | undefined;
  for (const column of columns) {
    let value: unknown;
    if (column.label !== undefined) {
      decoded ??= decodeLabels(labels);
      value = Object.hasOwn(decoded, column.label) ? decoded[column.label] : undefined;
    } else if (column.annotation !== undefined) {
      const metadata = isRecord(object) ? object.metadata : undefined;
      const annotations = isRecord(metadata) ? metadata.annotations : undefined;
      value =
        isRecord(annotations) && Object.hasOwn(annotations, column.annotation)
          ? annotations[column.annotation]
          : undefined;
    } else if (column.path !== undefined) {
      const values = findAll(column.path, object);
      value = column.firstOnly || values.length < 2 ? values[0] : values.map(cellText).join(', ');
    }
    if (value === undefined || value === null) continue;
    if (column.type === 'number') {
      const amount =
        typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : Number.NaN;
      if (!Number.isNaN(amount)) cells.number(column.index, amount);
    } else if (column.type === 'time') cells.time(column.index, secondsOf(value));
    else if (column.type === 'name') cells.name(column.index, cellText(value));
    else cells.text(column.index, cellText(value));
  }
}
