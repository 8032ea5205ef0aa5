import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

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
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(this.#path, String(unfinished + 1));
    return unfinished < mostUnfinishedOpenings;
  }

  end(): void {
    rmSync(this.#path, { force: true });
  }

  #count(): number {
    if (!existsSync(this.#path)) return 0;
    const count = Number.parseInt(readFileSync(this.#path, 'utf8'), 10);
    return Number.isFinite(count) ? count : 0;
  }
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
