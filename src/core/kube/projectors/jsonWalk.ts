import { MalformedMessage, readText } from './protobuf.ts';
import type { Plan } from './read.ts';

/** What of an object is wanted. A node without children is wanted whole. */
export interface Wanted {
  children: Map<string, Wanted>;
  /** It is a list whose entries are to be looked into. */
  list: boolean;
  /** Only how many entries it has: the value becomes a list of that length without content. */
  count: boolean;
  /** Of the children, for comparing with the text; made when first needed. */
  keys?: { bytes: Uint8Array; name: string; node: Wanted }[];
}

export function wanted(): Wanted {
  return { children: new Map(), list: false, count: false };
}

/** Adds a path of property names; a path that ends above another one takes that in. */
export function wantPath(root: Wanted, path: readonly string[]): void {
  let node = root;
  for (const [index, name] of path.entries()) {
    const known = node.children.get(name);
    if (known !== undefined && known.children.size === 0 && !known.count) return;
    const child = known ?? wanted();
    node.children.set(name, child);
    if (index === path.length - 1) {
      child.children.clear();
      child.count = false;
      child.list = false;
      delete child.keys;
    }
    delete node.keys;
    node = child;
  }
}

/** Adds what a kind's plan reads. */
export function wantPlan(root: Wanted, plan: Plan): void {
  for (const [name, code, inner, keys] of plan) {
    const child = root.children.get(name) ?? wanted();
    root.children.set(name, child);
    if (code === '#') child.count = true;
    else if (code === '?') child.count = true;
    else if (inner !== undefined) {
      child.list = code === '*';
      wantPlan(child, inner());
    } else if (keys !== undefined) for (const key of keys) wantPath(child, [key]);
  }
}

/**
 * The object's JSON with only what is wanted in it: everything else is skipped byte by byte and never becomes a value.
 * Equal to JSON.parse followed by leaving out; of an unwanted part only the brackets and quotes are checked. Throws
 * MalformedMessage for text that ends early or is no JSON object.
 */
export function walkJson(root: Wanted, bytes: Uint8Array, start: number, end: number): Record<string, unknown> {
  const at = spaces(bytes, start, end);
  if (bytes[at] !== openBrace || at >= end) throw new MalformedMessage('The object is no JSON object');
  const object = walkObject(root, bytes, at, end);
  if (spaces(bytes, position, end) !== end) throw new MalformedMessage('Something follows the JSON object');
  return object;
}

/** Behind the last value read. */
let position = 0;

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

function torn(): MalformedMessage {
  return new MalformedMessage('The JSON ends early or is broken');
}

function spaces(bytes: Uint8Array, at: number, end: number): number {
  while (at < end) {
    const byte = bytes[at];
    if (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9) break;
    at += 1;
  }
  return at;
}

function walkObject(node: Wanted, bytes: Uint8Array, at: number, end: number): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  at = spaces(bytes, at + 1, end);
  if (at < end && bytes[at] === closeBrace) {
    position = at + 1;
    return object;
  }
  for (;;) {
    if (at >= end || bytes[at] !== quote) throw torn();
    const keyEnd = skipString(bytes, at, end);
    const child = childOf(node, bytes, at, keyEnd);
    at = spaces(bytes, keyEnd, end);
    if (at >= end || bytes[at] !== 0x3a) throw torn();
    at = spaces(bytes, at + 1, end);
    if (child === undefined) at = skipValue(bytes, at, end);
    else {
      object[child.name] = walkValue(child.node, bytes, at, end);
      at = position;
    }
    at = spaces(bytes, at, end);
    if (at >= end) throw torn();
    if (bytes[at] === closeBrace) {
      position = at + 1;
      return object;
    }
    if (bytes[at] !== 0x2c) throw torn();
    at = spaces(bytes, at + 1, end);
  }
}

