import { KubeSageError } from '../../kernel/errors.ts';
import {
  clusterId,
  type DataOrFile,
  type KubeContext,
  type OidcSpec,
  type ServerAddress,
  type UserAuth,
} from './model.ts';
import { type ClusterEntry, type Entry, type ParsedKubeconfig, resolvePath, type UserEntry } from './parse.ts';
import { type FileFacts, findRisks } from './risks.ts';

/** A kubeconfig with what is known of its file. */
export interface ConfigFile {
  parsed: ParsedKubeconfig;
  /** Absolute path, `pasted` or `demo`: shown. */
  source: string;
  /** What makes its contexts' ids: the path, or the id of the pasted text. */
  key: string;
  sourceId: string;
  facts: FileFacts;
  demo: boolean;
}

/** The contexts of files that stand alone. */
export function resolveFile(file: ConfigFile): KubeContext[] {
  return [...file.parsed.contexts.keys()].map((name) => resolveContext(name, file, [file]));
}

/**
 * The contexts of a KUBECONFIG list. As kubectl does it, the first file that has a cluster, user or context of a name
 * wins, whole entries at a time, and a context may use entries of another file. A context of a later file whose name is
 * taken is not what `kubectl --context` means, but somebody's cluster all the same: it is kept when it leads elsewhere,
 * put together from its own file alone.
 */
export function resolveMerged(files: readonly ConfigFile[]): KubeContext[] {
  const found: KubeContext[] = [];
  const byName = new Map<string, KubeContext[]>();
  for (const file of files) {
    for (const name of file.parsed.contexts.keys()) {
      const same = byName.get(name);
      const context = resolveContext(name, file, same === undefined ? files : [file]);
      if (same?.some((other) => other.server === context.server && other.user === context.user)) continue;
      if (same !== undefined && context.problem !== undefined) continue;
      found.push(context);
      byName.set(name, [...(same ?? []), context]);
    }
  }
  return found;
}

function resolveContext(name: string, file: ConfigFile, files: readonly ConfigFile[]): KubeContext {
  const entry = file.parsed.contexts.get(name);
  const context: Omit<KubeContext, 'risks'> = {
    id: clusterId(file.key, name),
    context: name,
    source: file.source,
    sourceId: file.sourceId,
    cluster: entry?.value?.cluster ?? '',
    user: entry?.value?.user ?? '',
    namespace: entry?.value?.namespace ?? '',
    server: '',
    address: undefined,
    auth: {},
    problem: undefined,
    demo: file.demo,
  };
  try {
    if (entry?.value === undefined) throw broken(`The context "${name}" is broken: ${entry?.problem}`);
    const cluster = lookUp(files, 'clusters', context.cluster);
    if (cluster === undefined)
      throw broken(`The context "${name}" names the cluster "${context.cluster}", which is not there`);
    if (cluster.value === undefined) throw broken(`The cluster "${cluster.name}" is broken: ${cluster.problem}`);
    const user = context.user === '' ? undefined : lookUp(files, 'users', context.user);
    if (context.user !== '' && user === undefined) {
      throw broken(`The context "${name}" names the user "${context.user}", which is not there`);
    }
    if (user !== undefined && user.value === undefined)
      throw broken(`The user "${user.name}" is broken: ${user.problem}`);
    context.server = cluster.value.server ?? '';
    const execConfig = files.find((other) => other.parsed.clusters.has(context.cluster))?.parsed.execConfigs;
    if (user?.value !== undefined) {
      context.auth = userAuth(user.value, user, execConfig?.get(context.cluster));
    }
    context.address = serverAddress(cluster.value, cluster, context.auth);
  } catch (error) {
    if (!(error instanceof KubeSageError)) throw error;
    context.problem = { message: error.message, hint: error.hint ?? '' };
  }
  return { ...context, risks: findRisks(context, file.facts) };
}

function lookUp<K extends 'clusters' | 'users'>(files: readonly ConfigFile[], what: K, name: string) {
  for (const file of files) {
    const entry = file.parsed[what].get(name);
    if (entry !== undefined) return entry as K extends 'clusters' ? Entry<ClusterEntry> : Entry<UserEntry>;
  }
  return undefined;
}

function serverAddress(value: ClusterEntry, entry: Entry<unknown>, auth: UserAuth): ServerAddress {
  const ca = dataOrFile(
    value['certificate-authority-data'],
    value['certificate-authority'],
    entry,
    'certificate-authority',
  );
  const insecure = value['insecure-skip-tls-verify'] ?? false;
  const tls = ca !== undefined || insecure || auth.clientCertificate !== undefined;
  const written = value.server ?? '';
  if (written === '') throw broken(`The cluster "${entry.name}" has no server`);
  // As client-go: an address without a scheme is https when anything about TLS is configured.
  const url = parseUrl(written.includes('://') ? written : `${tls ? 'https' : 'http'}://${written}`);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.hostname === '') {
    throw broken(`The server of cluster "${entry.name}" is not an http or https URL`);
  }
  if (url.username !== '' || url.password !== '') {
    throw broken(`The server of cluster "${entry.name}" has a user name or password in its URL`);
  }
  url.search = '';
  url.hash = '';
  const proxyUrl = value['proxy-url'] === '' ? undefined : value['proxy-url'];
  if (proxyUrl !== undefined) {
    const proxy = parseUrl(proxyUrl);
    if (proxy === null || !['http:', 'https:', 'socks5:'].includes(proxy.protocol)) {
      throw broken(`The proxy-url of cluster "${entry.name}" is not an http, https or socks5 URL`);
    }
  }
  return {
    server: url.href.replace(/\/+$/, ''),
    ca,
    tlsServerName: value['tls-server-name'] || undefined,
    insecureSkipTlsVerify: insecure,
    proxyUrl,
    disableCompression: value['disable-compression'] ?? false,
  };
}

