import { homedir } from 'node:os';
import { delimiter, isAbsolute } from 'node:path';
import { runProcess } from './processes.ts';

/**
 * The PATH in which credential plugins are looked for. A desktop application that was started from an icon does not have
 * the PATH of the user's terminal, so the login shell is asked once. Its folders come first, then the process's own, then
 * the places where installers put things.
 */
export function createShellPath(options: {
  env: Readonly<Record<string, string | undefined>>;
  /** False leaves the shell alone: in tests, and on a server, where the process's own PATH is meant. */
  askShell: boolean;
  timeoutMs?: number;
}): () => Promise<string> {
  const { env, askShell, timeoutMs = 5_000 } = options;
  let asked: Promise<string> | undefined;
  const ask = async () => {
    const shell = askShell ? await pathOfLoginShell(env, timeoutMs) : [];
    const own = (env.PATH ?? '').split(delimiter);
    const usual =
      process.platform === 'win32'
        ? []
        : ['/usr/local/bin', '/opt/homebrew/bin', '/usr/bin', '/bin', `${homedir()}/.local/bin`];
    return [...new Set([...shell, ...own, ...usual])].filter((folder) => isAbsolute(folder)).join(delimiter);
  };
  return () => {
    asked ??= ask();
    return asked;
  };
}

async function pathOfLoginShell(
  env: Readonly<Record<string, string | undefined>>,
  timeoutMs: number,
): Promise<string[]> {
  const shell = env.SHELL;
  if (process.platform === 'win32' || shell === undefined || !isAbsolute(shell)) return [];
  // Start-up files may print: only what stands between the marks counts. `env` works in every shell, fish included.
  const mark = '__kubesage_path__';
  try {
    const result = await runProcess(shell, {
      args: ['-l', '-i', '-c', `echo ${mark}; env; echo ${mark}`],
      env: { ...env, TERM: 'dumb', KUBESAGE_SHELL_PROBE: '1' },
      timeoutMs,
      maxBytes: 1_000_000,
    });
    const between = result.stdout.split(mark)[1] ?? '';
    const line = between.split('\n').find((candidate) => candidate.startsWith('PATH='));
    return line === undefined ? [] : line.slice('PATH='.length).trim().split(delimiter);
  } catch {
    // A shell that cannot be started is not this module's problem: the process's own PATH has to do.
    return [];
  }
}
