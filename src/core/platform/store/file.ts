import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

/** Openings in a row that may end the process before the file counts as the cause. */
const mostUnfinishedOpenings = 2;

/**
 * Says when a file has brought the process down while it was opened: a mark is left before opening and taken away
 * after. (A damaged file mostly refuses with an error; one that crashes the library leaves only this mark.)
 */
export class OpeningMark {
  readonly #path: string;

  constructor(file: string) {
    this.#path = `${file}.opening`;
  }

  /** @returns whether the file may be tried. */
  begin(): boolean {
    const unfinished = this.#count();
    try {
      writeFileSync(this.#path, String(unfinished + 1));
    } catch {
      // A disk that is full or read-only takes no mark. Opening the file says so, in words.
    }
    return unfinished < mostUnfinishedOpenings;
  }

  end(): void {
    try {
      rmSync(this.#path, { force: true });
    } catch {
      // As above; at worst the file is tried once less.
    }
  }

  #count(): number {
    if (!existsSync(this.#path)) return 0;
    const count = Number.parseInt(readFileSync(this.#path, 'utf8'), 10);
    return Number.isFinite(count) ? count : 0;
  }
}

/**
 * Remembers that a page of the file was found damaged while it was in use: it is set aside when it is opened next. (Pages
 * are read when they are wanted, so that opening such a file succeeds.)
 */
export class DamageMark {
  readonly #path: string;

  constructor(file: string) {
    this.#path = `${file}.suspect`;
  }

  get isSet(): boolean {
    return existsSync(this.#path);
  }

  set(): void {
    try {
      writeFileSync(this.#path, '');
    } catch {
      // Then the next run finds the damage again.
    }
  }

  clear(): void {
    rmSync(this.#path, { force: true });
  }
}

/** From when to when a file was written, in words; for what is lost with it. */
export function writtenBetween(file: string): string {
  return existsSync(file) ? between(statSync(file).birthtimeMs, statSync(file).mtimeMs) : 'at an unknown time';
}

/** The same of its write-ahead log alone: since the file itself was written last. */
export function loggedBetween(file: string): string {
  return existsSync(file) && existsSync(`${file}.wal`)
    ? between(statSync(file).mtimeMs, statSync(`${file}.wal`).mtimeMs)
    : 'at an unknown time';
}

function between(from: number, to: number): string {
  const text = (at: number) => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return `between ${text(Math.min(from, to))} and ${text(to)}`;
}

/** Moves a file and its write-ahead log out of the way, with the moment in the name. @returns the new path. */
export function setAside(file: string, why: 'damaged' | 'newer', now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
  const target = `${file}.${why}-${stamp}`;
  if (existsSync(file)) renameSync(file, target);
  if (existsSync(`${file}.wal`)) renameSync(`${file}.wal`, `${target}.wal`);
  return target;
}

/** Moves only the write-ahead log away: what it held is lost, the rest is kept. @returns whether there was one. */
export function setLogAside(file: string, now: number): boolean {
  if (!existsSync(`${file}.wal`)) return false;
  renameSync(`${file}.wal`, `${file}.wal.damaged-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`);
  return true;
}

/** Whether a store was ever opened at this path: one that nothing was written to need not be opened to know that. */
export function hasStore(path: string): boolean {
  return existsSync(path);
}
