import { isAbsolute, resolve } from 'node:path';
import type { Credentials } from '../auth/index.ts';
import type { DataOrFile, ExecSpec, KubeContext } from '../kubeconfig/index.ts';

/**
 * A kubeconfig with this context alone, under its own names, as an object: JSON is YAML, too. Files stay where they are
 * and are named by absolute path; a plugin is named and asks for credentials by itself. Only what stands in the
 * kubeconfig as text stands here as text.
 * @param signedIn credentials of the legacy `auth-provider`, whose refresh token may be used in one place only
 */
export function shellKubeconfig(context: KubeContext, namespace: string, signedIn: Credentials | undefined): object {
  const { address, auth } = context;
  const cluster = context.cluster || 'cluster';
  const user = context.user || 'user';
  const { impersonate } = auth;
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context.context,
    contexts: [
      {
        name: context.context,
        context: present({ cluster, user, namespace: namespace || context.namespace || undefined }),
      },
    ],
    clusters: [
      {
        name: cluster,
        cluster: present({
          server: address?.server,
          ...dataOrFile('certificate-authority', address?.ca),
          'tls-server-name': address?.tlsServerName,
          'insecure-skip-tls-verify': address?.insecureSkipTlsVerify || undefined,
          'proxy-url': address?.proxyUrl,
          'disable-compression': address?.disableCompression || undefined,
          extensions:
            auth.exec?.clusterConfig === undefined
              ? undefined
              : [{ name: 'client.authentication.k8s.io/exec', extension: auth.exec.clusterConfig }],
        }),
      },
    ],
    users: [
      {
        name: user,
        user: present({
          ...dataOrFile('client-certificate', auth.clientCertificate),
          ...dataOrFile('client-key', auth.clientKey),
          tokenFile: auth.tokenFile,
          // kubectl prefers the file, too.
          token: auth.tokenFile === undefined ? (auth.token ?? signedIn?.token) : undefined,
          username: auth.basic?.username,
          password: auth.basic?.password,
          exec: auth.exec === undefined ? undefined : execOf(auth.exec),
          as: impersonate?.user,
          'as-uid': impersonate?.uid,
          'as-groups': impersonate?.groups,
          'as-user-extra': impersonate?.extra,
        }),
      },
    ],
  };
}

function execOf(exec: ExecSpec): object {
  // A relative path is relative to the file that it stood in; a bare name is looked for in PATH.
  const relative = /[\\/]/.test(exec.command) && !isAbsolute(exec.command) && exec.folder !== '';
  return present({
    apiVersion: exec.apiVersion,
    command: relative ? resolve(exec.folder, exec.command) : exec.command,
    args: exec.args.length === 0 ? undefined : exec.args,
    env: exec.env.length === 0 ? undefined : exec.env,
    installHint: exec.installHint,
    provideClusterInfo: exec.provideClusterInfo || undefined,
    interactiveMode: exec.interactiveMode,
  });
}

function dataOrFile(name: string, value: DataOrFile | undefined): Record<string, string> {
  if (value === undefined) return {};
  if ('file' in value) return { [name]: value.file };
  return { [`${name}-data`]: Buffer.from(value.data, 'utf8').toString('base64') };
}

function present(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
