import tls from 'node:tls';
import type { Answer, Question } from './recording.ts';
import type { Replayed } from './replayed.ts';

export interface Counts {
  requests: number;
  /** Of collections, streaming lists included; pages count one each. */
  lists: number;
  /** From a version on. */
  watches: number;
  bytesSent: number;
  /** Nothing was recorded for them. */
  unknown: string[];
}

interface Request {
  method: string;
  path: string;
  query: URLSearchParams;
  accept: string;
  gzip: boolean;
}

/** A stream that stays open: what happens is written to it. */
export interface OpenWatch {
  path: string;
  protobuf: boolean;
  socket: tls.TLSSocket;
}

/** A bookmark of a collection's watch, unframed; undefined where its kind is not known. */
export type BookmarkOf = (path: string, protobuf: boolean) => Buffer | undefined;

/** How much is encrypted and handed to the socket at once. */
const pieceBytes = 256 * 1024;
const bookmarkMs = 60_000;

/**
 * One of the replayed clusters: an API server as far as HTTP/1.1 over TLS, with the recorded answers, watches that stay
 * open, and a bookmark a minute. It does nothing that takes time, so that a client on the same cores is measured.
 */
export class ReplayedServer {
  readonly counts: Counts = { requests: 0, lists: 0, watches: 0, bytesSent: 0, unknown: [] };
  readonly watches = new Set<OpenWatch>();
  readonly #replayed: Replayed;
  readonly #cluster: number;
  readonly #server: tls.Server;
  readonly #sockets = new Set<tls.TLSSocket>();
  readonly #bookmarks: NodeJS.Timeout;
  readonly #bookmarkOf: BookmarkOf;

  constructor(options: {
    replayed: Replayed;
    cluster: number;
    key: string;
    certificate: string;
    bookmarkOf: BookmarkOf;
  }) {
    this.#replayed = options.replayed;
    this.#cluster = options.cluster;
    this.#bookmarkOf = options.bookmarkOf;
    this.#server = tls.createServer(
      { key: options.key, cert: options.certificate, ALPNProtocols: ['http/1.1'], noDelay: true },
      (socket) => this.#accept(socket),
    );
    this.#bookmarks = setInterval(() => this.#bookmark(), bookmarkMs);
  }

  /** Returns the port. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', () => resolve((this.#server.address() as { port: number }).port));
    });
  }

  close(): void {
    clearInterval(this.#bookmarks);
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #accept(socket: tls.TLSSocket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    // A client that goes away in the middle is how clients end.
    socket.on('error', () => socket.destroy());
    let heard = '';
    let answering = Promise.resolve();
    socket.on('data', (bytes: Buffer) => {
      heard += bytes.toString('latin1');
      for (let end = heard.indexOf('\r\n\r\n'); end >= 0; end = heard.indexOf('\r\n\r\n')) {
        const head = heard.slice(0, end);
        const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
        if (heard.length < end + 4 + length) return;
        heard = heard.slice(end + 4 + length);
        answering = answering.then(() => this.#answer(socket, parseHead(head)));
      }
    });
  }

  async #answer(socket: tls.TLSSocket, request: Request): Promise<void> {
    this.counts.requests++;
    const question = questionOf(request, this.#replayed.recording.pageOf);
    const resumes = request.query.get('watch') !== null && request.query.get('sendInitialEvents') !== 'true';
    if (resumes) {
      this.counts.watches++;
      const protobuf = question.form === 'protobufWatch';
      socket.write(headOf(200, protobuf ? 'application/vnd.kubernetes.protobuf;stream=watch' : 'application/json'));
      this.#keepOpen(socket, request.path, protobuf);
      return;
    }
    const answer = request.method === 'GET' ? this.#replayed.find(question) : undefined;
    if (answer === undefined) {
      const said = `${request.method} ${request.path} as ${question.form}, limit ${question.limit}`;
      if (this.counts.unknown.length < 20 && !this.counts.unknown.includes(said)) this.counts.unknown.push(said);
      const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 };
      const body = JSON.stringify({ ...status, message: `${said} was not recorded` });
      socket.write(`${headOf(404, 'application/json', Buffer.byteLength(body))}${body}`);
      return;
    }
    if (answer.form !== 'discovery' && !answer.path.endsWith('z')) this.counts.lists++;
    const streams = answer.form === 'protobufWatch';
    socket.write(headOf(answer.status, answer.contentType, streams ? undefined : answer.bytes, answer.gzip));
    await this.#send(socket, answer);
    if (streams) this.#keepOpen(socket, request.path, true);
  }

  /** Piece by piece, as fast as it is taken. */
  async #send(socket: tls.TLSSocket, answer: Answer): Promise<void> {
    const piece = Buffer.allocUnsafe(Math.min(pieceBytes, answer.bytes));
    for (let at = 0; at < answer.bytes && !socket.destroyed; ) {
      const length = this.#replayed.copy(answer, this.#cluster, at, piece);
      at += length;
      this.counts.bytesSent += length;
      await new Promise<void>((resolve) => {
        socket.write(piece.subarray(0, length), () => resolve());
      });
    }
  }

  #keepOpen(socket: tls.TLSSocket, at: string, protobuf: boolean): void {
    const watch: OpenWatch = { path: at, protobuf, socket };
    this.watches.add(watch);
    socket.on('close', () => this.watches.delete(watch));
  }

  #bookmark(): void {
    for (const { path: at, protobuf, socket } of this.watches) {
      const bookmark = this.#bookmarkOf(at, protobuf);
      if (bookmark !== undefined) socket.write(chunk(bookmark));
    }
  }
}

