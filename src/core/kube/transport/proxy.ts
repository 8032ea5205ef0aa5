import net from 'node:net';
import tls from 'node:tls';
import { KubeSageError } from '../../kernel/errors.ts';
import { failureOfConnection, inShort } from './failures.ts';

const maxAnswerBytes = 16 * 1024;

/**
 * Opens a byte tunnel to `host:port` through a proxy: `http://` and `https://` by CONNECT (RFC 9110 9.3.6), `socks5://`
 * and `socks5h://` by RFC 1928 with the name resolved by the proxy. `created` learns the socket at once, so that the
 * caller can end it while the tunnel is being dug.
 */
export async function openTunnel(
  proxyUrl: string,
  host: string,
  port: number,
  created: (socket: net.Socket) => void,
): Promise<net.Socket> {
  const proxy = parseProxy(proxyUrl);
  const socket = await connectProxy(proxy, created);
  const reader = new AnswerReader(socket, proxy.name);
  if (proxy.kind === 'socks') await socksHandshake(socket, reader, proxy, host, port);
  else await connectHandshake(socket, reader, proxy, host, port);
  reader.release();
  return socket;
}

interface Proxy {
  kind: 'http' | 'https' | 'socks';
  host: string;
  port: number;
  username: string;
  password: string;
  /** `host:port` without credentials, for messages. */
  name: string;
}

function parseProxy(text: string): Proxy {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    // The URL may hold a password, so it is not quoted, and neither is the parser's error.
    throw new KubeSageError('invalid', 'The proxy-url of this cluster is no URL', {
      hint: 'It looks like http://host:port or socks5://host:port.',
    });
  }
  const kind = { 'http:': 'http', 'https:': 'https', 'socks5:': 'socks', 'socks5h:': 'socks' }[url.protocol];
  if (kind === undefined) {
    throw new KubeSageError('invalid', `A proxy of the kind ${url.protocol}// is not supported`, {
      hint: 'Use http://, https:// or socks5://.',
    });
  }
  const standard = kind === 'http' ? 80 : kind === 'https' ? 443 : 1080;
  const port = url.port === '' ? standard : Number(url.port);
  return {
    kind: kind as Proxy['kind'],
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    name: `${url.hostname}:${port}`,
  };
}

function connectProxy(proxy: Proxy, created: (socket: net.Socket) => void): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const done = () => {
      socket.off('error', fail);
      resolve(socket);
    };
    const fail = (error: unknown) => {
      const failure = failureOfConnection(error, proxy.name);
      reject(
        new KubeSageError('unreachable', `The proxy does not answer: ${failure.message}`, {
          hint: 'Check the proxy-url of this cluster in the kubeconfig.',
          cause: error,
        }),
      );
    };
    const socket: net.Socket =
      proxy.kind === 'https'
        ? tls.connect(
            { host: proxy.host, port: proxy.port, servername: net.isIP(proxy.host) === 0 ? proxy.host : '' },
            done,
          )
        : net.connect({ host: proxy.host, port: proxy.port }, done);
    socket.on('error', fail);
    created(socket);
  });
}

