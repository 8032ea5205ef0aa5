import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionSpec, Credentials } from '../auth/index.ts';

/** A folder of this user alone, with one context's kubeconfig in it. */
export interface ContextFile {
  /** Absolute path of the folder (0700): a place for other files of the same run. */
  folder: string;
  /** Absolute path of the kubeconfig (0600). */
  path: string;
  remove(): Promise<void>;
}

/**
 * Writes what a program needs to talk to one API server in this user's name: exactly one context, with the credentials
 * as they are now. Whoever asks for it removes it as soon as the program has ended.
 */
export async function writeContextFile(
  spec: ConnectionSpec,
  credentials: Credentials,
  namespace: string,
): Promise<ContextFile> {
  const folder = await mkdtemp(join(tmpdir(), 'kubesage-run-'));
  const path = join(folder, 'kubeconfig');
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await writeFile(path, JSON.stringify(contextConfig(spec, credentials, namespace)), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder, path, remove };
}

/** A kubeconfig with one context, as an object: JSON is YAML, too. */
export function contextConfig(spec: ConnectionSpec, credentials: Credentials, namespace: string): object {
  const { impersonate } = spec;
  const only = 'kubesage';
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': only,
    contexts: [{ name: only, context: { cluster: only, user: only, namespace } }],
    clusters: [
      {
        name: only,
        cluster: present({
          server: spec.server,
          'certificate-authority-data': spec.ca === undefined ? undefined : base64(spec.ca),
          'tls-server-name': spec.tlsServerName,
          'insecure-skip-tls-verify': spec.insecureSkipTlsVerify || undefined,
          'proxy-url': spec.proxyUrl,
          'disable-compression': spec.disableCompression || undefined,
        }),
      },
    ],
    users: [
      {
        name: only,
        user: present({
          token: credentials.token,
          username: credentials.basic?.username,
          password: credentials.basic?.password,
          'client-certificate-data':
            credentials.clientCertificate === undefined ? undefined : base64(credentials.clientCertificate),
          'client-key-data': credentials.clientKey === undefined ? undefined : base64(credentials.clientKey),
          as: impersonate?.user,
          'as-uid': impersonate?.uid,
          'as-groups': impersonate?.groups,
          'as-user-extra': impersonate?.extra,
        }),
      },
    ],
  };
}

function present(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