/** A part of a body in HTTP/1.1's framing. */
export function chunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

function headOf(status: number, contentType: string, length?: number, gzip = false): string {
  const size = length === undefined ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`;
  return (
    `HTTP/1.1 ${status} ${status === 200 ? 'OK' : 'Not Found'}\r\nAudit-Id: 00000000-0000-4000-8000-000000000000\r\n` +
    `Cache-Control: no-cache, private\r\nContent-Type: ${contentType}\r\n${gzip ? 'Content-Encoding: gzip\r\n' : ''}` +
    `Date: ${new Date().toUTCString()}\r\n${size}\r\n\r\n`
  );
}

function parseHead(head: string): Request {
  const [line = '', ...headers] = head.split('\r\n');
  const [method = '', target = ''] = line.split(' ');
  const header = (name: string) =>
    headers.find((each) => each.toLowerCase().startsWith(`${name}:`))?.slice(name.length + 1) ?? '';
  const cut = target.indexOf('?');
  return {
    method,
    path: cut < 0 ? target : target.slice(0, cut),
    query: new URLSearchParams(cut < 0 ? '' : target.slice(cut + 1)),
    accept: header('accept').trim(),
    gzip: header('accept-encoding').includes('gzip'),
  };
}

function questionOf({ path: at, query, accept, gzip }: Request, pageOf: Readonly<Record<string, number>>): Question {
  const form = formOf(accept, query.get('watch') !== null, at);
  const isPage = form === 'table' || form === 'json';
  return {
    path: at,
    form,
    gzip,
    limit: isPage || form === 'metadata' ? Number(query.get('limit') ?? 0) : 0,
    page: pageOf[query.get('continue') ?? ''] ?? 0,
  };
}

function formOf(accept: string, isWatch: boolean, at: string): Question['form'] {
  if (isWatch) return accept.includes('protobuf') ? 'protobufWatch' : 'jsonWatch';
  if (at === '/api' || at === '/apis') return 'discovery';
  if (accept.includes('as=Table')) return 'table';
  if (accept.includes('as=PartialObjectMetadataList')) return 'metadata';
  // kubectl names several for its other questions; the first that is known is taken, as a server does.
  return accept.startsWith('application/vnd.kubernetes.protobuf') ? 'protobuf' : 'json';
}
