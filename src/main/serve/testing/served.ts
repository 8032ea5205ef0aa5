import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** A running `kubesage serve`, signed in to. */
export interface Served {
  readonly process: ChildProcess;
  /** What it cost to be ready, milliseconds: by the clock, and of the processor. */
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly stderr: () => string;
  get<T>(path: string, parameters: Record<string, string>): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  /** Resolves when the process is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts it. Rejects, with what it said, when it ends before it is ready. */
export async function startServed(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  onSpawn: (child: ChildProcess) => void = () => undefined,
): Promise<Served> {
  const started = performance.now();
  const child = spawn(process.execPath, [program, 'serve', ...args], {
    env: env as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = once(child, 'exit');
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said += data.toString();
  });
  onSpawn(child);
  const signIn = new URL(
    await addressOf(child).catch((cause) => {
      throw new Error(`It ended before it was ready: ${said}`, { cause });
    }),
  );
  const wallMs = performance.now() - started;
  const cpuMs = cpuOf(child.pid ?? 0);
  const cookie = await fetch(`${signIn.origin}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: signIn.origin },
    body: JSON.stringify({ token: signIn.searchParams.get('token') }),
  }).then((answer) => (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '');
  const ask = async <T>(path: string, init: RequestInit): Promise<T> => {
    const answer = await fetch(`${signIn.origin}/api/v1/${path}`, init);
    const body: unknown = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(body)}`);
    return body as T;
  };
  return {
    process: child,
    wallMs,
    cpuMs,
    stderr: () => said,
    get: (path, parameters) => ask(`${path}?${new URLSearchParams(parameters)}`, { headers: { cookie } }),
    post: (path, body) =>
      ask(path, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', origin: signIn.origin },
        body: JSON.stringify(body),
      }),
    async end(signal) {
      child.kill(signal);
      await gone;
    },
  };
}

/** The address with its token that `serve` prints when it is ready. Rejects when it ends before. */
export function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    child.stdout?.on('data', (data: Buffer) => {
      heard += data.toString();
      const found = /http:\/\/\S+/.exec(heard);
      if (found !== null) resolve(found[0]);
    });
    child.once('exit', (code) => reject(new Error(`serve ended with ${code} before it printed its address: ${heard}`)));
  });
}

/** Milliseconds of processor that a process has used. 0 where the system does not say. */
function cpuOf(pid: number): number {
  if (process.platform !== 'linux') return 0;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  // Fields 14 and 15 of proc(5), in hundredths of a second.
  return 10 * (Number(fields[11]) + Number(fields[12]));
}
