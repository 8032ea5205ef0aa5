import type { Contract, Procedure } from './contract.ts';
import { type Addressed, proceduresOf } from './dispatch.ts';
import { errorCodes } from './errors.ts';
import { ErrorValue } from './errorValue.ts';
import { componentsOf, type JsonSchema, referTo } from './jsonSchema.ts';

export interface ApiInfo {
  title: string;
  version: string;
  description?: string;
}

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of what `createRest` serves: every path, every schema once, every status. */
export function openApiOf(contract: Contract, info: ApiInfo, pathOf: (addressed: Addressed) => string): Json {
  const schemas: Record<string, JsonSchema> = componentsOf('Error', ErrorValue, 'output');
  const paths: Json = {};
  for (const addressed of proceduresOf(contract)) {
    const operations = operationsOf(addressed, schemas);
    if (Object.keys(operations).length > 0) paths[pathOf(addressed)] = operations;
  }
  return {
    openapi: '3.1.0',
    info: { license: { name: 'Apache-2.0', identifier: 'Apache-2.0' }, ...info },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { session: [] }],
    tags: Object.keys(contract).map((name) => ({ name })),
    paths,
    components: {
      schemas,
      responses: errorResponses(),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API token.' },
        session: { type: 'apiKey', in: 'cookie', name: 'kubesage_session', description: 'Set by signing in.' },
      },
    },
  };
}

/** Adds the procedure's schemas and returns its operations by method. */
function operationsOf({ address, capability, name, procedure }: Addressed, schemas: Record<string, JsonSchema>): Json {
  if (procedure.kind === 'pipe') return {};
  Object.assign(schemas, componentsOf(`${address}.input`, procedure.input, 'input'));
  const input = schemas[`${address}.input`] ?? {};
  const content = answerOf(address, procedure, schemas);
  const operation = (method: string, part: Json): Json => ({
    operationId: `${method}.${address}`,
    summary: procedure.summary,
    tags: [capability],
    ...part,
    responses: {
      200: { description: `What ${name} answers`, content },
      ...Object.fromEntries(
        [...statuses().keys()].map((status) => [status, { $ref: `#/components/responses/${status}` }]),
      ),
    },
    'x-kubesage-kind': procedure.kind,
    'x-kubesage-access': procedure.access,
  });
  const post = () =>
    operation('post', {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: referTo(`${address}.input`) } },
      },
    });
  const get = () => operation('get', { parameters: parametersOf(address, input) });
  switch (procedure.kind) {
    case 'query':
      return { get: get(), post: post() };
    case 'command':
      return { post: post() };
    default:
      return { get: get() };
  }
}

function answerOf(
  address: string,
  procedure: Exclude<Procedure, { kind: 'pipe' }>,
  schemas: Record<string, JsonSchema>,
): Json {
  const add = (part: string, schema: Procedure['input']) => {
    Object.assign(schemas, componentsOf(`${address}.${part}`, schema, 'output'));
    return referTo(`${address}.${part}`);
  };
  const events = (description: string) => ({ 'text/event-stream': { schema: { type: 'string', description } } });
  switch (procedure.kind) {
    case 'query':
    case 'command':
      return { 'application/json': { schema: add('result', procedure.result) } };
    case 'live': {
      const state = {
        type: 'object',
        required: ['rev', 'head', 'rows'],
        properties: {
          rev: { type: 'integer' },
          head: add('head', procedure.head),
          rows: { type: 'array', items: add('row', procedure.row) },
        },
      };
      const described =
        'Events named change with { rev, snapshot?, head?, patch?, unset?, order?, upsert, remove }, the first one a snapshot; or error.';
      return { 'application/json': { schema: state }, ...events(described) };
    }
    case 'tail':
      add('item', procedure.item);
      return events(
        `Events named items with a list of ${address}.item, gap with { dropped }, error, and end when it is over.`,
      );
  }
}

function parametersOf(address: string, input: JsonSchema): Json[] {
  const fields = Object.entries(input.properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    // Required ones may come within `input` instead.
    required: false,
    ...(isPlain(schema) ? { schema, explode: true } : { content: { 'application/json': { schema } } }),
  }));
  return [
    ...fields,
    {
      name: 'input',
      in: 'query',
      required: false,
      description: 'The whole input as JSON; fields given by themselves come on top.',
      content: { 'application/json': { schema: referTo(`${address}.input`) } },
    },
  ];
}

/** Written into a URL without JSON. */
function isPlain(schema: JsonSchema): boolean {
  const of = schema.type === 'array' ? (schema.items ?? {}) : schema;
  return ['string', 'number', 'integer', 'boolean'].includes(of.type ?? '');
}

/** Every status that an error has, with its codes. */
function statuses(): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const [code, { http }] of Object.entries(errorCodes)) found.set(http, [...(found.get(http) ?? []), code]);
  return found;
}

function errorResponses(): Json {
  const responses: Json = {};
  for (const [status, codes] of statuses()) {
    responses[status] = {
      description: `An error with the code ${codes.join(' or ')}`,
      content: { 'application/json': { schema: referTo('Error') } },
    };
  }
  return responses;
}
