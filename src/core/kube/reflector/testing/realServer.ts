import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { ConnectionSpec, CredentialSource, Credentials } from '../../auth/connection.ts';

/** The command and arguments of a running program of a test cluster, by the file with its process id. */
export function argumentsOf(pidFile: string): string[] {
  const args = readFileSync(`/proc/${readFileSync(pidFile, 'utf8').trim()}/cmdline`, 'utf8')
    .split('\0')
    .filter((arg) => arg !== '');
  const audited = args.indexOf('--audit-policy-file');
  // Its policy came through a pipe that is gone.
  if (audited !== -1) args.splice(audited, 2);
  return args;
}

/** Starts such a program, so that the tool ends it with its cluster. */
export function startAgain(pidFile: string, args: readonly string[]): void {
  const [command = '', ...rest] = args;
  const child = spawn(command, rest, { detached: true, stdio: 'ignore' });
  child.unref();
  writeFileSync(pidFile, String(child.pid));
}

/** What a test cluster's kubeconfig says, everything inline. */
export function accessOf(kubeconfig: string): { spec: ConnectionSpec; credentials: CredentialSource } {
  const config = parse(readFileSync(kubeconfig, 'utf8'));
  const text = (encoded: string) => Buffer.from(encoded, 'base64').toString();
  const { cluster } = config.clusters[0];
  const { user } = config.users[0];
  const own: Credentials = {
    clientCertificate: text(user['client-certificate-data']),
    clientKey: text(user['client-key-data']),
    generation: 1,
  };
  return {
    spec: {
      server: cluster.server,
      ca: text(cluster['certificate-authority-data']),
      insecureSkipTlsVerify: false,
      disableCompression: false,
    },
    credentials: { get: async () => own },
  };
}
