import type { KindId, KindSchema } from '../columns/schema.ts';
import type { Kind } from './kind.ts';
import { kinds } from './kinds/index.ts';
import {
  createBuiltInProjector,
  createCustomProjector,
  type Projector,
  type UserColumn,
  withUserColumns,
} from './projector.ts';

export { type CustomKind, customSchema, type PrinterColumn } from './custom.ts';
export { decodeMessage, decodeObject } from './generic/decode.ts';
export { encodeEnvelope, encodeMessage } from './generic/encode.ts';
export { messageTypeOf } from './generic/table.ts';
export { cellText, findAll, type JsonPath, parseJsonPath } from './jsonPath.ts';
export { type Section, sections } from './kind.ts';
export { type Projector, type UserColumn, withUserColumns } from './projector.ts';
export { MalformedMessage } from './protobuf.ts';

const byId = new Map<KindId, Kind>(kinds.map((kind) => [kind.schema.id, kind]));

/** Schemas of all kinds that Kubernetes itself serves. */
export const builtInSchemas: readonly KindSchema[] = kinds.map(({ schema }) => schema);

export function builtInSchema(id: KindId): KindSchema | undefined {
  return byId.get(id)?.schema;
}

/** Where the navigation shows a built-in kind; undefined for custom ones. */
export function sectionOf(id: KindId): string | undefined {
  return byId.get(id)?.section;
}

/** kubectl's short names of a built-in kind. */
export function shortNamesOf(id: KindId): readonly string[] {
  return byId.get(id)?.shortNames ?? [];
}

/**
 * A projector of a built-in kind, or of a custom one whose columns say where they come from (`customSchema`). A schema
 * that already has user columns is taken as it is; `userColumns` adds more.
 */
export function createProjector(schema: KindSchema, options: { userColumns?: readonly UserColumn[] } = {}): Projector {
  const extended = withUserColumns(schema, options.userColumns ?? []);
  const kind = byId.get(schema.id);
  // A cluster may serve a built-in kind in another version, or a CRD under a built-in's name: these are read as custom.
  const builtIn = kind !== undefined && kind.schema.version === schema.version && hasColumnsOf(schema, kind.schema);
  return builtIn ? createBuiltInProjector(kind, extended) : createCustomProjector(extended);
}

function hasColumnsOf(schema: KindSchema, of: KindSchema): boolean {
  return of.columns.every(({ id }, index) => schema.columns[index]?.id === id);
}
