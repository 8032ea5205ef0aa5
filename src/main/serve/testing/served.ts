import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** `kubesage serve` as it is shipped, bundled into a folder of its own. @returns the program's path. */
export async function bundleServe(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  // Native packages are found from where the bundle lies.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      rolldownOptions: {
        input: {
          kubesage: join(root, 'src/main/cli/index.ts'),
          watcherWorker: join(root, 'src/core/kube/reflector/watcherWorker.ts'),
        },
        external: [/^@duckdb\//, /^node:/],
        output: { format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
  return join(folder, 'kubesage.mjs');
}

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
  const signIn = await new Promise<URL>((resolve, reject) => {
    let heard = '';
    child.stdout.on('data', (data: Buffer) => {
      heard += data.toString();
      const found = /http:\/\/\S+/.exec(heard);
      if (found !== null) resolve(new URL(found[0]));
    });
    gone.then(() => reject(new Error(`It ended before it was ready: ${said}`)));
  });
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

/** Milliseconds of processor that a process has used. 0 where the system does not say. */
function cpuOf(pid: number): number {
  if (process.platform !== 'linux') return 0;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  // Fields 14 and 15 of proc(5), in hundredths of a second.
  return 10 * (Number(fields[11]) + Number(fields[12]));
}