function walkValue(node: Wanted, bytes: Uint8Array, at: number, end: number): unknown {
  const first = at < end ? bytes[at] : 0;
  if (node.count) return countEntries(bytes, at, end);
  if (node.list && first === openBracket) {
    const list: unknown[] = [];
    at = spaces(bytes, at + 1, end);
    if (at < end && bytes[at] === closeBracket) {
      position = at + 1;
      return list;
    }
    for (;;) {
      list.push(bytes[at] === openBrace ? walkObject(node, bytes, at, end) : parseValue(bytes, at, end));
      at = spaces(bytes, position, end);
      if (at >= end) throw torn();
      if (bytes[at] === closeBracket) {
        position = at + 1;
        return list;
      }
      if (bytes[at] !== 0x2c) throw torn();
      at = spaces(bytes, at + 1, end);
    }
  }
  if (node.children.size > 0 && first === openBrace) return walkObject(node, bytes, at, end);
  return parseValue(bytes, at, end);
}

function parseValue(bytes: Uint8Array, at: number, end: number): unknown {
  const stop = skipValue(bytes, at, end);
  position = stop;
  try {
    return JSON.parse(readText(bytes, at, stop));
  } catch (cause) {
    throw new MalformedMessage('A part of the object is not JSON', cause);
  }
}

/** A list as long as the list or object is; other values as they are. */
function countEntries(bytes: Uint8Array, at: number, end: number): unknown {
  const first = at < end ? bytes[at] : 0;
  if (first !== openBrace && first !== openBracket) return parseValue(bytes, at, end);
  const close = first === openBrace ? closeBrace : closeBracket;
  let entries = 0;
  const keys = new Set<string>();
  at = spaces(bytes, at + 1, end);
  if (at < end && bytes[at] === close) {
    position = at + 1;
    return [];
  }
  for (;;) {
    if (first === openBrace) {
      if (at >= end || bytes[at] !== quote) throw torn();
      const keyEnd = skipString(bytes, at, end);
      keys.add(readText(bytes, at, keyEnd));
      at = spaces(bytes, keyEnd, end);
      if (at >= end || bytes[at] !== 0x3a) throw torn();
      at = spaces(bytes, at + 1, end);
    }
    entries += 1;
    at = spaces(bytes, skipValue(bytes, at, end), end);
    if (at >= end) throw torn();
    if (bytes[at] === close) {
      position = at + 1;
      return new Array(first === openBrace ? keys.size : entries);
    }
    if (bytes[at] !== 0x2c) throw torn();
    at = spaces(bytes, at + 1, end);
  }
}

/** The child whose name stands in quotes at bytes[start .. end). */
function childOf(
  node: Wanted,
  bytes: Uint8Array,
  start: number,
  end: number,
): { name: string; node: Wanted } | undefined {
  node.keys ??= [...node.children].map(([name, child]) => ({
    name,
    node: child,
    bytes: new TextEncoder().encode(name),
  }));
  const length = end - start - 2;
  let escaped = false;
  for (const key of node.keys) {
    if (key.bytes.length !== length) continue;
    let i = 0;
    while (i < length && key.bytes[i] === bytes[start + 1 + i]) i += 1;
    if (i === length) return key;
  }
  for (let i = start + 1; i < end - 1; i++) escaped ||= bytes[i] === backslash;
  if (!escaped) return undefined;
  const name: unknown = parseValue(bytes, start, end);
  return node.keys.find((key) => key.name === name);
}

/** The position behind the closing quote of the string at `at`. */
function skipString(bytes: Uint8Array, at: number, end: number): number {
  for (at += 1; at < end; at++) {
    const byte = bytes[at];
    if (byte === quote) return at + 1;
    if (byte === backslash) at += 1;
  }
  throw torn();
}

function skipValue(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) throw torn();
  const first = bytes[at] as number;
  if (first === quote) return skipString(bytes, at, end);
  if (first !== openBrace && first !== openBracket) {
    const start = at;
    while (at < end) {
      const byte = bytes[at] as number;
      if (byte === 0x2c || byte === closeBrace || byte === closeBracket || byte <= 32) break;
      at += 1;
    }
    if (at === start) throw torn();
    return at;
  }
  let depth = 0;
  for (; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === quote) at = skipString(bytes, at, end) - 1;
    else if (byte === openBrace || byte === openBracket) depth += 1;
    else if ((byte === closeBrace || byte === closeBracket) && --depth === 0) return at + 1;
  }
  throw torn();
}
