import type { KubeObject } from '../objects.ts';
import type { Entry } from './objectStore.ts';

/**
 * Stands in a model's names and uids where every variant has letters of its own. Both are as long as what replaces
 * them, so that a variant's bytes are the model's with some overwritten: lengths within protobuf stay right.
 */
const nameMark = 'zqzx';
const uidMark = 'c1a57e40';
const nameLetters = 'bcdfghjklmnpqrstvwxz2456789';

export const marks = { name: nameMark, uid: uidMark };

/** What a variant has in the place of the marks. */
export interface Variant {
  /** Four characters, as Kubernetes generates them. */
  readonly name: string;
  /** Eight hexadecimal digits. */
  readonly uid: string;
}

/** The letters of a variant by its number, from 0 on; different for different numbers below 500,000. */
export function variantOf(number: number): Variant {
  let name = '';
  let rest = number;
  for (let at = 0; at < nameMark.length; at++) {
    name = (nameLetters[rest % nameLetters.length] ?? 'b') + name;
    rest = Math.floor(rest / nameLetters.length);
  }
  // An odd factor permutes 32-bit numbers.
  const uid = (Math.imul(number + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  return { name, uid };
}

interface Marked {
  bytes: Buffer;
  nameAt: readonly number[];
  uidAt: readonly number[];
}

function markedBytes(source: Uint8Array): Marked {
  const bytes = Buffer.from(source);
  return { bytes, nameAt: placesOf(bytes, nameMark), uidAt: placesOf(bytes, uidMark) };
}

function placesOf(bytes: Buffer, mark: string): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + mark.length)) places.push(at);
  return places;
}

function patched({ bytes, nameAt, uidAt }: Marked, { name, uid }: Variant): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  for (const at of nameAt) copy.write(name, at, 'latin1');
  for (const at of uidAt) copy.write(uid, at, 'latin1');
  return copy;
}

/** An object that many clusters have each in a variant of their own, encoded once for all of them. */
export interface Model {
  readonly key: string;
  readonly revision: number;
  readonly json: Marked;
  readonly protobuf: Marked | undefined;
}

export function modelOf(entry: Entry, encode: (object: KubeObject) => Uint8Array | undefined): Model {
  const protobuf = encode(entry.object);
  return {
    key: entry.key,
    revision: entry.revision,
    json: markedBytes(Buffer.from(JSON.stringify(entry.object))),
    protobuf: protobuf === undefined ? undefined : markedBytes(protobuf),
  };
}

/** A model as one cluster has it. Nothing but its key is kept: what is asked for is made from the model's bytes. */
export class VariantEntry implements Entry {
  readonly key: string;
  readonly #model: Model;
  readonly #variant: Variant;

  constructor(model: Model, variant: Variant) {
    this.key = model.key.replaceAll(nameMark, variant.name);
    this.#model = model;
    this.#variant = variant;
  }

  get revision(): number {
    return this.#model.revision;
  }

  get object(): KubeObject {
    return JSON.parse(this.json.toString()) as KubeObject;
  }

  get json(): Buffer {
    return patched(this.#model.json, this.#variant);
  }

  get protobuf(): Uint8Array | undefined {
    const { protobuf } = this.#model;
    return protobuf === undefined ? undefined : patched(protobuf, this.#variant);
  }
}
