import path from 'node:path';
import { z } from 'zod';
import { KubeSageError, toErrorValue } from '../../kernel/errors.ts';
import type { HelmProgram } from '../../kube/helm/index.ts';
import { indexPath, writtenAt } from '../../kube/helm/index.ts';
import type { Repository } from './contract.ts';

const Listed = z.array(z.looseObject({ name: z.string(), url: z.string() }));

/** Helm's own list of repositories: what the user has added elsewhere is in it, and what is added here is there. */
export interface Repositories {
  list(signal: AbortSignal): Promise<Repository[]>;
  /** Their indexes as files, as far as they were ever read. */
  indexes(signal: AbortSignal): Promise<{ name: string; path: string; updatedAt: number | null }[]>;
  /** A password is given to helm by its standard input; helm keeps it. Rejects with helm's words. */
  add(wanted: { name: string; url: string; user: string; password: string }, signal: AbortSignal): Promise<void>;
  remove(name: string, signal: AbortSignal): Promise<void>;
  update(names: readonly string[], signal: AbortSignal): Promise<void>;
  login(wanted: { host: string; user: string; password: string }, signal: AbortSignal): Promise<void>;
}

export function createRepositories(program: HelmProgram): Repositories {
  let cacheFolder: Promise<string> | undefined;

  const read = async (signal: AbortSignal) => {
    try {
      const listed = Listed.safeParse(JSON.parse(await program.ask(['repo', 'list', '--output=json'], signal)));
      if (listed.success) return listed.data;
    } catch (error) {
      if (/no repositories/i.test(toErrorValue(error).message)) return [];
      throw error;
    }
    throw new KubeSageError('internal', "Helm's list of repositories is not understood");
  };

  const indexes: Repositories['indexes'] = async (signal) => {
    cacheFolder ??= program
      .ask(['env', 'HELM_REPOSITORY_CACHE'], AbortSignal.timeout(10_000))
      .then((text) => text.trim());
    cacheFolder.catch(() => {
      cacheFolder = undefined;
    });
    const folder = await cacheFolder;
    return Promise.all(
      (await read(signal)).map(async ({ name }) => {
        const file = indexPath(folder, path.basename(name));
        return { name, path: file, updatedAt: await writtenAt(file) };
      }),
    );
  };

  return {
    indexes,
    async list(signal) {
      const [listed, found] = await Promise.all([read(signal), indexes(signal)]);
      return listed.map(({ name, url }) => ({
        name,
        url: withoutUser(url),
        updatedAt: found.find((index) => index.name === name)?.updatedAt ?? null,
      }));
    },
    async add({ name, url, user, password }, signal) {
      checkAddress(url);
      const who = user === '' ? [] : [`--username=${user}`, '--password-stdin'];
      await program.ask(['repo', 'add', ...who, '--', name, url], signal, password);
    },
    async remove(name, signal) {
      await program.ask(['repo', 'remove', '--', name], signal);
    },
    async update(names, signal) {
      await program.ask(['repo', 'update', ...(names.length === 0 ? [] : ['--', ...names])], signal);
    },
    async login({ host, user, password }, signal) {
      const plain = isLoopback(`//${host}`) ? ['--plain-http'] : [];
      await program.ask(
        ['registry', 'login', `--username=${user}`, '--password-stdin', ...plain, '--', host],
        signal,
        password,
      );
    },
  };
}

/** @throws KubeSageError `invalid` */
function checkAddress(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'oci:') {
    throw new KubeSageError('invalid', 'An OCI registry is no repository: it has no index', {
      hint: 'Install from it by the chart’s whole address, oci://host/path/chart.',
    });
  }
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new KubeSageError('invalid', 'A repository has an address that begins with https:// or http://');
  }
  if (url.username !== '' || url.password !== '') {
    throw new KubeSageError('invalid', 'The address has a name or a password in it, which others could read', {
      hint: 'Give them in their own fields.',
    });
  }
}

function withoutUser(text: string): string {
  return text.replace(/^([a-z]+:\/\/)[^/]*@/i, '$1');
}

/** A registry on this machine, which hardly ever has a certificate. */
export function isLoopback(place: string): boolean {
  return /^(oci:)?\/\/(localhost|127(\.\d+){3}|\[::1\])(:\d+)?(\/|$)/i.test(place);
}
