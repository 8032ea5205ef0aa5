import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { ConnectionSpec, CredentialSource, Credentials } from '../auth/connection.ts';
import { ApiFailure } from './failures.ts';
import { certificates } from './testing/certificates.ts';
import { createTransport, type Transport } from './transport.ts';

const owned: (() => void)[] = [];

afterEach(() => {
  for (const release of owned.splice(0).reverse()) release();
});

async function listen(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  owned.push(() => server.close());
  return (server.address() as net.AddressInfo).port;
}

function transportTo(server: string, more: Partial<ConnectionSpec> = {}, credentials?: CredentialSource): Transport {
  const transport = createTransport(
    { server, insecureSkipTlsVerify: false, disableCompression: false, ...more },
    credentials ?? { get: async () => ({ generation: 1 }) },
    { version: '1.2.3' },
  );
  owned.push(() => transport.dispose());
  return transport;
}

async function failureOf(promise: Promise<unknown>): Promise<KubeSageError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof KubeSageError) return error;
  throw new Error(`Expected a KubeSageError, got ${String(error)}`);
}

function fixed(credentials: Omit<Credentials, 'generation'>): CredentialSource {
  return { get: async () => ({ ...credentials, generation: 1 }) };
}

async function secureServer(cert: string, options: https.ServerOptions = {}): Promise<number> {
  const server = https.createServer({ cert, key: certificates.serverKey, ...options }, (request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ path: request.url, agent: request.headers['user-agent'] }));
  });
  return listen(server);
}

async function plainServer(answer: http.RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(http.createServer(answer))}`;
}

const text = (body: Uint8Array) => Buffer.from(body).toString();

describe('TLS', () => {
  test('F11 a good certificate of a known authority is accepted', async () => {
    const transport = transportTo(`https://127.0.0.1:${await secureServer(certificates.good)}`, {
      ca: certificates.authority,
    });
    const { body } = await transport.request({ path: '/version' });
    expect(JSON.parse(text(body))).toEqual({ path: '/version', agent: 'kubesage/1.2.3' });
    expect(transport.verified).toBe(true);
  });

  test.each([
    ['expired', certificates.expired, 'has expired', 'Renew'],
    ['not valid yet', certificates.future, 'is not valid yet', 'clock'],
    ['for another host', certificates.wrongHost, 'is for another host: DNS:other.example.com', 'tls-server-name'],
    ['self-signed', certificates.selfSigned, 'self-signed', 'certificate-authority-data'],
  ])('F11 a certificate that is %s is refused in words', async (_, cert, message, hint) => {
    const transport = transportTo(`https://127.0.0.1:${await secureServer(cert)}`, { ca: certificates.authority });
    const failure = await failureOf(transport.request({ path: '/version' }));
    expect(failure).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });

  test('F11 an authority that nobody named is refused', async () => {
    const transport = transportTo(`https://127.0.0.1:${await secureServer(certificates.good)}`);
    const failure = await failureOf(transport.request({ path: '/version' }));
    expect(failure.message).toContain('signed by an authority that this kubeconfig does not trust');
  });

  test('F11 tls-server-name is what is verified', async () => {
    const port = await secureServer(certificates.wrongHost);
    const transport = transportTo(`https://127.0.0.1:${port}`, {
      ca: certificates.authority,
      tlsServerName: 'other.example.com',
    });
    expect((await transport.request({ path: '/' })).status).toBe(200);
  });

  test('F11 only an explicit wish skips verification, and it shows', async () => {
    const port = await secureServer(certificates.expired);
    const transport = transportTo(`https://127.0.0.1:${port}`, { insecureSkipTlsVerify: true });
    expect((await transport.request({ path: '/' })).status).toBe(200);
    expect(transport.verified).toBe(false);
  });

  test('a client certificate is presented, and its absence is explained', async () => {
    const port = await secureServer(certificates.good, { requestCert: true, ca: certificates.authority });
    const spec = { ca: certificates.authority };
    const transport = transportTo(
      `https://127.0.0.1:${port}`,
      spec,
      fixed({ clientCertificate: certificates.client, clientKey: certificates.clientKey }),
    );
    expect((await transport.request({ path: '/' })).status).toBe(200);
    const failure = await failureOf(transportTo(`https://127.0.0.1:${port}`, spec).request({ path: '/' }));
    expect(failure.code).toBe('unreachable');
  });

  test('a key that does not belong to its certificate is the fault of the credentials', async () => {
    const port = await secureServer(certificates.good);
    const transport = transportTo(
      `https://127.0.0.1:${port}`,
      { ca: certificates.authority },
      fixed({ clientCertificate: certificates.client, clientKey: certificates.serverKey }),
    );
    expect((await failureOf(transport.request({ path: '/' }))).code).toBe('unauthenticated');
  });

  test('speaking TLS to a plain server is explained', async () => {
    const server = await plainServer((_, response) => response.end('x'));
    const failure = await failureOf(transportTo(server.replace('http:', 'https:')).request({ path: '/' }));
    expect(failure.message).toContain('does not speak TLS');
  });
});

