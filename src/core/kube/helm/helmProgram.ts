import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import type { Clock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import { findExecutable } from '../auth/executable.ts';
import type { Authenticator } from '../auth/index.ts';
import { createShellPath } from '../auth/shellPath.ts';
import type { Kubeconfig } from '../kubeconfig/index.ts';
import { type ContextFile, writeContextFile } from './contextFile.ts';
import { runStreamed } from './process.ts';

interface HelmOptions {
  kubeconfig: Kubeconfig;
  authenticator: Authenticator;
  clock: Clock;
  env: Readonly<Record<string, string | undefined>>;
  homeFolder: string;
  /** Ask the login shell for its PATH. */
  askShell: boolean;
}

interface FoundHelm {
  path: string;
  /** `v4.0.1`. */
  version: string;
  major: number;
}

export interface HelmCall {
  cluster: string;
  namespace: string;
  /** Where releases are stored: helm's own word. */
  driver: 'secret' | 'configmap';
  /** Texts are given to the program by its standard input and its files: nothing of them is on its command line. */
  args: readonly string[];
  input?: string | undefined;
  /** Files of a chart that is put together for this call, by relative path; `chartPlace` in `args` is their folder. */
  chart?: ReadonlyMap<string, string | Uint8Array> | undefined;
  signal: AbortSignal;
  onLine?(line: string, from: 'out' | 'error'): void;
}

/** In arguments: the folder that the call's own chart was written to. */
export const chartPlace = '\0chart';

export interface HelmProgram {
  /** null when there is none. Asked anew each time: it may have been installed meanwhile. */
  find(): Promise<FoundHelm | null>;
  /**
   * Runs helm for one cluster and resolves with what it wrote to its standard output. Rejects with `unavailable` (there
   * is no helm), `unauthenticated`, `invalid` with helm's own last words, or the signal's reason.
   */
  run(call: HelmCall): Promise<string>;
  /** Runs helm without a cluster, for what it knows of charts; `input` is its standard input. Rejects as `run`. */
  ask(args: readonly string[], signal: AbortSignal, input?: string): Promise<string>;
}

/** Settings of the user's helm that would lead elsewhere than to the cluster that is meant. */
const leads = /^(HELM_KUBE|HELM_NAMESPACE$|HELM_DRIVER|HELM_DEBUG$|KUBECONFIG$|KUBERNETES_)/;

export function createHelmProgram(options: HelmOptions): HelmProgram {
  const { kubeconfig, authenticator, clock, env, homeFolder } = options;
  const searchPath = createShellPath({ env, askShell: options.askShell });
  const versions = new Map<string, Promise<string>>();

  const environment = async () => ({
    ...Object.fromEntries(Object.entries(env).filter(([key]) => !leads.test(key))),
    HOME: env.HOME ?? homeFolder,
    PATH: await searchPath(),
  });

  const versionOf = async (path: string) => {
    const { exitCode, stdout, stderr } = await runStreamed(path, {
      args: ['version', '--template={{.Version}}'],
      env: await environment(),
      clock,
      signal: AbortSignal.timeout(10_000),
      onLine: () => undefined,
    });
    if (exitCode === 0) return stdout.trim();
    throw new KubeSageError('unavailable', `${path} does not say its version: ${lastWords(stderr)}`);
  };

  const find = async (): Promise<FoundHelm | null> => {
    const { path, contentHash } = await findExecutable(
      { ...command, command: env.KUBESAGE_HELM ?? 'helm' },
      await searchPath(),
    );
    if (path === null) return null;
    let asked = versions.get(contentHash);
    if (asked === undefined) {
      asked = versionOf(path);
      versions.set(contentHash, asked);
      asked.catch(() => versions.delete(contentHash));
    }
    const version = await asked;
    return { path, version, major: Number(/^v?(\d+)/.exec(version)?.[1] ?? 3) };
  };

  const access = async ({ cluster, namespace, signal }: HelmCall): Promise<ContextFile> => {
    const context = kubeconfig.contexts.find(({ id }) => id === cluster);
    if (context === undefined) throw new KubeSageError('notFound', 'The cluster is no longer in a kubeconfig');
    const spec = await kubeconfig.connection(context);
    const credentials = await authenticator.sourceFor(context, spec).get(undefined, signal);
    return writeContextFile(spec, credentials, namespace);
  };

  return {
    find,
    async run(call) {
      const found = await find();
      if (found === null) throw missing();
      const file = await access(call);
      try {
        const folder = join(file.folder, 'chart');
        if (call.chart !== undefined) await writeFiles(folder, call.chart);
        const { exitCode, stdout, stderr } = await runStreamed(found.path, {
          args: call.args.map((arg) => (arg === chartPlace ? folder : arg)),
          env: { ...(await environment()), KUBECONFIG: file.path, HELM_DRIVER: call.driver },
          clock,
          input: call.input,
          signal: call.signal,
          onLine: (line, from) => call.onLine?.(line, from),
        });
        return outputOf(exitCode, stdout, stderr);
      } finally {
        await file.remove();
      }
    },
    async ask(args, signal, input) {
      const found = await find();
      if (found === null) throw missing();
      const { exitCode, stdout, stderr } = await runStreamed(found.path, {
        args,
        env: await environment(),
        clock,
        input,
        signal,
        onLine: () => undefined,
      });
      return outputOf(exitCode, stdout, stderr);
    },
  };
}

const command = {
  apiVersion: '',
  args: [],
  env: [],
  provideClusterInfo: false,
  interactiveMode: 'Never',
  folder: '',
} as const;

export function missing(): KubeSageError {
  return new KubeSageError('unavailable', 'There is no helm on this machine', {
    hint: 'Install helm so that it is on the PATH, or name it in KUBESAGE_HELM. Reading works without it.',
  });
}

function outputOf(exitCode: number | null, stdout: string, stderr: string): string {
  if (exitCode === 0) return stdout;
  throw new KubeSageError('invalid', lastWords(stderr) || `helm ended with ${exitCode ?? 'a signal'}`);
}

/** Helm says what went wrong last; warnings come before. Addresses are told without a user's name and password. */
function lastWords(stderr: string): string {
  const lines = stderr.trim().split('\n');
  const from = lines.findLastIndex((line) => /^(Error|level=ERROR)/i.test(line));
  return lines
    .slice(from === -1 ? -3 : from)
    .join(' ')
    .replace(/^Error: /, '')
    .replace(/([a-z]+:\/\/)[^\s/@"']+@/gi, '$1')
    .slice(0, 2000);
}

async function writeFiles(folder: string, files: ReadonlyMap<string, string | Uint8Array>): Promise<void> {
  for (const [name, content] of files) {
    const path = normalize(join(folder, name));
    // Names come out of a release: they stay in the folder.
    if (!path.startsWith(folder + sep))
      throw new KubeSageError('invalid', `The chart has a file outside of it: ${name}`);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, content, { mode: 0o600 });
  }
}