/** Collects a proxy's answer, and gives back what came after it. */
class AnswerReader {
  readonly #socket: net.Socket;
  readonly #name: string;
  #held: Buffer = Buffer.alloc(0);
  #wake: (() => void) | undefined;
  #failure: unknown;
  readonly #onData = (bytes: Buffer) => {
    this.#held = Buffer.concat([this.#held, bytes]);
    this.#wake?.();
  };
  readonly #onError = (error: unknown) => {
    this.#failure ??= error;
    this.#wake?.();
  };
  readonly #onClose = () => this.#onError(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));

  constructor(socket: net.Socket, name: string) {
    this.#socket = socket;
    this.#name = name;
    socket.on('data', this.#onData);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
  }

  /** Waits until `length` of the held bytes is known, and takes them. */
  async take(length: (held: Buffer) => number | undefined): Promise<Buffer> {
    for (;;) {
      const wanted = length(this.#held);
      if (wanted !== undefined && this.#held.length >= wanted) {
        const taken = this.#held.subarray(0, wanted);
        this.#held = this.#held.subarray(wanted);
        return taken;
      }
      if (this.#failure !== undefined) throw failureOfConnection(this.#failure, `the proxy ${this.#name}`);
      if (this.#held.length > maxAnswerBytes) {
        throw new KubeSageError('unreachable', `The proxy ${this.#name} gave an answer that is none of a proxy`);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  release(): void {
    this.#socket.off('data', this.#onData);
    this.#socket.off('error', this.#onError);
    this.#socket.off('close', this.#onClose);
    this.#socket.pause();
    if (this.#held.length > 0) this.#socket.unshift(this.#held);
  }
}

async function connectHandshake(
  socket: net.Socket,
  reader: AnswerReader,
  proxy: Proxy,
  host: string,
  port: number,
): Promise<void> {
  const authority = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
  let head = `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n`;
  if (proxy.username !== '') {
    head += `Proxy-Authorization: Basic ${Buffer.from(`${proxy.username}:${proxy.password}`).toString('base64')}\r\n`;
  }
  socket.write(`${head}\r\n`);
  const answer = await reader.take((held) => {
    const end = held.indexOf('\r\n\r\n');
    return end === -1 ? undefined : end + 4;
  });
  const status = /^HTTP\/1\.[01] (\d{3})([^\r\n]*)/.exec(answer.toString('latin1'));
  if (status?.[1] === '200') return;
  const hint =
    status?.[1] === '407'
      ? 'The proxy wants a user name and password: put them into the proxy-url.'
      : 'Check that the proxy may reach the API server.';
  socket.destroy();
  throw new KubeSageError(
    'unreachable',
    `The proxy ${proxy.name} refused the way to ${authority}: ${status === null ? 'no HTTP answer' : inShort(`${status[1]}${status[2]}`, '')}`,
    { hint },
  );
}

const socksReplies: Readonly<Record<number, string>> = {
  1: 'general failure',
  2: 'not allowed by its rules',
  3: 'network unreachable',
  4: 'host unreachable',
  5: 'connection refused',
  6: 'time to live expired',
};

async function socksHandshake(
  socket: net.Socket,
  reader: AnswerReader,
  proxy: Proxy,
  host: string,
  port: number,
): Promise<void> {
  const refuse = (what: string): never => {
    socket.destroy();
    throw new KubeSageError('unreachable', `The proxy ${proxy.name} refused the way to ${host}:${port}: ${what}`, {
      hint: 'Check the proxy-url of this cluster in the kubeconfig.',
    });
  };
  const withPassword = proxy.username !== '';
  socket.write(Buffer.from(withPassword ? [5, 2, 0, 2] : [5, 1, 0]));
  const method = await reader.take(() => 2);
  if (method[0] !== 5) refuse('it speaks no SOCKS5');
  if (method[1] === 2 && withPassword) {
    const user = Buffer.from(proxy.username);
    const password = Buffer.from(proxy.password);
    if (user.length > 255 || password.length > 255) refuse('user name or password is too long');
    // RFC 1929
    socket.write(Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]));
    if ((await reader.take(() => 2))[1] !== 0) refuse('user name or password is wrong');
  } else if (method[1] !== 0) refuse('it wants a user name and password');

  const name = Buffer.from(host);
  const address =
    net.isIPv4(host) || net.isIPv6(host)
      ? Buffer.concat([Buffer.from([net.isIPv4(host) ? 1 : 4]), addressBytes(host)])
      : Buffer.concat([Buffer.from([3, name.length]), name]);
  socket.write(Buffer.concat([Buffer.from([5, 1, 0]), address, Buffer.from([port >> 8, port & 255])]));
  const reply = await reader.take((held) => {
    if (held.length < 5) return undefined;
    const kind = held[3];
    return kind === 1 ? 10 : kind === 4 ? 22 : 7 + (held[4] as number);
  });
  if (reply[1] !== 0) refuse(socksReplies[reply[1] as number] ?? `reply ${reply[1]}`);
}

function addressBytes(address: string): Buffer {
  if (net.isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [left = '', right] = address.replace(/%.*$/, '').split('::');
  const words = (text: string) => (text === '' ? [] : text.split(':'));
  const head = words(left);
  const tail = right === undefined ? [] : words(right);
  const all = [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
  const bytes = Buffer.alloc(16);
  for (const [index, word] of all.entries()) bytes.writeUInt16BE(Number.parseInt(word, 16), index * 2);
  return bytes;
}
