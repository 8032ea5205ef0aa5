import type { BatchBuilder } from '../columns/batchBuilder.ts';
import { type Column, firstOwnColumn, type KindSchema, meta, metaColumns, type Unit } from '../columns/schema.ts';
import type { Cells } from './cellSet.ts';
import type { ObjectMeta } from './meta.ts';
import type { SharedCells } from './sharedCells.ts';

/** Where the navigation shows a kind. */
export const sections = ['Workloads', 'Network', 'Config', 'Storage', 'Access', 'Cluster', 'Policy'] as const;
export type Section = (typeof sections)[number];

/**
 * A built-in kind. `select` names what its rows are made of (see scripts/generate/selection.ts), `row` makes them of
 * these parts alone; the parts are the same whether the object came as protobuf or as JSON. `row` writes the kind's own
 * cells and, through `say`, the status; the other meta cells are written before it is called.
 */
export interface Kind<T extends object = object> {
  schema: KindSchema;
  section: Section;
  shortNames: readonly string[];
  select: string;
  row(object: T, meta: ObjectMeta, cells: BatchBuilder): void;
  /** How protobuf of it is read by parts, for kinds that come by the ten thousand. */
  shared?: SharedCells<T> | undefined;
}

/** Indexes of `tones`. */
export const tone = { healthy: 0, progressing: 1, warning: 2, failed: 3, unknown: 4, stopped: 5 } as const;
export type ToneIndex = (typeof tone)[keyof typeof tone];

type Shown = Omit<Column, 'id'>;
type Priority = 0 | 1 | 2;

export function text(title: string, priority: Priority = 0, width?: number, description?: string): Shown {
  return { title, type: 'text', priority, width, description };
}

/** Text that is mostly unique. */
export function unique(title: string, priority: Priority = 0, width?: number, description?: string): Shown {
  return { title, type: 'name', priority, width, description };
}

export function number(title: string, unit: Unit = 'count', priority: Priority = 0, description?: string): Shown {
  return { title, type: 'number', unit, priority, width: 90, description };
}

export function time(title: string, priority: Priority = 0, description?: string): Shown {
  return { title, type: 'time', priority, width: 90, description };
}

/** A kind's own columns, whose ids are the keys, and the index of each in the schema. */
export function columns<K extends string>(own: Record<K, Shown>): { list: Column[]; at: Record<K, number> } {
  const list: Column[] = [];
  const at: Partial<Record<K, number>> = {};
  for (const id of Object.keys(own) as K[]) {
    at[id] = firstOwnColumn + list.length;
    list.push({ id, ...own[id] });
  }
  return { list, at: at as Record<K, number> };
}

export function kind<T extends object>(description: {
  /** `deployments.apps` */
  id: string;
  kind: string;
  version: string;
  section: Section;
  shortNames?: readonly string[];
  /** The object is in a namespace unless this says otherwise. */
  cluster?: true;
  columns: readonly Column[];
  select: string;
  row: Kind<T>['row'];
  shared?: SharedCells<T>;
}): Kind<T> {
  const cut = description.id.indexOf('.');
  const resource = cut < 0 ? description.id : description.id.slice(0, cut);
  return {
    schema: {
      id: description.id,
      group: cut < 0 ? '' : description.id.slice(cut + 1),
      version: description.version,
      resource,
      kind: description.kind,
      namespaced: description.cluster !== true,
      columns: [...metaColumns, ...description.columns],
    },
    section: description.section,
    shortNames: description.shortNames ?? [],
    select: description.select,
    row: description.row,
    shared: description.shared,
  };
}

/** Writes what is said of every row. An object that is being deleted says so, whatever else it is. */
export function say(cells: BatchBuilder, about: ObjectMeta, status: string, how: ToneIndex, reason = ''): void {
  if (about.deleting !== 0) {
    cells.text(meta.status, 'Terminating');
    cells.number(meta.tone, tone.stopped);
    cells.text(meta.reason, reason === '' ? status : reason);
    return;
  }
  cells.text(meta.status, status);
  cells.number(meta.tone, how);
  cells.text(meta.reason, reason);
}

/** The same for kinds that compute deletion into the status themselves. */
export function sayExactly(cells: Cells, status: string, how: ToneIndex, reason = ''): void {
  cells.text(meta.status, status);
  cells.number(meta.tone, how);
  cells.text(meta.reason, reason);
}
