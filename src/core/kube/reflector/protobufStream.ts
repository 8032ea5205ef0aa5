import { cursor, MalformedMessage, readText, readVarint } from '../projectors/protobuf.ts';
import { type EventSink, failureOfEvent, initialEventsEnd, unknownEvent } from './events.ts';

/**
 * Protobuf as API servers send it. A watch frame is a WatchEvent (apimachinery `meta/v1/generated.proto`: type = 1,
 * object = 2 with raw = 1); `raw`, as the body of a list, is the magic `k8s\0` and a `runtime.Unknown` (typeMeta = 1,
 * raw = 2) whose raw is the object.
 */
const magic = [0x6b, 0x38, 0x73, 0x00] as const;
const bytesType = 2;

/** Last range that a find function has left. One object for the thread; whoever calls again has copied it. */
const range = { start: 0, end: 0 };

/** Finds the last length-delimited field of that number; false when there is none. The range is left in `range`. */
function findField(bytes: Uint8Array, start: number, end: number, field: number): boolean {
  let found = false;
  let at = start;
  while (at < end) {
    const tag = readVarint(bytes, at, end);
    at = cursor.at;
    if ((tag & 7) === bytesType) {
      const length = readVarint(bytes, at, end);
      at = cursor.at;
      if (length > end - at) throw new MalformedMessage(`A field is longer than its message (byte ${at})`);
      if (tag >>> 3 === field) {
        range.start = at;
        range.end = at + length;
        found = true;
      }
      at += length;
    } else at = skipScalar(bytes, at, end, tag & 7);
  }
  return found;
}

function skipScalar(bytes: Uint8Array, at: number, end: number, type: number): number {
  if (type === 0) {
    readVarint(bytes, at, end);
    return cursor.at;
  }
  const next = type === 1 ? at + 8 : type === 5 ? at + 4 : -1;
  if (next === -1 || next > end) throw new MalformedMessage(`No protobuf at byte ${at}`);
  return next;
}

function textField(bytes: Uint8Array, start: number, end: number, field: number): string {
  return findField(bytes, start, end, field) ? readText(bytes, range.start, range.end) : '';
}

/** Leaves the object inside `k8s\0` + runtime.Unknown in `range`. */
function unwrap(bytes: Uint8Array, start: number, end: number): void {
  if (end - start < 4 || magic.some((byte, index) => bytes[start + index] !== byte)) {
    throw new MalformedMessage('An object does not begin with the magic number of protobuf');
  }
  if (!findField(bytes, start + 4, end, 2)) {
    range.start = end;
    range.end = end;
  }
}

/** `metadata.resourceVersion` of an object (metadata = 1, resourceVersion = 6); '' when absent. */
export function protobufVersion(bytes: Uint8Array, start: number, end: number): string {
  if (!findField(bytes, start, end, 1)) return '';
  return textField(bytes, range.start, range.end, 6);
}

/** One frame of a watch. */
export function readWatchFrame(bytes: Uint8Array, start: number, end: number, sink: EventSink): void {
  if (!findField(bytes, start, end, 1)) throw new MalformedMessage('An event has no type');
  const typeStart = range.start;
  const typeEnd = range.end;
  if (!findField(bytes, start, end, 2) || !findField(bytes, range.start, range.end, 1)) {
    throw new MalformedMessage('An event has no object');
  }
  unwrap(bytes, range.start, range.end);
  // ADDED, MODIFIED, DELETED, BOOKMARK and ERROR differ in their first letter.
  const first = bytes[typeStart];
  const length = typeEnd - typeStart;
  if ((first === 65 && length === 5) || (first === 77 && length === 8)) sink.object(0, bytes, range.start, range.end);
  else if (first === 68 && length === 7) sink.object(1, bytes, range.start, range.end);
  else if (first === 66 && length === 8) readBookmark(bytes, range.start, range.end, sink);
  else if (first === 69 && length === 5) sink.error(readProtobufStatus(bytes, range.start, range.end));
  else throw unknownEvent(readText(bytes, typeStart, typeEnd));
}

function readBookmark(bytes: Uint8Array, start: number, end: number, sink: EventSink): void {
  const version = protobufVersion(bytes, start, end);
  if (version === '') throw new MalformedMessage('A bookmark has no version');
  sink.bookmark(version, hasEndAnnotation(bytes, start, end));
}

/** Looks through metadata.annotations (12: a map, key = 1, value = 2). */
function hasEndAnnotation(bytes: Uint8Array, start: number, end: number): boolean {
  if (!findField(bytes, start, end, 1)) return false;
  const stop = range.end;
  let at = range.start;
  while (at < stop) {
    const tag = readVarint(bytes, at, stop);
    at = cursor.at;
    if ((tag & 7) !== bytesType) {
      at = skipScalar(bytes, at, stop, tag & 7);
      continue;
    }
    const length = readVarint(bytes, at, stop);
    const from = cursor.at;
    at = from + length;
    if (tag >>> 3 === 12 && textField(bytes, from, at, 1) === initialEventsEnd) {
      return textField(bytes, from, at, 2) === 'true';
    }
  }
  return false;
}

