// Opens the app in Electron; where that cannot be, serves the same UI on a loopback URL and says why in one line.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { engineFlags } from '../../src/main/engineFlags.ts';
import { ensureBuilt } from '../built.ts';
import { findElectron, noDisplay } from '../electron.ts';
import { root } from '../steps.ts';

await ensureBuilt();
const display = noDisplay();
const electron = display === null ? findElectron({ install: true }) : { missing: display };

if ('missing' in electron) {
  console.log(`No window can be opened, because ${electron.missing}: serving the same app to your browser instead.`);
  const program = join(root, 'out', 'main', 'kubesage.mjs');
  run(process.execPath, [...engineFlags, program, 'serve', ...process.argv.slice(2)], {});
} else {
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
  if (asRoot) console.log('Started as root: the sandbox of Chromium is off. Start as an ordinary user to have it.');
  // Where Electron brings a Node that is too old for the engine, this one runs it.
  run(electron.binary, [...(asRoot ? ['--no-sandbox'] : []), root, ...process.argv.slice(2)], {
    KUBESAGE_NODE: process.execPath,
  });
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): void {
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.once('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 130));
}
