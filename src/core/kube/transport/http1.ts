import { KubeSageError } from '../../kernel/errors.ts';

/** Status line and headers of an answer. Header names are lower case; repeated ones are joined by `, `. */
export interface ResponseHead {
  status: number;
  headers: Readonly<Record<string, string>>;
}

/** What the reader tells, as bytes arrive. Ranges are valid during the call only. */
export interface ResponseListener {
  onHead(head: ResponseHead): void;
  onBody(bytes: Uint8Array, start: number, end: number): void;
  /** @param reusable whether the connection may carry another exchange */
  onEnd(reusable: boolean): void;
}

const phases = { head: 0, fixed: 1, chunkSize: 2, chunk: 3, chunkEnd: 4, trailer: 5, untilClose: 6, done: 7 } as const;
type Phase = (typeof phases)[keyof typeof phases];

const lf = 10;
const cr = 13;
const maxHeadBytes = 256 * 1024;

/**
 * Reads one HTTP/1.1 response (RFC 9112) out of bytes that may be cut anywhere. Bodies are handed on as ranges of the
 * input, never copied. Throws KubeSageError `unreachable` for what is no HTTP.
 */
export class ResponseReader {
  readonly #listener: ResponseListener;
  #phase: Phase = phases.head;
  #line = '';
  #headBytes = 0;
  #status = 0;
  #headers: Record<string, string> = {};
  #sawStatusLine = false;
  #remaining = 0;
  #reusable = true;

  constructor(listener: ResponseListener) {
    this.#listener = listener;
  }

  get done(): boolean {
    return this.#phase === phases.done;
  }

  /** Whether anything of the answer has arrived. */
  get started(): boolean {
    return this.#headBytes > 0;
  }

  /** Takes bytes [start, end). Returns how many were used; fewer only after the response's end. */
  read(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end && this.#phase !== phases.done) {
      switch (this.#phase) {
        case phases.fixed:
        case phases.chunk: {
          const take = Math.min(this.#remaining, end - at);
          this.#remaining -= take;
          const from = at;
          at += take;
          this.#listener.onBody(bytes, from, at);
          if (this.#remaining === 0) {
            if (this.#phase === phases.fixed) this.#finish();
            else if (at + 1 < end && bytes[at] === cr && bytes[at + 1] === lf) {
              at += 2;
              this.#phase = phases.chunkSize;
            } else this.#phase = phases.chunkEnd;
          }
          break;
        }
        case phases.untilClose:
          this.#listener.onBody(bytes, at, end);
          at = end;
          break;
        case phases.chunkSize: {
          const next = this.#quickChunk(bytes, at, end);
          if (next !== -1) {
            at = next;
            break;
          }
          at = this.#takeBytes(bytes, at, end);
          break;
        }
        default:
          at = this.#takeBytes(bytes, at, end);
      }
    }
    return at - start;
  }

  /**
   * The size of a chunk where it lies whole in the input, as it nearly always does: a watch of 10,000 pods has 30,000
   * chunks, so no text is made of it. Returns the position behind the line, or -1 for whatever is less plain.
   */
  #quickChunk(bytes: Uint8Array, start: number, end: number): number {
    if (this.#line !== '') return -1;
    let size = 0;
    let at = start;
    for (; at < end && at - start < 8; at++) {
      const byte = bytes[at] as number;
      const digit = byte >= 48 && byte <= 57 ? byte - 48 : byte >= 97 && byte <= 102 ? byte - 87 : -1;
      if (digit === -1) break;
      size = size * 16 + digit;
    }
    if (at === start || size === 0 || at + 1 >= end || bytes[at] !== cr || bytes[at + 1] !== lf) return -1;
    this.#remaining = size;
    this.#phase = phases.chunk;
    return at + 2;
  }

  /** Gathers a line of the header, of a chunk's frame or of the trailer. Returns the position behind what was used. */
  #takeBytes(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    const cut = bytes.indexOf(lf, at);
    const stop = cut === -1 || cut >= end ? end : cut;
    this.#headBytes += stop - at + 1;
    if (this.#headBytes > maxHeadBytes) throw notHttp('its header is longer than 256 KiB');
    this.#line += latin1(bytes, at, stop);
    at = stop;
    if (stop === end) return at;
    at++;
    const line = this.#line.charCodeAt(this.#line.length - 1) === cr ? this.#line.slice(0, -1) : this.#line;
    this.#line = '';
    this.#takeLine(line);
    return at;
  }

  /** The connection ended. Returns true when that is a proper end of the body. */
  close(): boolean {
    if (this.#phase === phases.untilClose) {
      this.#reusable = false;
      this.#finish();
      return true;
    }
    return this.#phase === phases.done;
  }

  #takeLine(line: string): void {
    switch (this.#phase) {
      case phases.head:
        if (!this.#sawStatusLine) this.#takeStatusLine(line);
        else if (line !== '') this.#takeHeader(line);
        else this.#takeHead();
        return;
      case phases.chunkSize: {
        const size = /^([0-9a-fA-F]{1,12})[ \t]*(;.*)?$/.exec(line)?.[1];
        if (size === undefined) throw notHttp('a chunk has no size');
        this.#remaining = Number.parseInt(size, 16);
        this.#phase = this.#remaining === 0 ? phases.trailer : phases.chunk;
        this.#headBytes = 1;
        return;
      }
      case phases.chunkEnd:
        if (line !== '') throw notHttp('a chunk is longer than its size');
        this.#phase = phases.chunkSize;
        return;
      case phases.trailer:
        if (line === '') this.#finish();
        return;
      default:
    }
  }

  #takeStatusLine(line: string): void {
    const match = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(line);
    if (match === null) throw notHttp(`it begins with "${line.slice(0, 40).replace(/[^\x20-\x7e]/g, '?')}"`);
    this.#sawStatusLine = true;
    this.#status = Number(match[2]);
    this.#reusable = match[1] === '1';
  }

