import { access, constants } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import type { Clock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { Authenticator } from '../auth/index.ts';
import type { Kubeconfig } from '../kubeconfig/index.ts';
import { makePrivateFolder, type PrivateFolder } from './privateFolder.ts';
import { shellKubeconfig } from './shellKubeconfig.ts';
import { startupOf } from './startup.ts';

/** A program on a pseudo terminal. */
export interface Pty {
  write(bytes: Uint8Array): void;
  /** In characters. */
  resize(columns: number, rows: number): void;
  pause(): void;
  resume(): void;
  /** SIGHUP, as when a terminal's window is closed; `hard`: SIGKILL. */
  kill(hard: boolean): void;
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Once. `signal`: its number, where one ended it. */
  onExit(listener: (ended: { exitCode: number; signal: number | undefined }) => void): void;
}

export interface PtyOptions {
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  folder: string;
  columns: number;
  rows: number;
}

/** The host's: only a host that gives one has shells on this computer. Throws when the program cannot be started. */
export type SpawnPty = (program: string, options: PtyOptions) => Pty;

interface LocalShellOptions {
  kubeconfig: Kubeconfig;
  authenticator: Authenticator;
  clock: Clock;
  env: Readonly<Record<string, string | undefined>>;
  homeFolder: string;
  spawn: SpawnPty;
}

export interface LocalShell {
  /** The shell's name, such as `zsh`. */
  name: string;
  pty: Pty;
  /** Ends the shell if it goes on; resolves when it has ended and nothing of it is left. */
  end(): Promise<void>;
}

export interface LocalShells {
  /**
   * The user's login shell with one context in it. Rejects with `notFound`, `invalid`, `unavailable`, or as the
   * authenticator does: what this program may not sign in to is not handed to a shell.
   */
  open(
    place: { cluster: string; namespace: string; columns: number; rows: number },
    signal: AbortSignal,
  ): Promise<LocalShell>;
}

/** What a shell that was hung up on may take to end. */
const hangUpMs = 2000;
/** Of this program's own start, and of another shell's: not for a new one. */
const notHanded =
  /^(ELECTRON_|KUBESAGE_|NODE_OPTIONS$|NODE_CHANNEL_|CHROME_DESKTOP$|KUBECONFIG$|ZDOTDIR$|ENV$|BASH_ENV$)/;

export function createLocalShells(options: LocalShellOptions): LocalShells {
  const { kubeconfig, authenticator, clock, env, homeFolder, spawn } = options;
  return {
    async open({ cluster, namespace, columns, rows }, signal) {
      const context = kubeconfig.contexts.find(({ id }) => id === cluster);
      if (context === undefined) throw new KubeSageError('notFound', 'The cluster is no longer in a kubeconfig');
      const spec = await kubeconfig.connection(context);
      const { exec, oidc } = context.auth;
      const asks = exec !== undefined || oidc !== undefined;
      const credentials = asks ? await authenticator.sourceFor(context, spec).get(undefined, signal) : undefined;
      const config = shellKubeconfig(context, namespace, exec === undefined ? credentials : undefined);
      const shell = await loginShell(env);
      const folder = await makePrivateFolder(env);
      try {
        await folder.write('kubeconfig', JSON.stringify(config, undefined, 2));
        const variables = { KUBECONFIG: join(folder.path, 'kubeconfig') };
        const startup = startupOf(shell, folder.path, variables);
        for (const [name, text] of startup.files) await folder.write(name, text);
        const pty = spawn(shell, {
          args: startup.args,
          env: {
            ...handed(env),
            // zsh is started with a folder of ours, and goes on in its user's.
            ...(env.ZDOTDIR !== undefined && { KUBESAGE_ZDOTDIR: env.ZDOTDIR }),
            ...startup.env,
            ...variables,
            TERM: 'xterm-256color',
            COLORTERM: 'truecolor',
            TERM_PROGRAM: 'KubeSage',
          },
          folder: env.HOME ?? homeFolder,
          columns,
          rows,
        });
        return running(basename(shell), pty, folder, clock);
      } catch (error) {
        await folder.remove();
        throw new KubeSageError('unavailable', `${shell} could not be started: ${String(error)}`, { cause: error });
      }
    },
  };
}

function running(name: string, pty: Pty, folder: PrivateFolder, clock: Clock): LocalShell {
  let ended = false;
  const gone = new Promise<void>((resolve) => {
    pty.onExit(() => {
      ended = true;
      resolve();
    });
  }).then(() => folder.remove());
  return {
    name,
    pty,
    end() {
      if (!ended) {
        pty.kill(false);
        clock.after(hangUpMs, () => !ended && pty.kill(true));
      }
      return gone;
    },
  };
}

function handed(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !notHanded.test(entry[0]),
    ),
  );
}

/** The user's own, as the system knows it; $SHELL of a program that was started from an icon may be missing. */
async function loginShell(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  if (process.platform === 'win32') return env.COMSPEC ?? 'powershell.exe';
  for (const shell of [env.SHELL, userInfo().shell, '/bin/bash', '/bin/sh']) {
    if (!shell || !isAbsolute(shell)) continue;
    const runs = await access(shell, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs && !/\/(nologin|false)$/.test(shell)) return shell;
  }
  throw new KubeSageError('unavailable', 'There is no shell on this computer');
}
