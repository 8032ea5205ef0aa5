import { type Clock, systemClock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { ConnectionSpec, CredentialSource, Credentials } from '../auth/connection.ts';
import { BodyCollector, type Inflating, inflate, plainBody } from './body.ts';
import { ClockSkew } from './clockSkew.ts';
import { dial, dialSocket, type SecureSetup, secureSetup, type Target, targetOf, type Wire } from './dial.ts';
import { cancelled, failureOfAnswer, failureOfConnection, failureOfPage } from './failures.ts';
import { requestHeaders } from './headers.ts';
import { type ResponseHead, ResponseReader, requestHead } from './http1.ts';
import { IdleWires } from './idleWires.ts';
import { KeptCredentials } from './keptCredentials.ts';
import { Link } from './link.ts';
import { type Upgraded, type UpgradeRequest, upgrade } from './upgrade.ts';

export interface TransportRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | undefined;
  /** Path with query, such as `/api/v1/pods?limit=500`. */
  path: string;
  /** Added to what the transport sends by itself (Host, User-Agent, Authorization, impersonation). */
  headers?: Readonly<Record<string, string>> | undefined;
  body?: string | Uint8Array | undefined;
  signal?: AbortSignal | undefined;
  /** For the whole exchange, connecting included. 30 s when absent. */
  timeoutMs?: number | undefined;
}

export interface TransportResponse {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

export interface StreamRequest {
  path: string;
  headers?: Readonly<Record<string, string>> | undefined;
  signal?: AbortSignal | undefined;
  /** Until the answer's head has come; the body may take any time. 60 s when absent. */
  headTimeoutMs?: number | undefined;
  /** Ask for gzip where the link was measured to be slow. For lists; a watch is never compressed. */
  compressible?: boolean | undefined;
  /** Whether the server has the body ready, so that its pace is the link's. A live watch has the pace of its events. */
  bulk?: (() => boolean) | undefined;
  /** Called once, for a successful answer only. Throwing ends the stream with that error. */
  onHead?: ((head: ResponseHead) => void) | undefined;
  /** Ranges are valid during the call only. Throwing ends the stream with that error. */
  onData: (bytes: Uint8Array, start: number, end: number) => void;
}

/**
 * The way to one API server: its connections, credentials and clock. HTTP/1.1, since every watch then has a connection
 * of its own, whose bytes cost least (h2 framing in JavaScript takes longer than the parsing of the rows).
 */
export interface Transport extends Disposable {
  /** What to add to this machine's clock to get the server's, milliseconds; 0 while unknown or within 2 s. */
  readonly skewMs: number;
  /** When a byte last came from the server, by the steady clock; 0 before the first. */
  readonly heardAt: number;
  /** The way was measured to be far and to carry little, so that lists are better sent compressed. May change any time. */
  readonly slowLink: boolean;
  /**
   * Opens a connection where there was none yet, for the next exchange, so that `slowLink` knows how far the server is
   * before anything is asked. Rejects as `request` does.
   */
  open(signal: AbortSignal): Promise<void>;
  /** Streams are read. While this is false their bytes wait where they are; requests go on. */
  reading: boolean;
  /** The server's certificate is checked. Where it is not, the cluster must be marked loudly. */
  readonly verified: boolean;
  /**
   * Sends one request and reads the whole answer. Rejects with KubeSageError: `unreachable`, `timeout`, `cancelled`,
   * and for answers of 400 and above ApiFailure (`unauthenticated`, `forbidden`, `notFound`, `conflict`, `gone`,
   * `tooMany`, `unavailable`, `invalid`, `internal`, …) with the server's own message.
   */
  request(request: TransportRequest): Promise<TransportResponse>;
  /** Streams an answer's body. Resolves at its proper end; rejects as `request` does, and when it is torn off. */
  stream(request: StreamRequest): Promise<void>;
  /** Opens a WebSocket on a connection of its own. Rejects as `request` does. */
  upgrade(request: UpgradeRequest): Promise<Upgraded>;
}

export interface TransportOptions {
  clock?: Clock | undefined;
  /** The product's version, for the User-Agent. */
  version?: string | undefined;
  connectTimeoutMs?: number | undefined;
  /** Opens connections; tests bring a network of their own. */
  dial?: typeof dial | undefined;
}

const maxFailureBodyBytes = 64 * 1024;

/** @throws KubeSageError `invalid` when the server's address cannot be used */
export function createTransport(
  spec: ConnectionSpec,
  credentials: CredentialSource,
  options: TransportOptions = {},
): Transport {
  return new HttpTransport(spec, credentials, options);
}

interface Exchange {
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array | undefined;
  signal: AbortSignal;
  /** It waits while nothing is to be read. */
  stream: boolean;
  bulk: () => boolean;
  onHead(head: ResponseHead): void;
  onBody(bytes: Uint8Array, start: number, end: number): void;
}

class HttpTransport implements Transport {
  readonly #target: Target;
  readonly #credentials: KeptCredentials;
  readonly #clock: Clock;
  readonly #version: string;
  readonly #connectTimeoutMs: number;
  readonly #dial: typeof dial;
  readonly #end = new AbortController();
  #setup: { generation: number; secure: SecureSetup } | undefined;
  readonly #idle: IdleWires;
  readonly #skew = new ClockSkew();
  readonly #link = new Link();
  heardAt = 0;
  #opened = false;
  #reading = true;
  /** Streams that wait to be read. */
  readonly #waiting = new Set<Wire>();

