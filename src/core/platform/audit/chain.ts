import { createHash } from 'node:crypto';

/** Before the first entry of all. */
export const noHash = '0'.repeat(64);

/** A line of a file: an entry with its place in the chain. */
export interface Link<E> {
  /** Hash of the entry before. */
  previous: string;
  /** SHA-256 over `previous` and the entry's JSON. */
  hash: string;
  entry: E;
}

export function link<E>(previous: string, entry: E): Link<E> {
  return { previous, hash: hashOf(previous, JSON.stringify(entry)), entry };
}

function hashOf(previous: string, json: string): string {
  return createHash('sha256').update(previous).update('\n').update(json).digest('hex');
}

export interface Broken {
  line: number;
  message: string;
}

/** Reads a file's lines. What does not fit is told once, for the first line of which it is true. */
export function readChain<E>(text: string, previous: string): { links: Link<E>[]; broken?: Broken } {
  const links: Link<E>[] = [];
  let broken: Broken | undefined;
  let before = previous;
  const lines = text.split('\n');
  // A line without an end was being written when the program died: it was never acknowledged.
  const torn = lines.pop() ?? '';
  for (const [at, line] of lines.entries()) {
    let read: Link<E>;
    try {
      read = JSON.parse(line) as Link<E>;
    } catch {
      broken ??= { line: at + 1, message: 'The line is no JSON' };
      continue;
    }
    if (read.previous !== before) broken ??= { line: at + 1, message: 'An entry before it is missing or was put in' };
    else if (read.hash !== hashOf(read.previous, JSON.stringify(read.entry))) {
      broken ??= { line: at + 1, message: 'The entry is not as it was written' };
    }
    before = read.hash;
    links.push(read);
  }
  if (torn !== '') broken ??= { line: lines.length + 1, message: 'The line was not written whole' };
  return { links, ...(broken !== undefined && { broken }) };
}
