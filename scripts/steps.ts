import { spawn, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export interface Step {
  name: string;
  command: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
}

/** Path of a package's command, started on this Node. */
export function bin(name: string): string {
  return join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
}

/** Runs a step with the terminal's input and output; resolves with its exit code. */
export function runStep(step: Step): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(step.command, step.args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...step.env },
      shell: process.platform === 'win32',
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 130)));
  });
}

/** What a step prints, for steps whose output is data. Throws with its error output when it never got to print any. */
export function readStep(command: string, args: readonly string[]): string {
  const child = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 256 << 20 });
  if (child.error !== undefined) throw child.error;
  if (child.stdout === '') throw new Error(`${command} ${args.join(' ')} ended with ${child.status}: ${child.stderr}`);
  return child.stdout;
}
