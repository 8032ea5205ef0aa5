import { fieldOf, resolved, type Schema, type SchemaSet, schemaAt, typeText } from '../../../ui/schema/schema.ts';
import type { Cursor } from './cursor.ts';

export interface Completion {
  label: string;
  /** What is written; a `\n` in it is indented already. */
  insert: string;
  detail: string;
  documentation: string;
  kind: 'field' | 'value';
  /** It must be there. */
  required: boolean;
}

export interface KnownKind {
  apiVersion: string;
  kind: string;
}

/** What can be written at a cursor. Without a schema only the head of a document is known. */
export function completionsAt(cursor: Cursor, set: SchemaSet | undefined, kinds: readonly KnownKind[]): Completion[] {
  if (cursor.path.length === 0 && cursor.at === 'value') {
    const texts = headValues(cursor, kinds);
    if (texts !== undefined) return texts.map((text) => valueItem(text, ''));
  }
  if (set === undefined) {
    if (cursor.path.length > 0 || cursor.at === 'value') return [];
    return ['apiVersion', 'kind', 'metadata', 'spec']
      .filter((key) => !cursor.siblings.includes(key))
      .map((label) => ({
        label,
        insert: label === 'metadata' || label === 'spec' ? `${label}:\n  ` : `${label}: `,
        detail: '',
        documentation: '',
        kind: 'field',
        required: true,
      }));
  }
  const around = schemaAt(set, cursor.path);
  if (around === undefined) return [];
  if (cursor.at === 'value') {
    const field = fieldOf(around, cursor.key);
    return field === undefined ? [] : values(resolved(set, field));
  }
  const indent = ' '.repeat(cursor.start + 2);
  return Object.entries(around.properties ?? {})
    .filter(([key]) => !cursor.siblings.includes(key) && !(cursor.path.length === 0 && key === 'status'))
    .map(([label, field]) => {
      const schema = resolved(set, field);
      return {
        label,
        insert: `${label}:${opening(schema, indent)}`,
        detail: typeText(set, schema),
        documentation: schema.description ?? '',
        kind: 'field' as const,
        required: around.required?.includes(label) === true,
      };
    });
}

function opening({ type, properties, additionalProperties }: Schema, indent: string): string {
  if (type === 'array') return `\n${indent}- `;
  if (type === 'object' && (properties !== undefined || additionalProperties !== undefined)) return `\n${indent}`;
  return ' ';
}

function values(schema: Schema): Completion[] {
  const texts = schema.enum ?? (schema.type === 'boolean' ? [true, false] : []);
  const all = schema.default === undefined || typeof schema.default === 'object' ? texts : [schema.default, ...texts];
  return [...new Set(all.map(String))]
    .filter((text) => text !== '')
    .map((text) => valueItem(text, text === String(schema.default) ? 'default' : ''));
}

function valueItem(label: string, detail: string): Completion {
  return { label, insert: label, detail, documentation: '', kind: 'value', required: false };
}

function headValues({ key, apiVersion, kind }: Cursor, kinds: readonly KnownKind[]): string[] | undefined {
  if (key === 'kind') {
    const fitting = kinds.filter((each) => apiVersion === '' || each.apiVersion === apiVersion);
    return [...new Set(fitting.map((each) => each.kind))];
  }
  if (key !== 'apiVersion') return undefined;
  const fitting = kinds.filter((each) => kind === '' || each.kind === kind);
  return [...new Set((fitting.length === 0 ? kinds : fitting).map((each) => each.apiVersion))];
}
