import { cursor, readLength, readVarint, skipField } from './protobuf.ts';

/** What becomes of a field, by its tag (number and wire type). Tags that are not named are skipped. */
export type Keep =
  /** The field as it is. `into` is a set of parts, one bit each. */
  | { keep: 'copy'; into: number }
  /** That it is there, for a message. */
  | { keep: 'presence'; into: number }
  /** Some of a message's fields. `prune`: nothing at all where none of them is there. */
  | { keep: 'message'; into: number; prune?: boolean; fields: Readonly<Record<number, Keep>> }
  /** Where it stands: the last one's range, for values that differ from object to object. */
  | { keep: 'place'; index: number };

const copy = 1;
const presence = 2;
const message = 3;
const place = 4;

interface Node {
  /** By tag: one of the above, 0 to skip. */
  readonly actions: Uint8Array;
  /** By tag: the set of parts, or the index of a place. */
  readonly marks: Uint8Array;
  readonly children: (Node | undefined)[];
  readonly prune: boolean;
}

function compile(fields: Readonly<Record<number, Keep>>, prune: boolean): Node {
  const size = Math.max(...Object.keys(fields).map(Number)) + 1;
  const node: Node = { actions: new Uint8Array(size), marks: new Uint8Array(size), children: [], prune };
  for (let tag = 0; tag < size; tag++) node.children.push(undefined);
  for (const [key, what] of Object.entries(fields)) {
    const tag = Number(key);
    node.actions[tag] = { copy, presence, message, place }[what.keep];
    node.marks[tag] = what.keep === 'place' ? what.index : what.into;
    if (what.keep === 'message') node.children[tag] = compile(what.fields, what.prune === true);
  }
  return node;
}

/** Four bytes hold any length of a message in a frame; a varint may be longer than it needs to be. */
const lengthBytes = 4;

/**
 * Takes the fields that columns are made of out of a message, into one or more smaller messages ("parts"): valid
 * protobuf, with everything in its order, and equal byte for byte for objects that say the same. What is made of a part
 * can then be found again by the part's bytes (ByteCache).
 *
 * One object for a thread's kind; what it holds is true until the next `extract`.
 */
export class Extractor {
  /** Each part's message: `parts[p]`, the first `lengths[p]` bytes. */
  readonly parts: Uint8Array[] = [];
  readonly lengths: number[] = [];
  /** Start and end of each place in the source; 0 and 0 where the field is absent. */
  readonly places: Int32Array;
  readonly #root: Node;
  readonly #placeCount: number;

  constructor(fields: Readonly<Record<number, Keep>>, partCount: number, placeCount: number) {
    this.#root = compile(fields, false);
    this.#placeCount = placeCount;
    this.places = new Int32Array(placeCount * 2);
    for (let part = 0; part < partCount; part++) {
      this.parts.push(new Uint8Array(16 * 1024));
      this.lengths.push(0);
    }
  }

  /** False where a field of the outermost message comes twice: the last counts there, which parts cannot tell. */
  extract(bytes: Uint8Array, start: number, end: number): boolean {
    // The shortest nested message grows from two bytes to five.
    const room = (end - start) * 3 + 64;
    for (let part = 0; part < this.parts.length; part++) {
      this.lengths[part] = 0;
      if ((this.parts[part] as Uint8Array).length < room) this.parts[part] = new Uint8Array(room * 2);
    }
    for (let at = 0; at < this.#placeCount * 2; at++) this.places[at] = 0;
    const { actions } = this.#root;
    let seen = 0;
    for (let at = start; at < end; ) {
      const from = at;
      let tag = bytes[at++] as number;
      if (tag > 127) {
        tag = readVarint(bytes, from, end);
        at = cursor.at;
      }
      if (tag >= actions.length || actions[tag] !== message) {
        at = skipField(bytes, at, end, tag);
        continue;
      }
      // Field numbers of the outermost messages are small.
      if ((seen & (1 << (tag >>> 3))) !== 0) return false;
      seen |= 1 << (tag >>> 3);
      const stop = readLength(bytes, at, end);
      this.#nested(bytes, tag, cursor.at, stop, this.#root);
      at = stop;
    }
    return true;
  }

  #walk(bytes: Uint8Array, start: number, end: number, node: Node): void {
    const { actions, marks } = node;
    for (let at = start; at < end; ) {
      const from = at;
      let tag = bytes[at++] as number;
      if (tag > 127) {
        tag = readVarint(bytes, from, end);
        at = cursor.at;
      }
      const action = tag < actions.length ? (actions[tag] as number) : 0;
      if (action === 0) at = skipField(bytes, at, end, tag);
      else if (action === copy) {
        at = skipField(bytes, at, end, tag);
        this.#append(bytes, from, at, marks[tag] as number);
      } else {
        const stop = readLength(bytes, at, end);
        if (action === message) this.#nested(bytes, tag, cursor.at, stop, node);
        else if (action === place) {
          const index = (marks[tag] as number) * 2;
          this.places[index] = cursor.at;
          this.places[index + 1] = stop;
        } else this.#tag(tag, marks[tag] as number, 1);
        at = stop;
      }
    }
  }

  #nested(bytes: Uint8Array, tag: number, start: number, end: number, parent: Node): void {
    const child = parent.children[tag] as Node;
    const into = parent.marks[tag] as number;
    const { lengths } = this;
    const before0 = lengths[0] as number;
    const before1 = lengths[1] as number;
    const before2 = lengths[2] as number;
    this.#tag(tag, into, lengthBytes);
    this.#walk(bytes, start, end, child);
    if ((into & 1) !== 0) this.#close(0, before0, tag, child.prune);
    if ((into & 2) !== 0) this.#close(1, before1, tag, child.prune);
    if ((into & 4) !== 0) this.#close(2, before2, tag, child.prune);
  }

  /** Writes the length of the message that began at `before`. */
  #close(part: number, before: number, tag: number, prune: boolean): void {
    const bytes = this.parts[part] as Uint8Array;
    const content = before + (tag > 127 ? 2 : 1) + lengthBytes;
    const length = (this.lengths[part] as number) - content;
    if (prune && length === 0) {
      this.lengths[part] = before;
      return;
    }
    bytes[content - 4] = (length & 127) | 128;
    bytes[content - 3] = ((length >>> 7) & 127) | 128;
    bytes[content - 2] = ((length >>> 14) & 127) | 128;
    bytes[content - 1] = length >>> 21;
  }

  /** Writes a tag and room for a length of that many bytes, which are zero. */
  #tag(tag: number, into: number, room: number): void {
    for (let part = 0, rest = into; rest !== 0; part++, rest >>= 1) {
      if ((rest & 1) === 0) continue;
      const bytes = this.parts[part] as Uint8Array;
      let at = this.lengths[part] as number;
      if (tag > 127) {
        bytes[at++] = (tag & 127) | 128;
        bytes[at++] = tag >>> 7;
      } else bytes[at++] = tag;
      for (let zero = 0; zero < room; zero++) bytes[at++] = 0;
      this.lengths[part] = at;
    }
  }

  #append(bytes: Uint8Array, start: number, end: number, into: number): void {
    for (let part = 0, rest = into; rest !== 0; part++, rest >>= 1) {
      if ((rest & 1) === 0) continue;
      const target = this.parts[part] as Uint8Array;
      let to = this.lengths[part] as number;
      for (let at = start; at < end; at++) target[to++] = bytes[at] as number;
      this.lengths[part] = to;
    }
  }
}
