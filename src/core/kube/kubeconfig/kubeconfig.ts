import { randomUUID } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { Emitter, type Event } from '../../kernel/emitter.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { ConnectionSpec } from '../auth/connection.ts';
import { createFolderWatch } from './folderWatch.ts';
import type { KubeContext, KubeconfigProblem, KubeconfigSource, SourceKind } from './model.ts';
import { type ParsedKubeconfig, parseKubeconfig } from './parse.ts';
import { proxyFromEnvironment } from './proxy.ts';
import { type ConfigFile, resolveFile, resolveMerged } from './resolve.ts';
import { plainSecretBox, type SecretBox } from './secretBox.ts';
import { refresh, type TrackedFile } from './trackedFile.ts';

/** A source that the user added, as it is stored. */
export interface AddedSource {
  id: string;
  kind: 'file' | 'folder' | 'pasted';
  /** Absolute path, or the name that pasted text was given. */
  path: string;
}

/** Where added sources and pasted texts are kept. Pasted texts arrive sealed. */
export interface SourceStore {
  read(): readonly AddedSource[];
  save(sources: readonly AddedSource[]): Promise<void>;
  readText(id: string): Promise<Uint8Array | null>;
  saveText(id: string, sealed: Uint8Array): Promise<void>;
  removeText(id: string): Promise<void>;
}

/** All contexts of all sources. The user's own files are read and never written. */
export interface Kubeconfig extends Disposable {
  readonly contexts: readonly KubeContext[];
  readonly problems: readonly KubeconfigProblem[];
  readonly sources: readonly KubeconfigSource[];
  readonly onChange: Event<void>;
  /**
   * How to reach a context's server, with the CA file read now, so that a rotated CA counts at the next connect.
   * Rejects with `invalid` for a broken context or an unreadable CA file.
   */
  connection(context: KubeContext): Promise<ConnectionSpec>;
  /** Looks at every source now. */
  reload(): Promise<void>;
  /** Reads what could not be opened once more: their box was unlocked, or changed. */
  reopen(): Promise<void>;
  /** Reads a file or watches a folder from now on. Rejects with `notFound`, `invalid` or `conflict`. */
  addPath(path: string): Promise<{ id: string; contexts: string[] }>;
  addText(text: string, name?: string): Promise<{ id: string; contexts: string[] }>;
  remove(id: string): Promise<void>;
  /** The demo fleet's kubeconfig, or null to end it: at once, and not stored. */
  setDemo(text: string | null): void;
}

export interface KubeconfigOptions {
  env: Readonly<Record<string, string | undefined>>;
  homeFolder: string;
  clock: Clock;
  store: SourceStore;
  secretBox?: SecretBox;
  /** False leaves KUBECONFIG and ~/.kube/config alone: for a demo and for tests. */
  discover?: boolean;
}

interface Source {
  id: string;
  kind: SourceKind;
  path: string;
  /** Files in order; a folder's are listed anew at every reload. */
  files: string[];
  problem: string | undefined;
}

/** Editors and config tools write in several steps; a reload waits until they are done. */
const debounceMs = 200;
/** Network folders and some platforms tell nothing about changes, so that everything is looked at as well. */
const pollMs = 5_000;
const maxFolderFiles = 1_000;

export async function createKubeconfig(options: KubeconfigOptions): Promise<Kubeconfig> {
  const kubeconfig = new KubeconfigSources(options);
  await kubeconfig.reload();
  return kubeconfig;
}

class KubeconfigSources implements Kubeconfig {
  contexts: readonly KubeContext[] = [];
  problems: readonly KubeconfigProblem[] = [];
  sources: readonly KubeconfigSource[] = [];
  readonly #changed = new Emitter<void>();
  readonly onChange = this.#changed.event;
  readonly #options: KubeconfigOptions;
  readonly #box: SecretBox;
  readonly #tracked = new Map<string, TrackedFile>();
  readonly #pasted = new Map<string, ParsedKubeconfig | KubeSageError>();
  readonly #watch: ReturnType<typeof createFolderWatch>;
  readonly #poll: Disposable;
  #demo: ParsedKubeconfig | undefined;
  /** The sources of the last reload. */
  #listed: readonly Source[] = [];
  #pendingReload: Disposable | undefined;
  #reloading: Promise<void> | undefined;
  #again = false;
  #disposed = false;