  #takeHeader(line: string): void {
    const colon = line.indexOf(':');
    if (colon < 1) throw notHttp('a header has no name');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const present = this.#headers[name];
    this.#headers[name] = present === undefined ? value : `${present}, ${value}`;
  }

  #takeHead(): void {
    const head: ResponseHead = { status: this.#status, headers: this.#headers };
    if (this.#status < 200) {
      // Informational (RFC 9110 15.2): the real head follows.
      this.#sawStatusLine = false;
      this.#headers = {};
      return;
    }
    if (/\bclose\b/i.test(head.headers.connection ?? '')) this.#reusable = false;
    const length = head.headers['content-length'];
    const coding = head.headers['transfer-encoding'];
    if (this.#status === 204 || this.#status === 304) this.#phase = phases.done;
    else if (coding !== undefined) {
      // Where the body ends must not be a matter of opinion: nothing is made of a coding that is not chunked at last.
      if (!/^(?:[\w-]+\s*,\s*)*chunked$/i.test(coding)) throw notHttp('its Transfer-Encoding is not chunked');
      this.#phase = phases.chunkSize;
    } else if (length !== undefined) {
      if (!/^\d{1,15}$/.test(length)) throw notHttp('its Content-Length is no number');
      this.#remaining = Number(length);
      this.#phase = this.#remaining === 0 ? phases.done : phases.fixed;
    } else {
      this.#phase = phases.untilClose;
      this.#reusable = false;
    }
    this.#headBytes = 1;
    this.#listener.onHead(head);
    if (this.#phase === phases.done) this.#listener.onEnd(this.#reusable);
  }

  #finish(): void {
    this.#phase = phases.done;
    this.#listener.onEnd(this.#reusable);
  }
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] as number);
  return text;
}

function notHttp(what: string): KubeSageError {
  return new KubeSageError('unreachable', `The answer is no HTTP: ${what}`, {
    hint: 'Check scheme and port of the server in the kubeconfig, and any proxy in between.',
  });
}

/** The bytes of a request's head. Names and values are checked: a line break in one would smuggle another request. */
export function requestHead(method: string, path: string, headers: readonly (readonly [string, string])[]): string {
  if (!/^[A-Z]+$/.test(method) || !/^\/[\x21-\x7e]*$/.test(path)) {
    throw new KubeSageError('invalid', `Not a request that can be sent: ${method} ${path.slice(0, 100)}`);
  }
  let head = `${method} ${path} HTTP/1.1\r\n`;
  for (const [name, value] of headers) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || /[\r\n\0]/.test(value)) {
      throw new KubeSageError('invalid', `The header ${JSON.stringify(name.slice(0, 60))} cannot be sent`);
    }
    head += `${name}: ${value}\r\n`;
  }
  return `${head}\r\n`;
}
