import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * The data folder, as the few things that settings need of a file system. Names are relative to the folder. A name that
 * does not exist reads as null; every other failure rejects with Node's own error.
 */
export interface DataFolder {
  /** Where it is, for messages. */
  readonly path: string;
  read(name: string): Promise<Uint8Array | null>;
  /** All or nothing, readable by the user only (0600): written beside, flushed to the disk, renamed over. */
  write(name: string, content: Uint8Array | string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
}

export function createDataFolder(path: string): DataFolder {
  return {
    path,
    async read(name) {
      try {
        return await readFile(join(path, name));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    async write(name, content) {
      const target = join(path, name);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      const temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`;
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(content);
        await file.sync();
      } catch (error) {
        await file.close();
        await rm(temporary, { force: true });
        throw error;
      }
      await file.close();
      await rename(temporary, target);
    },
    rename: (from, to) => rename(join(path, from), join(path, to)),
    remove: (name) => rm(join(path, name), { force: true }),
  };
}

/** A data folder that is gone with the process: for tests and for `--no-data`. */
export function createMemoryFolder(files: Map<string, Uint8Array> = new Map()): DataFolder {
  return {
    path: '(memory)',
    read: async (name) => files.get(name) ?? null,
    write: async (name, content) => {
      files.set(name, typeof content === 'string' ? new TextEncoder().encode(content) : content);
    },
    rename: async (from, to) => {
      const content = files.get(from);
      if (content === undefined) throw Object.assign(new Error(`${from} does not exist`), { code: 'ENOENT' });
      files.delete(from);
      files.set(to, content);
    },
    remove: async (name) => {
      files.delete(name);
    },
  };
}

/**
 * A data folder of which is not known yet whether another process has it. It is read at once; the first change waits for
 * the answer.
 */
export function createClaimedFolder(folder: DataFolder, heldByAnother: Promise<boolean>): DataFolder {
  const settled = heldByAnother.then((held) => (held ? createBorrowedFolder(folder) : folder));
  // Whoever changes something hears of it.
  settled.catch(() => undefined);
  let current: DataFolder | undefined;
  settled.then(
    (known) => {
      current = known;
    },
    () => undefined,
  );
  return {
    path: folder.path,
    read: (name) => (current ?? folder).read(name),
    write: async (name, content) => (await settled).write(name, content),
    rename: async (from, to) => (await settled).rename(from, to),
    remove: async (name) => (await settled).remove(name),
  };
}

/** Another process's data folder: it is read, and what is written here is gone with this process. */
function createBorrowedFolder(folder: DataFolder): DataFolder {
  const own = new Map<string, Uint8Array | null>();
  const read = async (name: string) => {
    const content = own.get(name);
    return content === undefined ? folder.read(name) : content;
  };
  return {
    path: folder.path,
    read,
    write: async (name, content) => {
      own.set(name, typeof content === 'string' ? new TextEncoder().encode(content) : content);
    },
    rename: async (from, to) => {
      const content = await read(from);
      own.set(to, content).set(from, null);
    },
    remove: async (name) => {
      own.set(name, null);
    },
  };
}
