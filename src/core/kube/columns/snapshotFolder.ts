import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { diskSnapshotFiles } from './snapshotFiles.ts';

/** A folder of snapshots, by name. Every failure rejects; a name that does not exist reads as null. */
export interface SnapshotFolder {
  /** Names of the snapshots that are there. */
  list(): Promise<string[]>;
  read(name: string): Promise<Uint8Array | null>;
  /** As in SnapshotFiles: the old content or the new one, never a part. */
  replace(name: string, parts: readonly Uint8Array[]): Promise<void>;
  /** Keeps a file that can't be read under another name, out of the way. */
  setAside(name: string): Promise<void>;
  remove(name: string): Promise<void>;
}

const ending = '.snapshot';

/**
 * Snapshots on the machine's disk, readable by the user only. The folder is made with the first one.
 * @param borrowed another process writes them: here they are read, and nothing is changed. Reading does not wait for
 * the answer, changes do.
 */
export function createSnapshotFolder(path: string, borrowed: boolean | Promise<boolean> = false): SnapshotFolder {
  let tidied = Promise.resolve();
  const unlessBorrowed = async (change: () => Promise<unknown>): Promise<void> => {
    // What is removed may have the name of what is written now.
    await tidied;
    if (!(await borrowed)) await change();
  };
  const file = (name: string) => join(path, `${name}${ending}`);
  return {
    async list() {
      let entries: string[];
      try {
        entries = await readdir(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
      // What a process that was killed while writing left beside its file.
      const left = entries.filter((entry) => entry.includes(`${ending}.`) && entry.endsWith('.new'));
      const tidying = unlessBorrowed(() => Promise.all(left.map((entry) => rm(join(path, entry), { force: true }))));
      // What stays is in nobody's way, and is tried again by the next start.
      tidied = tidying.catch(() => undefined);
      return entries.filter((entry) => entry.endsWith(ending)).map((entry) => entry.slice(0, -ending.length));
    },
    read: (name) => diskSnapshotFiles.read(file(name)),
    replace: (name, parts) => unlessBorrowed(() => diskSnapshotFiles.replace(file(name), parts)),
    setAside: (name) => unlessBorrowed(() => rename(file(name), join(path, `${name}.damaged`))),
    remove: (name) => unlessBorrowed(() => rm(file(name), { force: true })),
  };
}
