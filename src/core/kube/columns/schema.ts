/**
 * What a table of one kind holds. The row's first columns are the same for every kind (`metaColumns`), the kind's own
 * follow; a column is addressed by its index in `KindSchema.columns`, which includes the meta columns.
 */
export type ColumnType =
  /** Interned text, from a set that is small beside the number of rows. Absent is ''. */
  | 'text'
  /** Mostly unique text, kept as bytes. Absent is ''. */
  | 'name'
  /** A 64-bit float. Absent is NaN. */
  | 'number'
  /** An instant in whole seconds since the epoch (Kubernetes' own resolution), 0 when absent; shown as an age. */
  | 'time';

/** What a number means, which decides how it is shown, and how a filter such as `cpu>500m` reads its operand. */
export type Unit = 'count' | 'bytes' | 'millicores' | 'seconds' | 'percent' | 'flag';

export interface Column {
  /** Lower-case word used in filters, sort keys and URLs: `restarts`. */
  id: string;
  /** Header, as the field writes it: `Restarts`. */
  title: string;
  type: ColumnType;
  unit?: Unit | undefined;
  /** 0 is shown by default, 1 is offered in the column chooser (kubectl's `-o wide`), 2 is for filters and rules only. */
  priority: 0 | 1 | 2;
  /** One sentence for the header's tooltip. */
  description?: string | undefined;
  /** Width in CSS pixels that fits typical values. */
  width?: number | undefined;
  /** Where the cell is read from, for columns that come from a CRD or a user and not from the kind's own code. */
  from?: CellSource | undefined;
}

export interface CellSource {
  from: 'label' | 'annotation' | 'jsonPath';
  /** Key of the label or annotation, or the JSONPath as kubectl writes it. */
  path: string;
  /** Of a JSONPath: every value that it finds, joined by `, `, and not only the first as kubectl prints it. */
  all?: boolean | undefined;
}

/** Id of a column that a user added, in schemas, lists and links: `annotation:team`. */
export function userColumnId({ from, path }: CellSource): string {
  return `${from}:${path}`;
}

export function isUserColumn(id: string): boolean {
  return /^(label|annotation|jsonPath):/.test(id);
}

/** A kind as kubectl names it, lower case, without its version: `pods`, `deployments.apps`, `applications.argoproj.io`. */
export type KindId = string;

export interface KindSchema {
  id: KindId;
  group: string;
  version: string;
  /** Plural resource name in URLs: `deployments`. */
  resource: string;
  /** Singular name as in manifests: `Deployment`. */
  kind: string;
  namespaced: boolean;
  /** Meta columns first. */
  columns: readonly Column[];
}

/**
 * How a row is doing. A number in the `tone` column, so that it sorts by urgency; a word and a shape on the screen.
 */
export const tones = ['healthy', 'progressing', 'warning', 'failed', 'unknown', 'stopped'] as const;
export type Tone = (typeof tones)[number];

/** Every kind's first columns, in this order. The index of each is in `meta`. */
export const metaColumns: readonly Column[] = [
  { id: 'name', title: 'Name', type: 'name', priority: 0, width: 280 },
  { id: 'namespace', title: 'Namespace', type: 'text', priority: 0, width: 140 },
  { id: 'status', title: 'Status', type: 'text', priority: 0, width: 150, description: 'Computed as kubectl does' },
  { id: 'tone', title: 'Health', type: 'number', unit: 'count', priority: 2 },
  { id: 'reason', title: 'Reason', type: 'text', priority: 1, width: 220, description: 'Why the status is what it is' },
  { id: 'created', title: 'Age', type: 'time', priority: 0, width: 70 },
  { id: 'deleting', title: 'Deleting since', type: 'time', priority: 1, width: 90 },
  {
    id: 'labels',
    title: 'Labels',
    type: 'text',
    priority: 1,
    width: 240,
    description: 'Sorted, one `key=value` a line: see encodeLabels',
  },
  { id: 'owner', title: 'Controlled by', type: 'text', priority: 1, width: 180, description: '`Kind/name`' },
  { id: 'owneruid', title: 'Owner UID', type: 'text', priority: 2 },
];

export const meta = {
  name: 0,
  namespace: 1,
  status: 2,
  tone: 3,
  reason: 4,
  created: 5,
  deleting: 6,
  labels: 7,
  owner: 8,
  ownerUid: 9,
} as const;

export const firstOwnColumn = metaColumns.length;

/** Labels as one interned text: sorted by key, `key=value` joined by newlines (neither part may contain one). */
export function encodeLabels(labels: Readonly<Record<string, string>> | undefined): string {
  if (labels === undefined) return '';
  const keys = Object.keys(labels);
  if (keys.length > 1) keys.sort();
  let text = '';
  for (const key of keys) text += text === '' ? `${key}=${labels[key]}` : `\n${key}=${labels[key]}`;
  return text;
}

export function decodeLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  if (text === '') return labels;
  for (const line of text.split('\n')) {
    const cut = line.indexOf('=');
    labels[line.slice(0, cut)] = line.slice(cut + 1);
  }
  return labels;
}

/** Identifies a schema's shape: a snapshot or a batch made with another one must not be read with this one. */
export function schemaFingerprint(schema: KindSchema): string {
  return `${schema.id}/${schema.version}:${schema.columns.map((column) => `${column.id}.${column.type}`).join(',')}`;
}
