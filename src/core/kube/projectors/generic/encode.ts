import { KubeSageError } from '../../../kernel/errors.ts';
import { durationSeconds, isRecord } from '../read.ts';
import { findMessage, type MessageField, type MessageType, messageAt } from './table.ts';
import { timeParts, type ValueKind, valueKinds } from './values.ts';

/** JSON as a message's bytes: the inverse of decodeMessage. Fields that the message does not have are left out. */
export function encodeMessage(type: string, json: unknown): Uint8Array {
  const message = findMessage(type);
  if (message === undefined) throw new KubeSageError('unsupported', `There is no protobuf message ${type}`);
  const writer = new Writer();
  encode(writer, message, json, message.name.slice(message.name.lastIndexOf('.') + 1));
  return writer.bytes();
}

/** An object's bytes in the envelope that API servers send: `k8s\0` and runtime.Unknown. */
export function encodeEnvelope(apiVersion: string, kind: string, raw: Uint8Array): Uint8Array {
  const writer = new Writer();
  writer.raw(Uint8Array.of(0x6b, 0x38, 0x73, 0));
  writer.nested(1, () => {
    writer.text(1, apiVersion);
    writer.text(2, kind);
  });
  writer.tag(2, 2);
  writer.varint(raw.length);
  writer.raw(raw);
  writer.text(3, '');
  writer.text(4, '');
  return writer.bytes();
}

