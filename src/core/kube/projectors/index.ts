import type { KindId, KindSchema } from '../columns/schema.ts';
import type { Kind } from './kind.ts';
import { kinds } from './kinds/index.ts';
import { createBuiltInProjector, type Projector } from './projector.ts';

export { decodeMessage, decodeObject } from './generic/decode.ts';
export { encodeEnvelope, encodeMessage } from './generic/encode.ts';
export { messageTypeOf } from './generic/table.ts';
export { type Section, sections } from './kind.ts';
export type { Projector } from './projector.ts';
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

export function createProjector(schema: KindSchema): Projector {
  const kind = byId.get(schema.id);
  if (kind === undefined) throw new Error(`${schema.id} is no built-in kind`);
  return createBuiltInProjector(kind);
}
