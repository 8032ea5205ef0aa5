import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { KubeSageError } from '../../kernel/errors.ts';
import type { ExecSpec } from '../kubeconfig/model.ts';

export interface Executable {
  /** Absolute path as found, or null. */
  path: string | null;
  /** Where it was looked for. */
  searched: string[];
  /** SHA-256 of its content, hexadecimal; '' when it was not found. */
  contentHash: string;
}

/**
 * Finds what a plugin's command means, as Go's exec.LookPath does for kubectl: a name without a separator is looked for
 * in the absolute folders of PATH (never in the current folder), a relative path starts from the kubeconfig's folder.
 * @throws KubeSageError `forbidden` for a relative path in a folder that everyone may write to.
 */
export async function findExecutable(spec: ExecSpec, searchPath: string): Promise<Executable> {
  const { command, folder } = spec;
  const windows = process.platform === 'win32';
  if (isAbsolute(command)) return examine([command], [command]);
  if (command.includes('/') || (windows && command.includes('\\'))) {
    if (folder === '') {
      throw new KubeSageError('forbidden', `The credential plugin "${command}" is a relative path in pasted text`, {
        hint: 'Write its absolute path, or save the kubeconfig as a file beside the plugin.',
      });
    }
    if (!windows && ((await stat(folder)).mode & 0o002) !== 0) {
      throw new KubeSageError(
        'forbidden',
        `The credential plugin "${command}" is not run: everyone may write to the kubeconfig's folder ${folder}`,
        { hint: 'Move the kubeconfig and its plugin to a folder of your own, or write an absolute path.' },
      );
    }
    const path = resolve(folder, command);
    return examine([path], [path]);
  }
  const folders = [...new Set(searchPath.split(delimiter).filter((entry) => isAbsolute(entry)))];
  const endings = windows ? ['.exe', '.cmd', '.bat', '.com', ''] : [''];
  return examine(
    folders.flatMap((entry) => endings.map((ending) => join(entry, command + ending))),
    folders,
  );
}

async function examine(candidates: readonly string[], searched: string[]): Promise<Executable> {
  for (const path of candidates) {
    try {
      await access(path, constants.X_OK);
      const facts = await stat(path);
      if (facts.isFile()) return { path, searched, contentHash: await hashFile(path, facts) };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EACCES' && code !== 'ELOOP') throw error;
    }
  }
  return { path: null, searched, contentHash: '' };
}

/** Plugins may have 100 MB and are asked for often: a file is hashed again only when it changed. */
const hashes = new Map<string, { stamp: string; hash: string }>();

async function hashFile(path: string, facts: { ino: number; size: number; mtimeMs: number; ctimeMs: number }) {
  const real = await realpath(path);
  const stamp = `${facts.ino}:${facts.size}:${facts.mtimeMs}:${facts.ctimeMs}`;
  const known = hashes.get(real);
  if (known?.stamp === stamp) return known.hash;
  const digest = createHash('sha256').update(`${real}\0`);
  for await (const chunk of createReadStream(real)) digest.update(chunk as Buffer);
  const hash = digest.digest('hex');
  hashes.set(real, { stamp, hash });
  return hash;
}
