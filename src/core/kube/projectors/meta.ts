import { type BatchBuilder, internText } from '../columns/batchBuilder.ts';
import { encodeLabels, meta } from '../columns/schema.ts';
import { ByteCache } from './byteCache.ts';
import { cursor, MalformedMessage, readInt64, readLength, readText, readVarint, skipField } from './protobuf.ts';
import { addEntry, isRecord, noTexts, readSeconds, secondsOf, skipTag, type Texts } from './read.ts';

/** What `row` may want of the metadata. One object for the thread: copy what is kept. */
export interface ObjectMeta {
  namespace: string;
  /** Seconds since the epoch, 0 when absent. */
  created: number;
  deleting: number;
  generation: number;
  /** As encodeLabels writes them. */
  labels: string;
}

const current: ObjectMeta = { namespace: '', created: 0, deleting: 0, generation: 0, labels: '' };

interface Owner {
  text: string;
  uid: string;
}

const noOwner: Owner = { text: '', uid: '' };
const labelTexts = new ByteCache(decodeLabelFields);
const owners = new ByteCache(decodeOwnerFields);
const place = { uid: 0, uidEnd: 0, version: 0, versionEnd: 0 };
/** Tags of ObjectMeta's fields 11 (labels) and 13 (ownerReferences). */
const labelsTag = 90;
const ownersTag = 106;

/**
 * Opens a row and writes its meta cells from the object's bytes. Every built-in object has its metadata in field 1;
 * the labels and the owners are found again by their bytes, because thousands of objects share them.
 */
export function writeMeta(bytes: Uint8Array, start: number, end: number, cells: BatchBuilder, op: 0 | 1): ObjectMeta {
  let from = end;
  let to = end;
  for (let at = start; at < end; ) {
    const tag = bytes[at++] as number;
    if (tag === 10) {
      // The last one counts, as for every field that is not repeated.
      to = readLength(bytes, at, end);
      from = cursor.at;
      at = to;
    } else at = skipTag(bytes, at, end, tag);
  }
  let name = 0;
  let nameEnd = 0;
  let labelsStart = 0;
  let labelsEnd = 0;
  let ownersStart = 0;
  let ownersEnd = 0;
  let scattered = false;
  current.namespace = '';
  current.created = 0;
  current.deleting = 0;
  current.generation = 0;
  place.uid = 0;
  place.uidEnd = 0;
  place.version = 0;
  place.versionEnd = 0;
  for (let at = from; at < to; ) {
    const field = at;
    let tag = bytes[at++] as number;
    if (tag > 127) {
      tag = readVarint(bytes, field, to);
      at = cursor.at;
    }
    if (tag === 56) {
      current.generation = readInt64(bytes, at, to);
      at = cursor.at;
      continue;
    }
    if ((tag & 7) !== 2) {
      at = skipField(bytes, at, to, tag);
      continue;
    }
    const stop = readLength(bytes, at, to);
    const content = cursor.at;
    at = stop;
    switch (tag) {
      case 10:
        name = content;
        nameEnd = stop;
        break;
      case 26:
        current.namespace = internText(bytes, content, stop);
        break;
      case 42:
        place.uid = content;
        place.uidEnd = stop;
        break;
      case 50:
        place.version = content;
        place.versionEnd = stop;
        break;
      case 66:
        current.created = readSeconds(bytes, content, stop);
        break;
      case 74:
        current.deleting = readSeconds(bytes, content, stop);
        break;
      case labelsTag:
        if (labelsStart === 0) labelsStart = field;
        else if (labelsEnd !== field) scattered = true;
        labelsEnd = stop;
        break;
      case ownersTag:
        if (ownersStart === 0) ownersStart = field;
        else if (ownersEnd !== field) scattered = true;
        ownersEnd = stop;
        break;
      default:
    }
  }
  if (name === nameEnd) throw new MalformedMessage('The object has no name');
  // The server writes repeated fields together. Whoever does not gets the same answer, read over the whole metadata.
  const owner = scattered
    ? decodeOwnerFields(bytes, from, to)
    : ownersEnd === 0
      ? noOwner
      : owners.get(bytes, ownersStart, ownersEnd);
  current.labels = scattered
    ? decodeLabelFields(bytes, from, to)
    : labelsEnd === 0
      ? ''
      : labelTexts.get(bytes, labelsStart, labelsEnd);
  cells.beginBytes(bytes, place, op);
  cells.nameBytes(meta.name, bytes, name, nameEnd);
  writeCells(owner, cells);
  return current;
}

