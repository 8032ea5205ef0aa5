import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Answer, Question, Recording } from './recording.ts';

/** Where a cluster's own digits go: a uid begins with two of them, a pod's template hash with one letter. */
export interface Patches {
  uids: Uint32Array;
  names: Uint32Array;
}

const uidPattern = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const podPattern = /[a-z]+-service-\d+-(?=[0-9a-f]{9}-[0-9a-z]{5})/g;

/** Letters that no recorded hash begins with: those of the hexadecimal digits are before them. */
const clusterLetters = 'ghijklmnopqrstuvwxyz';
const maxClusters = clusterLetters.length;

/**
 * The recorded answers, as any of the clusters would give them: every cluster has uids and pod names of its own, made by
 * writing over bytes of the same length. Compressed answers are the recorded ones for every cluster: who asks for those
 * here (kubectl, client-node) does the same work for them.
 */
export class Replayed {
  readonly recording: Recording;
  readonly #answers = new Map<string, Answer>();
  readonly #bodies = new Map<string, { bytes: Buffer; patches: Patches }>();

  constructor(recording: Recording) {
    this.recording = recording;
    for (const answer of recording.answers) this.#answers.set(keyOf(answer), answer);
  }

  find(question: Question): Answer | undefined {
    const exact = this.#answers.get(keyOf(question));
    if (exact !== undefined) return exact;
    // What is small is not compressed by an API server either, and fits into one page.
    if (question.gzip) return this.find({ ...question, gzip: false });
    return question.limit > 0 && question.page === 0 ? this.find({ ...question, limit: 0 }) : undefined;
  }

  /** The whole body, shared: to be copied before it is written over. */
  body(answer: Answer): Buffer {
    return this.#body(answer).bytes;
  }

  /** Copies [start, end) of a body into `into`, as that cluster's. Returns the bytes copied. */
  copy(answer: Answer, cluster: number, start: number, into: Buffer): number {
    const { bytes, patches } = this.#body(answer);
    const end = Math.min(bytes.length, start + into.length);
    bytes.copy(into, 0, start, end);
    if (answer.gzip) return end - start;
    const [high, low] = clusterDigits(cluster);
    for (let at = lowerBound(patches.uids, start - 1); at < patches.uids.length; at++) {
      const offset = patches.uids[at] as number;
      if (offset >= end) break;
      if (offset >= start) into[offset - start] = high;
      if (offset + 1 < end) into[offset + 1 - start] = low;
    }
    const letter = clusterLetter(cluster);
    for (let at = lowerBound(patches.names, start); at < patches.names.length; at++) {
      const offset = patches.names[at] as number;
      if (offset >= end) break;
      into[offset - start] = letter;
    }
    return end - start;
  }

  #body(answer: Answer): { bytes: Buffer; patches: Patches } {
    let body = this.#bodies.get(answer.file);
    if (body === undefined) {
      const bytes = readFileSync(path.join(this.recording.folder, answer.file));
      const patches = answer.gzip ? { uids: new Uint32Array(), names: new Uint32Array() } : findPatches(bytes);
      body = { bytes, patches };
      if (answer.form === 'protobufWatch' && answer.path === '/api/v1/pods') this.#check(patches);
      this.#bodies.set(answer.file, body);
    }
    return body;
  }

  /** A name or a uid that the server cut between two chunks would be the same in every cluster. */
  #check({ uids, names }: Patches): void {
    const { pods } = this.recording;
    if (uids.length < pods || names.length < pods) {
      throw new Error(`Of ${pods} recorded pods, ${uids.length} uids and ${names.length} names were found`);
    }
  }
}

export function findPatches(bytes: Buffer): Patches {
  const text = bytes.toString('latin1');
  return {
    uids: Uint32Array.from(text.matchAll(uidPattern), (match) => match.index),
    names: Uint32Array.from(text.matchAll(podPattern), (match) => match.index + match[0].length),
  };
}

export function clusterDigits(cluster: number): [number, number] {
  const digits = cluster.toString(16).padStart(2, '0');
  return [digits.charCodeAt(0), digits.charCodeAt(1)];
}

export function clusterLetter(cluster: number): number {
  const code = clusterLetters.charCodeAt(cluster);
  if (Number.isNaN(code)) throw new RangeError(`There are ${maxClusters} clusters at most`);
  return code;
}

function lowerBound(sorted: Uint32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function keyOf({ path: at, form, gzip: compressed, limit, page }: Question): string {
  return [at, form, compressed, limit, page].join(' ');
}
