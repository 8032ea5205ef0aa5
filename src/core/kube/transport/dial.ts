import net from 'node:net';
import { performance } from 'node:perf_hooks';
import tls from 'node:tls';
import type { Clock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { ConnectionSpec, Credentials } from '../auth/connection.ts';
import { cancelled, failureOfConnection } from './failures.ts';
import { openTunnel } from './proxy.ts';

/** One open connection to the API server, in plain bytes. */
export interface Wire {
  write(data: string | Uint8Array): void;
  /** Whoever reads now. Ranges are valid during the call only: the buffer is shared by all connections of the thread. */
  onData: (bytes: Uint8Array, start: number, end: number) => void;
  /** Called once when the connection is over, whoever ended it; without an error after a proper end. */
  onClose: (error: KubeSageError | undefined) => void;
  readonly closed: boolean;
  /** What the TLS handshake took, without what this thread did meanwhile; absent without TLS, through a proxy, on loopback. */
  readonly handshakeMs?: number | undefined;
  pause(): void;
  resume(): void;
  destroy(): void;
}

/** What all connections of one set of credentials share. */
export interface SecureSetup {
  context: tls.SecureContext | undefined;
  /** Newest TLS session, offered to the next connection: a resumed handshake costs both sides far less. */
  session: Buffer | undefined;
}

export interface Target {
  spec: ConnectionSpec;
  host: string;
  port: number;
  secure: boolean;
  /** `host:port`, for messages. */
  name: string;
  /** Path that every request's path is appended to, without a trailing slash. */
  prefix: string;
}

export function targetOf(spec: ConnectionSpec): Target {
  let url: URL;
  try {
    url = new URL(spec.server);
  } catch (error) {
    throw new KubeSageError('invalid', `The server's address is no URL: ${spec.server.slice(0, 200)}`, {
      hint: 'It looks like https://host:port in a kubeconfig.',
      cause: error,
    });
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new KubeSageError('invalid', `The server's address must begin with https:// (it is ${url.protocol}//)`);
  }
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  return { spec, host, port, secure, name: `${url.hostname}:${port}`, prefix: url.pathname.replace(/\/+$/, '') };
}

/** @throws KubeSageError `unauthenticated` when the client certificate and its key cannot be used */
export function secureSetup(target: Target, credentials: Credentials): SecureSetup {
  if (!target.secure) return { context: undefined, session: undefined };
  try {
    const context = tls.createSecureContext({
      ca: target.spec.ca,
      cert: credentials.clientCertificate,
      key: credentials.clientKey,
      minVersion: 'TLSv1.2',
    });
    return { context, session: undefined };
  } catch (error) {
    throw new KubeSageError(
      'unauthenticated',
      `The certificates of this kubeconfig entry for ${target.name} cannot be used`,
      { hint: 'Check certificate-authority, client-certificate and client-key.', cause: error },
    );
  }
}

/**
 * Cleartext of every TLS connection of this thread passes through here: it is filled and handed on in one synchronous
 * step, so that one buffer serves thousands of watches (64 KiB for each would be 128 MiB for 100 clusters).
 */
const sharedBuffer = new Uint8Array(64 * 1024);

export interface DialOptions {
  target: Target;
  setup: SecureSetup;
  clock: Clock;
  timeoutMs: number;
  signal: AbortSignal | undefined;
}

/** Kernel probes begin after 10 s of silence; libuv repeats them each second and gives up after ten. */
const keepAliveMs = 10_000;

/** Opens a connection. Rejects with KubeSageError `unreachable`, `timeout` or `cancelled`. */
export function dial(options: DialOptions): Promise<Wire> {
  const wire = new SocketWire(options.target.name);
  return connect(options, wire, (socket) => {
    wire.attach(socket);
    return wire;
  });
}

/** Opens a connection for a protocol that wants the socket itself. Rejects as `dial` does. */
export function dialSocket(options: DialOptions): Promise<net.Socket> {
  return connect(options, undefined, (socket) => socket);
}

/** With a wire, what is read goes to it; `opened` takes the socket over in the moment in which it is ready. */
function connect<T>(options: DialOptions, wire: SocketWire | undefined, opened: (socket: net.Socket) => T): Promise<T> {
  const { target, setup, clock, timeoutMs, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelled());
    let socket: net.Socket | undefined;
    let settled = false;

    const finish = () => {
      settled = true;
      timer.dispose();
      signal?.removeEventListener('abort', abort);
    };
    const fail = (error: unknown) => {
      if (settled) return;
      finish();
      socket?.destroy();
      reject(failureOfConnection(error, target.name));
    };
    const abort = () => fail(cancelled());
    const timer = clock.after(timeoutMs, () =>
      fail(
        new KubeSageError('timeout', `${target.name} did not accept a connection within ${timeoutMs / 1000} s`, {
          hint: 'Check the network, the VPN and firewalls.',
        }),
      ),
    );
    signal?.addEventListener('abort', abort, { once: true });

    const ready = (socket: net.Socket) => {
      if (settled) {
        socket.destroy();
        return;
      }
      finish();
      socket.setNoDelay(true);
      socket.setKeepAlive(true, keepAliveMs);
      resolve(opened(socket));
    };
    const secureOver = (under: net.Socket | undefined) => {
      // An address is no server name (RFC 6066 3): verified as an address instead.
      const servername = target.spec.tlsServerName ?? (net.isIP(target.host) === 0 ? target.host : '');
      const connection: tls.ConnectionOptions = {
        host: target.host,
        port: target.port,
        servername,
        ALPNProtocols: ['http/1.1'],
        rejectUnauthorized: !target.spec.insecureSkipTlsVerify,
      };
      if (setup.context !== undefined) connection.secureContext = setup.context;
      if (setup.session !== undefined) connection.session = setup.session;
      if (under !== undefined) connection.socket = under;
      else if (wire !== undefined) {
        Object.assign(connection, {
          onread: {
            buffer: sharedBuffer,
            callback: (count: number, bytes: Uint8Array) => {
              wire.onData(bytes, 0, count);
              return true;
            },
          },
        });
      }
      const waited = waiting();
      let connectedMs = 0;
      const secured = tls.connect(connection, () => {
        if (wire !== undefined && under === undefined && !isLoopback(target.host)) {
          wire.handshakeMs = waited() - connectedMs;
        }
        ready(secured);
      });
      secured.once('connect', () => {
        connectedMs = waited();
      });
      secured.on('session', (session) => {
        setup.session = session;
      });
      secured.on('error', fail);
      secured.on('close', () => fail(reset()));
      if (under !== undefined && wire !== undefined) readInto(wire, secured);
      socket = secured;
    };

    if (target.spec.proxyUrl !== undefined && target.spec.proxyUrl !== '') {
      openTunnel(target.spec.proxyUrl, target.host, target.port, (under) => {
        socket = under;
      }).then((under) => {
        if (settled) under.destroy();
        else if (target.secure) secureOver(under);
        else {
          if (wire !== undefined) readInto(wire, under);
          ready(under);
          if (wire !== undefined) under.resume();
        }
      }, fail);
    } else if (target.secure) secureOver(undefined);
    else {
      const plain = net.connect({ host: target.host, port: target.port }, () => ready(plain));
      plain.on('error', fail);
      plain.on('close', () => fail(reset()));
      if (wire !== undefined) readInto(wire, plain);
      socket = plain;
    }
  });
}