describe('answers', () => {
  test('a Status becomes an error with its message, its reason and what to wait', async () => {
    const server = await plainServer((_, response) => {
      response.writeHead(409, { 'Content-Type': 'application/json', 'Retry-After': '3' });
      response.end(
        JSON.stringify({ kind: 'Status', message: 'the object has been modified', reason: 'Conflict', code: 409 }),
      );
    });
    const failure = await failureOf(transportTo(server).request({ path: '/', method: 'PUT', body: '{}' }));
    expect(failure).toBeInstanceOf(ApiFailure);
    expect(failure).toMatchObject({
      code: 'conflict',
      message: 'the object has been modified',
      reason: 'Conflict',
      status: 409,
      retryAfterMs: 3000,
    });
  });

  test('F6 a web page is named, never read, and its control characters are gone', async () => {
    const server = await plainServer((_, response) => {
      response.writeHead(502, { 'Content-Type': 'text/html' });
      response.end(`<html><body>Bad\u001b]52;c;x\u0007 gateway ${'y'.repeat(500)}</body></html>`);
    });
    const failure = await failureOf(transportTo(server).request({ path: '/' }));
    expect(failure.code).toBe('unavailable');
    expect(failure.message).toMatch(/^The server answered 502: a web page: Bad \]52;c;x gateway y+…$/);
  });

  test('F12 the clock of the server is known from its answers', async () => {
    const day = 86_400_000;
    const server = await plainServer((_, response) => {
      response.setHeader('Date', new Date(Date.now() + day).toUTCString());
      response.end('ok');
    });
    const transport = transportTo(server);
    expect(transport.skewMs).toBe(0);
    await transport.request({ path: '/' });
    expect(Math.abs(transport.skewMs - day)).toBeLessThan(2_000);
  });

  test('a compressed body is unpacked', async () => {
    const server = await plainServer((_, response) => {
      response.setHeader('Content-Encoding', 'gzip');
      response.end(gzipSync('hello'));
    });
    expect(text((await transportTo(server).request({ path: '/' })).body)).toBe('hello');
  });

  test('F26 a server that is silent runs into the time limit', async () => {
    const clock = new FakeClock();
    const arrived = Promise.withResolvers<void>();
    const server = await plainServer(() => arrived.resolve());
    const transport = createTransport({ server, insecureSkipTlsVerify: false, disableCompression: false }, fixed({}), {
      clock,
    });
    owned.push(() => transport.dispose());
    const answer = failureOf(transport.request({ path: '/', timeoutMs: 4_000 }));
    await arrived.promise;
    await clock.advance(4_000);
    expect(await answer).toMatchObject({ code: 'timeout', message: expect.stringContaining('within 4 s') });
  });

  test('cancelling ends a request', async () => {
    const cancel = new AbortController();
    const server = await plainServer(() => cancel.abort());
    expect((await failureOf(transportTo(server).request({ path: '/', signal: cancel.signal }))).code).toBe('cancelled');
  });

  test('connections are kept, and one that the server closed meanwhile is replaced', async () => {
    const sockets = new Set<net.Socket>();
    const server = http.createServer((_, response) => response.end('ok'));
    server.on('connection', (socket) => sockets.add(socket));
    const transport = transportTo(`http://127.0.0.1:${await listen(server)}`);
    await transport.request({ path: '/1' });
    await transport.request({ path: '/2' });
    expect(sockets.size).toBe(1);
    for (const socket of sockets) socket.destroy();
    expect((await transport.request({ path: '/3' })).status).toBe(200);
    expect(sockets.size).toBe(2);
  });

  test('a server that refuses connections is unreachable', async () => {
    const server = net.createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const failure = await failureOf(transportTo(`http://127.0.0.1:${port}`).request({ path: '/' }));
    expect(failure).toMatchObject({ code: 'unreachable', message: `127.0.0.1:${port} refuses connections` });
  });
});

