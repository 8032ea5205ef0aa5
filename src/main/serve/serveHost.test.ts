import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createClient, createConnection } from '../../core/kernel/client.ts';
import { FakeClock } from '../../core/kernel/clock.ts';
import { Shopkeeper, shop } from '../../core/kernel/fixtures/shop.ts';
import { messageLimits } from '../../core/kernel/messageLimits.ts';
import { whenOpen } from '../../core/kernel/ports/webSocket.ts';
import { createServer, type ServerLimits } from '../../core/kernel/server.ts';
import type { ServeOptions } from './options.ts';
import { createServeHost, type ServeHost } from './serveHost.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(options: Partial<ServeOptions> = {}, wire: Partial<ServerLimits> = {}) {
  const keeper = new Shopkeeper();
  const server = createServer(shop, keeper.implementation, {
    checkResults: true,
    limits: wire,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  const host = await createServeHost({
    contract: shop,
    server,
    info: { title: 'Shop', version: '1' },
    token: 'once',
    apiTokens: [{ token: 'robot-token', principal: { id: 'robot', name: 'Robot' } }],
    ...options,
  });
  closing.push(async () => {
    await host.close();
    server.dispose();
  });
  return { keeper, server, host };
}

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

/** Plain HTTP: unlike fetch it lets a test say any Host and Origin. */
function ask(
  host: ServeHost,
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: http.OutgoingHttpHeaders; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: '127.0.0.1', port: host.port, path, method, headers, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

const json = { 'content-type': 'application/json' };
const robot = { authorization: 'Bearer robot-token' };
const price = '/api/v1/stock/price?name=apple';
const buy = '/api/v1/stock/buy';
const purchase = JSON.stringify({ name: 'apple', amount: 1 });

async function signIn(host: ServeHost, token = 'once'): Promise<string> {
  const answer = await ask(host, `/?token=${token}`);
  expect(answer.status).toBe(303);
  expect(answer.headers.location).toBe('/');
  const cookie = answer.headers['set-cookie']?.[0] ?? '';
  expect(cookie).toMatch(/^kubesage_\w+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  return cookie.split(';', 1)[0] ?? '';
}

describe('signing in', () => {
  it('S11: exchanges a token once for a cookie, and refuses it the second time', async () => {
    const { host } = await open();
    expect(host.signInUrl).toBe(`${host.url}/?token=once`);
    const cookie = await signIn(host);
    expect(await ask(host, price, { headers: { cookie } })).toMatchObject({ status: 200, text: '{"cents":100}' });
    const again = await ask(host, '/?token=once');
    expect(again.status).toBe(401);
    expect(again.headers['set-cookie']).toBeUndefined();
    expect(JSON.parse(again.text)).toMatchObject({
      code: 'unauthenticated',
      hint: expect.stringContaining('one browser'),
    });
  });

  it('S11: a token exchanged by POST is used up as well', async () => {
    const { host } = await open();
    const exchange = () =>
      ask(host, '/api/v1/session', {
        method: 'POST',
        headers: { ...json, origin: host.url },
        body: '{"token":"once"}',
      });
    expect((await exchange()).status).toBe(200);
    expect((await exchange()).status).toBe(401);
  });

  it('S11: signing out ends the session and its sockets', async () => {
    const { host } = await open();
    const cookie = await signIn(host);
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}/api/v1/ws`, { headers: { cookie, origin: host.url } });
    await whenOpen(socket);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    const out = await ask(host, '/api/v1/session', { method: 'DELETE', headers: { cookie, origin: host.url } });
    expect(out.status).toBe(200);
    await closed;
    expect((await ask(host, price, { headers: { cookie } })).status).toBe(401);
  });

  it.each([
    ['no token', {}],
    ['a wrong API token', { authorization: 'Bearer robot-tokem' }],
    ['a made-up cookie', { cookie: 'kubesage_0=AAAA' }],
    ['the one-time token as API token', { authorization: 'Bearer once' }],
  ])('S11: %s gets nothing', async (_what, headers) => {
    const { host, keeper } = await open();
    for (const path of [
      price,
      '/api/v1/session',
      '/api/v1/openapi.json',
      '/api/v1/nothing',
      '/%61pi/v1/stock/price?name=a',
    ]) {
      expect((await ask(host, path, { headers })).status, path).toBe(401);
    }
    expect(
      (await ask(host, buy, { method: 'POST', headers: { ...headers, ...json, origin: host.url }, body: purchase }))
        .status,
    ).toBe(401);
    expect(keeper.calls).toEqual([]);
  });

  it('S11: guessing is slowed down', async () => {
    const { host } = await open({ clock: new FakeClock() });
    const statuses = new Set<number>();
    for (let guess = 0; guess < 15; guess++) statuses.add((await ask(host, `/?token=guess${guess}`)).status);
    expect([...statuses].sort()).toEqual([401, 429]);
  });
});

describe('where a request comes from', () => {
  it.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', 'localhost.evil.example:PORT'])(
    'S11: DNS rebinding: the host %j is refused before anything else',
    async (name) => {
      const { host, keeper } = await open();
      const headers = { ...robot, host: name.replace('PORT', String(host.port)) };
      for (const path of [price, '/', '/?token=once', '/api/v1/session']) {
        expect((await ask(host, path, { headers })).status, path).toBe(403);
      }
      expect(keeper.calls).toEqual([]);
      await signIn(host);
    },
  );

  it.each(['http://evil.example', 'http://127.0.0.1:1', 'https://127.0.0.1:PORT', 'null'])(
    'S11: another site’s page (%s) can neither change nor ask nor open a socket',
    async (name) => {
      const { host, keeper } = await open();
      const cookie = await signIn(host);
      const origin = name.replace('PORT', String(host.port));
      const headers = { ...json, cookie, origin };
      expect((await ask(host, buy, { method: 'POST', headers, body: purchase })).status).toBe(403);
      expect((await ask(host, price, { headers })).status).toBe(403);
      await expect(connect(host, { cookie, origin })).rejects.toThrow('403');
      expect(keeper.calls).toEqual([]);
    },
  );

  it('S11: a cookie alone, without an origin, changes nothing', async () => {
    const { host, keeper } = await open();
    const cookie = await signIn(host);
    expect((await ask(host, buy, { method: 'POST', headers: { ...json, cookie }, body: purchase })).status).toBe(403);
    await expect(connect(host, { cookie })).rejects.toThrow('403');
    expect((await ask(host, price, { headers: { cookie, 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
    expect(keeper.calls).toEqual([]);
  });

  it('S11: a form’s content types are not read', async () => {
    const { host, keeper } = await open();
    const cookie = await signIn(host);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const headers = { 'content-type': type, cookie, origin: host.url };
      const answer = await ask(host, buy, { method: 'POST', headers, body: purchase });
      expect(answer.status, type).toBe(400);
      expect(JSON.parse(answer.text).message).toBe('The body has to be application/json');
    }
    expect(keeper.calls).toEqual([]);
  });

  it('S11: a server on another address than loopback needs TLS', async () => {
    const refused = open({ host: '0.0.0.0' });
    await expect(refused).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('what a request may cost', () => {
  it('W25: a body beyond the limit is refused', async () => {
    const { host } = await open({ limits: { bodyBytes: 1000 } });
    const body = JSON.stringify({ name: 'a'.repeat(2000), amount: 1 });
    const answer = await ask(host, buy, { method: 'POST', headers: { ...json, ...robot }, body });
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'tooLarge' });
  });

  it.each(['{', '[]', 'null', '"x"', '{"__proto__":{"admin":true},"name":"a","amount":1}', ''])(
    'W25: the body %j is refused clearly',
    async (body) => {
      const { host, keeper } = await open();
      const answer = await ask(host, buy, { method: 'POST', headers: { ...json, ...robot }, body });
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.text)).toMatchObject({ code: 'invalid' });
      expect(keeper.calls).toEqual([]);
    },
  );

  it('W26: a flood of requests is told to wait', async () => {
    const { host } = await open({ limits: { requestsPerSecond: 10 }, clock: new FakeClock() });
    const answers = await Promise.all(Array.from({ length: 60 }, () => ask(host, price, { headers: robot })));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBe(40);
    expect(refused[0]?.headers['retry-after']).toBe('1');
    expect(answers.filter(({ status }) => status === 200).length).toBe(20);
  });

  it('W26: a flood over a socket closes it, and the server lives on', async () => {
    const { host } = await open({ clock: new FakeClock() }, { messagesPerSecond: 100 });
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}/api/v1/ws`, { headers: robot });
    await whenOpen(socket);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    for (let count = 0; count < 5000; count++) socket.send('{"type":"cancel","id":1}');
    await closed;
    expect((await ask(host, price, { headers: robot })).status).toBe(200);
  });

  it('W14: a socket whose other side has silently gone is given up, one that answers is kept', async () => {
    const clock = new FakeClock();
    const { host, keeper } = await open({ clock });
    const sockets = [false, true].map((autoPong) => {
      const url = `ws://127.0.0.1:${host.port}/api/v1/ws`;
      return new WebSocket(url, { headers: robot, autoPong });
    });
    const ports = await Promise.all(sockets.map((socket) => whenOpen(socket)));
    const clients = ports.map((port) => createClient(shop, port));
    for (const { stock } of clients) stock.shelf({}, { change: () => {}, error: () => {} });
    await expect.poll(() => keeper.shelf.open).toBe(2);
    const pinged = new Promise((resolve) => sockets[1]?.on('ping', resolve));
    await clock.advance(30_000);
    await pinged;
    // What is asked after the pong is answered after it.
    await clients[1]?.stock.price({ name: 'apple' });
    await clock.advance(30_000);
    await expect.poll(() => keeper.shelf.open).toBe(1);
    expect(sockets[1]?.readyState).toBe(WebSocket.OPEN);
    sockets[1]?.close();
  });

  it('W26: a text that is too long closes the socket unread', async () => {
    const { host } = await open();
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}/api/v1/ws`, { headers: robot });
    await whenOpen(socket);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.send(' '.repeat(6 * messageLimits.messageBytes + 1));
    expect(await closed).toBe(1009);
    expect((await ask(host, price, { headers: robot })).status).toBe(200);
  });

  it('S11, W26: bytes that are no HTTP, or name no host, get nothing and disturb nothing', async () => {
    const { host, keeper } = await open();
    const token = 'Authorization: Bearer robot-token\r\n';
    expect(await sendBytes(host, Buffer.from([0, 255, 13, 10, 13, 10, 1, 2, 3]))).toMatch(/^HTTP\/1.1 400 /);
    expect(await sendBytes(host, `GET ${price} HTTP/1.0\r\n${token}\r\n`)).toMatch(/^HTTP\/1.1 403 /);
    expect(await sendBytes(host, `GET ${price} HTTP/1.1\r\nHost: \r\n${token}Connection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 40[03] /,
    );
    expect(keeper.calls).toEqual([]);
    expect((await ask(host, price, { headers: robot })).status).toBe(200);
  });
});

