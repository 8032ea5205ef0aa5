import type { Wanted } from '../jsonWalk.ts';
import {
  cursor,
  MalformedMessage,
  readDouble,
  readEnvelope,
  readInt32,
  readInt64,
  readLength,
  readText,
  readVarint,
  skipField,
} from '../protobuf.ts';
import { isRecord } from '../read.ts';
import { findMessage, type MessageField, type MessageType, messageAt, messageTypeOf } from './table.ts';
import { durationText, isEmptyRecord, timeText, type ValueKind, valueKinds } from './values.ts';

type Json = Record<string, unknown>;

/** Nested deeper than any schema that an API server accepts. */
const deepest = 200;

/**
 * A message's bytes as the JSON that the API server would have sent, apart from apiVersion and kind, which protobuf
 * has outside of the message. With `only`, other fields are skipped and not decoded. Throws MalformedMessage for bytes that are no such message.
 */
export function decodeMessage(type: string, bytes: Uint8Array, start = 0, end = bytes.length, only?: Wanted): Json {
  const message = findMessage(type);
  if (message === undefined) throw new MalformedMessage(`There is no message ${type}`);
  const value = decode(message, bytes, start, end, 0, only);
  if (!isRecord(value)) throw new MalformedMessage(`${type} is no object`);
  return value;
}

/** An object in its `k8s\0` envelope as JSON with apiVersion and kind. */
export function decodeObject(bytes: Uint8Array, start = 0, end = bytes.length): Json {
  return unwrap(bytes, start, end, 0);
}

function unwrap(bytes: Uint8Array, start: number, end: number, depth: number): Json {
  const { apiVersion, kind, start: from, end: to } = readEnvelope(bytes, start, end);
  const cut = apiVersion.indexOf('/');
  const type = messageTypeOf(cut < 0 ? '' : apiVersion.slice(0, cut), apiVersion.slice(cut + 1), kind);
  const message = type === undefined ? undefined : findMessage(type);
  if (message === undefined) throw new MalformedMessage(`There is no protobuf message for ${apiVersion} ${kind}`);
  return { kind, apiVersion, ...(decode(message, bytes, from, to, depth) as Json) };
}

function decode(type: MessageType, bytes: Uint8Array, at: number, end: number, depth: number, only?: Wanted): unknown {
  if (depth > deepest) throw new MalformedMessage('The message is nested too deep');
  const object: Json = {};
  const value = valueKinds.get(type.name);
  if (value === 'raw') return decodeRaw(type, bytes, at, end, depth);
  fill(object, type, bytes, at, end, depth, value !== undefined, only);
  if (type.slice) return object.items ?? [];
  return value === undefined ? object : plainValue(value, object);
}

function fill(
  object: Json,
  type: MessageType,
  bytes: Uint8Array,
  at: number,
  end: number,
  depth: number,
  keepZero: boolean,
  only?: Wanted,
): void {
  while (at < end) {
    const tag = readVarint(bytes, at, end);
    at = cursor.at;
    const field = type.byNumber.get(Math.floor(tag / 8));
    const isBytes = (tag & 7) === 2;
    const inner = field === undefined ? undefined : only?.children.get(field.name);
    const unwanted = only !== undefined && inner === undefined && field?.inline === false;
    if (field === undefined || unwanted || (field.shape === 'map' && !isBytes)) {
      at = skipField(bytes, at, end, tag);
      continue;
    }
    if (isBytes && field.shape === 'list' && 'biluvdf'.includes(field.scalar)) {
      // Packed numbers.
      const stop = readLength(bytes, at, end);
      for (at = cursor.at; at < stop; at = cursor.at) push(object, field.name, decodeScalar(field, bytes, at, stop));
      continue;
    }
    if ((tag & 7) !== wireOf(field)) {
      at = skipField(bytes, at, end, tag);
      continue;
    }
    const stop = isBytes ? readLength(bytes, at, end) : end;
    if (isBytes) at = cursor.at;
    if (field.inline) fill(object, messageAt(field.message), bytes, at, stop, depth + 1, false, only);
    else if (field.shape === 'map') addEntry(object, field, bytes, at, stop, depth, parts(inner));
    else {
      const value =
        field.scalar === 'm'
          ? decode(messageAt(field.message), bytes, at, stop, depth + 1, parts(inner))
          : decodeScalar(field, bytes, at, stop);
      if (field.shape === 'list') push(object, field.name, value);
      else if (keepZero || !isLeftOut(field, value)) object[field.name] = value;
    }
    at = isBytes ? stop : cursor.at;
  }
  if (keepZero || type.slice || only !== undefined) return;
  // Go writes null for a list or map that is nil and may not be left out.
  for (const { name, shape, omitEmpty, scalar } of type.fields) {
    if (!omitEmpty && (shape !== 'one' || scalar === 'y') && object[name] === undefined) object[name] = null;
  }
}

/** What is wanted of a field's value; undefined for all of it. */
function parts(node: Wanted | undefined): Wanted | undefined {
  return node === undefined || node.children.size === 0 ? undefined : node;
}

