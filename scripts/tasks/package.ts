// Makes the packages of electron-builder.yml for this platform. `npm run package -- dir` makes the unpacked app only.
import { join } from 'node:path';
import { ensureBuilt } from '../built.ts';
import { findElectron } from '../electron.ts';
import { bin, root, runStep } from '../steps.ts';

await ensureBuilt();
const targets = process.argv.slice(2);
const platform = { darwin: '--mac', win32: '--win' }[process.platform as string] ?? '--linux';
const args = [platform, ...targets, '--config', join(root, 'electron-builder.yml'), '--publish', 'never'];
const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
if (override !== undefined) {
  // Another Electron than the pinned one: name it, and leave out the fuses that only newer ones have.
  const electron = findElectron({ install: false });
  if ('missing' in electron) throw new Error(electron.missing);
  args.push(`--config.electronDist=${override}`, `--config.electronVersion=${electron.version}`);
  if (Number.parseInt(electron.version, 10) < 30) args.push('--config.electronFuses=null');
}
process.exit(await runStep({ name: 'electron-builder', command: bin('electron-builder'), args }));
