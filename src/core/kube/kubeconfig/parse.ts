import { isAbsolute, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { KubeSageError } from '../../kernel/errors.ts';

/** A kubeconfig of 200 contexts with embedded certificates has about 2 MB. */
export const maxKubeconfigBytes = 5_000_000;
/** Uses of an anchor times what it stands for. Enough for 5,000 entries that share one; a bomb multiplies at each level. */
const maxAliases = 10_000;
const maxEntries = 5_000;

// Scalars are read as text (YAML's failsafe schema), so that a context named `0123`, `no` or `1e3` keeps its name.
const text = z.string();
const flag = z.string().transform((value, context) => {
  if (/^(true|yes|on|y)$/i.test(value)) return true;
  if (/^(false|no|off|n|null|~|)$/i.test(value)) return false;
  context.addIssue({ code: 'custom', message: `"${value.slice(0, 20)}" is neither true nor false` });
  return z.NEVER;
});
const list = <T extends z.ZodType>(item: T) =>
  z.union([z.array(item), z.literal(['', 'null', '~']).transform((): z.output<T>[] => [])]);

const ClusterEntry = z.object({
  server: text.optional(),
  'certificate-authority': text.optional(),
  'certificate-authority-data': text.optional(),
  'insecure-skip-tls-verify': flag.optional(),
  'tls-server-name': text.optional(),
  'proxy-url': text.optional(),
  'disable-compression': flag.optional(),
});
export type ClusterEntry = z.output<typeof ClusterEntry>;

const UserEntry = z.object({
  'client-certificate': text.optional(),
  'client-certificate-data': text.optional(),
  'client-key': text.optional(),
  'client-key-data': text.optional(),
  token: text.optional(),
  tokenFile: text.optional(),
  username: text.optional(),
  password: text.optional(),
  as: text.optional(),
  'as-uid': text.optional(),
  'as-groups': list(text).optional(),
  'as-user-extra': z.record(text, list(text)).optional(),
  'auth-provider': z.object({ name: text.default(''), config: z.record(text, text).optional() }).optional(),
  exec: z
    .object({
      apiVersion: text.default(''),
      command: text.default(''),
      args: list(text).optional(),
      env: list(z.object({ name: text, value: text.default('') })).optional(),
      installHint: text.optional(),
      provideClusterInfo: flag.optional(),
      interactiveMode: text.optional(),
    })
    .optional(),
});
export type UserEntry = z.output<typeof UserEntry>;

const ContextEntry = z.object({
  cluster: text.default(''),
  user: text.default(''),
  namespace: text.default(''),
});
export type ContextEntry = z.output<typeof ContextEntry>;

/** An entry with where it was written; a broken one is kept, so that only the contexts that need it are broken. */
export interface Entry<T> {
  name: string;
  value: T | undefined;
  /** Why `value` is absent. */
  problem: string | undefined;
  /** Absolute folder that relative paths in it start from; '' for pasted text. */
  folder: string;
}

/** One kubeconfig, before its contexts are put together. */
export interface ParsedKubeconfig {
  clusters: ReadonlyMap<string, Entry<ClusterEntry>>;
  users: ReadonlyMap<string, Entry<UserEntry>>;
  contexts: ReadonlyMap<string, Entry<ContextEntry>>;
  /** By cluster name: what its exec extension says, with JSON's types. */
  execConfigs: ReadonlyMap<string, unknown>;
  /** What is odd but does not stop the rest: a name used twice. */
  oddities: readonly string[];
  /** Top-level fields, and '\n' when the text ends with one: a file that lost some of them may be cut off. */
  parts: readonly string[];
}

/**
 * Reads the text of one kubeconfig (YAML or JSON).
 * @param folder absolute folder of its file, '' for pasted text.
 * @throws KubeSageError `invalid` (or `tooLarge`) when it is no kubeconfig at all. Messages never quote its content.
 */
export function parseKubeconfig(source: string, folder: string): ParsedKubeconfig {
  if (source.length > maxKubeconfigBytes) throw tooLarge();
  if (source.trim() === '') throw new KubeSageError('invalid', 'It is empty', { hint: 'It may be being written now.' });
  const root = parseYaml(source, 'failsafe');
  if (!isObject(root)) throw notOne();
  const kind = root.kind;
  if (kind !== undefined && kind !== 'Config' && kind !== '') throw notOne();
  if (!['clusters', 'contexts', 'users', 'current-context'].some((field) => Object.hasOwn(root, field))) throw notOne();

  const oddities: string[] = [];
  const parsed = {
    clusters: entries(root.clusters, 'cluster', ClusterEntry, folder, oddities),
    users: entries(root.users, 'user', UserEntry, folder, oddities),
    contexts: entries(root.contexts, 'context', ContextEntry, folder, oddities),
  };
  const parts = [...Object.keys(root), ...(source.endsWith('\n') ? ['\n'] : [])];
  return { ...parsed, execConfigs: execConfigs(source), oddities, parts };
}

/** The path that a kubeconfig means, or null when it is relative and there is no file that it could be relative to. */
export function resolvePath(path: string, folder: string): string | null {
  if (isAbsolute(path)) return path;
  return folder === '' ? null : resolve(folder, path);
}

function parseYaml(source: string, schema: 'failsafe' | 'core'): unknown {
  try {
    const first = parseAllDocuments(source, {
      schema,
      merge: true,
      uniqueKeys: false,
      logLevel: 'silent',
      prettyErrors: false,
    })[0];
    if (first === undefined) return undefined;
    const error = first.errors[0];
    if (error !== undefined) {
      const line = source.slice(0, error.pos[0]).split('\n').length;
      throw new KubeSageError('invalid', `It is not valid YAML: line ${line} (${error.code.toLowerCase()})`, {
        hint: 'Repair the file, or compare it with `kubectl config view --raw`.',
      });
    }
    return first.toJS({ maxAliasCount: maxAliases });
  } catch (error) {
    if (error instanceof KubeSageError) throw error;
    // The parser's own text may quote the file, and the file has secrets.
    const why = error instanceof RangeError ? 'it nests too deeply' : 'it uses anchors in a way that grows without end';
    throw new KubeSageError('invalid', `It cannot be read as YAML: ${why}`, {
      hint: 'A kubeconfig needs neither. Do not trust where this one comes from.',
    });
  }
}

function entries<S extends z.ZodType>(
  raw: unknown,
  word: 'cluster' | 'user' | 'context',
  schema: S,
  folder: string,
  oddities: string[],
): Map<string, Entry<z.output<S>>> {
  const found = new Map<string, Entry<z.output<S>>>();
  if (raw === undefined || raw === '' || raw === 'null' || raw === '~') return found;
  if (!Array.isArray(raw)) {
    oddities.push(`"${word}s" is not a list`);
    return found;
  }
  if (raw.length > maxEntries) oddities.push(`Only the first ${maxEntries} ${word}s are read`);
  for (const item of raw.slice(0, maxEntries)) {
    const name = isObject(item) ? item.name : undefined;
    if (!isObject(item) || typeof name !== 'string' || name === '') {
      oddities.push(`A ${word} without a name is left out`);
      continue;
    }
    if (found.has(name)) {
      oddities.push(`The ${word} "${name}" is there twice: the first one counts`);
      continue;
    }
    const body = item[word];
    const result = schema.safeParse(isObject(body) ? body : {});
    if (result.success) {
      found.set(name, { name, value: result.data, problem: undefined, folder });
    } else {
      const issue = result.error.issues[0];
      const problem = `${issue?.path.join('.') ?? ''} is not as it should be`;
      found.set(name, { name, value: undefined, problem, folder });
    }
  }
  return found;
}

/** Plugins get their configuration with JSON's types, which the failsafe schema does not keep: a second reading. */
function execConfigs(source: string): Map<string, unknown> {
  const extensionName = 'client.authentication.k8s.io/exec';
  const found = new Map<string, unknown>();
  if (!source.includes(extensionName)) return found;
  const root = parseYaml(source, 'core');
  const clusters = isObject(root) && Array.isArray(root.clusters) ? root.clusters : [];
  for (const item of clusters) {
    if (!isObject(item) || !isObject(item.cluster) || !Array.isArray(item.cluster.extensions)) continue;
    for (const extension of item.cluster.extensions) {
      if (isObject(extension) && extension.name === extensionName) {
        found.set(String(item.name), extension.extension);
      }
    }
  }
  return found;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function notOne(): KubeSageError {
  return new KubeSageError('invalid', 'It is not a kubeconfig', {
    hint: 'A kubeconfig has the lists `clusters`, `users` and `contexts`.',
  });
}

export function tooLarge(): KubeSageError {
  return new KubeSageError('tooLarge', `It is larger than ${maxKubeconfigBytes / 1_000_000} MB`, {
    hint: 'Split it into several files in a folder that KubeSage watches.',
  });
}
