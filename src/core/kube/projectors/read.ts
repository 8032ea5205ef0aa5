import { internText } from '../columns/batchBuilder.ts';
import { cursor, MalformedMessage, readInt32, readInt64, readLength, readVarint, skipField } from './protobuf.ts';

/** What the generated partial decoders are made of, and the reader that makes the same objects from JSON. */
export type Texts = Readonly<Record<string, string>>;

export const noTexts: Texts = Object.freeze({});
export const none: readonly never[] = Object.freeze([]);

/** How a partial object is read from JSON: property, code (see readJson), plan of the message, keys of a map. */
export type Plan = readonly (readonly [
  name: string,
  code: string,
  plan?: (() => Plan) | undefined,
  keys?: readonly string[],
])[];

/** A kind's decoder: protobuf bytes to the object that its `row` reads. */
export interface Partial {
  message: string;
  decode(bytes: Uint8Array, at: number, end: number): object;
  plan: Plan;
}

/** A Time or MicroTime message in whole seconds since the epoch; 0 when it holds none. */
export function readSeconds(bytes: Uint8Array, at: number, end: number): number {
  let seconds = 0;
  while (at < end) {
    const tag = bytes[at++] as number;
    if (tag === 8) {
      seconds = readInt64(bytes, at, end);
      at = cursor.at;
    } else {
      at = skipTag(bytes, at, end, tag);
    }
  }
  return seconds;
}

/** A Quantity message as its text; one that holds none is zero. */
export function readQuantity(bytes: Uint8Array, at: number, end: number): string {
  let text = '0';
  while (at < end) {
    const tag = bytes[at++] as number;
    if (tag === 10) {
      const stop = readLength(bytes, at, end);
      text = internText(bytes, cursor.at, stop);
      at = stop;
    } else {
      at = skipTag(bytes, at, end, tag);
    }
  }
  return text;
}

/** An IntOrString message as text. */
export function readIntOrString(bytes: Uint8Array, at: number, end: number): string {
  let kind = 0;
  let number = 0;
  let text = '';
  while (at < end) {
    const tag = bytes[at++] as number;
    if (tag === 8 || tag === 16) {
      const value = readInt32(bytes, at, end);
      if (tag === 8) kind = value;
      else number = value;
      at = cursor.at;
    } else if (tag === 26) {
      const stop = readLength(bytes, at, end);
      text = internText(bytes, cursor.at, stop);
      at = stop;
    } else {
      at = skipTag(bytes, at, end, tag);
    }
  }
  return kind === 0 ? String(number) : text;
}

/** Adds one map entry; `read` reads the value's bytes. With `keys`, the values of all other keys are skipped. */
export function addEntry(
  texts: Texts,
  bytes: Uint8Array,
  at: number,
  end: number,
  read: (bytes: Uint8Array, at: number, end: number) => string,
  keys?: readonly string[],
): Texts {
  let key = '';
  let start = end;
  let stop = end;
  while (at < end) {
    const tag = bytes[at++] as number;
    if (tag === 10) {
      const keyEnd = readLength(bytes, at, end);
      key = internText(bytes, cursor.at, keyEnd);
      at = keyEnd;
    } else if (tag === 18) {
      stop = readLength(bytes, at, end);
      start = cursor.at;
      at = stop;
    } else {
      at = skipTag(bytes, at, end, tag);
    }
  }
  if ((keys !== undefined && !keys.includes(key)) || key === '__proto__') return texts;
  const own: Record<string, string> = texts === noTexts ? {} : texts;
  own[key] = read(bytes, start, stop);
  return own;
}

/** Skips a field whose tag's first byte has been read. */
export function skipTag(bytes: Uint8Array, at: number, end: number, tag: number): number {
  if (tag < 128) return skipField(bytes, at, end, tag);
  const whole = readVarint(bytes, at - 1, end);
  return skipField(bytes, cursor.at, end, whole);
}

/** The same object as the decoder of this plan makes, from JSON. */
export function readJson(plan: Plan, value: unknown): object {
  const from = isRecord(value) ? value : {};
  const object: Record<string, unknown> = {};
  for (const [name, code, inner, keys] of plan) {
    const found = from[name] ?? undefined;
    object[name] = readValue(found, code, inner, keys);
  }
  return object;
}

function readValue(
  found: unknown,
  code: string,
  inner: (() => Plan) | undefined,
  keys: readonly string[] | undefined,
): unknown {
  switch (code) {
    case 's':
      return text(found);
    case 's?':
    case 'o?':
      return found === undefined ? null : text(found);
    case 'o':
      return text(found);
    case 'n':
      return typeof found === 'number' ? found : 0;
    case 'n?':
      return typeof found === 'number' ? found : null;
    case 'b':
      return found === true;
    case 'b?':
      return typeof found === 'boolean' ? found : null;
    case 't':
      return secondsOf(found);
    case 't?':
      return found === undefined ? null : secondsOf(found);
    case 'd':
      return typeof found === 'string' ? durationSeconds(found) : 0;
    case 'd?':
      return typeof found === 'string' ? durationSeconds(found) : null;
    case '?':
      return found !== undefined;
    case '#':
      return Array.isArray(found) ? found.length : isRecord(found) ? Object.keys(found).length : found ? 1 : 0;
    case '*s':
      return Array.isArray(found) && found.length > 0 ? found.map(text) : none;
    case '{': {
      if (!isRecord(found)) return noTexts;
      const texts: Record<string, string> = {};
      for (const [key, entry] of Object.entries(found)) {
        if ((keys === undefined || keys.includes(key)) && key !== '__proto__') texts[key] = text(entry);
      }
      return texts;
    }
    case 'm':
      return isRecord(found) && inner !== undefined ? readJson(inner(), found) : null;
    case '*': {
      if (!Array.isArray(found) || found.length === 0 || inner === undefined) return none;
      const plan = inner();
      return found.map((entry) => readJson(plan, entry));
    }
    default:
      throw new MalformedMessage(`The plan's code ${code} is not known`);
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';
}

/** Whole seconds of an RFC 3339 instant; 0 when there is none. */
export function secondsOf(value: unknown): number {
  if (typeof value !== 'string' || value === '') return 0;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? 0 : Math.floor(ms / 1000);
}

const durationUnits: Record<string, number> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** Go's duration text (`1h30m0s`) in seconds. */
export function durationSeconds(value: string): number {
  let seconds = 0;
  for (const [, amount, unit] of value.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)) {
    seconds += Number(amount) * (durationUnits[unit ?? ''] ?? 0);
  }
  return value.startsWith('-') ? -seconds : seconds;
}
