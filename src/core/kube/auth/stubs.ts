import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecSpec, KubeContext, UserAuth } from '../kubeconfig/index.ts';
import type { ConnectionSpec } from './connection.ts';

/** Credential plugins for tests, as small shell scripts in a folder of their own. */
export interface StubFolder {
  path: string;
  /** Writes an executable script; returns its path. */
  script(name: string, body: string): Promise<string>;
}

export async function createStubFolder(): Promise<StubFolder> {
  const path = await mkdtemp(join(tmpdir(), 'kubesage-stub-'));
  await mkdir(join(path, 'bin'));
  return {
    path,
    async script(name, body) {
      const file = join(path, 'bin', name);
      await writeFile(file, `#!/bin/sh\n${body}\n`);
      await chmod(file, 0o755);
      return file;
    },
  };
}

export const v1 = 'client.authentication.k8s.io/v1';

export function credential(status: Record<string, unknown>, apiVersion = v1): string {
  return JSON.stringify({ apiVersion, kind: 'ExecCredential', status });
}

export function execSpec(command: string, more: Partial<ExecSpec> = {}): ExecSpec {
  return {
    apiVersion: v1,
    command,
    args: [],
    env: [],
    provideClusterInfo: false,
    interactiveMode: 'IfAvailable',
    folder: '',
    ...more,
  };
}

export const connection: ConnectionSpec = {
  server: 'https://10.0.0.1:6443',
  ca: 'CA',
  insecureSkipTlsVerify: false,
  disableCompression: false,
};

export function contextWith(auth: UserAuth, name = 'dev'): KubeContext {
  return {
    id: name,
    context: name,
    source: '/config',
    sourceId: 'default',
    cluster: name,
    user: 'me',
    namespace: '',
    server: connection.server,
    address: undefined,
    auth,
    problem: undefined,
    risks: [],
    demo: false,
  };
}
