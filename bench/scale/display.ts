import { type ChildProcess, spawn } from 'node:child_process';

/** A screen for an app to be measured on, where the machine has none. */
export function startDisplay(): { child: ChildProcess; name: string } {
  const name = `:${90 + (process.pid % 900)}`;
  const child = spawn('Xvfb', [name, '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], { stdio: 'ignore' });
  child.on('error', () => {});
  return { child, name };
}
