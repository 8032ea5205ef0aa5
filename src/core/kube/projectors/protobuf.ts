import { KubeSageError } from '../../kernel/errors.ts';

/**
 * Protobuf at the level of bytes. Nothing here allocates: a read function returns its value and leaves the position
 * behind it in `cursor.at`, one object for the whole thread (there is no re-entrancy: whoever reads next has copied it).
 * Every function throws MalformedMessage instead of reading beyond `end`, so a torn or hostile message ends with that
 * error, in time linear in its length.
 */
export const cursor = { at: 0 };

/** The bytes are not what they should be: torn, truncated or not protobuf. The watcher answers with a fresh list. */
export class MalformedMessage extends KubeSageError {
  constructor(message: string, cause?: unknown) {
    super('invalid', message, { hint: 'The object is read again from the API server.', cause });
    this.name = 'MalformedMessage';
  }
}

export function truncated(at: number): MalformedMessage {
  return new MalformedMessage(`The message ends in the middle of a field (byte ${at})`);
}

/** An unsigned varint; above 2^53 it is rounded to a float. `cursor.at` is behind it. */
export function readVarint(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) throw truncated(at);
  let byte = bytes[at++] as number;
  if (byte < 128) {
    cursor.at = at;
    return byte;
  }
  let value = byte & 127;
  let scale = 128;
  for (let i = 1; i < 10; i++) {
    if (at >= end) throw truncated(at);
    byte = bytes[at++] as number;
    value += (byte & 127) * scale;
    if (byte < 128) {
      cursor.at = at;
      return value;
    }
    scale *= 128;
  }
  throw new MalformedMessage(`A number is longer than ten bytes (byte ${at})`);
}

/** A signed 32-bit varint (protobuf writes negative ones as ten bytes). */
export function readInt32(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    if (at >= end) throw truncated(at);
    const byte = bytes[at++] as number;
    if (i < 5) value |= (byte & 127) << (7 * i);
    if (byte < 128) {
      cursor.at = at;
      return value;
    }
  }
  throw new MalformedMessage(`A number is longer than ten bytes (byte ${at})`);
}

/** A signed 64-bit varint as a float: exact up to 2^53 either way. */
export function readInt64(bytes: Uint8Array, at: number, end: number): number {
  let low = 0;
  let high = 0;
  for (let i = 0; i < 10; i++) {
    if (at >= end) throw truncated(at);
    const byte = bytes[at++] as number;
    const bits = byte & 127;
    if (i < 4) low |= bits << (7 * i);
    else if (i === 4) {
      low |= bits << 28;
      high = bits >> 4;
    } else high |= bits << (7 * i - 32);
    if (byte < 128) {
      cursor.at = at;
      return high * 4294967296 + (low >>> 0);
    }
  }
  throw new MalformedMessage(`A number is longer than ten bytes (byte ${at})`);
}

/** The end of a length-delimited field whose length stands at `at`; `cursor.at` is the content's start. */
export function readLength(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) throw truncated(at);
  const byte = bytes[at] as number;
  let stop: number;
  if (byte < 128) {
    cursor.at = at + 1;
    stop = at + 1 + byte;
  } else {
    const length = readVarint(bytes, at, end);
    stop = cursor.at + length;
  }
  if (stop > end) throw truncated(end);
  return stop;
}

/** The position behind the value of a field whose tag has just been read. */
export function skipField(bytes: Uint8Array, at: number, end: number, tag: number): number {
  if (tag < 8) throw new MalformedMessage(`There is no field 0 (byte ${at})`);
  switch (tag & 7) {
    case 2:
      return readLength(bytes, at, end);
    case 0:
      for (let i = 0; i < 10; i++) {
        if (at >= end) throw truncated(at);
        if ((bytes[at++] as number) < 128) return at;
      }
      throw new MalformedMessage(`A number is longer than ten bytes (byte ${at})`);
    case 1:
      if (at + 8 > end) throw truncated(end);
      return at + 8;
    case 5:
      if (at + 4 > end) throw truncated(end);
      return at + 4;
    default:
      throw new MalformedMessage(`Wire type ${tag & 7} is not used by Kubernetes (byte ${at})`);
  }
}

/** A double (wire type 1). */
export function readDouble(bytes: Uint8Array, at: number, end: number): number {
  if (at + 8 > end) throw truncated(end);
  cursor.at = at + 8;
  return new DataView(bytes.buffer, bytes.byteOffset + at, 8).getFloat64(0, true);
}

/** UTF-8 text; invalid sequences become U+FFFD, as in the server's own JSON. */
export function readText(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start;
  if (length === 0) return '';
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString('utf8');
}

/** What a `runtime.Unknown` envelope (the body of a protobuf response, or a frame's object) holds. */
export interface Envelope {
  apiVersion: string;
  kind: string;
  /** The object's own bytes: raw[start .. end) of the same array. */
  start: number;
  end: number;
  contentType: string;
}

/** Reads `k8s\0` and the runtime.Unknown behind it. */
export function readEnvelope(bytes: Uint8Array, start: number, end: number): Envelope {
  if (
    end - start < 4 ||
    bytes[start] !== 0x6b ||
    bytes[start + 1] !== 0x38 ||
    bytes[start + 2] !== 0x73 ||
    bytes[start + 3] !== 0
  ) {
    throw new MalformedMessage('This is no Kubernetes protobuf: it does not begin with k8s and a zero byte');
  }
  const envelope: Envelope = { apiVersion: '', kind: '', start: end, end, contentType: '' };
  let at = start + 4;
  while (at < end) {
    const tag = readVarint(bytes, at, end);
    at = cursor.at;
    if (tag === 10) {
      const stop = readLength(bytes, at, end);
      at = cursor.at;
      while (at < stop) {
        const inner = readVarint(bytes, at, stop);
        at = cursor.at;
        if (inner === 10 || inner === 18) {
          const textEnd = readLength(bytes, at, stop);
          const text = readText(bytes, cursor.at, textEnd);
          if (inner === 10) envelope.apiVersion = text;
          else envelope.kind = text;
          at = textEnd;
        } else at = skipField(bytes, at, stop, inner);
      }
    } else if (tag === 18) {
      const stop = readLength(bytes, at, end);
      envelope.start = cursor.at;
      envelope.end = stop;
      at = stop;
    } else if (tag === 34) {
      const stop = readLength(bytes, at, end);
      envelope.contentType = readText(bytes, cursor.at, stop);
      at = stop;
    } else at = skipField(bytes, at, end, tag);
  }
  return envelope;
}