describe('credentials', () => {
  test('F8 a refused set is renewed once; the second refusal is told', async () => {
    const asked: (number | undefined)[] = [];
    let generation = 0;
    const server = await plainServer((_, response) => {
      response.writeHead(401);
      response.end('{"kind":"Status","message":"Unauthorized","code":401}');
    });
    const transport = transportTo(
      server,
      {},
      {
        get: async (refused) => {
          asked.push(refused);
          return { token: 'x', generation: ++generation };
        },
      },
    );
    expect(await failureOf(transport.request({ path: '/' }))).toMatchObject({
      code: 'unauthenticated',
      message: 'Unauthorized',
    });
    expect(asked).toEqual([undefined, 1]);
  });

  test('F8 many requests that are refused together cause one renewal', async () => {
    const asked: (number | undefined)[] = [];
    const server = await plainServer((request, response) => {
      response.writeHead(request.headers.authorization === 'Bearer t2' ? 200 : 401);
      response.end('{}');
    });
    const transport = transportTo(
      server,
      {},
      {
        get: async (refused) => {
          asked.push(refused);
          return { token: `t${asked.length}`, generation: asked.length };
        },
      },
    );
    await Promise.all(Array.from({ length: 20 }, (_, at) => transport.request({ path: `/${at}` })));
    expect(asked.filter((refused) => refused === 1)).toEqual([1]);
  });

  test('F12 a token that runs out by the clock of the server is renewed before', async () => {
    let generation = 0;
    const seen: (string | undefined)[] = [];
    const server = await plainServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end('ok');
    });
    const transport = transportTo(
      server,
      {},
      {
        get: async () => ({
          token: `t${++generation}`,
          generation,
          expiresAt: Date.now() + (generation === 1 ? 10_000 : 600_000),
        }),
      },
    );
    for (const path of ['/1', '/2', '/3']) await transport.request({ path });
    expect(seen).toEqual(['Bearer t1', 'Bearer t2', 'Bearer t2']);
  });
});