/** The same from JSON. */
export function writeJsonMeta(value: unknown, cells: BatchBuilder, op: 0 | 1): ObjectMeta {
  const metadata = isRecord(value) && isRecord(value.metadata) ? value.metadata : {};
  const { name, namespace, uid, resourceVersion, generation, labels, ownerReferences } = metadata;
  if (typeof name !== 'string' || name === '') throw new MalformedMessage('The object has no name');
  current.namespace = typeof namespace === 'string' ? namespace : '';
  current.created = secondsOf(metadata.creationTimestamp);
  current.deleting = secondsOf(metadata.deletionTimestamp);
  current.generation = typeof generation === 'number' ? generation : 0;
  current.labels = isRecord(labels) ? encodeLabels(onlyTexts(labels)) : '';
  let owner = noOwner;
  if (Array.isArray(ownerReferences)) {
    for (const reference of ownerReferences.filter(isRecord)) {
      if (owner !== noOwner && reference.controller !== true) continue;
      owner = { text: `${reference.kind ?? ''}/${reference.name ?? ''}`, uid: String(reference.uid ?? '') };
      if (reference.controller === true) break;
    }
  }
  cells.begin(typeof uid === 'string' ? uid : '', typeof resourceVersion === 'string' ? resourceVersion : '', op);
  cells.name(meta.name, name);
  writeCells(owner, cells);
  return current;
}

function writeCells(owner: Owner, cells: BatchBuilder): void {
  cells.text(meta.namespace, current.namespace);
  cells.time(meta.created, current.created);
  cells.time(meta.deleting, current.deleting);
  cells.text(meta.labels, current.labels);
  if (owner !== noOwner) {
    cells.text(meta.owner, owner.text);
    cells.text(meta.ownerUid, owner.uid);
  }
}

function onlyTexts(labels: Record<string, unknown>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [key, value] of Object.entries(labels)) if (typeof value === 'string') texts[key] = value;
  return texts;
}

/** Gathers the text of one object's labels. */
let lines = new Uint8Array(1024);

/**
 * The labels' text without an object in between, where they are as the server writes them: ASCII, each a key and a
 * value, in the keys' order. undefined where they are not.
 */
function plainLabels(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (lines.length < end - start) lines = new Uint8Array((end - start) * 2);
  const text = lines;
  let used = 0;
  let keyBefore = 0;
  let keyBeforeEnd = 0;
  let high = 0;
  for (let at = start; at < end; ) {
    if (bytes[at++] !== labelsTag) return undefined;
    const stop = readLength(bytes, at, end);
    at = cursor.at;
    if (at >= stop || bytes[at++] !== 10) return undefined;
    const keyEnd = readLength(bytes, at, stop);
    const key = cursor.at;
    at = keyEnd;
    if (at >= stop || bytes[at++] !== 18) return undefined;
    const valueEnd = readLength(bytes, at, stop);
    // `__proto__` begins with an underscore, as no key that an API server admits.
    if (valueEnd !== stop || key === keyEnd || bytes[key] === 95) return undefined;
    if (!isAfter(bytes, key, keyEnd, keyBefore, keyBeforeEnd)) return undefined;
    if (used > 0) text[used++] = 10;
    for (let from = key; from < keyEnd; from++) {
      const byte = bytes[from] as number;
      high |= byte;
      text[used++] = byte;
    }
    text[used++] = 61;
    for (let from = cursor.at; from < stop; from++) {
      const byte = bytes[from] as number;
      high |= byte;
      text[used++] = byte;
    }
    keyBefore = key;
    keyBeforeEnd = keyEnd;
    at = stop;
  }
  return high > 127 ? undefined : readText(text, 0, used);
}

/** Order of two keys; the first one is after the empty one. */
function isAfter(bytes: Uint8Array, key: number, keyEnd: number, before: number, beforeEnd: number): boolean {
  for (let at = 0; ; at++) {
    if (key + at >= keyEnd) return false;
    if (before + at >= beforeEnd) return true;
    const difference = (bytes[key + at] as number) - (bytes[before + at] as number);
    if (difference !== 0) return difference > 0;
  }
}

function decodeLabelFields(bytes: Uint8Array, at: number, end: number): string {
  const plain = plainLabels(bytes, at, end);
  if (plain !== undefined) return plain;
  let labels: Texts = noTexts;
  while (at < end) {
    const tag = bytes[at++] as number;
    if (tag === labelsTag) {
      const stop = readLength(bytes, at, end);
      labels = addEntry(labels, bytes, cursor.at, stop, internText);
      at = stop;
    } else at = skipTag(bytes, at, end, tag);
  }
  return encodeLabels(labels);
}

/** The controller among the owners, or else the first of them. OwnerReference: kind 1, name 3, uid 4, controller 6. */
function decodeOwnerFields(bytes: Uint8Array, at: number, end: number): Owner {
  let chosen = noOwner;
  while (at < end) {
    const tag = bytes[at++] as number;
    if (tag !== ownersTag) {
      at = skipTag(bytes, at, end, tag);
      continue;
    }
    const stop = readLength(bytes, at, end);
    let kind = '';
    let name = '';
    let uid = '';
    let controls = false;
    for (at = cursor.at; at < stop; ) {
      const field = bytes[at++] as number;
      if (field === 10 || field === 26 || field === 34) {
        const textEnd = readLength(bytes, at, stop);
        const text = internText(bytes, cursor.at, textEnd);
        if (field === 10) kind = text;
        else if (field === 26) name = text;
        else uid = text;
        at = textEnd;
      } else if (field === 48) {
        controls = readVarint(bytes, at, stop) !== 0;
        at = cursor.at;
      } else at = skipTag(bytes, at, stop, field);
    }
    if (chosen === noOwner || controls) chosen = { text: `${kind}/${name}`, uid };
    if (controls) return chosen;
  }
  return chosen;
}
