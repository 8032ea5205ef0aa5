import { type Document, isCollection, isScalar, LineCounter, parseAllDocuments, type YAMLError } from 'yaml';
import type { TextProblem } from './contract.ts';
import type { KubeObject } from './model.ts';

/** One object of a text. */
export interface TextDocument {
  object: KubeObject;
  /** Where it begins. */
  line: number;
  /** Where a field stands, such as `spec.template.spec.containers[0].image`; its nearest parent where it does not. */
  place(field: string): { line: number; column: number };
}

export interface ReadText {
  documents: TextDocument[];
  /** With any of these nothing is to be sent. */
  problems: TextProblem[];
}

/** Nested texts with many references to each other grow without end: more than so many are refused. */
const mostAliases = 100;
const timestampTag = 'tag:yaml.org,2002:timestamp';

/**
 * Reads YAML (or JSON, which is YAML) as kubectl does: YAML 1.1, where `yes` is true and `012` is ten, but with times
 * and `12:30` as texts. Empty documents are passed over, items of a `List` (or a `RoleList`) are documents of their own.
 */
export function readDocuments(text: string): ReadText {
  const lines = new LineCounter();
  const read: ReadText = { documents: [], problems: [] };
  const parsed = parseAllDocuments(text, {
    version: '1.1',
    lineCounter: lines,
    prettyErrors: false,
    customTags: (tags) =>
      tags.filter((tag) => typeof tag === 'string' || (tag.tag !== timestampTag && tag.format !== 'TIME')),
  });
  if (!Array.isArray(parsed)) return read;
  for (const document of parsed) {
    for (const error of document.errors) read.problems.push(problemOf(error, lines));
    if (document.errors.length > 0 || document.contents === null) continue;
    const start = document.contents.range?.[0] ?? 0;
    const { line, col } = lines.linePos(start);
    const wrong = (message: string) => read.problems.push({ line, column: col, message });
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: mostAliases });
    } catch (error) {
      wrong(error instanceof Error ? error.message : String(error));
      continue;
    }
    if (value === null) continue;
    if (!isRecord(value)) {
      wrong('A document must be an object with apiVersion, kind and metadata');
      continue;
    }
    const items = itemsOf(value);
    for (const [index, item] of items.entries()) {
      const missing = missingIn(item);
      const prefix = item === value ? [] : ['items', index];
      const place = (field: string) => placeOf(document, lines, [...prefix, ...pathOf(field)], start);
      if (missing !== undefined) {
        const { line, column } = place('');
        read.problems.push({ line, column, message: missing });
      } else read.documents.push({ object: item as KubeObject, line: place('').line, place });
    }
  }
  read.problems.sort((a, b) => a.line - b.line || a.column - b.column);
  return read;
}

function problemOf(error: YAMLError, lines: LineCounter): TextProblem {
  const { line, col } = lines.linePos(error.pos[0]);
  return { line, column: col, message: error.message };
}

/** `kubectl get -o yaml` writes a `List`, others a list of one kind (`RoleList`): their items are what is meant. */
function itemsOf(value: Record<string, unknown>): unknown[] {
  const { kind, items } = value;
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) ? items : [value];
}

/** What an object cannot be without. */
function missingIn(value: unknown): string | undefined {
  if (!isRecord(value)) return 'An object must have apiVersion, kind and metadata';
  const { apiVersion, kind, metadata } = value;
  if (typeof apiVersion !== 'string' || apiVersion === '') return 'apiVersion is missing';
  if (typeof kind !== 'string' || kind === '') return 'kind is missing';
  if (!isRecord(metadata)) return 'metadata is missing';
  const { name, generateName, namespace } = metadata;
  if (namespace !== undefined && namespace !== null && typeof namespace !== 'string') {
    return 'metadata.namespace must be a text';
  }
  if (typeof name === 'string' && name !== '') return undefined;
  if (name !== undefined && name !== null) return 'metadata.name must be a text: put it in quotes';
  return typeof generateName === 'string' && generateName !== '' ? undefined : 'metadata.name is missing';
}

/** `spec.containers[0].env[key=x]` as keys; what is in brackets and is no number ends the way. */
function pathOf(field: string): (string | number)[] {
  const path: (string | number)[] = [];
  for (const [, name, index] of field.matchAll(/([^.[\]]+)|\[(\d+)\]/g)) path.push(name ?? Number(index));
  return path;
}

function placeOf(
  document: Document,
  lines: LineCounter,
  path: readonly (string | number)[],
  start: number,
): { line: number; column: number } {
  let offset = start;
  let node: unknown = document.contents;
  for (const key of path) {
    if (!isCollection(node)) break;
    const pair = node.items.find(
      (item) => 'key' in (item as object) && String(scalarOf((item as { key: unknown }).key)) === String(key),
    ) as { key: { range?: [number, number, number] }; value: unknown } | undefined;
    const next = pair === undefined ? node.get(key, true) : pair.value;
    if (pair === undefined && next === undefined) break;
    const at = pair?.key.range?.[0] ?? (next as { range?: [number, number, number] }).range?.[0];
    if (at === undefined) break;
    offset = at;
    node = next;
  }
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function scalarOf(key: unknown): unknown {
  return isScalar(key) ? key.value : key;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
