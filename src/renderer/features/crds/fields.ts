import { resolved, type Schema, type SchemaSet, typeText } from '../../ui/schema/schema.ts';

/** A field of a kind, as its documentation has it. */
export interface Field {
  /** `spec.containers[].env[].name`; `*` is any key of a map. */
  path: string;
  name: string;
  type: string;
  required: boolean;
  schema: Schema;
  /** Something is in it. */
  deep: boolean;
}

/** A schema that contains itself has no end: so deep and so many are looked at. */
const deepest = 14;
const mostFields = 30_000;

/** The fields right below a schema: those of its elements, where it is a list or a map. */
export function fieldsIn(set: SchemaSet, schema: Schema, path: string): Field[] {
  const { inner, path: innerPath } = unwrapped(set, schema, path);
  const { properties = {}, required = [] } = inner;
  return Object.keys(properties).map((name) => {
    const field = resolved(set, properties[name] ?? {});
    return {
      path: innerPath === '' ? name : `${innerPath}.${name}`,
      name,
      type: typeText(set, field),
      required: required.includes(name),
      schema: field,
      deep: hasFields(set, field),
    };
  });
}

/** `spec.containers` becomes `spec.containers[]`, with the schema of its elements; `labels` becomes `labels.*`. */
function unwrapped(set: SchemaSet, schema: Schema, path: string): { inner: Schema; path: string } {
  let inner = resolved(set, schema);
  let at = path;
  for (let depth = 0; depth < 6; depth++) {
    if (inner.type === 'array' && inner.items !== undefined) {
      inner = resolved(set, inner.items);
      at += '[]';
    } else if (inner.properties === undefined && typeof inner.additionalProperties === 'object') {
      inner = resolved(set, inner.additionalProperties);
      at += '.*';
    } else break;
  }
  return { inner, path: at };
}

function hasFields(set: SchemaSet, schema: Schema): boolean {
  return Object.keys(unwrapped(set, schema, '').inner.properties ?? {}).length > 0;
}

export function rootOf(set: SchemaSet): Schema {
  return resolved(set, set.schemas[set.root] ?? {});
}

/** Every field, from the top down. What contains itself is followed once. */
export function allFields(set: SchemaSet): Field[] {
  const found: Field[] = [];
  const walk = (schema: Schema, path: string, refs: readonly string[], depth: number) => {
    for (const field of fieldsIn(set, schema, path)) {
      if (found.length >= mostFields) return;
      found.push(field);
      const ref = refOf(schema, field.name, set);
      if (!field.deep || depth >= deepest || (ref !== undefined && refs.includes(ref))) continue;
      walk(field.schema, field.path, ref === undefined ? refs : [...refs, ref], depth + 1);
    }
  };
  walk(rootOf(set), '', [], 0);
  return found;
}

/** What a field refers to, so that a schema which contains itself is known again. */
function refOf(parent: Schema, name: string, set: SchemaSet): string | undefined {
  let schema: Schema | undefined = unwrapped(set, parent, '').inner.properties?.[name];
  for (let depth = 0; schema !== undefined && depth < 6; depth++) {
    const ref = schema.$ref ?? schema.allOf?.find(({ $ref }) => $ref !== undefined)?.$ref;
    if (ref !== undefined) return ref;
    schema =
      schema.items ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined);
  }
  return undefined;
}

/** The field at a path, and those around it from the top; undefined when there is none. */
export function findField(set: SchemaSet, path: string): Field | undefined {
  let schema = rootOf(set);
  let at = '';
  let found: Field | undefined;
  while (at !== path) {
    found = fieldsIn(set, schema, at).find((field) => field.path === path || isAbove(field.path, path));
    if (found === undefined) return undefined;
    schema = found.schema;
    at = found.path;
  }
  return found;
}

function isAbove(path: string, deeper: string): boolean {
  return deeper.startsWith(path) && /^(\[\]|\.\*)*\./.test(deeper.slice(path.length));
}

/** The paths of the fields around one, from the top, without itself. */
export function pathsAbove(path: string): string[] {
  const above: string[] = [];
  for (let at = path.lastIndexOf('.'); at > 0; at = path.lastIndexOf('.', at - 1)) {
    const cut = path.slice(0, at).replace(/(\[\]|\.\*)+$/, '');
    if (cut !== '' && !above.includes(cut)) above.unshift(cut);
  }
  return above;
}

