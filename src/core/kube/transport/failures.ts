import { type ErrorCode, KubeSageError } from '../../kernel/errors.ts';
import { readProtobufStatus } from './statusProtobuf.ts';

/**
 * An answer of a server that says no. Carries what decides about the next attempt; `message` is the server's own text
 * where it sent a Status, else what came instead, in short.
 */
export class ApiFailure extends KubeSageError {
  readonly status: number;
  /** Machine-readable word of the Status, such as `Expired` or `NotFound`; '' when there was none. */
  readonly reason: string;
  /** Milliseconds that the server asks to wait; undefined when it does not say. */
  readonly retryAfterMs: number | undefined;
  /** True when the answer was a Kubernetes Status, false for whatever a proxy said. */
  readonly isStatus: boolean;
  /** The fields that the Status names, each with what is wrong with it. */
  readonly causes: readonly StatusCause[];

  constructor(
    code: ErrorCode,
    message: string,
    detail: {
      status: number;
      reason?: string;
      retryAfterMs?: number | undefined;
      isStatus?: boolean;
      causes?: readonly StatusCause[];
      hint?: string | undefined;
    },
  ) {
    super(code, message, { hint: detail.hint });
    this.status = detail.status;
    this.reason = detail.reason ?? '';
    this.retryAfterMs = detail.retryAfterMs;
    this.isStatus = detail.isStatus ?? false;
    this.causes = detail.causes ?? [];
  }
}

/** `meta/v1 StatusCause`: `field` such as `spec.replicas`, or '' when it is about no field. */
export interface StatusCause {
  reason: string;
  message: string;
  field: string;
}

/** The parts of `meta/v1 Status` that matter here. */
export interface StatusText {
  message: string;
  reason: string;
  code: number;
  retryAfterSeconds: number | undefined;
  causes?: readonly StatusCause[];
}

export function codeOfStatus(status: number): ErrorCode {
  switch (status) {
    case 400:
    case 415:
    case 422:
      return 'invalid';
    case 401:
    case 407:
      return 'unauthenticated';
    case 403:
      return 'forbidden';
    case 404:
      return 'notFound';
    case 405:
    case 406:
    case 501:
      return 'unsupported';
    case 408:
    case 504:
      return 'timeout';
    case 409:
      return 'conflict';
    case 410:
      return 'gone';
    case 413:
      return 'tooLarge';
    case 429:
      return 'tooMany';
    case 500:
      return 'internal';
    default:
      return status >= 500 ? 'unavailable' : 'invalid';
  }
}

const mostCauses = 200;

/** Reads a JSON Status; undefined when the text is something else. */
export function readStatus(text: string): StatusText | undefined {
  if (!text.startsWith('{')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not JSON: the caller then shows the text itself.
    return undefined;
  }
  const status = value as {
    kind?: unknown;
    message?: unknown;
    reason?: unknown;
    code?: unknown;
    details?: { retryAfterSeconds?: unknown; causes?: unknown };
  };
  if (status.kind !== 'Status') return undefined;
  const retry = status.details?.retryAfterSeconds;
  return {
    message: typeof status.message === 'string' ? status.message : '',
    reason: typeof status.reason === 'string' ? status.reason : '',
    code: typeof status.code === 'number' ? status.code : 0,
    retryAfterSeconds: typeof retry === 'number' ? retry : undefined,
    causes: readCauses(status.details?.causes),
  };
}

function readCauses(causes: unknown): StatusCause[] {
  if (!Array.isArray(causes)) return [];
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return causes.slice(0, mostCauses).map((cause: Partial<Record<keyof StatusCause, unknown>> | null) => ({
    reason: text(cause?.reason),
    message: text(cause?.message),
    field: text(cause?.field),
  }));
}

/**
 * The failure that an HTTP answer of 400 and above stands for. A body that is no Status (a proxy's HTML page, a load
 * balancer's line) is never interpreted; it is quoted in short.
 */
export function failureOfAnswer(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
): ApiFailure {
  const text = new TextDecoder().decode(body.subarray(0, 64 * 1024)).trim();
  const parsed = readStatus(text) ?? readProtobufStatus(body);
  const code = codeOfStatus(status);
  const retryAfterMs = readRetryAfter(headers['retry-after'], parsed?.retryAfterSeconds);
  if (parsed !== undefined) {
    return new ApiFailure(code, parsed.message === '' ? `The server answered ${status}` : parsed.message, {
      status,
      reason: parsed.reason,
      retryAfterMs,
      isStatus: true,
      causes: parsed.causes ?? [],
      hint: hintOf(code),
    });
  }
  const short = inShort(text, headers['content-type'] ?? '');
  return new ApiFailure(code, `The server answered ${status}${short === '' ? '' : `: ${short}`}`, {
    status,
    retryAfterMs,
    hint: looksLikeHtml(text, headers['content-type'] ?? '')
      ? 'The answer is a web page, so a proxy or a sign-in page stands between this machine and the API server. Check the proxy settings.'
      : hintOf(code),
  });
}

/** A page where Kubernetes' data should be, with a status that claims success. */
export function failureOfPage(status: number, headers: Readonly<Record<string, string>>, body: Uint8Array): ApiFailure {
  const text = new TextDecoder().decode(body.subarray(0, 64 * 1024)).trim();
  return new ApiFailure(
    'unavailable',
    `Something other than a Kubernetes API server answered: ${inShort(text, headers['content-type'] ?? '')}`,
    {
      status,
      hint: 'The answer is a web page, so a proxy or a sign-in page stands between this machine and the API server. Check the proxy settings.',
    },
  );
}