describe('before the engine is there', () => {
  it('pages are served at once, and what asks for data waits', async () => {
    const staticFolder = await mkdtemp(join(tmpdir(), 'serve-'));
    closing.push(() => rm(staticFolder, { recursive: true }));
    await writeFile(join(staticFolder, 'index.html'), '<!doctype html><title>UI</title>');
    const keeper = new Shopkeeper();
    const server = createServer(shop, keeper.implementation);
    const later = Promise.withResolvers<typeof server>();
    const { host } = await open({ staticFolder, server: later.promise });
    const cookie = await signIn(host);
    expect((await ask(host, '/')).text).toContain('<title>UI</title>');
    expect((await ask(host, price)).status).toBe(401);
    let answered = false;
    const asked = ask(host, price, { headers: { cookie } }).finally(() => {
      answered = true;
    });
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}/api/v1/ws`, { headers: { cookie, origin: host.url } });
    const called = createClient(shop, await whenOpen(socket)).stock.price({ name: 'apple', amount: 3 });
    // Left before it was there: it is never served.
    const other = new WebSocket(`ws://127.0.0.1:${host.port}/api/v1/ws`, { headers: robot });
    await whenOpen(other);
    const gone = new Promise((resolve) => other.on('close', resolve));
    other.close();
    await gone;
    expect(answered).toBe(false);
    later.resolve(server);
    expect((await asked).status).toBe(200);
    expect(await called).toEqual({ cents: 300 });
    server.dispose();
  });

  it('whoever waits hears that it did not start', async () => {
    const later = Promise.withResolvers<ReturnType<typeof createServer>>();
    const { host } = await open({ server: later.promise });
    const asked = ask(host, price, { headers: robot });
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}/api/v1/ws`, { headers: robot });
    await whenOpen(socket);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    later.reject(new Error('no disk'));
    const { status, text } = await asked;
    expect([status, text]).toEqual([503, expect.stringContaining('The engine did not start')]);
    expect(text).not.toContain('no disk');
    expect(await closed).toBe(1011);
  });
});

describe('faces', () => {
  it('W1: the client works over a WebSocket as it does in memory', async () => {
    const { host, keeper } = await open();
    const connection = createConnection(shop, () =>
      whenOpen(new WebSocket(`ws://127.0.0.1:${host.port}/api/v1/ws`, { headers: robot })),
    );
    closing.push(() => connection.dispose());
    const { stock } = connection.client;
    expect(await stock.price({ name: 'apple', amount: 2 })).toEqual({ cents: 200 });
    keeper.shelf.set([{ key: 'a', name: 'A', count: 1 }]);
    const counts: number[] = [];
    await new Promise<void>((resolve, reject) => {
      stock.shelf(
        {},
        {
          change: ({ rows }) => {
            counts.push(rows[0]?.count ?? -1);
            if (rows[0]?.count === 2) resolve();
            else keeper.shelf.set([{ key: 'a', name: 'A', count: 2 }]);
          },
          error: reject,
        },
      );
    });
    expect(counts).toEqual([1, 2]);
    expect(keeper.contexts[0]?.principal.id).toBe('robot');
  });

  it('W22: server-sent events stream a live and end with the connection', async () => {
    const { host, keeper } = await open();
    keeper.shelf.set([{ key: 'a', name: 'A', count: 1 }]);
    const text = await new Promise<string>((resolve, reject) => {
      const headers = { ...robot, accept: 'text/event-stream' };
      const request = http.get({
        host: '127.0.0.1',
        port: host.port,
        path: '/api/v1/stock/shelf',
        headers,
        agent: false,
      });
      request.on('error', reject);
      request.on('response', (response) => {
        response.once('data', (part: Buffer) => {
          resolve(part.toString());
          request.destroy();
        });
        response.on('error', () => {});
      });
    });
    expect(text).toContain('event: change\ndata: {"rev":1,"head":{"total":1}');
    await expect.poll(() => keeper.shelf.open).toBe(0);
  });

  it('W24: the OpenAPI document is served', async () => {
    const { host } = await open();
    const answer = await ask(host, '/api/v1/openapi.json', { headers: robot });
    expect(JSON.parse(answer.text)).toMatchObject({ openapi: '3.1.0', info: { title: 'Shop' } });
  });

  it('serves the interface with a strict policy, its own addresses included', async () => {
    const staticFolder = await mkdtemp(join(tmpdir(), 'serve-'));
    closing.push(() => rm(staticFolder, { recursive: true }));
    await writeFile(join(staticFolder, 'index.html'), '<!doctype html><title>UI</title>');
    await writeFile(join(staticFolder, 'app.js'), '1');
    const { host } = await open({ staticFolder });
    const html = { accept: 'text/html' };
    for (const path of ['/', '/fleet/prod/pods?filter=x']) {
      const answer = await ask(host, path, { headers: html });
      expect(answer.text, path).toContain('<title>UI</title>');
      expect(answer.headers['content-security-policy']).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
          "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
    }
    expect((await ask(host, '/app.js')).headers['content-type']).toContain('javascript');
    expect((await ask(host, '/missing.js')).status).toBe(404);
    expect((await ask(host, '/..%2f..%2fetc/passwd')).status).toBeGreaterThanOrEqual(400);
    expect((await ask(host, '/../../etc/passwd')).text).not.toContain('root:');
  });
});

function sendBytes(host: ServeHost, bytes: Buffer | string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const raw = net.connect(host.port, '127.0.0.1', () => raw.write(bytes));
    raw.on('error', () => {});
    raw.on('data', (part) => {
      answer += part.toString();
    });
    raw.on('close', () => resolve(answer));
  });
}

/** Rejects with the status when the server does not upgrade. */
function connect(host: ServeHost, headers: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}/api/v1/ws`, { headers });
    socket.on('open', () => {
      socket.close();
      resolve();
    });
    socket.on('error', reject);
  });
}
