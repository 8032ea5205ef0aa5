import { spawn } from 'node:child_process';

const limitMs = 150_000;

export interface Timed {
  /** From the start of the process to its end. */
  seconds: number;
  /** What it printed, the first 10,000 characters. */
  output: string;
  lines: number;
}

/** Runs a program to its end. Rejects when it fails, or is not done after 150 s. */
export function time(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Timed> {
  return new Promise((resolve, reject) => {
    const from = performance.now();
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const late = setTimeout(() => child.kill('SIGKILL'), limitMs);
    let output = '';
    let lines = 0;
    child.stdout.on('data', (bytes: Buffer) => {
      if (output.length < 10_000) output += bytes.toString();
      for (const byte of bytes) if (byte === 10) lines++;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(late);
      const seconds = (performance.now() - from) / 1000;
      if (code === 0) resolve({ seconds, output, lines });
      else if (seconds * 1000 >= limitMs) reject(new Error(`${command} was not done after ${seconds.toFixed(0)} s`));
      else reject(new Error(`${command} ended with ${code} after ${seconds.toFixed(1)} s`));
    });
  });
}
