import type { SimulatedUser } from './api/access.ts';

export interface ServedCluster {
  name: string;
  server: string;
  user: SimulatedUser;
  /** PEM of the certificate's authority; absent over plain HTTP. */
  authority?: string | undefined;
  /** The context's namespace. */
  namespace?: string | undefined;
}

/** A kubeconfig with one context a cluster; the first is the current one. JSON is YAML, and needs no quoting rules. */
export function kubeconfigOf(clusters: readonly ServedCluster[]): string {
  return JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': clusters[0]?.name ?? '',
      clusters: clusters.map(({ name, server, authority }) => ({
        name,
        cluster: {
          server,
          ...(authority === undefined
            ? {}
            : { 'certificate-authority-data': Buffer.from(authority).toString('base64') }),
        },
      })),
      users: clusters.map(({ name, user }) => ({ name: `${name}-${user.name}`, user: { token: user.token } })),
      contexts: clusters.map(({ name, user, namespace }) => ({
        name,
        context: { cluster: name, user: `${name}-${user.name}`, ...(namespace === undefined ? {} : { namespace }) },
      })),
    },
    null,
    2,
  );
}
