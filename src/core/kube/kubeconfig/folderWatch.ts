import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';
import type { Disposable } from '../../kernel/disposable.ts';

/**
 * Tells that something may have changed. Folders are watched instead of files, because a file that is replaced or whose
 * symbolic link is swapped takes its watch with it. It is a nudge only: whoever listens looks at the files itself, and
 * looks now and then without a nudge, since not every file system tells.
 */
export function createFolderWatch(changed: () => void): Disposable & {
  /** @param files pairs of a path and what it resolves to. */
  update(folders: readonly string[], files: readonly (readonly [string, string])[]): void;
} {
  const watchers = new Map<string, FSWatcher>();

  const open = (folder: string) => {
    try {
      const watcher = watch(folder, { persistent: false }, () => changed());
      watcher.on('error', () => close(folder));
      watchers.set(folder, watcher);
    } catch {
      // Not there, or no more watches to be had: polling finds the change a little later.
    }
  };
  const close = (folder: string) => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };

  return {
    update(folders, files) {
      const wanted = new Set(folders);
      for (const [path, realPath] of files) {
        wanted.add(dirname(path));
        wanted.add(dirname(realPath));
      }
      for (const folder of watchers.keys()) if (!wanted.has(folder)) close(folder);
      for (const folder of wanted) if (!watchers.has(folder)) open(folder);
    },
    dispose() {
      for (const folder of [...watchers.keys()]) close(folder);
    },
  };
}
