/** A step into a document: a key, or any element of a list. */
export type Step = string | typeof element;
export const element = Symbol('element');

/** JSON schema as API servers publish it. */
export interface Schema {
  $ref?: string;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  type?: string;
  format?: string;
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  required?: string[];
  enum?: unknown[];
  default?: unknown;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-embedded-resource'?: boolean;
  'x-kubernetes-validations'?: { rule: string; message?: string; messageExpression?: string }[];
  'x-kubernetes-list-type'?: string;
  'x-kubernetes-list-map-keys'?: string[];
  title?: string;
  nullable?: boolean;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: boolean | number;
  exclusiveMaximum?: boolean | number;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minProperties?: number;
  maxProperties?: number;
  not?: Schema;
}

/** A kind's schema with those that it refers to: they are followed when they are met. */
export interface SchemaSet {
  root: string;
  schemas: Readonly<Record<string, Schema>>;
}

/** A schema with its reference followed; what stands beside the reference (its description) comes first. */
export function resolved(set: SchemaSet, schema: Schema, depth = 0): Schema {
  const parts = [...(schema.$ref === undefined ? [] : [named(set, schema.$ref)]), ...(schema.allOf ?? [])];
  if (parts.length === 0 || depth > 8) return schema;
  const { $ref: _, allOf: __, ...own } = schema;
  return Object.assign({}, ...parts.map((part) => resolved(set, part, depth + 1)), own) as Schema;
}

function named(set: SchemaSet, ref: string): Schema {
  return set.schemas[ref.slice(ref.lastIndexOf('/') + 1)] ?? {};
}

/** The schema of a place; undefined where none is known. */
export function schemaAt(set: SchemaSet, path: readonly Step[]): Schema | undefined {
  let schema: Schema | undefined = resolved(set, set.schemas[set.root] ?? {});
  for (const step of path) {
    const inside: Schema | undefined = step === element ? schema.items : fieldOf(schema, step);
    if (inside === undefined) return undefined;
    schema = resolved(set, inside);
  }
  return schema;
}

/** The schema of a field, as it stands there. */
export function fieldOf({ properties, additionalProperties }: Schema, key: string): Schema | undefined {
  if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** Whether a field of any name may stand there. */
export function isOpen(schema: Schema): boolean {
  if (schema['x-kubernetes-preserve-unknown-fields'] === true || schema['x-kubernetes-embedded-resource'] === true) {
    return true;
  }
  return schema.properties === undefined || schema.additionalProperties !== undefined;
}

/** `string`, `[]object`, `map of string`, `int or string`. */
export function typeText(set: SchemaSet, schema: Schema): string {
  if (schema['x-kubernetes-int-or-string'] === true || schema.format === 'int-or-string') return 'int or string';
  if (schema.type === 'array') return `[]${typeText(set, resolved(set, schema.items ?? {}))}`;
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object') {
    return `map of ${typeText(set, resolved(set, schema.additionalProperties))}`;
  }
  const choices = schema.oneOf ?? schema.anyOf;
  if (schema.type === undefined && choices !== undefined) return choices.map(({ type }) => type ?? 'any').join(' or ');
  return schema.format === undefined ? (schema.type ?? 'any') : `${schema.type} (${schema.format})`;
}
