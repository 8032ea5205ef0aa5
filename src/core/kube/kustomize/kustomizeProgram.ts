import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { parse } from 'yaml';
import type { Clock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import { findExecutable } from '../auth/executable.ts';
import { createShellPath } from '../auth/shellPath.ts';
import { runStreamed } from '../helm/process.ts';

interface KustomizeOptions {
  clock: Clock;
  env: Readonly<Record<string, string | undefined>>;
  /** Ask the login shell for its PATH. */
  askShell: boolean;
}

export interface KustomizeProgram {
  /** `kustomize` or `kubectl`; null when there is neither. Asked anew each time: it may have been installed meanwhile. */
  find(): Promise<'kustomize' | 'kubectl' | null>;
  /**
   * Builds the kustomization in `folder` ('' for the top) of these files, by relative path, and resolves with YAML.
   * Rejects with `unavailable` (no program), `invalid` (its own last words, or what would leave the files), or the
   * signal's reason.
   */
  build(files: ReadonlyMap<string, string>, folder: string, signal: AbortSignal): Promise<string>;
}

const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
/** Nobody waits longer for files that are on this machine. */
const buildMs = 60_000;
/** The discard port of this machine: nothing answers there. */
const nowhere = 'http://127.0.0.1:9';

export function createKustomizeProgram({ clock, env, askShell }: KustomizeOptions): KustomizeProgram {
  const searchPath = createShellPath({ env, askShell });

  const look = async (command: string) => {
    const { path } = await findExecutable(
      { apiVersion: '', args: [], env: [], provideClusterInfo: false, interactiveMode: 'Never', folder: '', command },
      await searchPath(),
    );
    return path;
  };
  const find = async () => {
    const kustomize = await look(env.KUBESAGE_KUSTOMIZE ?? 'kustomize');
    if (kustomize !== null) return { name: 'kustomize' as const, path: kustomize, args: ['build'] };
    const kubectl = await look(env.KUBESAGE_KUBECTL ?? 'kubectl');
    return kubectl === null ? null : { name: 'kubectl' as const, path: kubectl, args: ['kustomize'] };
  };

  return {
    find: async () => (await find())?.name ?? null,
    async build(files, folder, signal) {
      const found = await find();
      if (found === null) {
        throw new KubeSageError('unavailable', 'There is neither kustomize nor kubectl on this machine', {
          hint: 'Install one so that it is on the PATH, or name it in KUBESAGE_KUSTOMIZE or KUBESAGE_KUBECTL. Folders of plain YAML need neither.',
        });
      }
      refuseStrangers(files);
      const root = await mkdtemp(join(tmpdir(), 'kubesage-kustomize-'));
      try {
        const work = join(root, 'files');
        for (const [path, text] of files) {
          const file = join(work, path);
          await mkdir(dirname(file), { recursive: true, mode: 0o700 });
          await writeFile(file, text, { mode: 0o600 });
        }
        const { exitCode, stdout, stderr } = await runStreamed(found.path, {
          args: [...found.args, join(work, folder)],
          env: {
            PATH: await searchPath(),
            HOME: root,
            KUBECONFIG: join(root, 'none'),
            HTTP_PROXY: nowhere,
            HTTPS_PROXY: nowhere,
            ALL_PROXY: nowhere,
            http_proxy: nowhere,
            https_proxy: nowhere,
            all_proxy: nowhere,
            GIT_ALLOW_PROTOCOL: 'none',
            GIT_TERMINAL_PROMPT: '0',
            ...(env.SystemRoot !== undefined && { SystemRoot: env.SystemRoot }),
          },
          clock,
          signal: AbortSignal.any([signal, AbortSignal.timeout(buildMs)]),
          onLine: () => undefined,
        });
        if (exitCode === 0) return stdout;
        throw new KubeSageError('invalid', lastWords(stderr, work) || `${found.name} ended with ${exitCode}`, {
          hint: 'Choose the folder that holds everything that the kustomization refers to.',
        });
      } finally {
        await rm(root, { recursive: true, force: true });
      }
    },
  };
}

/** Whether a file makes its folder one that is built. */
export function isKustomization(path: string): boolean {
  return names.includes(posix.basename(path));
}

/**
 * A kustomization may name folders and addresses anywhere. Those that are not among the files are named here: the program
 * would look for them on this machine or in the network.
 */
function refuseStrangers(files: ReadonlyMap<string, string>): void {
  for (const [path, text] of files) {
    if (!isKustomization(path)) continue;
    for (const reference of referencesIn(text)) {
      const place = posix.normalize(posix.join(posix.dirname(path), reference));
      const isRemote = /^[a-z][a-z+.-]*:|^[^/]+@[^/]+:|[?&](ref|version)=/i.test(reference);
      const known =
        place === '.' ||
        files.has(place) ||
        [...files.keys()].some((each) => each.startsWith(`${place.replace(/\/$/, '')}/`));
      if (known && !isRemote) continue;
      const leaves = place.startsWith('..') || posix.isAbsolute(reference);
      throw new KubeSageError('invalid', `${path} refers to ${reference}, which is not among the files`, {
        hint: leaves
          ? 'Choose the folder above that holds both.'
          : 'Nothing is fetched from the network: download it into the folder, and refer to it there.',
      });
    }
  }
}

function referencesIn(text: string): string[] {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 100 });
  } catch {
    // The program says better what is wrong with it.
    return [];
  }
  const fields = (value ?? {}) as Record<string, unknown>;
  return ['resources', 'bases', 'components', 'crds', 'generators', 'transformers', 'validators']
    .flatMap((field) => (Array.isArray(fields[field]) ? fields[field] : []))
    .filter((each): each is string => typeof each === 'string' && !each.includes('\n'));
}

function lastWords(stderr: string, work: string): string {
  return stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^# Warning/i.test(line))
    .slice(-4)
    .join(' ')
    .replaceAll(`${work}/`, '')
    .replaceAll(work, 'the folder')
    .replace(/^Error: |^error: /, '')
    .slice(0, 2000);
}