function userAuth(value: UserEntry, entry: Entry<unknown>, execConfig: unknown): UserAuth {
  const auth: UserAuth = {
    clientCertificate: dataOrFile(
      value['client-certificate-data'],
      value['client-certificate'],
      entry,
      'client-certificate',
    ),
    clientKey: dataOrFile(value['client-key-data'], value['client-key'], entry, 'client-key'),
    token: value.token || undefined,
    tokenFile: value.tokenFile ? pathOf(value.tokenFile, entry, 'tokenFile') : undefined,
  };
  if (auth.clientCertificate !== undefined && auth.clientKey === undefined) {
    throw broken(`The user "${entry.name}" has a client certificate without its key`);
  }
  if (value.username || value.password) {
    if (auth.token !== undefined)
      throw broken(`The user "${entry.name}" has both a token and a password: only one may be`);
    auth.basic = { username: value.username ?? '', password: value.password ?? '' };
  }
  if (value.exec !== undefined && value['auth-provider'] !== undefined) {
    throw broken(`The user "${entry.name}" has both exec and auth-provider: only one may be`);
  }
  if (value.exec !== undefined) auth.exec = execSpec(value.exec, entry, execConfig);
  if (value['auth-provider'] !== undefined) auth.oidc = oidcSpec(value['auth-provider'], entry);
  const groups = value['as-groups'] ?? [];
  const extra = value['as-user-extra'] ?? {};
  if (value.as) {
    auth.impersonate = {
      user: value.as,
      ...(value['as-uid'] ? { uid: value['as-uid'] } : {}),
      ...(groups.length > 0 ? { groups } : {}),
      ...(Object.keys(extra).length > 0 ? { extra } : {}),
    };
  } else if (value['as-uid'] || groups.length > 0 || Object.keys(extra).length > 0) {
    throw broken(`The user "${entry.name}" impersonates groups without a user (as)`);
  }
  return auth;
}

function execSpec(exec: NonNullable<UserEntry['exec']>, entry: Entry<unknown>, clusterConfig: unknown) {
  if (exec.command === '') throw broken(`The exec plugin of user "${entry.name}" has no command`);
  if (exec.command.includes('\0') || exec.args?.some((arg) => arg.includes('\0'))) {
    throw broken(`The exec plugin of user "${entry.name}" has a zero character in its command`);
  }
  const versions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];
  if (!versions.includes(exec.apiVersion)) {
    throw broken(
      `The exec plugin of user "${entry.name}" speaks ${exec.apiVersion === '' ? 'no apiVersion' : exec.apiVersion}, which no current client supports`,
      `Update the plugin, then write apiVersion: ${versions[0]}.`,
    );
  }
  const mode = exec.interactiveMode || (exec.apiVersion.endsWith('/v1beta1') ? 'IfAvailable' : '');
  if (mode !== 'Never' && mode !== 'IfAvailable' && mode !== 'Always') {
    throw broken(`The exec plugin of user "${entry.name}" needs interactiveMode: Never, IfAvailable or Always`);
  }
  return {
    apiVersion: exec.apiVersion,
    command: exec.command,
    args: exec.args ?? [],
    env: exec.env ?? [],
    installHint: exec.installHint || undefined,
    provideClusterInfo: exec.provideClusterInfo ?? false,
    interactiveMode: mode,
    folder: entry.folder,
    clusterConfig,
  } as const;
}

function oidcSpec(provider: NonNullable<UserEntry['auth-provider']>, entry: Entry<unknown>): OidcSpec {
  if (provider.name !== 'oidc') {
    throw broken(
      `The user "${entry.name}" signs in with auth-provider "${provider.name}", which Kubernetes removed in 1.26`,
      'Make the kubeconfig anew with the provider’s own tool: it writes an exec plugin today.',
    );
  }
  const config = provider.config ?? {};
  if (!config['idp-issuer-url'] || !config['client-id']) {
    throw broken(`The OIDC sign-in of user "${entry.name}" needs idp-issuer-url and client-id`);
  }
  return {
    issuer: config['idp-issuer-url'],
    clientId: config['client-id'],
    clientSecret: config['client-secret'] || undefined,
    idToken: config['id-token'] || undefined,
    refreshToken: config['refresh-token'] || undefined,
    ca: dataOrFile(
      config['idp-certificate-authority-data'],
      config['idp-certificate-authority'],
      entry,
      'idp-certificate-authority',
    ),
  };
}

/** @param what the field's name, for messages. */
function dataOrFile(
  data: string | undefined,
  file: string | undefined,
  entry: Entry<unknown>,
  what: string,
): DataOrFile | undefined {
  if (data) {
    const compact = data.replace(/\s+/g, '');
    const decoded = Buffer.from(compact, 'base64').toString('utf8');
    if (!/^[A-Za-z0-9+/]+=*$/.test(compact) || !decoded.includes('-----BEGIN ')) {
      throw broken(`${what}-data of "${entry.name}" is not base64 of PEM`);
    }
    return { data: decoded };
  }
  return file ? { file: pathOf(file, entry, what) } : undefined;
}

function pathOf(path: string, entry: Entry<unknown>, what: string): string {
  const resolved = resolvePath(path, entry.folder);
  if (resolved === null) {
    throw broken(
      `${what} of "${entry.name}" is the relative path of a file, and pasted text has no folder`,
      'Save the text as a file beside the files that it names, and add that file.',
    );
  }
  return resolved;
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

function broken(message: string, hint = 'Correct the kubeconfig; KubeSage reads it again by itself.'): KubeSageError {
  return new KubeSageError('invalid', message, { hint });
}
