import { spawn } from 'node:child_process';
import type { Clock } from '../../kernel/clock.ts';

interface StreamedOptions {
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  /** Its standard input; empty when absent. */
  input?: string | undefined;
  signal: AbortSignal;
  /** One whole line of its output, as it comes. */
  onLine(line: string, from: 'out' | 'error'): void;
}

interface StreamedResult {
  /** null when a signal ended it. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** A program that was asked to stop may put things in order for so long; then it is ended. */
const graceMs = 10_000;
const mostBytes = 64 * 1024 * 1024;

/**
 * Runs a program without a terminal and tells its output line by line. When the signal aborts, it is asked to stop first,
 * since it may have to write down how far it came. Rejects when it could not be started, or with the signal's reason.
 */
export function runStreamed(file: string, options: StreamedOptions): Promise<StreamedResult> {
  const { args, env, clock, input = '', signal, onLine } = options;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const child = spawn(file, [...args], {
      env: env as NodeJS.ProcessEnv,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const texts = { out: '', error: '' };
    const rests = { out: '', error: '' };
    for (const from of ['out', 'error'] as const) {
      const stream = from === 'out' ? child.stdout : child.stderr;
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        texts[from] += text;
        if (texts[from].length > mostBytes) {
          child.kill('SIGKILL');
          return;
        }
        const lines = (rests[from] + text).split('\n');
        rests[from] = lines.pop() ?? '';
        for (const line of lines) onLine(line.trimEnd(), from);
      });
    }
    let hard: { dispose(): void } | undefined;
    const abort = () => {
      child.kill('SIGTERM');
      hard = clock.after(graceMs, () => child.kill('SIGKILL'));
    };
    signal.addEventListener('abort', abort, { once: true });
    const finish = () => {
      hard?.dispose();
      signal.removeEventListener('abort', abort);
    };
    // It may end before it has read everything: its exit code says what is to be said.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('error', (error) => {
      finish();
      reject(error);
    });
    child.on('close', (exitCode) => {
      finish();
      for (const from of ['out', 'error'] as const) if (rests[from] !== '') onLine(rests[from], from);
      if (signal.aborted) reject(signal.reason);
      else resolve({ exitCode, stdout: texts.out, stderr: texts.error });
    });
  });
}
