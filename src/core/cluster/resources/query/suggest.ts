import type { ClusterNames } from '../../../kube/columns/keys.ts';
import { labelValue } from '../../../kube/columns/labels.ts';
import { type Column, decodeLabels, isUserColumn, meta, tones } from '../../../kube/columns/schema.ts';
import type { Table } from '../../../kube/columns/table.ts';
import { commonFields, fieldName, findField } from './fields.ts';
import { parseFilter } from './parse.ts';
import type { FieldTerm } from './syntax.ts';

/** Longest list that is worth showing. */
const most = 50;

export interface Suggestion {
  text: string;
  detail?: string;
}

export interface Suggestions {
  /** What is replaced: [start, end). */
  start: number;
  end: number;
  items: Suggestion[];
}

/** Completions at the cursor: fields, operators, values that are there, label keys and their values. */
export function suggest(
  table: Table,
  filter: string,
  at: { cursor: number; clusters: readonly number[]; clusterNames: ClusterNames },
): Suggestions {
  const cursor = Math.min(at.cursor, filter.length);
  const { terms } = parseFilter(filter.slice(0, cursor));
  const term = terms.find((it) => it.end === cursor && it.start < cursor);
  if (term === undefined) return { start: cursor, end: cursor, items: fields(table, '') };
  if (term.type === 'text') {
    return { start: term.start, end: cursor, items: term.pattern ? [] : fields(table, term.text) };
  }
  const value = term.values[term.values.length - 1];
  const start = value === undefined || value.end < cursor ? cursor : value.start;
  const prefix = start === cursor ? '' : (value?.text ?? '');
  const items = values(table, term, { prefix, ...at });
  return { start, end: cursor, items };
}

function fields(table: Table, prefix: string): Suggestion[] {
  const lower = prefix.toLowerCase();
  const own = table.schema.columns
    .filter((_, index) => index !== meta.namespace && index !== meta.labels && index !== meta.ownerUid)
    .filter((column) => column.id !== 'created' && column.id !== 'tone')
    .map((column) => ({
      text: `${isUserColumn(column.id) ? fieldName(column) : column.id}${isCompared(column) ? '>' : ':'}`,
      detail: explain(column),
    }));
  const common = commonFields.map(({ id, detail }) => ({ text: `${id}${id === 'age' ? '<' : ':'}`, detail }));
  const labels = [...labelKeys(table)].map((key) => ({ text: `${key}=`, detail: 'Label' }));
  return [...common, ...own, ...labels].filter(({ text }) => text.toLowerCase().startsWith(lower)).slice(0, most);
}

function values(
  table: Table,
  term: FieldTerm,
  at: { prefix: string; clusters: readonly number[]; clusterNames: ClusterNames },
): Suggestion[] {
  const { prefix } = at;
  const field = findField(table.schema, term.field);
  switch (field?.type) {
    case undefined:
      return matching(
        counted(table, (row) => labelValue(table.text(row, meta.labels), term.field)),
        prefix,
      );
    case 'cluster':
      return matching(
        new Map(at.clusters.map((cluster) => [at.clusterNames(cluster), table.countOf(cluster)])),
        prefix,
      );
    case 'tone':
      return [...tones, 'unhealthy', 'deleting'].filter((word) => word.startsWith(prefix)).map((text) => ({ text }));
    case 'labels': {
      const [key, ...rest] = prefix.split('=');
      if (rest.length === 0) return matching(new Map([...labelKeys(table)].map((it) => [it, 0])), prefix);
      const found = matching(
        counted(table, (row) => labelValue(table.text(row, meta.labels), key as string)),
        rest.join('='),
      );
      return found.map((item) => ({ ...item, text: `${key}=${item.text}` }));
    }
    case 'age':
      return ['5m', '1h', '24h', '7d', '30d'].filter((text) => text.startsWith(prefix)).map((text) => ({ text }));
    case 'uid':
      return [];
    case 'column':
      break;
  }
  const store = table.stores[field.index];
  if (store?.type !== 'text') return [];
  return matching(
    counted(table, (row) => store.text(row)),
    prefix,
  );
}

/** How many rows have each value. */
function counted(table: Table, read: (row: number) => string | undefined): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of table.rows()) {
    const value = read(row);
    if (value !== undefined && value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

/** Values that begin with the prefix before those that have it inside; the most frequent first. */
function matching(counts: ReadonlyMap<string, number>, prefix: string): Suggestion[] {
  const lower = prefix.toLowerCase();
  const place = (text: string) => text.toLowerCase().indexOf(lower);
  return [...counts]
    .filter(([text]) => place(text) !== -1 && !text.includes('\n'))
    .sort(
      ([a, countA], [b, countB]) =>
        Math.min(place(a), 1) - Math.min(place(b), 1) || countB - countA || (a < b ? -1 : 1),
    )
    .slice(0, most)
    .map(([text, count]) => {
      const item: Suggestion = { text: needsQuotes(text) ? `"${text.replaceAll(/["\\]/g, '\\$&')}"` : text };
      if (count > 0) item.detail = count === 1 ? '1 row' : `${count} rows`;
      return item;
    });
}

function labelKeys(table: Table): Set<string> {
  const { dictionary } = table.textStore(meta.labels);
  const keys = new Set<string>();
  for (let id = 1; id < dictionary.size && keys.size < 500; id++) {
    for (const key of Object.keys(decodeLabels(dictionary.text(id)))) keys.add(key);
  }
  return keys;
}

function needsQuotes(text: string): boolean {
  return /[\s"'|(),]/.test(text);
}

function isCompared(column: Column): boolean {
  return column.type === 'number' || column.type === 'time';
}

function explain(column: Column): string {
  return column.description ?? column.title;
}
