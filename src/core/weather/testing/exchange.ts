/** The server's end of a connection: over a virtual wire, or a socket. */
export interface ServerConnection {
  write(bytes: Uint8Array): void;
  /** FIN, behind what was written. */
  end(): void;
  /** RST: what is under way is lost. */
  reset(): void;
  readonly open: boolean;
}

export interface ServedRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Milliseconds, by the steady clock. */
  at: number;
}

/** One request and its answer. */
export class Exchange {
  readonly request: ServedRequest;
  readonly connection: ServerConnection;
  readonly protobuf: boolean;
  /** What to end when the connection is over. */
  onClose: () => void = () => undefined;
  #begun = false;
  #ended = false;
  readonly #date: () => Date;

  constructor(request: ServedRequest, connection: ServerConnection, date: () => Date) {
    this.request = request;
    this.connection = connection;
    this.#date = date;
    const accept = request.headers.accept ?? '';
    this.protobuf = accept.startsWith('application/vnd.kubernetes.protobuf');
  }

  get open(): boolean {
    return this.connection.open && !this.#ended;
  }

  /** A whole answer. */
  send(status: number, body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): void {
    if (!this.open) return;
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const head = this.#head(status, { 'Content-Length': String(bytes.length), ...headers });
    this.#ended = true;
    this.connection.write(Buffer.concat([head, bytes]));
    this.onClose();
  }

  json(value: unknown): void {
    this.send(200, JSON.stringify(value), { 'Content-Type': 'application/json' });
  }

  /** Begins a streamed answer. */
  begin(type: string): void {
    this.#begun = true;
    this.connection.write(this.#head(200, { 'Content-Type': type, 'Transfer-Encoding': 'chunked' }));
  }

  chunk(bytes: Uint8Array): void {
    if (!this.open || !this.#begun) return;
    const size = Buffer.from(`${bytes.length.toString(16)}\r\n`);
    this.connection.write(Buffer.concat([size, bytes, Buffer.from('\r\n')]));
  }

  /** A proper end of the stream. */
  finish(): void {
    if (!this.open || !this.#begun) return;
    this.#ended = true;
    this.connection.write(Buffer.from('0\r\n\r\n'));
    this.onClose();
  }

  #head(status: number, headers: Readonly<Record<string, string>>): Buffer {
    const all = { 'Content-Type': 'application/json', Date: this.#date().toUTCString(), ...headers };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    return Buffer.from(`HTTP/1.1 ${status} X\r\n${lines.join('')}\r\n`);
  }
}

/** Reads requests out of a connection's bytes; the length of a body is in its head. */
export class RequestReader {
  #held = '';
  readonly #accept: (request: Omit<ServedRequest, 'at'>) => void;

  constructor(accept: (request: Omit<ServedRequest, 'at'>) => void) {
    this.#accept = accept;
  }

  read(bytes: Uint8Array): void {
    this.#held += Buffer.from(bytes).toString('latin1');
    for (let end = this.#held.indexOf('\r\n\r\n'); end !== -1; end = this.#held.indexOf('\r\n\r\n')) {
      const [first = '', ...lines] = this.#held.slice(0, end).split('\r\n');
      const [method = '', target = ''] = first.split(' ');
      const url = new URL(target, 'http://server');
      const headers: Record<string, string> = {};
      for (const line of lines) {
        const colon = line.indexOf(':');
        headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
      }
      const bodyEnd = end + 4 + Number(headers['content-length'] ?? 0);
      if (this.#held.length < bodyEnd) return;
      const body = this.#held.slice(end + 4, bodyEnd);
      this.#held = this.#held.slice(bodyEnd);
      this.#accept({ method, path: url.pathname, query: url.searchParams, headers, body });
    }
  }
}
