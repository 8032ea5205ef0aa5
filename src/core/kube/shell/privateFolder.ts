import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** `kubesage-shell-PID-…`: whose process is gone is removed by the next one. */
const prefix = 'kubesage-shell-';

export interface PrivateFolder {
  /** Absolute. */
  path: string;
  /** Writes a new file, by relative name, that only this user may read. */
  write(name: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Makes a folder that only this user may enter (0700). In the user's
 * runtime folder where the system has one, which is memory and gone with the sign-out; else in the one for temporary files.
 */
export async function makePrivateFolder(env: Readonly<Record<string, string | undefined>>): Promise<PrivateFolder> {
  const parent = await runtimeFolder(env);
  await removeLeftOver(parent);
  const path = await mkdtemp(join(parent, `${prefix}${process.pid}-`));
  return {
    path,
    write: (name, text) => writeFile(join(path, name), text, { mode: 0o600, flag: 'wx' }),
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

async function runtimeFolder({ XDG_RUNTIME_DIR: own }: Readonly<Record<string, string | undefined>>): Promise<string> {
  if (own === undefined || !isAbsolute(own)) return tmpdir();
  const facts = await stat(own).catch(() => undefined);
  const mine = facts?.isDirectory() === true && facts.uid === process.getuid?.() && (facts.mode & 0o077) === 0;
  return mine ? own : tmpdir();
}

/** What programs left there that did not live to remove it. */
async function removeLeftOver(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = name.startsWith(prefix) ? Number(/^\d+/.exec(name.slice(prefix.length))?.[0]) : Number.NaN;
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    const path = join(parent, name);
    const facts = await stat(path).catch(() => undefined);
    if (facts?.uid === process.getuid?.()) await rm(path, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
