import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseAllDocuments } from 'yaml';
import {
  element,
  fieldOf,
  isOpen,
  resolved,
  type Schema,
  type SchemaSet,
  type Step,
  typeText,
} from '../../../ui/schema/schema.ts';
import type { KnownKind } from './complete.ts';

/** Offsets into the text. */
export interface Finding {
  from: number;
  to: number;
  message: string;
}

/** A key in the text, for what is said of it. */
export interface KeyPlace {
  from: number;
  to: number;
  path: Step[];
  head: KnownKind;
}

export interface CheckedText {
  findings: Finding[];
  keys: KeyPlace[];
  /** Kinds in the text: their schemas are wanted. */
  kinds: KnownKind[];
}

type SchemaOf = (kind: KnownKind) => SchemaSet | undefined;

/** More than anybody reads. */
const mostFindings = 200;

/** What is wrong with a text, as far as schemas are known, and where its keys stand. */
export function checkText(text: string, schemaOf: SchemaOf): CheckedText {
  const checked: CheckedText = { findings: [], keys: [], kinds: [] };
  const documents = parseAllDocuments(text, { version: '1.1', lineCounter: new LineCounter(), prettyErrors: false });
  if (!Array.isArray(documents)) return checked;
  for (const document of documents) {
    for (const { pos, message } of document.errors) {
      checked.findings.push({ from: pos[0], to: Math.max(pos[1], pos[0] + 1), message });
    }
    const { contents } = document;
    if (contents === null || !isMap(contents)) continue;
    const word = (key: string) => {
      const value = contents.get(key);
      return typeof value === 'string' ? value : '';
    };
    const head = { apiVersion: word('apiVersion'), kind: word('kind') };
    const set = schemaOf(head);
    if (head.apiVersion !== '' && head.kind !== '') checked.kinds.push(head);
    const root = set?.schemas[set.root];
    const walk = new Walk(checked, head, set);
    walk.node(contents, root === undefined || set === undefined ? undefined : resolved(set, root), [], undefined);
  }
  checked.findings.splice(mostFindings);
  return checked;
}

class Walk {
  readonly #checked: CheckedText;
  readonly #head: KnownKind;
  readonly #set: SchemaSet | undefined;

  constructor(checked: CheckedText, head: KnownKind, set: SchemaSet | undefined) {
    this.#checked = checked;
    this.#head = head;
    this.#set = set;
  }

  node(node: unknown, schema: Schema | undefined, path: readonly Step[], key: Node | undefined): void {
    if (isMap(node)) {
      if (schema !== undefined && !fits(schema, 'object')) this.#wrongType(node, schema);
      for (const pair of node.items) this.#pair(pair as Pair<Node, unknown>, schema, path);
      if (schema !== undefined) this.#missing(node, schema, key);
    } else if (isSeq(node)) {
      if (schema !== undefined && !fits(schema, 'array')) this.#wrongType(node, schema);
      const items = schema?.items === undefined ? undefined : this.#resolved(schema.items);
      for (const item of node.items) this.node(item, items, [...path, element], undefined);
    } else if (isScalar(node) && schema !== undefined) this.#scalar(node, schema);
  }

  #pair({ key, value }: Pair<Node, unknown>, schema: Schema | undefined, path: readonly Step[]): void {
    if (!isScalar(key)) return;
    const name = String(key.value);
    const inner = [...path, name];
    const [from, to] = key.range ?? [0, 0];
    this.#checked.keys.push({ from, to, path: inner, head: this.#head });
    const field = schema === undefined ? undefined : fieldOf(schema, name);
    if (schema !== undefined && field === undefined && !isOpen(schema) && name !== '<<') {
      const near = nearest(name, Object.keys(schema.properties ?? {}));
      this.#add(key, `There is no field ${name} here${near === undefined ? '' : `: is ${near} meant?`}`);
    }
    this.node(value, field === undefined ? undefined : this.#resolved(field), inner, key);
  }

  #missing(node: { has(key: string): boolean; range?: Node['range'] }, schema: Schema, key: Node | undefined): void {
    const missing = (schema.required ?? []).filter((name) => !node.has(name));
    if (missing.length === 0) return;
    const message = `${missing.join(', ')} must be there`;
    const from = node.range?.[0] ?? 0;
    this.#add(key ?? { range: [from, from + 1, from + 1] }, message);
  }

  #scalar(node: { value: unknown; range?: Node['range'] }, schema: Schema): void {
    const { value } = node;
    if (value === null || value === undefined) return;
    const type = typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value;
    if (!fits(schema, type)) this.#wrongType(node, schema);
    else if (schema.enum !== undefined && !schema.enum.includes(value)) {
      this.#add(node, `${String(value)} is none of ${schema.enum.map(String).join(', ')}`);
    }
  }

  #wrongType(node: { range?: Node['range'] }, schema: Schema): void {
    const wanted = this.#set === undefined ? schema.type : typeText(this.#set, schema);
    this.#add(node, `This must be ${wanted}${schema.type === 'string' ? ': put it in quotes' : ''}`);
  }

  #add(node: { range?: Node['range'] }, message: string): void {
    const [from, to] = node.range ?? [0, 1];
    this.#checked.findings.push({ from, to, message });
  }

  #resolved(schema: Schema): Schema {
    return this.#set === undefined ? schema : resolved(this.#set, schema);
  }
}

function fits(schema: Schema, type: string): boolean {
  if (schema['x-kubernetes-int-or-string'] === true || schema.format === 'int-or-string') {
    return type === 'integer' || type === 'string';
  }
  const choices = schema.oneOf ?? schema.anyOf;
  if (schema.type === undefined) return choices === undefined || choices.some((choice) => fits(choice, type));
  return schema.type === type || (schema.type === 'number' && type === 'integer');
}

/** A field whose name is one letter or two away. */
function nearest(name: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((other) => ({ other, away: distance(name.toLowerCase(), other.toLowerCase()) }))
    .filter(({ away }) => away <= 2)
    .sort((a, b) => a.away - b.away);
  return best?.other;
}

/** Letters to be put in, taken out, replaced or swapped with the next one. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let [older, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, (older[j - 2] ?? 0) + 1);
      next.push(cost);
    }
    [older, row] = [row, next];
  }
  return row[b.length] ?? 3;
}