  constructor(spec: ConnectionSpec, credentials: CredentialSource, options: TransportOptions) {
    this.#target = targetOf(spec);
    this.#clock = options.clock ?? systemClock;
    const { signal: end } = this.#end;
    this.#credentials = new KeptCredentials({
      source: credentials,
      clock: this.#clock,
      skewMs: () => this.skewMs,
      end,
    });
    this.#idle = new IdleWires(this.#clock);
    this.#version = options.version ?? '0';
    this.#connectTimeoutMs = options.connectTimeoutMs ?? 15_000;
    this.#dial = options.dial ?? dial;
  }

  get skewMs(): number {
    return this.#skew.ms;
  }

  get slowLink(): boolean {
    return this.#link.slow;
  }

  get reading(): boolean {
    return this.#reading;
  }

  set reading(reading: boolean) {
    this.#reading = reading;
    if (!reading) return;
    for (const wire of this.#waiting) wire.resume();
    this.#waiting.clear();
  }

  get verified(): boolean {
    return this.#target.secure && !this.#target.spec.insecureSkipTlsVerify;
  }

  async open(signal: AbortSignal): Promise<void> {
    if (this.#opened) return;
    const credentials = await this.#credentials.get(undefined, signal);
    const { wire } = await this.#wire({ method: 'GET', signal }, credentials);
    this.#idle.add(wire, credentials.generation);
  }

  async request(request: TransportRequest): Promise<TransportResponse> {
    const timeoutMs = request.timeoutMs ?? 30_000;
    const span = this.#span(
      request.signal,
      timeoutMs,
      `${this.#target.name} did not answer within ${timeoutMs / 1000} s`,
    );
    const body = new BodyCollector();
    let head: ResponseHead | undefined;
    try {
      await this.#authenticated({
        method: request.method ?? 'GET',
        path: request.path,
        headers: this.#withEncoding(request.headers, this.slowLink),
        body: request.body,
        signal: span.signal,
        stream: false,
        bulk: () => true,
        onHead: (answer) => {
          head = answer;
          body.begin(answer);
        },
        onBody: (bytes, start, end) => body.add(bytes, start, end),
      });
    } finally {
      span.dispose();
    }
    if (head === undefined) throw new KubeSageError('internal', 'An exchange ended without an answer');
    return { status: head.status, headers: head.headers, body: await body.finish(head) };
  }

  async stream(request: StreamRequest): Promise<void> {
    const timeoutMs = request.headTimeoutMs ?? 60_000;
    const span = this.#span(
      request.signal,
      timeoutMs,
      `${this.#target.name} did not answer within ${timeoutMs / 1000} s`,
    );
    const compress = request.compressible === true && this.slowLink;
    let inflating: Inflating | undefined;
    try {
      await this.#authenticated({
        method: 'GET',
        path: request.path,
        headers: this.#withEncoding(request.headers, compress),
        body: undefined,
        signal: span.signal,
        stream: true,
        bulk: request.bulk ?? (() => request.compressible === true),
        onHead: (head) => {
          span.inTime();
          if (head.headers['content-encoding'] === 'gzip') inflating = inflate(request.onData);
          request.onHead?.(head);
        },
        onBody: (bytes, start, end) => {
          if (inflating === undefined) request.onData(bytes, start, end);
          else inflating.write(bytes, start, end);
        },
      });
      await inflating?.end();
    } finally {
      inflating?.dispose();
      span.dispose();
    }
  }

  async upgrade(request: UpgradeRequest): Promise<Upgraded> {
    const timeoutMs = request.timeoutMs ?? 30_000;
    const span = this.#span(
      request.signal,
      timeoutMs,
      `${this.#target.name} did not answer within ${timeoutMs / 1000} s`,
    );
    try {
      const credentials = await this.#credentials.get(undefined, span.signal);
      try {
        return await this.#upgraded({ ...request, signal: span.signal }, credentials);
      } catch (error) {
        if (!(error instanceof KubeSageError && error.code === 'unauthenticated')) throw error;
        const renewed = await this.#credentials.get(credentials.generation, span.signal);
        return await this.#upgraded({ ...request, signal: span.signal }, renewed);
      }
    } finally {
      span.dispose();
    }
  }

  dispose(): void {
    if (this.#end.signal.aborted) return;
    this.#idle.dispose();
    this.#end.abort(cancelled());
  }

  /** One exchange; a refused set of credentials is renewed and tried once more. */
  async #authenticated(exchange: Exchange): Promise<void> {
    const credentials = await this.#credentials.get(undefined, exchange.signal);
    const refused = await this.#answered(exchange, credentials, false);
    if (!refused) return;
    const renewed = await this.#credentials.get(credentials.generation, exchange.signal);
    await this.#answered(exchange, renewed, true);
  }

  /** Resolves with true when the server answered 401 and `last` is false. */
  async #answered(exchange: Exchange, credentials: Credentials, last: boolean): Promise<boolean> {
    let failing: ResponseHead | undefined;
    let page = false;
    const failureBody: Uint8Array[] = [];
    let failureBytes = 0;
    await this.#exchange(
      {
        ...exchange,
        onHead: (head) => {
          page = head.status < 400 && (head.headers['content-type'] ?? '').toLowerCase().includes('text/html');
          if (head.status >= 300 || page) failing = head;
          else exchange.onHead(head);
        },
        onBody: (bytes, start, end) => {
          if (failing === undefined) exchange.onBody(bytes, start, end);
          else if (failureBytes < maxFailureBodyBytes) {
            failureBody.push(bytes.slice(start, end));
            failureBytes += end - start;
          }
        },
      },
      credentials,
    );
    if (failing === undefined) return false;
    if (failing.status === 401 && !last) return true;
    // Cut at its limit, a compressed page cannot be unpacked: the status alone then has to say it.
    const text = await plainBody(Buffer.concat(failureBody), failing).catch(() => new Uint8Array());
    if (page || failing.status < 400) throw failureOfPage(failing.status, failing.headers, text);
    throw failureOfAnswer(failing.status, failing.headers, text);
  }

  async #exchange(exchange: Exchange, credentials: Credentials): Promise<void> {
    for (;;) {
      const { wire, pooled } = await this.#wire(exchange, credentials);
      const outcome = await this.#over(wire, exchange, credentials);
      if (outcome === 'done') return;
      // A pooled connection that the server had closed meanwhile: nothing was answered, so a reading is asked again.
      if (!(pooled && exchange.method === 'GET')) throw outcome;
    }
  }

  async #wire(
    exchange: Pick<Exchange, 'method' | 'signal'>,
    credentials: Credentials,
  ): Promise<{ wire: Wire; pooled: boolean }> {
    const idle = this.#idle.take(exchange.method, credentials.generation);
    if (idle !== undefined) return { wire: idle, pooled: true };
    const wire = await this.#dial({
      target: this.#target,
      setup: this.#secureWith(credentials),
      clock: this.#clock,
      timeoutMs: this.#connectTimeoutMs,
      signal: exchange.signal,
    });
    this.#opened = true;
    if (wire.handshakeMs !== undefined) this.#link.shookHands(wire.handshakeMs);
    return { wire, pooled: false };
  }

  async #upgraded(request: UpgradeRequest & { signal: AbortSignal }, credentials: Credentials): Promise<Upgraded> {
    const socket = await dialSocket({
      target: this.#target,
      setup: this.#secureWith(credentials),
      clock: this.#clock,
      timeoutMs: this.#connectTimeoutMs,
      signal: request.signal,
    });
    const headers = requestHeaders(this.#target, credentials, {
      version: this.#version,
      // What is opened has no representation: with any other wish the server answers 406.
      headers: { Accept: '*/*' },
      bodyBytes: undefined,
    });
    const upgraded = await upgrade(socket, this.#target, headers, request);
    this.#end.signal.addEventListener('abort', () => socket.destroy(), { once: true });
    return upgraded;
  }

  #secureWith(credentials: Credentials): SecureSetup {
    if (this.#setup?.generation !== credentials.generation) {
      this.#setup = { generation: credentials.generation, secure: secureSetup(this.#target, credentials) };
    }
    return this.#setup.secure;
  }

  /** Resolves with 'done', or with the error when the connection closed before any byte of an answer. */
  #over(wire: Wire, exchange: Exchange, credentials: Credentials): Promise<'done' | KubeSageError> {
    return new Promise((resolve, reject) => {
      const askedAt = this.#clock.steady();
      let pace: ((bytes: number, nowMs: number) => void) | undefined;
      let settled = false;
      const settle = (act: () => void) => {
        if (settled) return;
        settled = true;
        exchange.signal.removeEventListener('abort', abort);
        this.#waiting.delete(wire);
        act();
      };
      const fail = (error: unknown) =>
        settle(() => {
          wire.destroy();
          reject(error instanceof KubeSageError ? error : failureOfConnection(error, this.#target.name));
        });
      const abort = () => fail(exchange.signal.reason);
      const reader = new ResponseReader({
        onHead: (head) => {
          const headAt = this.#clock.steady();
          this.#link.answered(headAt - askedAt);
          pace = this.#link.pace(headAt);
          this.#skew.note(head.headers.date, this.#clock.now());
          exchange.onHead(head);
        },
        onBody: (bytes, start, end) => exchange.onBody(bytes, start, end),
        onEnd: (reusable) => {
          settle(() => {
            if (reusable) this.#idle.add(wire, credentials.generation);
            else wire.destroy();
            resolve('done');
          });
        },
      });
      if (exchange.signal.aborted) return abort();
      exchange.signal.addEventListener('abort', abort, { once: true });
      const wait = exchange.stream ? this.#waits(wire, () => settled) : undefined;
      wire.onData = (bytes, start, end) => {
        this.heardAt = this.#clock.steady();
        if (pace !== undefined) {
          if (exchange.bulk()) pace(end - start, this.heardAt);
          else pace = undefined;
        }
        wait?.();
        try {
          if (reader.read(bytes, start, end) < end - start) wire.destroy();
        } catch (error) {
          // Of the reader, or of whoever takes the body: the stream cannot go on.
          fail(error);
        }
      };
      wire.onClose = (error) => {
        if (error === undefined && reader.close()) return;
        const failure =
          error ??
          new KubeSageError('unreachable', `${this.#target.name} closed the connection in the middle of an answer`, {
            hint: 'Usually it comes back by itself.',
          });
        if (reader.started) fail(failure);
        else settle(() => resolve(failure));
      };
      try {
        const body = typeof exchange.body === 'string' ? Buffer.from(exchange.body) : exchange.body;
        const headers = requestHeaders(this.#target, credentials, {
          version: this.#version,
          headers: exchange.headers,
          bodyBytes: body?.length ?? (exchange.method === 'GET' || exchange.method === 'DELETE' ? undefined : 0),
        });
        wire.write(requestHead(exchange.method, `${this.#target.prefix}${exchange.path}`, headers));
        if (body !== undefined) wire.write(body);
      } catch (error) {
        fail(error);
      }
    });
  }

  /** The result is told of every read, and stops reading behind the turn while nothing is to be read. */
  #waits(wire: Wire, ended: () => boolean): () => void {
    let planned = false;
    const turnEnded = () => {
      planned = false;
      // It may carry another exchange by now.
      if (this.#reading || wire.closed || ended()) return;
      wire.pause();
      this.#waiting.add(wire);
    };
    return () => {
      if (planned || this.#reading) return;
      planned = true;
      // Behind the phase that reads: what the socket holds now is read whole.
      setImmediate(turnEnded);
    };
  }

  #withEncoding(headers: Readonly<Record<string, string>> | undefined, gzip: boolean): Record<string, string> {
    return { ...headers, 'Accept-Encoding': gzip && !this.#target.spec.disableCompression ? 'gzip' : 'identity' };
  }

  /** Joins the caller's signal, the transport's end and a time limit. */
  #span(caller: AbortSignal | undefined, timeoutMs: number, late: string): Span {
    const controller = new AbortController();
    const abort = () => controller.abort(cancelled());
    const timer = this.#clock.after(timeoutMs, () =>
      controller.abort(new KubeSageError('timeout', late, { hint: 'The server may be overloaded or out of reach.' })),
    );
    const end = this.#end.signal;
    if (caller?.aborted === true || end.aborted) abort();
    caller?.addEventListener('abort', abort, { once: true });
    end.addEventListener('abort', abort, { once: true });
    return {
      signal: controller.signal,
      inTime: () => timer.dispose(),
      dispose() {
        timer.dispose();
        caller?.removeEventListener('abort', abort);
        end.removeEventListener('abort', abort);
      },
    };
  }
}

interface Span extends Disposable {
  signal: AbortSignal;
  inTime(): void;
}
