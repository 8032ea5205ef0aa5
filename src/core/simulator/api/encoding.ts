import { apiVersionOf, type ResourceType } from '../kinds/registry.ts';
import { type Fields, type KubeObject, recordAt } from '../objects.ts';
import type { Entry } from '../store/objectStore.ts';

/** Encodes JSON values as the protobuf message of their kind. */
export interface ProtobufCodec {
  /** Undefined for a kind that has no protobuf message. */
  encode(apiVersion: string, kind: string, object: Fields): Uint8Array | undefined;
}

/** An entry's JSON, encoded at most once. Kind and version come first: see `cluster.ts`, `stamped`. */
export function jsonOf(entry: Entry): Buffer {
  entry.json ??= Buffer.from(JSON.stringify(entry.object));
  return entry.json;
}

/**
 * An entry's JSON within a list: the real server leaves out kind and version there for its own types, and keeps them
 * for custom ones.
 */
export function itemJsonOf(entry: Entry, type: ResourceType): Buffer[] {
  const json = jsonOf(entry);
  if (type.custom) return [json];
  const head = `{"kind":${JSON.stringify(type.kind)},"apiVersion":${JSON.stringify(apiVersionOf(type))},`;
  return [openBrace, json.subarray(head.length)];
}

const openBrace = Buffer.from('{');

/** An object in another version of its group: versions of custom kinds differ in name only here. */
export function inVersion(object: KubeObject, type: ResourceType): KubeObject {
  const version = apiVersionOf(type);
  return object.apiVersion === version ? object : { ...object, apiVersion: version };
}

export function partialMetadata(object: KubeObject): Fields {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}

const magic = Buffer.from('k8s\0');

/** Wraps a message in the envelope that every protobuf body has: magic, `Unknown { typeMeta, raw }`. */
export function envelope(apiVersion: string, kind: string, raw: Uint8Array): Buffer {
  const typeMeta = Buffer.concat([lengthDelimited(1, Buffer.from(apiVersion)), lengthDelimited(2, Buffer.from(kind))]);
  return Buffer.concat([
    magic,
    lengthDelimited(1, typeMeta),
    lengthDelimited(2, raw),
    lengthDelimited(3, empty),
    lengthDelimited(4, empty),
  ]);
}

const empty = new Uint8Array(0);

/** One entry as a protobuf message without envelope, encoded at most once. */
export function protobufOf(entry: Entry, type: ResourceType, codec: ProtobufCodec): Uint8Array {
  if (entry.protobuf === undefined) {
    const encoded = codec.encode(apiVersionOf(type), type.kind, entry.object);
    if (encoded === undefined) throw new TypeError(`${type.id} has no protobuf message`);
    entry.protobuf = encoded;
  }
  return entry.protobuf;
}

/** A list's message: every list has its metadata as field 1 and its items as field 2. */
export function protobufList(metadata: Fields, items: Iterable<Uint8Array>): Buffer {
  const parts: Uint8Array[] = [lengthDelimited(1, listMeta(metadata))];
  for (const item of items) parts.push(tagAndLength(2, item.length), item);
  return Buffer.concat(parts);
}

/** `ListMeta`: resourceVersion 2, continue 3, remainingItemCount 4. */
function listMeta(metadata: Fields): Buffer {
  const parts = [lengthDelimited(1, empty)];
  parts.push(lengthDelimited(2, Buffer.from(String(metadata.resourceVersion ?? ''))));
  parts.push(lengthDelimited(3, Buffer.from(String(metadata.continue ?? ''))));
  if (typeof metadata.remainingItemCount === 'number') {
    parts.push(Buffer.concat([varint(4 << 3), varint(metadata.remainingItemCount)]));
  }
  return Buffer.concat(parts);
}

/** Writes the frames of one protobuf watch: four bytes of length, then `WatchEvent { type, object { raw } }`. */
export function protobufFrames(apiVersion: string, kind: string): (type: string, message: Uint8Array) => Buffer {
  const typeMeta = Buffer.concat([lengthDelimited(1, Buffer.from(apiVersion)), lengthDelimited(2, Buffer.from(kind))]);
  const head = Buffer.concat([magic, lengthDelimited(1, typeMeta)]);
  const tail = Buffer.concat([lengthDelimited(3, empty), lengthDelimited(4, empty)]);
  // A list of thousands is thousands of frames: sizes first, then everything is copied once.
  return (type, message) => {
    const messageHead = tagAndLength(2, message.length);
    const wrappedLength = head.length + messageHead.length + message.length + tail.length;
    const rawHead = tagAndLength(1, wrappedLength);
    const objectHead = tagAndLength(2, rawHead.length + wrappedLength);
    const typeHead = tagAndLength(1, type.length);
    const length = typeHead.length + type.length + objectHead.length + rawHead.length + wrappedLength;
    const frame = Buffer.allocUnsafe(4 + length);
    let at = frame.writeUInt32BE(length);
    at += typeHead.copy(frame, at);
    at += frame.write(type, at, 'latin1');
    for (const part of [objectHead, rawHead, head, messageHead]) at += part.copy(frame, at);
    frame.set(message, at);
    tail.copy(frame, at + message.length);
    return frame;
  };
}

/** `Status` without the help of a codec: metadata 1, status 2, message 3, reason 4, code 6. */
export function protobufStatus(status: Fields): Buffer {
  return Buffer.concat([
    lengthDelimited(1, listMeta(recordAt(status, 'metadata'))),
    lengthDelimited(2, Buffer.from(String(status.status ?? ''))),
    lengthDelimited(3, Buffer.from(String(status.message ?? ''))),
    lengthDelimited(4, Buffer.from(String(status.reason ?? ''))),
    Buffer.concat([varint(6 << 3), varint(Number(status.code ?? 0))]),
  ]);
}

function tagAndLength(field: number, length: number): Buffer {
  const bytes = [(field << 3) | 2];
  let rest = length;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}

function lengthDelimited(field: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
