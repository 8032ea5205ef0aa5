// Makes the packages of electron-builder.yml for this platform. `npm run package -- dir` makes the unpacked app only.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ensureBuilt } from '../built.ts';
import { findElectron } from '../electron.ts';
import { bin, root, runStep } from '../steps.ts';

await ensureBuilt();
const platform = { darwin: '--mac', win32: '--win' }[process.platform as string] ?? '--linux';
const args = [platform, ...process.argv.slice(2), '--config', configFile(), '--publish', 'never'];
const code = await runStep({ name: 'electron-builder', command: bin('electron-builder'), args });
// A distribution that comes with a starter of its own would start that instead of the app.
if (process.env.ELECTRON_OVERRIDE_DIST_PATH !== undefined) {
  rmSync(join(root, 'dist', 'linux-unpacked', 'resources', 'app'), { recursive: true, force: true });
}
process.exit(code);

/** The configuration; for another Electron than the pinned one, a copy that names it. */
function configFile(): string {
  const file = join(root, 'electron-builder.yml');
  const electronDist = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (electronDist === undefined) return file;
  const electron = findElectron({ install: false });
  if ('missing' in electron) throw new Error(electron.missing);
  const { electronFuses, ...config } = parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const copy = join(root, 'out', 'electron-builder.json');
  // Only newer ones have all the fuses.
  const fuses = Number.parseInt(electron.version, 10) < 30 ? {} : { electronFuses };
  writeFileSync(copy, JSON.stringify({ ...config, ...fuses, electronDist, electronVersion: electron.version }));
  return copy;
}
