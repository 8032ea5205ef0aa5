import { mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/**
 * Keeps the compiled program in the data folder when this process ends, so that the next one does not compile it again.
 * What is loaded before this is called is not kept. For a program that its user started with a Node of their own: who can
 * write their data folder can write what that Node loads as well. A package whose integrity is checked must not use it.
 */
export function keepCompiled(dataFolder: string): void {
  // From the sources there is nothing to win: they are read one by one.
  if (import.meta.url.endsWith('.ts')) return;
  const folder = join(dataFolder, 'compiled');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    // A disk that is full or read-only: the engine says so in words.
    return;
  }
  enableCompileCache(folder);
}
