import { isIntOrString } from '../../../ui/schema/example.ts';
import { resolved, type Schema, type SchemaSet } from '../../../ui/schema/schema.ts';

/** How a field is entered. `yaml`: its schema says too little for anything else. */
export type Entry = 'choice' | 'switch' | 'number' | 'numberOrText' | 'text' | 'fields' | 'map' | 'list' | 'yaml';

/** What a schema means for a form; the value that is there decides where the schema leaves it open. */
export function entryOf(set: SchemaSet, schema: Schema, value: unknown): Entry {
  const isObject = typeof value === 'object' && value !== null;
  if (isIntOrString(schema)) return isObject ? 'yaml' : 'numberOrText';
  if (schema.enum !== undefined) return isObject ? 'yaml' : 'choice';
  switch (schema.type) {
    case 'boolean':
      return value === undefined || value === null || typeof value === 'boolean' ? 'switch' : 'yaml';
    case 'integer':
    case 'number':
      return isObject ? 'yaml' : 'number';
    case 'string':
      return isObject ? 'yaml' : 'text';
    case 'array':
      return value === undefined || value === null || Array.isArray(value) ? 'list' : 'yaml';
    default:
      break;
  }
  if (value !== undefined && value !== null && (!isObject || Array.isArray(value))) return 'yaml';
  if (schema.properties !== undefined) return 'fields';
  if (typeof schema.additionalProperties === 'object' && schema.type === 'object') {
    return resolved(set, schema.additionalProperties).type === undefined ? 'yaml' : 'map';
  }
  return 'yaml';
}

/** What a new field or element begins with: what a person then fills in. */
export function blankOf(set: SchemaSet, schema: Schema): unknown {
  if (schema.default !== undefined) return schema.default;
  switch (entryOf(set, schema, undefined)) {
    case 'choice':
      return schema.enum?.[0];
    case 'switch':
      return true;
    case 'number':
      return schema.minimum ?? 0;
    case 'numberOrText':
    case 'text':
      return '';
    case 'list':
      return [];
    case 'fields': {
      const { properties = {}, required = [] } = schema;
      return Object.fromEntries(
        required.flatMap((name) =>
          properties[name] === undefined ? [] : [[name, blankOf(set, resolved(set, properties[name]))]],
        ),
      );
    }
    default:
      return {};
  }
}

/** `oneOf` and `anyOf` that ask for one of some fields: which ones. */
export function alternativesOf({
  oneOf,
  anyOf,
  properties,
}: Schema): { exactly: boolean; names: string[] } | undefined {
  const parts = oneOf ?? anyOf;
  if (parts === undefined || properties === undefined) return undefined;
  const names = parts.flatMap(({ required }) => required ?? []);
  return names.length === 0 ? undefined : { exactly: oneOf !== undefined, names: [...new Set(names)] };
}