  constructor(options: KubeconfigOptions) {
    this.#options = options;
    this.#box = options.secretBox ?? plainSecretBox;
    this.#watch = createFolderWatch(() => this.#reloadSoon());
    this.#poll = options.clock.every(pollMs, () => void this.reload());
  }

  dispose(): void {
    this.#disposed = true;
    this.#pendingReload?.dispose();
    this.#poll.dispose();
    this.#watch.dispose();
    this.#changed.dispose();
  }

  reload(): Promise<void> {
    // A change that comes during a reload needs another one; more of them share it.
    if (this.#reloading !== undefined) {
      this.#again = true;
      return this.#reloading;
    }
    const run = async () => {
      do {
        this.#again = false;
        await this.#reloadOnce();
      } while (this.#again && !this.#disposed);
    };
    this.#reloading = run().finally(() => {
      this.#reloading = undefined;
    });
    return this.#reloading;
  }

  reopen(): Promise<void> {
    for (const [id, parsed] of this.#pasted) if (parsed instanceof KubeSageError) this.#pasted.delete(id);
    return this.reload();
  }

  async connection(context: KubeContext): Promise<ConnectionSpec> {
    const { address } = context;
    if (context.problem !== undefined || address === undefined) {
      throw new KubeSageError('invalid', context.problem?.message ?? `The context "${context.context}" is broken`, {
        hint: context.problem?.hint,
      });
    }
    let ca: string | undefined;
    if (address.ca !== undefined) ca = 'data' in address.ca ? address.ca.data : await readPem(address.ca.file);
    return {
      server: address.server,
      ca,
      tlsServerName: address.tlsServerName,
      insecureSkipTlsVerify: address.insecureSkipTlsVerify,
      proxyUrl: address.proxyUrl ?? proxyFromEnvironment(address.server, this.#options.env),
      disableCompression: address.disableCompression,
      impersonate: context.auth.impersonate,
    };
  }

  async addPath(path: string): Promise<{ id: string; contexts: string[] }> {
    const expanded = path === '~' || path.startsWith('~/') ? join(this.#options.homeFolder, path.slice(1)) : path;
    const absolute = resolve(expanded);
    const facts = await stat(absolute).catch(() => null);
    if (facts === null) {
      throw new KubeSageError('notFound', `There is no ${absolute}`, {
        hint: 'Check the path, and that you may read it.',
      });
    }
    const stored = this.#options.store.read();
    if (stored.some((source) => source.path === absolute && source.kind !== 'pasted')) {
      throw new KubeSageError('conflict', `${absolute} is read already`, { hint: 'Its contexts are in the fleet.' });
    }
    const kind = facts.isDirectory() ? 'folder' : 'file';
    if (kind === 'file') {
      const file = await refresh(absolute, undefined, this.#options.clock.now());
      if (file.problem !== undefined) {
        throw new KubeSageError(file.problem.code, `${absolute}: ${file.problem.message}`, { hint: file.problem.hint });
      }
    }
    return this.#add({ id: randomUUID(), kind, path: absolute });
  }

  async addText(text: string, name?: string): Promise<{ id: string; contexts: string[] }> {
    const parsed = parseKubeconfig(text, '');
    const id = randomUUID();
    await this.#options.store.saveText(id, await this.#box.seal(text));
    this.#pasted.set(id, parsed);
    return this.#add({ id, kind: 'pasted', path: name?.trim() || 'Pasted text' });
  }

  async remove(id: string): Promise<void> {
    const stored = this.#options.store.read();
    const source = stored.find((other) => other.id === id);
    if (source === undefined) {
      throw new KubeSageError('notFound', 'That source was not added here', {
        hint: 'Sources that come from KUBECONFIG or the default file are not removed here.',
      });
    }
    await this.#options.store.save(stored.filter((other) => other !== source));
    if (source.kind === 'pasted') {
      this.#pasted.delete(id);
      await this.#options.store.removeText(id);
    }
    await this.reload();
  }

  setDemo(text: string | null): void {
    this.#demo = text === null ? undefined : parseKubeconfig(text, '');
    this.#publish(this.#listed);
  }

  async #add(source: AddedSource): Promise<{ id: string; contexts: string[] }> {
    await this.#options.store.save([...this.#options.store.read(), source]);
    await this.reload();
    const contexts = this.contexts.filter((context) => context.sourceId === source.id).map((context) => context.id);
    return { id: source.id, contexts };
  }

  #reloadSoon(): void {
    this.#pendingReload?.dispose();
    this.#pendingReload = this.#options.clock.after(debounceMs, () => void this.reload());
  }

  /** Every source in the order of precedence. */
  #listSources(): Source[] {
    const { env, homeFolder } = this.#options;
    const sources: Source[] = [];
    if (this.#options.discover !== false) {
      const listed = (env.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '');
      const files = [...new Set(listed.map((path) => resolve(path)))];
      if (files.length > 0) {
        sources.push({
          id: 'environment',
          kind: 'environment',
          path: files.join(delimiter),
          files,
          problem: undefined,
        });
      } else {
        const path = join(homeFolder, '.kube', 'config');
        sources.push({ id: 'default', kind: 'default', path, files: [path], problem: undefined });
      }
    }
    for (const { id, kind, path } of this.#options.store.read()) {
      sources.push({ id, kind, path, files: kind === 'file' ? [path] : [], problem: undefined });
    }
    return sources;
  }

  async #reloadOnce(): Promise<void> {
    const sources = this.#listSources();
    const folders = new Set<string>();
    for (const source of sources) {
      if (source.kind !== 'folder') continue;
      folders.add(source.path);
      try {
        source.files = await listFolder(source.path);
      } catch (error) {
        source.problem = `The folder cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;
        // What was there last stays, as for a single file that cannot be read.
        source.files = [...this.#tracked.keys()].filter((path) => resolve(path, '..') === source.path);
      }
    }
    for (const source of sources) if (source.kind === 'pasted') await this.#openPasted(source);
    const paths = new Set(sources.flatMap((source) => source.files));
    for (const path of this.#tracked.keys()) if (!paths.has(path)) this.#tracked.delete(path);
    for (const path of paths)
      this.#tracked.set(path, await refresh(path, this.#tracked.get(path), this.#options.clock.now()));
    if (this.#disposed) return;
    this.#watch.update(
      [...folders],
      [...this.#tracked.values()].map((file) => [file.path, file.realPath] as const),
    );
    this.#publish(sources);
  }

  async #openPasted(source: Source): Promise<void> {
    if (this.#pasted.has(source.id)) return;
    try {
      const sealed = await this.#options.store.readText(source.id);
      if (sealed === null) throw new KubeSageError('notFound', 'The pasted text is gone', { hint: 'Paste it again.' });
      this.#pasted.set(source.id, parseKubeconfig(await this.#box.open(sealed), ''));
    } catch (error) {
      const problem =
        error instanceof KubeSageError
          ? error
          : new KubeSageError('unavailable', 'The pasted text cannot be decrypted here', {
              hint: 'Unlock the keyring and start again, or remove the source and paste it again.',
              cause: error,
            });
      this.#pasted.set(source.id, problem);
    }
  }

  #publish(listed: readonly Source[]): void {
    this.#listed = listed;
    const demo: Source = { id: 'demo', kind: 'demo', path: 'demo', files: [], problem: undefined };
    const sources = this.#demo === undefined ? listed : [...listed, demo];
    const contexts: KubeContext[] = [];
    const problems: KubeconfigProblem[] = [];
    const described: KubeconfigSource[] = [];
    const seen = new Set<string>();
    for (const source of sources) {
      const before = problems.length;
      if (source.problem !== undefined) {
        problems.push({ source: source.path, message: source.problem, hint: 'What was read last is shown.' });
      }
      const files = this.#configFiles(source, seen, problems);
      const own = source.kind === 'environment' ? resolveMerged(files) : files.flatMap(resolveFile);
      contexts.push(...own);
      described.push({
        id: source.id,
        kind: source.kind,
        path: source.path,
        contexts: own.length,
        ...(problems.length > before ? { problem: problems.slice(before).map(sentence).join(' ') } : {}),
      });
    }
    const next = { contexts, problems, sources: described };
    if (isDeepStrictEqual(next, { contexts: this.contexts, problems: this.problems, sources: this.sources })) return;
    // A context that did not change stays the same object, so that whoever uses it can tell.
    const known = new Map(this.contexts.map((context) => [context.id, context]));
    this.contexts = contexts.map((context) => {
      const old = known.get(context.id);
      return old !== undefined && isDeepStrictEqual(old, context) ? old : context;
    });
    this.problems = problems;
    this.sources = described;
    this.#changed.fire();
  }

  #configFiles(source: Source, seen: Set<string>, problems: KubeconfigProblem[]): ConfigFile[] {
    const noFacts = { worldReadable: false, folderWorldWritable: false };
    const shared = { sourceId: source.id, facts: noFacts, demo: source.kind === 'demo' };
    if (source.kind === 'demo') {
      return this.#demo === undefined ? [] : [{ ...shared, parsed: this.#demo, source: 'demo', key: 'demo' }];
    }
    if (source.kind === 'pasted') {
      const parsed = this.#pasted.get(source.id);
      if (parsed instanceof KubeSageError) {
        problems.push({ source: source.path, message: parsed.message, hint: parsed.hint ?? '' });
        return [];
      }
      return parsed === undefined ? [] : [{ ...shared, parsed, source: 'pasted', key: source.id }];
    }
    const files: ConfigFile[] = [];
    for (const path of source.files) {
      const file = this.#tracked.get(path);
      if (file === undefined || seen.has(file.realPath)) continue;
      if (file.missing) {
        // kubectl ignores a missing file; a path that somebody wrote down deserves a word.
        if (source.kind !== 'default')
          problems.push({ source: path, message: 'There is no such file', hint: 'Check the path.' });
        continue;
      }
      seen.add(file.realPath);
      if (file.problem !== undefined && isWorthTelling(source, file)) {
        const kept = file.good === undefined ? '' : ' What was read last is shown.';
        problems.push({
          source: path,
          message: file.problem.message,
          hint: `${file.problem.hint ?? ''}${kept}`.trim(),
        });
      }
      if (file.good === undefined) continue;
      for (const oddity of file.good.oddities) {
        problems.push({ source: path, message: oddity, hint: 'The rest of the file is used.' });
      }
      files.push({ ...shared, parsed: file.good, source: path, key: path, facts: file.facts });
    }
    return files;
  }
}

/** In a folder, files that never were kubeconfigs are nobody's problem. */
function isWorthTelling(source: Source, file: TrackedFile): boolean {
  return source.kind !== 'folder' || file.good !== undefined || file.problem?.code === 'forbidden';
}

async function listFolder(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true });
  return entries
    .filter(
      (entry) => (entry.isFile() || entry.isSymbolicLink()) && !entry.name.startsWith('.') && !entry.name.endsWith('~'),
    )
    .map((entry) => join(path, entry.name))
    .sort()
    .slice(0, maxFolderFiles);
}

function sentence(problem: KubeconfigProblem): string {
  return `${problem.message}.`;
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new KubeSageError('invalid', `The certificate authority file ${path} cannot be read`, {
      hint: 'Check that it exists and that you may read it.',
      cause: error,
    });
  }
}
