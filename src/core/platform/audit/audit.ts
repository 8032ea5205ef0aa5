import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import { type Broken, type Link, link, noHash, readChain } from './chain.ts';
import type { AuditEntry } from './contract.ts';

export type NewEntry = Omit<AuditEntry, 'key' | 'at'>;

/** An entry with what only the engine uses of it. */
export interface KeptEntry extends AuditEntry {
  /** The request that takes it back, as its writer gave it; absent when there is none, or it holds a secret. */
  inverse?: unknown;
}

export interface Audit {
  /** Resolves when entries can be written. Rejects with `unavailable`: then nothing may be changed. */
  ready(): Promise<void>;
  /** Newest last. */
  readonly entries: readonly KeptEntry[];
  /** Resolves when the entry is on the disk. Rejects with `unavailable` when it cannot be: then nothing may be changed. */
  record(entry: NewEntry & { inverse?: unknown }): Promise<KeptEntry>;
  verify(): Promise<{ entries: number; head: string; broken?: Broken & { file: string } }>;
  exportText(): string;
}

/** Files of some megabytes are read at the start; older ones stay on the disk for `verify`. */
const filesRead = 50;

/** With a folder, reads what earlier runs left there. */
export async function createAudit(options: { folder: string | undefined; clock: Clock }): Promise<Audit> {
  const { folder, clock } = options;
  const links: Link<KeptEntry>[] = [];
  let previous = noHash;
  if (folder !== undefined) {
    for (const file of (await files(folder)).slice(-filesRead)) {
      links.push(...readChain<KeptEntry>(await readFile(join(folder, file), 'utf8'), previous).links);
      previous = links.at(-1)?.hash ?? previous;
    }
  }
  return new ChainedAudit(folder, clock, links, previous);
}

class ChainedAudit implements Audit {
  readonly #folder: string | undefined;
  readonly #clock: Clock;
  readonly #links: Link<KeptEntry>[];
  #entries: KeptEntry[];
  #previous: string;
  #file: string | undefined;
  /** Entries are written one after the other: each needs the hash of the one before. */
  #writing: Promise<unknown> = Promise.resolve();

  constructor(folder: string | undefined, clock: Clock, links: Link<KeptEntry>[], previous: string) {
    this.#folder = folder;
    this.#clock = clock;
    this.#links = links;
    this.#entries = links.map(({ entry, hash }) => ({ ...entry, key: hash }));
    this.#previous = previous;
  }

  get entries(): readonly KeptEntry[] {
    return this.#entries;
  }

  record(entry: NewEntry & { inverse?: unknown }): Promise<KeptEntry> {
    const written = this.#writing.then(() => this.#write({ ...entry, key: '', at: this.#clock.now() }));
    this.#writing = written.catch(() => undefined);
    return written;
  }

  async verify(): ReturnType<Audit['verify']> {
    if (this.#folder === undefined) return { entries: this.#links.length, head: this.#previous };
    await this.#writing;
    let previous = noHash;
    let entries = 0;
    let broken: (Broken & { file: string }) | undefined;
    for (const file of await files(this.#folder)) {
      const read = readChain<KeptEntry>(await readFile(join(this.#folder, file), 'utf8'), previous);
      if (read.broken !== undefined) broken ??= { file, ...read.broken };
      entries += read.links.length;
      previous = read.links.at(-1)?.hash ?? previous;
    }
    return { entries, head: previous, ...(broken !== undefined && { broken }) };
  }

  exportText(): string {
    return this.#links.map((each) => `${JSON.stringify(each)}\n`).join('');
  }

  ready(): Promise<void> {
    return this.#append('');
  }

  async #write(entry: KeptEntry): Promise<KeptEntry> {
    const next = link(this.#previous, entry);
    await this.#append(`${JSON.stringify(next)}\n`);
    this.#previous = next.hash;
    this.#links.push(next);
    const kept = { ...entry, key: next.hash };
    this.#entries = [...this.#entries, kept];
    return kept;
  }

  async #append(text: string): Promise<void> {
    if (this.#folder === undefined) return;
    const name = `${new Date(this.#clock.now()).toISOString().replace(/[:.]/g, '-')}-${process.pid}.ndjson`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      this.#file ??= join(this.#folder, name);
      const file = await open(this.#file, 'a', 0o600);
      try {
        if (text !== '') {
          await file.write(text);
          await file.sync();
        }
      } finally {
        await file.close();
      }
    } catch (error) {
      throw new KubeSageError('unavailable', 'The record of changes cannot be written', {
        hint: 'Free some space on the disk, or make the data folder writable. Nothing is changed without a record.',
        cause: error,
      });
    }
  }
}

async function files(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.ndjson')).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // No folder yet, or no folder at all: `ready` says so before anything is changed.
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