function isLeftOut(field: MessageField, value: unknown): boolean {
  if (field.pointer) return false;
  if (field.omitZero && (value === null || isEmptyRecord(value))) return true;
  return field.omitEmpty && (value === '' || value === 0 || value === false);
}

function wireOf(field: MessageField): number {
  if (field.shape === 'map') return 2;
  switch (field.scalar) {
    case 'm':
    case 's':
    case 'y':
      return 2;
    case 'd':
      return 1;
    case 'f':
      return 5;
    default:
      return 0;
  }
}

/** Leaves the position behind the value in `cursor.at`. */
function decodeScalar(field: MessageField, bytes: Uint8Array, at: number, end: number): unknown {
  switch (field.scalar) {
    case 's':
      cursor.at = end;
      return readText(bytes, at, end);
    case 'y':
      cursor.at = end;
      return Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('base64');
    case 'b':
      return readVarint(bytes, at, end) !== 0;
    case 'i':
      return readInt32(bytes, at, end);
    case 'l':
      return readInt64(bytes, at, end);
    case 'd':
      return readDouble(bytes, at, end);
    case 'f':
      cursor.at = skipField(bytes, at, end, 5);
      return new DataView(bytes.buffer, bytes.byteOffset + at, 4).getFloat32(0, true);
    default:
      return readVarint(bytes, at, end);
  }
}

function push(object: Json, name: string, value: unknown): void {
  const list = object[name];
  if (Array.isArray(list)) list.push(value);
  else object[name] = [value];
}

function addEntry(
  object: Json,
  field: MessageField,
  bytes: Uint8Array,
  at: number,
  end: number,
  depth: number,
  only: Wanted | undefined,
): void {
  let key = '';
  let value: unknown;
  while (at < end) {
    const tag = readVarint(bytes, at, end);
    at = cursor.at;
    if (tag === 10) {
      const stop = readLength(bytes, at, end);
      key = readText(bytes, cursor.at, stop);
      at = stop;
      if (only !== undefined && !only.children.has(key)) return;
    } else if (tag >> 3 === 2 && (tag & 7) === wireOf({ ...field, shape: 'one' })) {
      const isBytes = (tag & 7) === 2;
      const stop = isBytes ? readLength(bytes, at, end) : end;
      if (isBytes) at = cursor.at;
      value =
        field.scalar === 'm'
          ? decode(messageAt(field.message), bytes, at, stop, depth + 1)
          : decodeScalar(field, bytes, at, stop);
      at = isBytes ? stop : cursor.at;
    } else at = skipField(bytes, at, end, tag);
  }
  const known = object[field.name];
  const map: Json = isRecord(known) ? known : {};
  object[field.name] = map;
  // A key may be any text, `__proto__` as well.
  Object.defineProperty(map, key, {
    value: value ?? emptyValue(field),
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

function emptyValue(field: MessageField): unknown {
  if (field.scalar === 'm') return decode(messageAt(field.message), new Uint8Array(0), 0, 0, 0);
  return field.scalar === 's' || field.scalar === 'y' ? '' : field.scalar === 'b' ? false : 0;
}

function plainValue(kind: ValueKind, fields: Json): unknown {
  const numberOf = (name: string): number => (typeof fields[name] === 'number' ? fields[name] : 0);
  switch (kind) {
    case 'time':
    case 'microTime': {
      const seconds = numberOf('seconds');
      if (fields.seconds === undefined && fields.nanos === undefined) return null;
      const nanos = numberOf('nanos');
      if (Math.abs(seconds) > 8e12 || nanos < 0 || nanos >= 1e9)
        throw new MalformedMessage('An instant is out of range');
      return timeText(seconds, nanos, kind === 'microTime');
    }
    case 'duration':
      return durationText(numberOf('duration'));
    case 'quantity':
      return fields.string ?? '0';
    case 'intOrString':
      return numberOf('type') === 0 ? numberOf('intVal') : (fields.strVal ?? '');
    case 'schemaOrBool':
      return fields.schema ?? fields.allows === true;
    case 'schemaOrArray':
      return Array.isArray(fields.jSONSchemas) && fields.jSONSchemas.length > 0
        ? fields.jSONSchemas
        : (fields.schema ?? null);
    case 'schemaOrStrings':
      return Array.isArray(fields.property) && fields.property.length > 0 ? fields.property : (fields.schema ?? null);
    default:
      return fields;
  }
}

/** JSON within protobuf, or an object in its own envelope (the object of a watch event). */
function decodeRaw(type: MessageType, bytes: Uint8Array, at: number, end: number, depth: number): unknown {
  let start = end;
  let stop = end;
  while (at < end) {
    const tag = readVarint(bytes, at, end);
    at = cursor.at;
    if (tag === 10) {
      stop = readLength(bytes, at, end);
      start = cursor.at;
      at = stop;
    } else at = skipField(bytes, at, end, tag);
  }
  if (start === stop) return null;
  if (bytes[start] === 0x6b && bytes[start + 3] === 0) return unwrap(bytes, start, stop, depth + 1);
  try {
    return JSON.parse(readText(bytes, start, stop));
  } catch (cause) {
    throw new MalformedMessage(`${type.name} holds neither JSON nor an object`, cause);
  }
}
