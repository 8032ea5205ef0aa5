import { KubeSageError } from '../../kernel/errors.ts';
import type { BatchBuilder } from '../columns/batchBuilder.ts';
import { type CellSource, isUserColumn, type KindSchema, userColumnId } from '../columns/schema.ts';
import { writeCustomStatus } from './customStatus.ts';
import { partials } from './generated/partials.ts';
import { decodeMessage } from './generic/decode.ts';
import { type Wanted, walkJson, wanted, wantPath, wantPlan } from './jsonWalk.ts';
import type { Kind } from './kind.ts';
import { writeJsonMeta, writeMeta } from './meta.ts';
import { readJson } from './read.ts';
import { createSharedReader, type SharedReader } from './sharedCells.ts';
import { sourcedColumns, wantSources, writeSources } from './sources.ts';

/**
 * Turns objects of one kind into rows. Each method writes one whole row to a builder of `schema`, or throws
 * MalformedMessage and leaves none. `op` is 0 for an upsert, 1 for a delete. The bytes are not kept.
 */
export interface Projector {
  /** With the user's columns at its end: what the builder has to be made with. */
  readonly schema: KindSchema;
  /**
   * The object's own message: bytes[start .. end), without the `k8s\0` envelope. Throws KubeSageError `unsupported` for
   * custom kinds, which have none.
   */
  fromProtobuf(bytes: Uint8Array, start: number, end: number, builder: BatchBuilder, op: 0 | 1): void;
  fromJson(value: unknown, builder: BatchBuilder, op: 0 | 1): void;
  /** The object's JSON text in UTF-8: bytes[start .. end). Parses the parts that columns need, skips the rest. */
  fromJsonBytes(bytes: Uint8Array, start: number, end: number, builder: BatchBuilder, op: 0 | 1): void;
}

/** A column that a user adds: the same shape as in the settings. */
export interface UserColumn extends CellSource {
  title: string;
}

/** The schema with the user's columns at its end, each by its `userColumnId`. Throws `invalid` for a path that is none. */
export function withUserColumns(schema: KindSchema, userColumns: readonly UserColumn[]): KindSchema {
  if (userColumns.length === 0) return schema;
  const different = new Map(userColumns.map((column) => [userColumnId(column), column]));
  const added = [...different].map(([id, { title, from, path }]) => ({
    id,
    title,
    type: 'text' as const,
    priority: 0 as const,
    width: 140,
    description: from === 'jsonPath' ? path : `${from} ${path}`,
    from: { from, path },
  }));
  const extended = { ...schema, columns: [...schema.columns, ...added] };
  sourcedColumns(extended, schema.columns.length);
  return extended;
}

/** Parts of the metadata that every row has. */
const metadataParts = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'labels',
  'ownerReferences',
];

function wantMetadata(root: Wanted): void {
  for (const part of metadataParts) wantPath(root, ['metadata', part]);
}

/** Projectors of one kind share what is known of its parts. */
const sharedReaders = new Map<string, SharedReader>();

function sharedReaderOf(kind: Kind, decode: (bytes: Uint8Array, at: number, end: number) => object) {
  if (kind.shared === undefined) return undefined;
  let reader = sharedReaders.get(kind.schema.id);
  if (reader === undefined) {
    reader = createSharedReader(kind.shared, decode);
    sharedReaders.set(kind.schema.id, reader);
  }
  return reader;
}

export function createBuiltInProjector(kind: Kind, schema: KindSchema): Projector {
  const partial = partials[kind.schema.id];
  if (partial === undefined) throw new Error(`${kind.schema.id} has no decoder: run npm run generate`);
  const { decode, plan, message } = partial;
  const readShared = sharedReaderOf(kind, decode);
  const own = kind.schema.columns.length;
  const sources = sourcedColumns(schema, own);
  const sourced = wanted();
  wantSources(sourced, sources);
  const reads = sourced.children.size > 0;
  const all = wanted();
  wantPlan(all, plan);
  wantMetadata(all);
  wantSources(all, sources);
  const fromJson = (value: unknown, builder: BatchBuilder, op: 0 | 1): void => {
    const meta = writeJsonMeta(value, builder, op);
    kind.row(readJson(plan, value), meta, builder);
    if (sources.length > 0) writeSources(sources, value, meta.labels, builder);
    builder.end();
  };
  return {
    schema,
    fromJson,
    fromProtobuf(bytes, start, end, builder, op) {
      const meta = writeMeta(bytes, start, end, builder, op);
      // Objects that are being deleted are few, and say other words.
      if (readShared === undefined || meta.deleting !== 0 || !readShared(bytes, start, end, builder)) {
        kind.row(decode(bytes, start, end), meta, builder);
      }
      if (sources.length > 0) {
        const object = reads ? decodeMessage(message, bytes, start, end, sourced) : undefined;
        writeSources(sources, object, meta.labels, builder);
      }
      builder.end();
    },
    fromJsonBytes(bytes, start, end, builder, op) {
      fromJson(walkJson(all, bytes, start, end), builder, op);
    },
  };
}

/** A kind whose columns all say where they come from: a custom resource. */
export function createCustomProjector(schema: KindSchema): Projector {
  const firstUserColumn = schema.columns.findIndex(({ id }) => isUserColumn(id));
  const sources = sourcedColumns(schema, firstUserColumn < 0 ? schema.columns.length : firstUserColumn);
  const all = wanted();
  wantMetadata(all);
  wantSources(all, sources);
  for (const path of writeCustomStatus.reads) wantPath(all, path);
  const fromJson = (value: unknown, builder: BatchBuilder, op: 0 | 1): void => {
    const meta = writeJsonMeta(value, builder, op);
    writeCustomStatus(value, meta, builder);
    writeSources(sources, value, meta.labels, builder);
    builder.end();
  };
  return {
    schema,
    fromJson,
    fromProtobuf() {
      throw new KubeSageError('unsupported', `${schema.id} is a custom resource: it has no protobuf`, {
        hint: 'Ask for application/json.',
      });
    },
    fromJsonBytes(bytes, start, end, builder, op) {
      fromJson(walkJson(all, bytes, start, end), builder, op);
    },
  };
}