describe('proxies', () => {
  async function connectProxy(seen: string[], refuse = false): Promise<number> {
    const proxy = http.createServer();
    proxy.on('connect', (request, socket) => {
      seen.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
      if (refuse) {
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
        return;
      }
      const [host, port] = (request.url ?? '').split(':');
      const far = net.connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        far.pipe(socket).pipe(far);
      });
      far.on('error', () => socket.destroy());
      socket.on('error', () => far.destroy());
      owned.push(() => far.destroy());
    });
    return listen(proxy);
  }

  test('F26 an HTTP proxy is asked for a tunnel, with its own credentials', async () => {
    const port = await secureServer(certificates.good);
    const seen: string[] = [];
    const proxyUrl = `http://user:p%40ss@127.0.0.1:${await connectProxy(seen)}`;
    const transport = transportTo(`https://127.0.0.1:${port}`, { ca: certificates.authority, proxyUrl });
    expect((await transport.request({ path: '/' })).status).toBe(200);
    expect(seen).toEqual([`127.0.0.1:${port} Basic ${Buffer.from('user:p@ss').toString('base64')}`]);
  });

  test('F26 a proxy that refuses is named, without its password', async () => {
    const proxyUrl = `http://user:secret@127.0.0.1:${await connectProxy([], true)}`;
    const failure = await failureOf(transportTo('https://api.example.com', { proxyUrl }).request({ path: '/' }));
    expect(failure.message).toMatch(/^The proxy 127\.0\.0\.1:\d+ refused the way to api\.example\.com:443: 407/);
    expect(JSON.stringify(failure.toValue())).not.toContain('secret');
  });

  test.each(['http', 'https'])('F26 a SOCKS5 proxy carries %s', async (scheme) => {
    const port = scheme === 'https' ? await secureServer(certificates.good) : undefined;
    const plain = await plainServer((_, response) => response.end('ok'));
    const seen: string[] = [];
    const proxy = net.createServer((socket) => {
      let step = 0;
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        step++;
        if (step === 1) socket.write(Buffer.from([5, 0]));
        else if (step === 2) {
          const length = bytes[4] as number;
          const host = bytes[3] === 3 ? bytes.subarray(5, 5 + length).toString() : [...bytes.subarray(4, 8)].join('.');
          const far = net.connect(
            bytes.readUInt16BE(bytes.length - 2),
            host === 'localhost' ? '127.0.0.1' : host,
            () => {
              seen.push(host);
              socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
              socket.removeAllListeners('data');
              far.pipe(socket).pipe(far);
            },
          );
          far.on('error', () => socket.destroy());
        }
      });
    });
    const proxyUrl = `socks5://127.0.0.1:${await listen(proxy)}`;
    const server = port === undefined ? plain.replace('127.0.0.1', 'localhost') : `https://localhost:${port}`;
    const transport = transportTo(server, { ca: certificates.authority, proxyUrl });
    expect((await transport.request({ path: '/' })).status).toBe(200);
    expect(seen).toEqual(['localhost']);
  });
});

describe('streams', () => {
  test('hand on bytes as they come, and end properly', async () => {
    const server = await plainServer((_, response) => {
      response.write('one ');
      setTimeout(() => response.end('two'), 5);
    });
    let all = '';
    const statuses: number[] = [];
    await transportTo(server).stream({
      path: '/',
      onHead: ({ status }) => statuses.push(status),
      onData: (bytes, start, end) => {
        all += text(bytes.subarray(start, end));
      },
    });
    expect([all, statuses]).toEqual(['one two', [200]]);
  });

  test('F1 a stream that is torn off rejects', async () => {
    const server = await plainServer((_, response) => {
      response.write('one ');
      setTimeout(() => response.destroy(), 5);
    });
    const failure = await failureOf(transportTo(server).stream({ path: '/', onData: () => undefined }));
    expect(failure.code).toBe('unreachable');
  });

  test('an error of whoever reads ends the stream with that error', async () => {
    const server = await plainServer((_, response) => void response.write('x'));
    const mine = new KubeSageError('invalid', 'mine');
    const stream = transportTo(server).stream({
      path: '/',
      onData: () => {
        throw mine;
      },
    });
    expect(await failureOf(stream)).toBe(mine);
  });

  test('disposing ends everything', async () => {
    const server = await plainServer((_, response) => void response.write('x'));
    const transport = transportTo(server);
    const stream = transport.stream({ path: '/', onData: () => transport.dispose() });
    expect((await failureOf(stream)).code).toBe('cancelled');
    expect((await failureOf(transport.request({ path: '/' }))).code).toBe('cancelled');
  });
});

describe('small pieces', () => {
  test('what comes bit by bit arrives whole and in order', async () => {
    const server = await plainServer((_request, response) => {
      let count = 0;
      const send = () => {
        if (count === 300) response.end();
        else {
          response.write(`${count++} `);
          setImmediate(send);
        }
      };
      send();
    });
    const transport = transportTo(server);
    let body = '';
    await transport.stream({
      path: '/',
      onData: (bytes, start, end) => {
        body += text(bytes.subarray(start, end));
      },
    });
    expect(body).toBe(Array.from({ length: 300 }, (_, at) => `${at} `).join(''));
    // The connection is good for the next exchange.
    expect((await transport.request({ path: '/' })).status).toBe(200);
  });
});