class Writer {
  #bytes = new Uint8Array(1024);
  #at = 0;

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }

  #room(length: number): void {
    if (this.#at + length <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + length));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }

  raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  tag(number: number, wire: number): void {
    this.varint(number * 8 + wire);
  }

  /** Unsigned, up to 2^53. */
  varint(value: number): void {
    this.#room(10);
    while (value > 127) {
      this.#bytes[this.#at++] = (value % 128) + 128;
      value = Math.floor(value / 128);
    }
    this.#bytes[this.#at++] = value;
  }

  /** Signed: negative numbers take ten bytes. */
  integer(value: number): void {
    if (value >= 0) {
      this.varint(value);
      return;
    }
    this.#room(10);
    for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
      if (rest < 128n) {
        this.#bytes[this.#at++] = Number(rest);
        return;
      }
      this.#bytes[this.#at++] = Number(rest & 127n) + 128;
    }
  }

  text(number: number, value: string): void {
    this.tag(number, 2);
    const bytes = Buffer.byteLength(value);
    this.varint(bytes);
    this.#room(bytes);
    new TextEncoder().encodeInto(value, this.#bytes.subarray(this.#at));
    this.#at += bytes;
  }

  double(number: number, value: number): void {
    this.tag(number, 1);
    this.#room(8);
    new DataView(this.#bytes.buffer).setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  float(number: number, value: number): void {
    this.tag(number, 5);
    this.#room(4);
    new DataView(this.#bytes.buffer).setFloat32(this.#at, value, true);
    this.#at += 4;
  }

  /** A length-delimited field whose content `write` writes. */
  nested(number: number, write: () => void): void {
    this.tag(number, 2);
    // One byte is kept for the length; a longer content moves once it is known.
    this.#room(1);
    const start = ++this.#at;
    write();
    const length = this.#at - start;
    if (length > 127) {
      let extra = 0;
      for (let rest = length; rest > 127; rest = Math.floor(rest / 128)) extra += 1;
      this.#room(extra);
      this.#bytes.copyWithin(start + extra, start, this.#at);
      const end = this.#at + extra;
      this.#at = start - 1;
      this.varint(length);
      this.#at = end;
    } else this.#bytes[start - 1] = length;
  }
}

function wrong(path: string, wanted: string): KubeSageError {
  return new KubeSageError('invalid', `${path} should be ${wanted}`, { hint: 'See the API reference of this kind.' });
}

function encode(writer: Writer, type: MessageType, json: unknown, path: string): void {
  const kind = valueKinds.get(type.name);
  if (kind !== undefined) {
    encodeValue(writer, type, kind, json, path);
    return;
  }
  if (type.slice) {
    const items = type.fields[0];
    if (items !== undefined) encodeField(writer, items, json, path);
    return;
  }
  if (!isRecord(json)) throw wrong(path, 'an object');
  for (const field of type.fields) {
    if (field.inline) {
      const inner = messageAt(field.message);
      writer.nested(field.number, () => encode(writer, inner, json, path));
    } else encodeField(writer, field, json[field.name], `${path}.${field.name}`);
  }
}

function encodeField(writer: Writer, field: MessageField, value: unknown, path: string): void {
  if (value === undefined || value === null) return;
  if (field.shape === 'list') {
    if (!Array.isArray(value)) throw wrong(path, 'a list');
    for (const [index, entry] of value.entries()) encodeOne(writer, field, field.number, entry, `${path}[${index}]`);
  } else if (field.shape === 'map') {
    if (!isRecord(value)) throw wrong(path, 'a map');
    for (const key of Object.keys(value).sort()) {
      writer.nested(field.number, () => {
        writer.text(1, key);
        encodeOne(writer, field, 2, value[key], `${path}.${key}`);
      });
    }
  } else encodeOne(writer, field, field.number, value, path);
}

function encodeOne(writer: Writer, field: MessageField, number: number, value: unknown, path: string): void {
  switch (field.scalar) {
    case 'm': {
      const inner = messageAt(field.message);
      writer.nested(number, () => encode(writer, inner, value, path));
      return;
    }
    case 's':
      if (typeof value !== 'string') throw wrong(path, 'text');
      writer.text(number, value);
      return;
    case 'y': {
      if (typeof value !== 'string') throw wrong(path, 'base64 text');
      const bytes = Buffer.from(value, 'base64');
      writer.tag(number, 2);
      writer.varint(bytes.length);
      writer.raw(bytes);
      return;
    }
    case 'b':
      if (typeof value !== 'boolean') throw wrong(path, 'true or false');
      writer.tag(number, 0);
      writer.varint(value ? 1 : 0);
      return;
    default:
      if (typeof value !== 'number') throw wrong(path, 'a number');
      if (field.scalar === 'd') writer.double(number, value);
      else if (field.scalar === 'f') writer.float(number, value);
      else {
        if (!Number.isInteger(value)) throw wrong(path, 'a whole number');
        writer.tag(number, 0);
        writer.integer(value);
      }
  }
}

function encodeValue(writer: Writer, type: MessageType, kind: ValueKind, json: unknown, path: string): void {
  switch (kind) {
    case 'time':
    case 'microTime': {
      if (json === null) return;
      const parts = typeof json === 'string' ? timeParts(json) : undefined;
      if (parts === undefined) throw wrong(path, 'an instant such as 2026-01-31T12:00:00Z');
      writer.tag(1, 0);
      writer.integer(parts.seconds);
      writer.tag(2, 0);
      // Go's Time has whole seconds, its MicroTime whole microseconds.
      writer.varint(kind === 'time' ? 0 : Math.floor(parts.nanos / 1000) * 1000);
      return;
    }
    case 'duration':
      if (typeof json !== 'string') throw wrong(path, 'a duration such as 1m30s');
      writer.tag(1, 0);
      writer.integer(Math.round(durationSeconds(json) * 1e9));
      return;
    case 'quantity':
      if (typeof json !== 'string' && typeof json !== 'number') throw wrong(path, 'a quantity such as 500m');
      writer.text(1, String(json));
      return;
    case 'intOrString':
      writer.tag(1, 0);
      writer.varint(typeof json === 'number' ? 0 : 1);
      writer.tag(2, 0);
      writer.integer(typeof json === 'number' ? json : 0);
      if (typeof json !== 'string' && typeof json !== 'number') throw wrong(path, 'a number or text');
      writer.text(3, typeof json === 'string' ? json : '');
      return;
    case 'raw': {
      const bytes = json instanceof Uint8Array ? json : Buffer.from(JSON.stringify(json));
      writer.tag(1, 2);
      writer.varint(bytes.length);
      writer.raw(bytes);
      return;
    }
    default: {
      // JSONSchemaPropsOr…: a schema, or what it stands for.
      const schema = type.fields.find(({ name }) => name === 'schema');
      const other = type.fields.find(({ name }) => name !== 'schema');
      if (schema === undefined || other === undefined) throw new Error(`${type.name} is not what it was`);
      if (kind === 'schemaOrBool') {
        writer.tag(other.number, 0);
        writer.varint(json === false ? 0 : 1);
        if (isRecord(json)) encodeField(writer, schema, json, path);
      } else if (Array.isArray(json)) encodeField(writer, other, json, path);
      else encodeField(writer, schema, json, path);
    }
  }
}
