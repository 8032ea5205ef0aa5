import { MalformedMessage } from '../projectors/protobuf.ts';
import { type EventSink, failureOfEvent, initialEventsEnd, unknownEvent } from './events.ts';
import type { ListMeta } from './protobufStream.ts';

const quote = 34;
const comma = 44;
const colon = 58;
const backslash = 92;
const openBracket = 91;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The text of a range; MalformedMessage for invalid UTF-8, instead of a replacement character in somebody's name. */
function decode(bytes: Uint8Array, start: number, end: number): string {
  try {
    return decoder.decode(bytes.subarray(start, end));
  } catch (error) {
    throw new MalformedMessage('Some text is no UTF-8', error);
  }
}

function skipSpace(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] === 32 || bytes[at] === 10 || bytes[at] === 13 || bytes[at] === 9)) at++;
  return at;
}

/** Position behind the string that begins at `at` (its quote). */
function skipString(bytes: Uint8Array, start: number, end: number): number {
  let at = start + 1;
  for (;;) {
    const close = bytes.indexOf(quote, at);
    if (close === -1 || close >= end) throw new MalformedMessage('A string has no end');
    let slashes = 0;
    for (let back = close - 1; back > start && bytes[back] === backslash; back--) slashes++;
    if (slashes % 2 === 0) return close + 1;
    at = close + 1;
  }
}

/** Position behind the value that begins at `at`. Structure only: what is inside is the projector's business. */
function skipValue(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const first = bytes[at];
  if (first === quote) return skipString(bytes, at, end);
  if (first !== openBrace && first !== openBracket) {
    while (at < end && bytes[at] !== comma && bytes[at] !== closeBrace && bytes[at] !== closeBracket) at++;
    if (at === start) throw new MalformedMessage('A value is missing');
    return at;
  }
  let depth = 0;
  while (at < end) {
    const byte = bytes[at];
    if (byte === quote) {
      at = skipString(bytes, at, end);
      continue;
    }
    if (byte === openBrace || byte === openBracket) depth++;
    else if (byte === closeBrace || byte === closeBracket) {
      depth--;
      if (depth === 0) return at + 1;
    }
    at++;
  }
  throw new MalformedMessage('A value has no end');
}

/** Calls for every field of the object at `start`; the callback gets the name's range and the value's. */
export function eachField(
  bytes: Uint8Array,
  start: number,
  end: number,
  visit: (name: string, valueStart: number, valueEnd: number) => void,
): void {
  let at = skipSpace(bytes, start, end);
  if (bytes[at] !== openBrace || at >= end) throw new MalformedMessage('There is no object where one should be');
  at = skipSpace(bytes, at + 1, end);
  if (bytes[at] === closeBrace) return;
  for (;;) {
    if (at >= end || bytes[at] !== quote) throw new MalformedMessage('A field has no name');
    const nameEnd = skipString(bytes, at, end);
    const name = decode(bytes, at + 1, nameEnd - 1);
    at = skipSpace(bytes, nameEnd, end);
    if (bytes[at] !== colon) throw new MalformedMessage('A field has no value');
    const valueStart = skipSpace(bytes, at + 1, end);
    const valueEnd = skipValue(bytes, valueStart, end);
    visit(name, valueStart, valueEnd);
    at = skipSpace(bytes, valueEnd, end);
    if (bytes[at] === comma) at = skipSpace(bytes, at + 1, end);
    else if (bytes[at] === closeBrace && at < end) return;
    else throw new MalformedMessage('An object has no end');
  }
}

export function textValue(bytes: Uint8Array, start: number, end: number): string {
  const text = decode(bytes, start, end);
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : '';
  } catch (error) {
    throw new MalformedMessage('A value is no JSON', error);
  }
}

/** `metadata.resourceVersion` of an object; '' when absent. */
export function jsonVersion(bytes: Uint8Array, start: number, end: number): string {
  let version = '';
  eachField(bytes, start, end, (name, from, to) => {
    if (name !== 'metadata') return;
    eachField(bytes, from, to, (inner, innerFrom, innerTo) => {
      if (inner === 'resourceVersion') version = textValue(bytes, innerFrom, innerTo);
    });
  });
  return version;
}

