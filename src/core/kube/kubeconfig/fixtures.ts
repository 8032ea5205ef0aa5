import { stringify } from 'yaml';

/** Made-up kubeconfigs for tests. */
export interface FixtureOptions {
  contexts?: readonly string[];
  server?: string;
  cluster?: Record<string, unknown>;
  user?: Record<string, unknown>;
  namespace?: string;
}

/** One cluster and one user entry for each context, named after it. */
export function fixture(options: FixtureOptions = {}): string {
  const {
    contexts = ['dev'],
    server = 'https://10.0.0.1:6443',
    cluster = {},
    user = { token: 'made-up-token' },
  } = options;
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': contexts[0],
    clusters: contexts.map((name) => ({ name, cluster: { server, ...cluster } })),
    users: contexts.map((name) => ({ name: `${name}-user`, user })),
    contexts: contexts.map((name) => ({
      name,
      context: { cluster: name, user: `${name}-user`, ...(options.namespace ? { namespace: options.namespace } : {}) },
    })),
  });
}

export const pem = (what: string) => `-----BEGIN ${what}-----\nbWFkZSB1cA==\n-----END ${what}-----\n`;
export const base64 = (text: string) => Buffer.from(text).toString('base64');
