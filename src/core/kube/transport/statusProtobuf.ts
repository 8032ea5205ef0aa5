import {
  cursor,
  MalformedMessage,
  readEnvelope,
  readLength,
  readText,
  readVarint,
  skipField,
} from '../projectors/protobuf.ts';
import type { StatusText } from './failures.ts';

/**
 * Reads a Status that came as protobuf, as API servers send it to who asked for protobuf; undefined when the bytes are
 * something else.
 */
export function readProtobufStatus(bytes: Uint8Array): StatusText | undefined {
  try {
    const envelope = readEnvelope(bytes, 0, bytes.length);
    return envelope.kind === 'Status' ? readFields(bytes, envelope.start, envelope.end) : undefined;
  } catch (error) {
    // Not protobuf, or torn: the caller then shows the text itself.
    if (error instanceof MalformedMessage) return undefined;
    throw error;
  }
}

/** metav1.Status: message 3, reason 4, details 5 (retryAfterSeconds 5), code 6. */
function readFields(bytes: Uint8Array, start: number, end: number): StatusText {
  const status: StatusText = { message: '', reason: '', code: 0, retryAfterSeconds: undefined };
  let at = start;
  while (at < end) {
    const tag = readVarint(bytes, at, end);
    at = cursor.at;
    if (tag === 26 || tag === 34) {
      const stop = readLength(bytes, at, end);
      const text = readText(bytes, cursor.at, stop);
      if (tag === 26) status.message = text;
      else status.reason = text;
      at = stop;
    } else if (tag === 42) {
      const stop = readLength(bytes, at, end);
      status.retryAfterSeconds = readRetry(bytes, cursor.at, stop);
      at = stop;
    } else if (tag === 48) {
      status.code = readVarint(bytes, at, end);
      at = cursor.at;
    } else at = skipField(bytes, at, end, tag);
  }
  return status;
}

function readRetry(bytes: Uint8Array, start: number, end: number): number | undefined {
  let at = start;
  let seconds: number | undefined;
  while (at < end) {
    const tag = readVarint(bytes, at, end);
    at = cursor.at;
    if (tag === 40) {
      seconds = readVarint(bytes, at, end);
      at = cursor.at;
    } else at = skipField(bytes, at, end, tag);
  }
  return seconds === 0 ? undefined : seconds;
}