export function looksLikeHtml(text: string, contentType: string): boolean {
  return contentType.toLowerCase().includes('text/html') || /^\s*<(!doctype|html)/i.test(text);
}

const shortLength = 160;

/** One line of at most 160 characters: of HTML its title or text, of anything else its beginning. */
export function inShort(text: string, contentType: string): string {
  let plain = text;
  if (looksLikeHtml(text, contentType)) {
    const title = /<title[^>]*>([^<]*)</i.exec(text)?.[1]?.trim();
    plain =
      title !== undefined && title !== ''
        ? `a web page titled "${title}"`
        : `a web page: ${text.replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ')}`;
  }
  // Control characters of a stranger's text never reach a terminal or a log.
  plain = plain
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.length > shortLength ? `${plain.slice(0, shortLength)}…` : plain;
}

/** RFC 9110 10.2.3: seconds, or a date (not sent by Kubernetes; treated as absent). */
export function readRetryAfter(header: string | undefined, fromStatus: number | undefined): number | undefined {
  const seconds = header !== undefined && /^\d+$/.test(header.trim()) ? Number(header.trim()) : fromStatus;
  // An hour at most: a server that asks for more is asked again then.
  return seconds === undefined ? undefined : Math.min(seconds, 3600) * 1000;
}

function hintOf(code: ErrorCode): string | undefined {
  if (code === 'unauthenticated') return 'Sign in again, or check the user of this kubeconfig context.';
  if (code === 'forbidden') return "Ask the cluster's administrator for the permission that is named here.";
  return undefined;
}

interface Explanation {
  message: string;
  hint: string;
}

/** What a failed connection means in words. `target` is `host:port` of whoever was called. */
export function failureOfConnection(error: unknown, target: string): KubeSageError {
  if (error instanceof KubeSageError) return error;
  const code = codeOf(error);
  const text = error instanceof Error ? error.message : String(error);
  const tls = explainTls(code, text, { target, names: namesOf(error) });
  if (tls !== undefined) return new KubeSageError('unreachable', tls.message, { hint: tls.hint, cause: error });
  const network = explainNetwork(code, target);
  return new KubeSageError(
    code === 'ETIMEDOUT' ? 'timeout' : 'unreachable',
    network?.message ?? `The connection to ${target} failed: ${inShort(text, '')}`,
    { hint: network?.hint, cause: error },
  );
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Happy eyeballs: one error for each address; the first speaks for all.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return '';
}

/** Names that a refused certificate carries, as Node's error has them. */
function namesOf(error: unknown): string {
  const cert = (error as { cert?: { subjectaltname?: unknown } } | undefined)?.cert;
  return typeof cert?.subjectaltname === 'string' ? cert.subjectaltname : '';
}

function explainTls(
  code: string,
  text: string,
  { target, names }: { target: string; names: string },
): Explanation | undefined {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return {
        message: `The certificate of ${target} has expired`,
        hint: "Renew the API server's certificate, or check this machine's clock.",
      };
    case 'CERT_NOT_YET_VALID':
      return {
        message: `The certificate of ${target} is not valid yet`,
        hint: "Check this machine's clock and the server's; the certificate starts in the future.",
      };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        message: `The certificate of ${target} is for another host: ${inShort(names, '') || 'it names none'}`,
        hint: 'Use the name that the certificate carries, or set tls-server-name in the kubeconfig.',
      };
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return {
        message: `The certificate of ${target} is self-signed by an authority that this kubeconfig does not trust`,
        hint: 'Put the right certificate-authority-data into the kubeconfig. If the cluster was rebuilt, fetch its kubeconfig again.',
      };
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'CERT_SIGNATURE_FAILURE':
    case 'CERT_UNTRUSTED':
      return {
        message: `The certificate of ${target} is signed by an authority that this kubeconfig does not trust`,
        hint: 'Put the right certificate-authority-data into the kubeconfig. If the cluster was rebuilt, fetch its kubeconfig again.',
      };
    case 'CERT_REVOKED':
      return { message: `The certificate of ${target} was revoked`, hint: 'Do not trust this server; ask its owner.' };
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return {
        message: `${target} does not speak TLS`,
        hint: 'Check scheme and port of the server in the kubeconfig, and any proxy in between.',
      };
    default:
      if (/alert (bad certificate|certificate|unknown ca|access denied|handshake failure)/i.test(text)) {
        return {
          message: `${target} refused the client certificate: ${inShort(text.replace(/^.*:(?=[^:]*alert)/, ''), '')}`,
          hint: 'Renew the client certificate of this kubeconfig user.',
        };
      }
      if (code.startsWith('ERR_OSSL') || code.startsWith('ERR_TLS')) {
        return {
          message: `TLS with ${target} failed: ${inShort(text, '')}`,
          hint: 'Check certificate-authority, client-certificate and client-key in the kubeconfig.',
        };
      }
      return undefined;
  }
}

function explainNetwork(code: string, target: string): Explanation | undefined {
  switch (code) {
    case 'ECONNREFUSED':
      return {
        message: `${target} refuses connections`,
        hint: 'The API server is not running there, or a firewall rejects it.',
      };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { message: `The name of ${target} cannot be resolved`, hint: 'Check the network, the VPN and DNS.' };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return { message: `There is no route to ${target}`, hint: 'Check the network and the VPN.' };
    case 'ETIMEDOUT':
      return { message: `${target} did not answer in time`, hint: 'Check the network, the VPN and firewalls.' };
    case 'ECONNRESET':
    case 'EPIPE':
      return { message: `The connection to ${target} was reset`, hint: 'Usually it comes back by itself.' };
    default:
      return undefined;
  }
}

export function cancelled(): KubeSageError {
  return new KubeSageError('cancelled', 'Cancelled');
}
