/** How to reach one API server, without credentials. Plain data: it crosses to worker threads. */
export interface ConnectionSpec {
  /** `https://host:port/optional/path`; `http:` is allowed for the simulator and for kubectl-proxy-like endpoints. */
  server: string;
  /** PEM of the authorities to trust; absent for the system's. */
  ca?: string | undefined;
  /** Name to verify instead of the server's host. */
  tlsServerName?: string | undefined;
  /** TLS is not verified. Shown loudly wherever the cluster is shown. */
  insecureSkipTlsVerify: boolean;
  /** `http://`, `https://` or `socks5://` proxy. */
  proxyUrl?: string | undefined;
  /** Ask the server not to compress (kubeconfig's `disable-compression`). */
  disableCompression: boolean;
  /** Impersonation headers that the kubeconfig asks for. */
  impersonate?: { user?: string; uid?: string; groups?: string[]; extra?: Record<string, string[]> } | undefined;
}

/** What proves who we are. Never logged, never stored. */
export interface Credentials {
  token?: string | undefined;
  basic?: { username: string; password: string } | undefined;
  /** PEM. */
  clientCertificate?: string | undefined;
  /** PEM. */
  clientKey?: string | undefined;
  /** When they stop being valid, milliseconds by the server's clock; absent when unknown. */
  expiresAt?: number | undefined;
  /** Grows with every renewal, so that a refused set is renewed once, not once per watch. */
  generation: number;
}

/**
 * Gives credentials for one cluster's identity. Calls for the same identity share one login; logins of different
 * identities run one after the other. Rejects with KubeSageError `unauthenticated` (what failed, which binary, which
 * exit text) or `forbidden` with the consent that is missing.
 */
export interface CredentialSource {
  /** @param refused generation of a set that the server answered with 401; a newer one is made. */
  get(refused?: number, signal?: AbortSignal): Promise<Credentials>;
}
