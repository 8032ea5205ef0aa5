import { resolved, type Schema, type SchemaSet } from './schema.ts';

/** How deep an example goes: what is required within what is required. */
const deepest = 8;

/** The least that a schema asks for, with a value of the right type everywhere. */
export function exampleOf(set: SchemaSet, schema: Schema, depth = 0): unknown {
  const plain = resolved(set, schema);
  if (plain.default !== undefined) return plain.default;
  if (plain.enum !== undefined && plain.enum.length > 0) return plain.enum[0];
  if (isIntOrString(plain)) return 1;
  switch (plain.type) {
    case 'array':
      return depth > deepest ? [] : [exampleOf(set, plain.items ?? {}, depth + 1)];
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return Math.max(
        plain.minimum ?? 1,
        plain.minimum === undefined ? Math.min(1, plain.maximum ?? 1) : plain.minimum,
      );
    case 'string':
      return textOf(plain);
    default:
      return depth > deepest ? {} : requiredOf(set, plain, depth);
  }
}

/** A whole object of a kind with what it must have; its namespace is where it is created. */
export function exampleObject(
  set: SchemaSet,
  { apiVersion, kind, name }: { apiVersion: string; kind: string; name: string },
): Record<string, unknown> {
  const root = resolved(set, set.schemas[set.root] ?? {});
  const example: Record<string, unknown> = {
    apiVersion,
    kind,
    metadata: { name },
  };
  const names = new Set([...(root.required ?? []), 'spec', 'data', 'rules', 'subjects', 'roleRef']);
  for (const field of Object.keys(root.properties ?? {})) {
    if (!names.has(field) || field in example || field === 'status') continue;
    const schema = root.properties?.[field] ?? {};
    if (field === 'spec' || root.required?.includes(field) === true) example[field] = exampleOf(set, schema, 1);
  }
  return example;
}

function requiredOf(
  set: SchemaSet,
  { properties = {}, required = [] }: Schema,
  depth: number,
): Record<string, unknown> {
  const example: Record<string, unknown> = {};
  for (const name of required) {
    const field = properties[name];
    if (field !== undefined) example[name] = exampleOf(set, field, depth + 1);
  }
  return example;
}

function textOf({ format, minLength }: Schema): string {
  if (format === 'date-time') return '2026-01-01T00:00:00Z';
  if (format === 'duration') return '1h';
  if (format === 'byte') return '';
  return minLength === undefined || minLength <= 6 ? 'string' : 'x'.repeat(Math.min(minLength, 63));
}

export function isIntOrString(schema: Schema): boolean {
  return schema['x-kubernetes-int-or-string'] === true || schema.format === 'int-or-string';
}
