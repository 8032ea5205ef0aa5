import { readFileSync } from 'node:fs';

export interface Context {
  name: string;
  server: string;
  ca: string;
  tlsServerName: string | undefined;
  token: string;
}

/** The contexts of a kubeconfig that this bench wrote: JSON, with a token for each. */
export function readContexts(kubeconfig: string): Context[] {
  interface Named {
    name: string;
    cluster: { server: string; 'certificate-authority-data': string; 'tls-server-name'?: string };
  }
  const { clusters, users } = JSON.parse(readFileSync(kubeconfig, 'utf8')) as {
    clusters: Named[];
    users: { user: { token: string } }[];
  };
  return clusters.map(({ name, cluster }, at) => ({
    name,
    server: cluster.server,
    ca: Buffer.from(cluster['certificate-authority-data'], 'base64').toString(),
    tlsServerName: cluster['tls-server-name'],
    token: users[at]?.user.token ?? '',
  }));
}
