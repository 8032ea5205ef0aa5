import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './steps.ts';

export interface FoundElectron {
  binary: string;
  version: string;
}

/** Where an Electron is, or why there is none. Its own installer is tried once when its binary is missing. */
export function findElectron(options: { install: boolean }): FoundElectron | { missing: string } {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override !== undefined)
    return inFolder(override) ?? { missing: `ELECTRON_OVERRIDE_DIST_PATH has none: ${override}` };
  const folder = join(root, 'node_modules', 'electron');
  const dist = join(folder, 'dist');
  const found = inFolder(dist);
  if (found !== undefined) return found;
  if (!options.install) return { missing: 'its binary is not installed' };
  process.stderr.write('Fetching Electron, once …\n');
  const installer = spawnSync(process.execPath, [join(folder, 'install.js')], { encoding: 'utf8', timeout: 120_000 });
  return inFolder(dist) ?? { missing: `its binary could not be fetched (${reason(installer)})` };
}

function inFolder(folder: string): FoundElectron | undefined {
  const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' } as Partial<
    Record<NodeJS.Platform, string>
  >;
  const binary = join(folder, names[process.platform] ?? 'electron');
  if (!existsSync(binary)) return undefined;
  const versionFile = join(folder, 'version');
  return {
    binary,
    version: existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') : 'unknown',
  };
}

function reason(result: { error?: Error; stderr: string | null; status: number | null }): string {
  if (result.error !== undefined) return result.error.message;
  const line = (result.stderr ?? '').split('\n').find((text) => /error/i.test(text));
  return (line ?? `its installer ended with ${result.status}`).trim().slice(0, 200);
}

/** Why no window can be opened here, or null. */
export function noDisplay(): string | null {
  if (process.platform !== 'linux') return null;
  return process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? null : 'there is no display';
}