/** meta/v1 Status: message = 3, reason = 4, details = 5 (retryAfterSeconds = 5), code = 6. */
function readProtobufStatus(bytes: Uint8Array, start: number, end: number) {
  const message = textField(bytes, start, end, 3);
  const reason = textField(bytes, start, end, 4);
  const retry = findField(bytes, start, end, 5) ? numberField(bytes, range.start, range.end, 5) : undefined;
  return failureOfEvent({
    message,
    reason,
    code: numberField(bytes, start, end, 6) ?? 0,
    retryAfterSeconds: retry === 0 ? undefined : retry,
  });
}

function numberField(bytes: Uint8Array, start: number, end: number, field: number): number | undefined {
  let found: number | undefined;
  let at = start;
  while (at < end) {
    const tag = readVarint(bytes, at, end);
    at = cursor.at;
    if ((tag & 7) === 0) {
      const value = readVarint(bytes, at, end);
      at = cursor.at;
      if (tag >>> 3 === field) found = value;
    } else if ((tag & 7) === bytesType) {
      const length = readVarint(bytes, at, end);
      at = cursor.at + length;
    } else at = skipScalar(bytes, at, end, tag & 7);
  }
  return found;
}

/** What a list says about itself. */
export interface ListMeta {
  resourceVersion: string;
  /** Token of the next page, '' at the end. */
  continue: string;
}

/**
 * Reads a list (`k8s\0`, Unknown{raw = 2: List{metadata = 1, items = 2}}) while it arrives: objects are handed on as
 * soon as they are whole, so that 100 MB of list need the memory of one object.
 */
export class ProtobufListReader {
  readonly #onItem: (bytes: Uint8Array, start: number, end: number) => void;
  #held = new Uint8Array(64 * 1024);
  #used = 0;
  #phase: 'magic' | 'unknown' | 'list' = 'magic';
  /** Bytes of the list that have not been consumed; known once its field was found. */
  #listLeft = 0;
  #meta: ListMeta = { resourceVersion: '', continue: '' };

  constructor(onItem: (bytes: Uint8Array, start: number, end: number) => void) {
    this.#onItem = onItem;
  }

  push(bytes: Uint8Array, start: number, end: number): void {
    if (this.#used === 0) {
      const used = this.#consume(bytes, start, end);
      this.#keep(bytes, start + used, end);
      return;
    }
    this.#keep(bytes, start, end);
    const used = this.#consume(this.#held, 0, this.#used);
    if (used > 0) {
      this.#held.copyWithin(0, used, this.#used);
      this.#used -= used;
    }
  }

  /** @throws MalformedMessage when the list was cut */
  finish(): ListMeta {
    if (this.#phase !== 'list' || this.#listLeft !== 0) throw new MalformedMessage('A list ended in its middle');
    return this.#meta;
  }

  /** Uses as many whole fields as there are; returns the number of bytes used. */
  #consume(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end) {
      if (this.#phase === 'magic') {
        if (end - at < 4) break;
        if (magic.some((byte, index) => bytes[at + index] !== byte)) {
          throw new MalformedMessage('A list does not begin with the magic number of protobuf');
        }
        at += 4;
        this.#phase = 'unknown';
        continue;
      }
      if (this.#phase === 'list' && this.#listLeft === 0) return end - start;
      const tagEnd = varintEnd(bytes, at, end);
      if (tagEnd === -1) break;
      const tag = readVarint(bytes, at, end);
      const valueEnd = varintEnd(bytes, tagEnd, end);
      if (valueEnd === -1) break;
      if ((tag & 7) !== bytesType) throw new MalformedMessage('A list has a field that is none of a list');
      const length = readVarint(bytes, tagEnd, end);
      if (this.#phase === 'unknown' && tag >>> 3 === 2) {
        this.#phase = 'list';
        this.#listLeft = length;
        at = valueEnd;
        continue;
      }
      if (end - valueEnd < length) break;
      const next = valueEnd + length;
      if (this.#phase === 'list') {
        this.#listLeft -= next - at;
        if (this.#listLeft < 0) throw new MalformedMessage('An item is longer than its list');
        if (tag >>> 3 === 2) this.#onItem(bytes, valueEnd, next);
        else if (tag >>> 3 === 1) {
          // ListMeta: selfLink = 1, resourceVersion = 2, continue = 3
          this.#meta = {
            resourceVersion: textField(bytes, valueEnd, next, 2),
            continue: textField(bytes, valueEnd, next, 3),
          };
        }
      }
      at = next;
    }
    return at - start;
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    const needed = this.#used + end - start;
    if (needed > this.#held.length) {
      const larger = new Uint8Array(Math.max(needed, this.#held.length * 2));
      larger.set(this.#held.subarray(0, this.#used));
      this.#held = larger;
    }
    this.#held.set(bytes.subarray(start, end), this.#used);
    this.#used = needed;
  }
}

/** Position behind the varint at `at`, or -1 when it is not whole yet. */
function varintEnd(bytes: Uint8Array, at: number, end: number): number {
  for (let index = at; index < end; index++) {
    if ((bytes[index] as number) < 128) return index + 1;
    if (index - at >= 9) throw new MalformedMessage('A number is longer than ten bytes');
  }
  return -1;
}