/** One line of a JSON watch: `{"type":…,"object":…}`. */
export function readWatchLine(bytes: Uint8Array, start: number, end: number, sink: EventSink): void {
  let type = '';
  let objectStart = -1;
  let objectEnd = -1;
  eachField(bytes, start, end, (name, from, to) => {
    if (name === 'type') type = textValue(bytes, from, to);
    else if (name === 'object') {
      objectStart = from;
      objectEnd = to;
    }
  });
  if (objectStart === -1 || bytes[objectStart] !== openBrace) throw new MalformedMessage('An event has no object');
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
      sink.object(0, bytes, objectStart, objectEnd);
      return;
    case 'DELETED':
      sink.object(1, bytes, objectStart, objectEnd);
      return;
    case 'BOOKMARK': {
      const bookmark = parse(bytes, objectStart, objectEnd) as {
        metadata?: { resourceVersion?: unknown; annotations?: Record<string, unknown> };
      };
      const version = bookmark.metadata?.resourceVersion;
      if (typeof version !== 'string' || version === '') throw new MalformedMessage('A bookmark has no version');
      sink.bookmark(version, bookmark.metadata?.annotations?.[initialEventsEnd] === 'true');
      return;
    }
    case 'ERROR': {
      const status = parse(bytes, objectStart, objectEnd) as {
        message?: unknown;
        reason?: unknown;
        code?: unknown;
        details?: { retryAfterSeconds?: unknown };
      };
      const retry = status.details?.retryAfterSeconds;
      sink.error(
        failureOfEvent({
          message: typeof status.message === 'string' ? status.message : '',
          reason: typeof status.reason === 'string' ? status.reason : '',
          code: typeof status.code === 'number' ? status.code : 0,
          retryAfterSeconds: typeof retry === 'number' ? retry : undefined,
        }),
      );
      return;
    }
    default:
      throw unknownEvent(type);
  }
}

function parse(bytes: Uint8Array, start: number, end: number): object {
  let value: unknown;
  try {
    value = JSON.parse(decode(bytes, start, end));
  } catch (error) {
    throw new MalformedMessage('An event is no JSON', error);
  }
  if (typeof value !== 'object' || value === null) throw new MalformedMessage('An event is no object');
  return value;
}

/** A whole JSON list, page by page in memory. `items: null` is an empty list (Go writes a nil slice so). */
export function readJsonList(
  bytes: Uint8Array,
  onItem: (bytes: Uint8Array, start: number, end: number) => void,
): ListMeta {
  const meta: ListMeta = { resourceVersion: '', continue: '' };
  let isList = false;
  eachField(bytes, 0, bytes.length, (name, start, end) => {
    if (name === 'metadata') {
      eachField(bytes, start, end, (inner, from, to) => {
        if (inner === 'resourceVersion') meta.resourceVersion = textValue(bytes, from, to);
        else if (inner === 'continue') meta.continue = textValue(bytes, from, to);
      });
    } else if (name === 'items') {
      isList = true;
      if (bytes[start] === openBracket) eachItem(bytes, start, end, onItem);
    }
  });
  if (!isList) throw new MalformedMessage('An answer is no list');
  return meta;
}

export function eachItem(
  bytes: Uint8Array,
  start: number,
  end: number,
  visit: (bytes: Uint8Array, start: number, end: number) => void,
): void {
  let at = skipSpace(bytes, start + 1, end);
  while (bytes[at] !== closeBracket) {
    const itemEnd = skipValue(bytes, at, end);
    // `null` where an object should be: nothing to show, and nothing lost.
    if (bytes[at] === openBrace) visit(bytes, at, itemEnd);
    at = skipSpace(bytes, itemEnd, end);
    if (bytes[at] === comma) at = skipSpace(bytes, at + 1, end);
    else if (bytes[at] !== closeBracket) throw new MalformedMessage('A list has no end');
  }
}
