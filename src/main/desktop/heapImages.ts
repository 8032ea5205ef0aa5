import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Why the packaged app must not run: a heap image that V8 started from is not the one that was packaged. Undefined when
 * all is well.
 * @param folder where Electron's binary is
 * @param list the file with the SHA-256 of each image, written when the app was packaged
 */
export function changedHeapImage(folder: string, list: string): string | undefined {
  let hashes: Record<string, unknown>;
  try {
    hashes = JSON.parse(readFileSync(list, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    return `the list of its parts cannot be read (${(error as Error).message})`;
  }
  if (Object.keys(hashes).length === 0) return 'the list of its parts is empty';
  for (const [name, expected] of Object.entries(hashes)) {
    try {
      const found = createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex');
      if (found !== expected) return `${name} was changed`;
    } catch (error) {
      return `${name} cannot be read (${(error as NodeJS.ErrnoException).code})`;
    }
  }
  return undefined;
}
