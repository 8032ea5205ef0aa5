import { type Schema as JsonSchema, Validator } from '@cfworker/json-schema';
import { isIntOrString } from './example.ts';
import type { Schema, SchemaSet } from './schema.ts';

/** What is wrong, by the field's JSON pointer: `/spec/replicas`. */
export type Wrongs = ReadonlyMap<string, readonly string[]>;

const made = new WeakMap<SchemaSet, Validator>();
/** Those say only that something in them is wrong, which is told at its place. */
const around = new Set(['properties', 'additionalProperties', 'items', '$ref', 'allOf', 'if', 'then', 'else']);
const mostWrongs = 200;

/** Checks a value by its schema as far as JSON schema goes; rules in CEL are the server's. Nothing is evaluated from text. */
export function wrongsOf(set: SchemaSet, value: unknown): Wrongs {
  let validator = made.get(set);
  if (validator === undefined) {
    const schemas = Object.fromEntries(Object.entries(set.schemas).map(([name, schema]) => [name, plain(schema)]));
    const root = { ...(schemas[set.root] as object), components: { schemas } } as JsonSchema;
    // What API servers publish is OpenAPI 3.0, and that is draft 4 but for `nullable`.
    validator = new Validator(root, '4', false);
    made.set(set, validator);
  }
  const found = new Map<string, string[]>();
  for (const { instanceLocation, keyword, error } of validator.validate(value).errors.slice(0, mostWrongs)) {
    if (around.has(keyword)) continue;
    const place = decodeURIComponent(instanceLocation.replace(/^#/, ''));
    const missing = keyword === 'required' ? /property "([^"]+)"/.exec(error)?.[1] : undefined;
    const at = missing === undefined ? place : `${place}/${missing}`;
    const words = missing === undefined ? error : 'It must be there.';
    const list = found.get(at);
    if (list === undefined) found.set(at, [words]);
    else if (!list.includes(words)) list.push(words);
  }
  return found;
}

/** In the words of JSON schema: what may be a number or a text, what may be null, and no formats of Go's. */
function plain(schema: Schema): unknown {
  const { format: _, 'x-kubernetes-validations': __, description: ___, default: ____, ...rest } = schema;
  if (isIntOrString(schema)) return { type: ['integer', 'string', 'null'] };
  const next: Record<string, unknown> = { ...rest };
  // A field that is there without a value is taken out by the server.
  if (schema.type !== undefined) next.type = [schema.type, 'null'];
  if (schema.enum !== undefined) next.enum = [...schema.enum, null];
  if (schema.properties !== undefined) next.properties = each(schema.properties);
  if (schema.items !== undefined) next.items = plain(schema.items);
  if (typeof schema.additionalProperties === 'object') next.additionalProperties = plain(schema.additionalProperties);
  for (const key of ['allOf', 'anyOf', 'oneOf'] as const) {
    const parts = schema[key];
    if (parts !== undefined) next[key] = parts.map(plain);
  }
  if (schema.not !== undefined) next.not = plain(schema.not);
  return next;
}

function each(properties: Record<string, Schema>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, plain(schema)]));
}

export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
