import { createHash } from 'node:crypto';

/** Names a cluster (one context of one source). Stable over restarts and independent of other sources. */
export type ClusterId = string;

/** An exec credential plugin as the kubeconfig asks for it. */
export interface ExecSpec {
  apiVersion: string;
  /** As written: a bare name, an absolute path, or a path relative to `folder`. */
  command: string;
  args: readonly string[];
  env: readonly { name: string; value: string }[];
  installHint?: string | undefined;
  provideClusterInfo: boolean;
  interactiveMode: 'Never' | 'IfAvailable' | 'Always';
  /** The kubeconfig's folder, absolute; '' for pasted text, where a relative path means nothing. */
  folder: string;
  /** The cluster's extension `client.authentication.k8s.io/exec`, handed to the plugin as JSON. */
  clusterConfig?: unknown;
}

/** The legacy `auth-provider: oidc`. */
export interface OidcSpec {
  issuer: string;
  clientId: string;
  clientSecret?: string | undefined;
  idToken?: string | undefined;
  refreshToken?: string | undefined;
  /** PEM, or the path of a PEM file. */
  ca?: { data: string } | { file: string } | undefined;
}

/** Something written in the kubeconfig itself, or in a file that it names (absolute path). Data wins over a file. */
export type DataOrFile = { data: string } | { file: string };

/**
 * How a context's user proves who it is. Holds secrets: never logged, stored or sent. Of several ways, the first present
 * counts, as in client-go: certificate, token (file over text) and basic are static; exec and oidc are asked otherwise.
 */
export interface UserAuth {
  clientCertificate?: DataOrFile | undefined;
  clientKey?: DataOrFile | undefined;
  token?: string | undefined;
  tokenFile?: string | undefined;
  basic?: { username: string; password: string } | undefined;
  exec?: ExecSpec | undefined;
  oidc?: OidcSpec | undefined;
  impersonate?: { user?: string; uid?: string; groups?: string[]; extra?: Record<string, string[]> } | undefined;
}

/** How a context's API server is reached; files are not read yet. */
export interface ServerAddress {
  /** Normalised, without a trailing slash. */
  server: string;
  ca?: DataOrFile | undefined;
  tlsServerName?: string | undefined;
  insecureSkipTlsVerify: boolean;
  proxyUrl?: string | undefined;
  disableCompression: boolean;
}

export type SourceKind = 'environment' | 'default' | 'file' | 'folder' | 'pasted' | 'demo';

/** One context of one source, resolved as far as it can be. */
export interface KubeContext {
  id: ClusterId;
  /** Its name in the kubeconfig. */
  context: string;
  /** The file's path, or `pasted`, or `demo`. */
  source: string;
  sourceId: string;
  /** Name of the kubeconfig's cluster and user entries. */
  cluster: string;
  user: string;
  /** '' when the context names none. */
  namespace: string;
  /** As written, for display; '' when there is none. */
  server: string;
  /** Absent when the context is broken: `problem` says how. */
  address: ServerAddress | undefined;
  auth: UserAuth;
  problem: { message: string; hint: string } | undefined;
  /** Loud warnings, one sentence each. */
  risks: readonly string[];
  demo: boolean;
}

/** What went wrong with one source; the others are not affected. */
export interface KubeconfigProblem {
  /** Path of the file or folder, or `pasted`. */
  source: string;
  message: string;
  hint: string;
}

export interface KubeconfigSource {
  id: string;
  kind: SourceKind;
  path: string;
  /** Number of contexts that it gives. */
  contexts: number;
  problem?: string | undefined;
}

/** `dev-eu-1f2e3d4c`: the name for people, the hash (of where it comes from and its exact name) for uniqueness. */
export function clusterId(sourceKey: string, context: string): ClusterId {
  const slug = context
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  const hash = createHash('sha256').update(`${sourceKey}\0${context}`).digest('hex').slice(0, 8);
  return slug === '' ? hash : `${slug}-${hash}`;
}
