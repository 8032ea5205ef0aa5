import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { type Clock, systemClock } from '../../kernel/clock.ts';

export interface ProcessResult {
  /** null when a signal ended it. */
  exitCode: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
  timedOut: boolean;
  /** More came than `maxBytes`: the rest was dropped and the process ended. */
  overflowed: boolean;
}

export interface ProcessOptions {
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  clock?: Clock;
  timeoutMs: number;
  maxBytes: number;
  signal?: AbortSignal | undefined;
}

/**
 * Runs a program without a terminal and with an empty standard input, and ends its whole process tree when the time is
 * up, when it writes too much or when the signal aborts. Rejects only when it could not be started, or with the signal's
 * reason.
 */
export function runProcess(file: string, options: ProcessOptions): Promise<ProcessResult> {
  const { args, env, clock = systemClock, timeoutMs, maxBytes, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const child = spawn(file, [...args], {
      env: env as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, so that the tree can be ended together.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    const sizes = { stdout: 0, stderr: 0 };
    let timedOut = false;
    let overflowed = false;
    let ending: Promise<void> | undefined;

    const end = () => {
      ending ??= killTree(child);
      // A grandchild that left the group may keep the pipes open: what it writes is not waited for.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk: Buffer) => {
        sizes[name] += chunk.length;
        if (sizes[name] <= maxBytes) output[name].push(chunk);
        else if (!overflowed) {
          overflowed = true;
          end();
        }
      });
    }
    const timer = clock.after(timeoutMs, () => {
      timedOut = true;
      end();
    });
    const abort = () => end();
    signal?.addEventListener('abort', abort, { once: true });
    const finish = () => {
      timer.dispose();
      signal?.removeEventListener('abort', abort);
    };
    child.on('error', (error) => {
      finish();
      reject(error);
    });
    child.on('close', async (exitCode, endSignal) => {
      finish();
      await ending;
      if (signal?.aborted) return reject(signal.reason);
      resolve({
        exitCode,
        signal: endSignal,
        stdout: Buffer.concat(output.stdout).toString('utf8'),
        stderr: Buffer.concat(output.stderr).toString('utf8'),
        timedOut,
        overflowed,
      });
    });
  });
}

/** Ends a process with everything that it started, at once. */
async function killTree(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    await new Promise<void>((done) => execFile('taskkill', ['/pid', String(pid), '/t', '/f'], () => done()));
    return;
  }
  // Descendants that left the group (setsid) are found by their parents, before those are gone.
  const descendants = await descendantsOf(pid);
  kill(-pid);
  kill(pid);
  for (const descendant of descendants) kill(descendant);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function descendantsOf(root: number): Promise<number[]> {
  return new Promise((resolve) => {
    execFile('ps', ['-A', '-o', 'pid=,ppid='], { timeout: 2_000 }, (error, stdout) => {
      // Without ps the process group has to do.
      if (error !== null) return resolve([]);
      const children = new Map<number, number[]>();
      for (const line of stdout.split('\n')) {
        const [pid, parent] = line.trim().split(/\s+/).map(Number);
        if (pid !== undefined && parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
      }
      const found: number[] = [];
      const queue = [root];
      for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
        for (const next of children.get(pid) ?? []) {
          found.push(next);
          queue.push(next);
        }
      }
      resolve(found);
    });
  });
}
