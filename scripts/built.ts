import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, runStep } from './steps.ts';

/** Builds when something is newer than what was built last. */
export async function ensureBuilt(): Promise<void> {
  if (!isStale()) return;
  process.stderr.write('Building …\n');
  const code = await runStep({
    name: 'build',
    command: process.execPath,
    args: [join(root, 'scripts', 'tasks', 'build.ts')],
  });
  if (code !== 0) throw new Error('The build failed: see above.');
}

function isStale(): boolean {
  const made = [
    'main/desktop.cjs',
    'main/engine.mjs',
    'main/kubesage.mjs',
    'preload/index.cjs',
    'renderer/index.html',
  ].map((file) => join(root, 'out', file));
  if (!made.every((file) => existsSync(file))) return true;
  const oldest = Math.min(...made.map((file) => statSync(file).mtimeMs));
  return ['src', 'resources', 'package-lock.json', 'vite.config.ts', 'electron.vite.config.ts'].some(
    (path) => newest(join(root, path)) > oldest,
  );
}

function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .reduce((latest, entry) => Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);
}
