import type { BatchBuilder } from '../columns/batchBuilder.ts';
import type { KindSchema } from '../columns/schema.ts';
import { partials } from './generated/partials.ts';
import type { Kind } from './kind.ts';
import { writeJsonMeta, writeMeta } from './meta.ts';
import { MalformedMessage } from './protobuf.ts';
import { readJson } from './read.ts';

/**
 * Turns objects of one kind into rows. Each method writes one whole row to a builder of `schema`, or throws
 * MalformedMessage and leaves none. `op` is 0 for an upsert, 1 for a delete. The bytes are not kept.
 */
export interface Projector {
  /** With the user's columns at its end. */
  readonly schema: KindSchema;
  /** The object's own message: bytes[start .. end), without the `k8s\0` envelope. Throws for custom kinds, which have none. */
  fromProtobuf(bytes: Uint8Array, start: number, end: number, builder: BatchBuilder, op: 0 | 1): void;
  fromJson(value: unknown, builder: BatchBuilder, op: 0 | 1): void;
  /** The object's JSON text in UTF-8: bytes[start .. end). */
  fromJsonBytes(bytes: Uint8Array, start: number, end: number, builder: BatchBuilder, op: 0 | 1): void;
}

export function createBuiltInProjector(kind: Kind): Projector {
  const partial = partials[kind.schema.id];
  if (partial === undefined) throw new Error(`${kind.schema.id} has no decoder: run npm run generate`);
  const { decode, plan } = partial;
  const fromJson = (value: unknown, builder: BatchBuilder, op: 0 | 1): void => {
    const meta = writeJsonMeta(value, builder, op);
    kind.row(readJson(plan, value), meta, builder);
    builder.end();
  };
  return {
    schema: kind.schema,
    fromJson,
    fromProtobuf(bytes, start, end, builder, op) {
      const meta = writeMeta(bytes, start, end, builder, op);
      kind.row(decode(bytes, start, end), meta, builder);
      builder.end();
    },
    fromJsonBytes(bytes, start, end, builder, op) {
      fromJson(parseJson(bytes, start, end), builder, op);
    },
  };
}

function parseJson(bytes: Uint8Array, start: number, end: number): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8'));
  } catch (cause) {
    throw new MalformedMessage('The object is not JSON', cause);
  }
}
