import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KubeSageError } from '../../kernel/errors.ts';
import type { SnapshotFiles } from './snapshot.ts';

/** Snapshots on the machine's disk. */
export const diskSnapshotFiles: SnapshotFiles = {
  async read(path) {
    try {
      return await readFile(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw new KubeSageError('unavailable', `The snapshot ${path} can't be read`, {
        hint: 'The fleet is read from its clusters instead. Check the permissions of the file.',
        cause: error,
      });
    }
  },
  async replace(path, parts) {
    const beside = `${path}.${process.pid}.new`;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(beside, 'w', 0o600);
      try {
        // One after the other: a copy of the whole would hold the engine's thread for many milliseconds.
        await file.writeFile(parts);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(beside, path);
      await syncFolder(dirname(path));
    } catch (error) {
      await rm(beside, { force: true });
      throw new KubeSageError('unavailable', `The snapshot ${path} can't be written`, {
        hint: 'The next start shows an older state until the clusters have answered. Check the free space of the disk.',
        cause: error,
      });
    }
  },
};

/** Makes the new name itself survive a power cut. Windows does not open folders, and does not need it. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