/** Fields with all words: those whose name has them first, then by path, then by what is said of them. */
export function findFields(fields: readonly Field[], text: string): Field[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const ranked: { field: Field; rank: number }[] = [];
  for (const field of fields) {
    const inName = words.every((word) => field.name.toLowerCase().includes(word));
    const inPath = inName || words.every((word) => field.path.toLowerCase().includes(word));
    const inText =
      inPath || words.every((word) => `${field.path} ${field.schema.description ?? ''}`.toLowerCase().includes(word));
    if (!inText) continue;
    const exact = field.name.toLowerCase() === words.join(' ');
    ranked.push({ field, rank: exact ? 0 : inName ? 1 : inPath ? 2 : 3 });
  }
  return ranked.sort((a, b) => a.rank - b.rank || a.field.path.length - b.field.path.length).map(({ field }) => field);
}

/** What a schema asks of a value, in words. */
export function limitsOf(schema: Schema): string[] {
  const limits: string[] = [];
  const add = (text: string, value: unknown) => {
    if (value !== undefined) limits.push(`${text} ${String(value)}`);
  };
  add(schema.exclusiveMinimum === true ? '>' : '≥', schema.minimum);
  add(schema.exclusiveMaximum === true ? '<' : '≤', schema.maximum);
  add('multiple of', schema.multipleOf);
  add('length ≥', schema.minLength);
  add('length ≤', schema.maxLength);
  add('elements ≥', schema.minItems);
  add('elements ≤', schema.maxItems);
  add('keys ≥', schema.minProperties);
  add('keys ≤', schema.maxProperties);
  add('matches', schema.pattern);
  if (schema.uniqueItems === true) limits.push('each once');
  if (schema.nullable === true) limits.push('may be null');
  const keys = schema['x-kubernetes-list-map-keys'];
  if (keys !== undefined) limits.push(`elements by ${keys.join(', ')}`);
  return limits;
}

export interface Difference {
  path: string;
  change: 'added' | 'removed' | 'changed';
  /** What is another one: `type: string → integer`. */
  details: string[];
}

/** What of a schema is another one in the second. A field within one that is new is not told by itself. */
export function differencesOf(before: SchemaSet, after: SchemaSet): Difference[] {
  const [old, next] = [before, after].map((set) => new Map(allFields(set).map((field) => [field.path, field])));
  const found: Difference[] = [];
  const told = (path: string, change: Difference['change']) =>
    found.some((each) => each.change === change && isAbove(each.path, path));
  for (const [path, field] of old ?? []) {
    const other = next?.get(path);
    if (other === undefined) {
      if (!told(path, 'removed')) found.push({ path, change: 'removed', details: [field.type] });
      continue;
    }
    const details = detailsOf(field, other);
    if (details.length > 0) found.push({ path, change: 'changed', details });
  }
  for (const [path, field] of next ?? []) {
    if (old?.has(path) !== true && !told(path, 'added')) found.push({ path, change: 'added', details: [field.type] });
  }
  return found.sort((a, b) => a.path.localeCompare(b.path));
}

function detailsOf(a: Field, b: Field): string[] {
  const details: string[] = [];
  const compare = (name: string, before: unknown, after: unknown) => {
    const [x, y] = [before, after].map((value) => (value === undefined ? 'none' : text(value)));
    if (x !== y) details.push(`${name}: ${x} → ${y}`);
  };
  compare('type', a.type, b.type);
  compare('required', a.required, b.required);
  compare('default', a.schema.default, b.schema.default);
  compare('values', a.schema.enum, b.schema.enum);
  compare('limits', limitsOf(a.schema).join(', ') || undefined, limitsOf(b.schema).join(', ') || undefined);
  const rules = ({ schema }: Field) => schema['x-kubernetes-validations']?.map(({ rule }) => rule);
  compare('rules', rules(a), rules(b));
  if ((a.schema.description ?? '') !== (b.schema.description ?? '')) details.push('description');
  return details;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
