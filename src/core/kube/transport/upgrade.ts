import type { IncomingMessage } from 'node:http';
import type net from 'node:net';
import WebSocket from 'ws';
import type { Disposable } from '../../kernel/disposable.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { Target } from './dial.ts';
import { failureOfAnswer, failureOfConnection } from './failures.ts';

export interface UpgradeRequest {
  /** Path with query, such as `/api/v1/namespaces/default/pods/web-0/exec?command=sh&stdin=true`. */
  path: string;
  /** Subprotocols, the best first. */
  protocols: readonly string[];
  signal?: AbortSignal | undefined;
  /** Until the server has agreed. 30 s when absent. */
  timeoutMs?: number | undefined;
}

/** A WebSocket to the API server: what exec, attach and port-forward speak. Whole messages, both ways, in order. */
export interface Upgraded extends Disposable {
  /** The subprotocol that the server chose. */
  readonly protocol: string;
  /** Whoever reads. What came before it was set is kept for it. */
  onMessage: (bytes: Uint8Array) => void;
  /** Called once, unless disposed before; with an error when the connection was torn off. */
  onClose: (error: KubeSageError | undefined) => void;
  send(bytes: Uint8Array): void;
  /** Bytes that wait to be sent. */
  readonly waitingBytes: number;
  /** Stops reading: the server then is held back, too. */
  pause(): void;
  resume(): void;
}

/** A proxy between that closes what is silent is kept from it. Terminals are silent for hours. */
const pingMs = 20_000;
const maxMessageBytes = 16 * 1024 * 1024;
const maxFailureBytes = 64 * 1024;

/** Over a ready socket. Rejects with KubeSageError: the server's refusal, `unreachable`, or the signal's reason. */
export function upgrade(
  socket: net.Socket,
  target: Target,
  headers: readonly [string, string][],
  request: UpgradeRequest,
): Promise<Upgraded> {
  return new Promise((resolve, reject) => {
    const { signal } = request;
    // The socket is secured already, or is not to be.
    const client = new WebSocket(`ws://${target.name}${target.prefix}${request.path}`, [...request.protocols], {
      createConnection: () => socket,
      headers: grouped(headers),
      perMessageDeflate: false,
      maxPayload: maxMessageBytes,
    });
    client.binaryType = 'nodebuffer';
    const abort = () => {
      client.terminate();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    const settled = () => signal?.removeEventListener('abort', abort);
    client.once('unexpected-response', (_request, answer) => {
      readFailure(answer).then((body) => {
        settled();
        socket.destroy();
        reject(failureOfAnswer(answer.statusCode ?? 500, flat(answer), body));
      });
    });
    client.on('error', (error) => {
      settled();
      reject(failureOfConnection(error, target.name));
    });
    client.once('open', () => {
      settled();
      resolve(new OpenSocket(client, target.name));
    });
    if (signal?.aborted) abort();
  });
}

class OpenSocket implements Upgraded {
  readonly #client: WebSocket;
  readonly #ping: NodeJS.Timeout;
  #onMessage: Upgraded['onMessage'] | undefined;
  #onClose: Upgraded['onClose'] | undefined;
  /** The first messages come with the server's agreement, before anybody can have begun to read. */
  #early: Buffer[] = [];
  #closed: { error: KubeSageError | undefined } | undefined;

  constructor(client: WebSocket, name: string) {
    this.#client = client;
    this.#ping = setInterval(() => client.ping(), pingMs);
    let failure: unknown;
    client.on('error', (error) => {
      failure = error;
    });
    client.on('message', (data) => {
      if (this.#onMessage === undefined) this.#early.push(data as Buffer);
      else this.#onMessage(data as Buffer);
    });
    client.on('close', (code, reason) => {
      clearInterval(this.#ping);
      if (failure !== undefined) this.#close(failureOfConnection(failure, name));
      // 1000 and 1005: a proper end. 1006: the connection is gone without one.
      else if (code === 1000 || code === 1005) this.#close(undefined);
      else this.#close(tornOff(name, reason.toString('utf8')));
    });
  }

  get onMessage(): Upgraded['onMessage'] {
    return this.#onMessage ?? ignore;
  }

  set onMessage(read: Upgraded['onMessage']) {
    this.#onMessage = read;
    for (const message of this.#early.splice(0)) read(message);
  }

  get onClose(): Upgraded['onClose'] {
    return this.#onClose ?? ignore;
  }

  set onClose(closed: Upgraded['onClose']) {
    this.#onClose = closed;
    if (this.#closed !== undefined) closed(this.#closed.error);
  }

  get protocol(): string {
    return this.#client.protocol;
  }

  get waitingBytes(): number {
    return this.#client.bufferedAmount;
  }

  send(bytes: Uint8Array): void {
    if (this.#client.readyState === WebSocket.OPEN) this.#client.send(bytes);
  }

  pause(): void {
    this.#client.pause();
  }

  resume(): void {
    this.#client.resume();
  }

  dispose(): void {
    clearInterval(this.#ping);
    this.#onMessage = ignore;
    this.#onClose = ignore;
    this.#client.terminate();
  }

  #close(error: KubeSageError | undefined): void {
    this.#closed = { error };
    this.#onClose?.(error);
  }
}

function ignore(): void {}

function tornOff(name: string, reason: string): KubeSageError {
  return new KubeSageError('unreachable', `${name} ended the connection${reason === '' ? '' : `: ${reason}`}`, {
    hint: 'The pod may be gone, or the network was interrupted.',
  });
}

function grouped(headers: readonly [string, string][]): Record<string, string | string[]> {
  const all: Record<string, string | string[]> = {};
  for (const [name, value] of headers) {
    const before = all[name];
    all[name] = before === undefined ? value : [before, value].flat();
  }
  return all;
}

function flat(answer: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

async function readFailure(answer: IncomingMessage): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of answer as AsyncIterable<Uint8Array>) {
      parts.push(part);
      bytes += part.length;
      if (bytes > maxFailureBytes) break;
    }
  } catch {
    // Torn off: the status says it.
  }
  return Buffer.concat(parts);
}
