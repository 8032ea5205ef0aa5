import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface Access {
  server: string;
  ca: string;
  cert: string;
  key: string;
}

/** Reads a kubeconfig with everything inline, as test clusters have it. */
export function readAccess(kubeconfig: string): Access {
  const config = parse(readFileSync(kubeconfig, 'utf8')) as {
    clusters: { cluster: Record<string, string> }[];
    users: { user: Record<string, string> }[];
  };
  const decode = (text: string | undefined) => Buffer.from(text ?? '', 'base64').toString();
  const cluster = config.clusters[0]?.cluster ?? {};
  const user = config.users[0]?.user ?? {};
  return {
    server: cluster.server ?? '',
    ca: decode(cluster['certificate-authority-data']),
    cert: decode(user['client-certificate-data']),
    key: decode(user['client-key-data']),
  };
}