function readInto(wire: Wire, socket: net.Socket): void {
  socket.on('data', (bytes) => wire.onData(bytes, 0, bytes.length));
}

/** The result tells for how many milliseconds this thread has had nothing to do since; a busy one makes no link far. */
function waiting(): () => number {
  const { idle } = performance.eventLoopUtilization();
  return () => performance.eventLoopUtilization().idle - idle;
}

/** As an address looks: what is behind a tunnel's end on this machine is found out by its pace. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function reset(): Error {
  return Object.assign(new Error('closed before it was ready'), { code: 'ECONNRESET' });
}

class SocketWire implements Wire {
  readonly #name: string;
  #socket: net.Socket | undefined;
  #closed = false;
  handshakeMs: number | undefined;
  onData: Wire['onData'] = () => undefined;
  onClose: Wire['onClose'] = () => undefined;

  constructor(name: string) {
    this.#name = name;
  }

  get closed(): boolean {
    return this.#closed;
  }

  attach(socket: net.Socket): void {
    this.#socket = socket;
    let failure: unknown;
    socket.on('error', (error) => {
      failure ??= error;
    });
    // The server sends nothing after its end of the stream, and neither do we.
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      this.#closed = true;
      const onClose = this.onClose;
      this.onClose = () => undefined;
      onClose(failure === undefined ? undefined : failureOfConnection(failure, this.#name));
    });
  }

  write(data: string | Uint8Array): void {
    this.#socket?.write(data);
  }

  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  destroy(): void {
    this.#closed = true;
    this.onData = () => undefined;
    this.onClose = () => undefined;
    this.#socket?.destroy();
  }
}
