import { createPrivateKey, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { ExecSpec } from '../kubeconfig/model.ts';
import type { ConnectionSpec, Credentials } from './connection.ts';
import { runProcess } from './processes.ts';
import { redact } from './redact.ts';

/** kubectl waits for ever; a window cannot. A plugin that needs a person has to finish within it too. */
export const execTimeoutMs = 30_000;
const maxOutputBytes = 1_000_000;

const ExecCredential = z.object({
  apiVersion: z.string(),
  kind: z.literal('ExecCredential'),
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.string().nullish(),
  }),
});

/**
 * Runs a credential plugin once.
 * @param file absolute path, already cleared by `Consents`.
 * @throws KubeSageError `unauthenticated`: which plugin, what it did, its standard error without secrets.
 */
export async function runExecPlugin(
  spec: ExecSpec,
  file: string,
  options: {
    clock?: Clock;
    connection: ConnectionSpec;
    env: Readonly<Record<string, string | undefined>>;
    searchPath: string;
    timeoutMs?: number;
    signal?: AbortSignal | undefined;
  },
): Promise<Omit<Credentials, 'generation'>> {
  const { clock = systemClock, connection, env, searchPath, timeoutMs = execTimeoutMs, signal } = options;
  const name = `The credential plugin "${spec.command}"`;
  const terminalHint = `Run \`${redact([spec.command, ...spec.args].join(' '))}\` in a terminal, sign in there, then open the cluster again.`;
  if (spec.interactiveMode === 'Always') {
    throw new KubeSageError(
      'unauthenticated',
      `${name} needs a terminal (interactiveMode: Always), and there is none here`,
      {
        hint: terminalHint,
      },
    );
  }
  const own = Object.fromEntries(spec.env.map((variable) => [variable.name, variable.value]));
  const result = await runProcess(file, {
    args: spec.args,
    env: {
      ...env,
      PATH: searchPath,
      // Inherited from an Electron host, this would turn every Electron program into a bare Node.
      ELECTRON_RUN_AS_NODE: undefined,
      ...own,
      KUBERNETES_EXEC_INFO: JSON.stringify(execInfo(spec, connection)),
    },
    clock,
    timeoutMs,
    maxBytes: maxOutputBytes,
    signal,
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new KubeSageError(
      'unauthenticated',
      `${name} could not be started (${(error as NodeJS.ErrnoException).code})`,
      {
        hint: spec.installHint ?? 'Check that it is a program for this computer.',
        cause: error,
      },
    );
  });

  const said = firstLines(redact(result.stderr, Object.values(own)));
  const saying = said === '' ? '' : `: ${said}`;
  if (result.timedOut) {
    throw new KubeSageError(
      'unauthenticated',
      `${name} did not answer within ${timeoutMs / 1000} s and was ended${saying}`,
      {
        hint: `It may wait for input or for a sign-in in the browser. ${terminalHint}`,
      },
    );
  }
  if (result.overflowed) {
    throw new KubeSageError('unauthenticated', `${name} printed more than ${maxOutputBytes} bytes and was ended`, {
      hint: 'A credential is much smaller: check that the kubeconfig names the right program.',
    });
  }
  if (result.exitCode !== 0) {
    const how = result.exitCode === null ? `was ended by ${result.signal}` : `failed with exit code ${result.exitCode}`;
    const wantsTerminal = /\btty\b|not a terminal|inappropriate ioctl|stdin is not|\bEOF\b/i.test(result.stderr);
    throw new KubeSageError('unauthenticated', `${name} ${how}${saying}`, {
      hint: wantsTerminal ? `It seems to need a terminal. ${terminalHint}` : (spec.installHint ?? terminalHint),
    });
  }
  return readCredential(spec, name, result.stdout, saying);
}

/** What the plugin learns: https://kubernetes.io/docs/reference/config-api/client-authentication.v1/ */
function execInfo(spec: ExecSpec, connection: ConnectionSpec): unknown {
  const cluster = {
    server: connection.server,
    ...(connection.tlsServerName === undefined ? {} : { 'tls-server-name': connection.tlsServerName }),
    ...(connection.insecureSkipTlsVerify ? { 'insecure-skip-tls-verify': true } : {}),
    ...(connection.ca === undefined
      ? {}
      : { 'certificate-authority-data': Buffer.from(connection.ca).toString('base64') }),
    ...(connection.proxyUrl === undefined ? {} : { 'proxy-url': connection.proxyUrl }),
    ...(connection.disableCompression ? { 'disable-compression': true } : {}),
    config: spec.clusterConfig ?? null,
  };
  return {
    kind: 'ExecCredential',
    apiVersion: spec.apiVersion,
    spec: { interactive: false, ...(spec.provideClusterInfo ? { cluster } : {}) },
  };
}

function readCredential(spec: ExecSpec, name: string, stdout: string, saying: string): Omit<Credentials, 'generation'> {
  // Standard output is never quoted: a credential may be in it.
  const junk = (why: string) =>
    new KubeSageError('unauthenticated', `${name} ended well but ${why}${saying}`, {
      hint: 'Check its version and arguments: it has to print one ExecCredential as JSON and nothing else.',
    });
  let raw: unknown;
  try {
    raw = JSON.parse(stdout);
  } catch {
    throw junk(stdout.trim() === '' ? 'printed nothing' : 'printed something that is not JSON');
  }
  const parsed = ExecCredential.safeParse(raw);
  if (!parsed.success) throw junk('printed JSON that is not an ExecCredential with a status');
  if (parsed.data.apiVersion !== spec.apiVersion) {
    throw junk(`answered in ${parsed.data.apiVersion.slice(0, 60)} where the kubeconfig asks for ${spec.apiVersion}`);
  }
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = parsed.data.status;
  if (!token && !clientCertificateData) throw junk('gave neither a token nor a certificate');
  if (Boolean(clientCertificateData) !== Boolean(clientKeyData)) throw junk('gave a certificate without its key');
  let expiresAt: number | undefined;
  if (expirationTimestamp) {
    expiresAt = Date.parse(expirationTimestamp);
    if (Number.isNaN(expiresAt)) throw junk('gave an expirationTimestamp that is no RFC 3339 time');
  }
  if (clientCertificateData && clientKeyData) {
    const end = certificateEnd(clientCertificateData);
    if (end === undefined || !isKey(clientKeyData)) throw junk('gave a certificate or key that is not PEM');
    expiresAt = Math.min(expiresAt ?? Number.POSITIVE_INFINITY, end);
  }
  return {
    ...(token ? { token } : {}),
    ...(clientCertificateData ? { clientCertificate: clientCertificateData, clientKey: clientKeyData } : {}),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

/** When a PEM certificate stops being valid, milliseconds; undefined when it is none. */
export function certificateEnd(pem: string): number | undefined {
  try {
    return new X509Certificate(pem).validToDate.getTime();
  } catch {
    return undefined;
  }
}

function isKey(pem: string): boolean {
  try {
    createPrivateKey(pem);
    return true;
  } catch {
    return false;
  }
}

function firstLines(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const joined = lines.slice(-6).join(' · ');
  return joined.length > 600 ? `${joined.slice(0, 600)}…` : joined;
}
