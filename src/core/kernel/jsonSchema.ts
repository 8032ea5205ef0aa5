import { z } from 'zod';
import { KubeSageError } from './errors.ts';

/** A JSON Schema (draft 2020-12, which OpenAPI 3.1 uses) as far as this code looks into it. */
export interface JsonSchema {
  type?: string;
  $ref?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  enum?: unknown[];
  description?: string;
  [keyword: string]: unknown;
}

/**
 * A schema under a name, its own parts included: what refers to the document's root or to its `$defs` refers to the
 * components of an OpenAPI document afterwards. Throws for what JSON cannot say (dates, bigints, transforms).
 */
export function componentsOf(name: string, schema: z.ZodType, io: 'input' | 'output'): Record<string, JsonSchema> {
  const {
    $schema: _,
    $defs,
    ...root
  } = z.toJSONSchema(schema, { io }) as JsonSchema & {
    $defs?: Record<string, JsonSchema>;
  };
  const components: Record<string, JsonSchema> = { [name]: relocate(root, name) };
  for (const [part, definition] of Object.entries($defs ?? {}))
    components[`${name}.${part}`] = relocate(definition, name);
  return components;
}

export function referTo(component: string): JsonSchema {
  return { $ref: `#/components/schemas/${component}` };
}

function relocate<T>(value: T, name: string): T {
  if (Array.isArray(value)) return value.map((each: unknown) => relocate(each, name)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const moved: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value)) {
    if (key === '$ref' && typeof part === 'string') moved[key] = target(part, name);
    else moved[key] = relocate(part, name);
  }
  return moved as T;
}

function target(reference: string, name: string): string {
  if (reference === '#') return `#/components/schemas/${name}`;
  const definition = /^#\/\$defs\/(.+)$/.exec(reference);
  return definition === null ? reference : `#/components/schemas/${name}.${definition[1]}`;
}

/**
 * The input of a procedure from a URL's parameters: `input` is the whole as JSON, and each field may stand for itself.
 * Text, numbers and booleans are written plainly, lists by repeating the field, everything else as JSON.
 */
export function inputFromParameters(
  schema: JsonSchema,
  parameters: Readonly<Record<string, string | readonly string[]>>,
): unknown {
  const input: Record<string, unknown> = {};
  const whole = parameters.input;
  if (whole !== undefined && !Object.hasOwn(schema.properties ?? {}, 'input')) {
    const parsed = parseJson('input', typeof whole === 'string' ? whole : (whole[0] ?? ''));
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
      throw new KubeSageError('invalid', 'The parameter input has to be a JSON object');
    }
    Object.assign(input, parsed);
  }
  for (const [name, given] of Object.entries(parameters)) {
    const field = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : undefined;
    if (field === undefined) {
      if (name === 'input') continue;
      throw new KubeSageError('invalid', `There is no parameter ${name.slice(0, 60)}`, {
        hint: `It takes ${['input', ...Object.keys(schema.properties ?? {})].join(', ')}.`,
      });
    }
    input[name] = fieldFrom(name, field, typeof given === 'string' ? [given] : given);
  }
  return input;
}

function fieldFrom(name: string, field: JsonSchema, given: readonly string[]): unknown {
  if (field.type === 'array') {
    const [first = ''] = given;
    // A whole list as JSON, or one element each time.
    if (given.length === 1 && first.startsWith('[')) return parseJson(name, first);
    return given.map((each) => valueFrom(name, field.items ?? {}, each));
  }
  if (given.length !== 1) throw new KubeSageError('invalid', `The parameter ${name} is given more than once`);
  return valueFrom(name, field, given[0] ?? '');
}

function valueFrom(name: string, field: JsonSchema, text: string): unknown {
  switch (field.type) {
    case 'string':
      return text;
    case 'number':
    case 'integer': {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      // Left as text when it is none: the schema's own message says what was expected.
      return Number.isNaN(value) ? text : value;
    }
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    default:
      // An enum without a type is one of texts.
      return field.enum === undefined ? parseJson(name, text) : text;
  }
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new KubeSageError('invalid', `The parameter ${name} has to be JSON`, { cause: error });
  }
}
