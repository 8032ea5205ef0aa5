import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { Credentials } from '../auth/connection.ts';
import { createTransport, type Transport } from './index.ts';

/** An API server that agrees to `good` and refuses the rest, each with its own Status. */
function serve(): Promise<{ server: Server; seen: { authorization: (string | undefined)[] } }> {
  const seen = { authorization: [] as (string | undefined)[] };
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => [...offered][0] ?? false });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => {
    seen.authorization.push(request.headers.authorization);
    const refuse = (status: number, reason: string, message: string) => {
      const body = JSON.stringify({
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        reason,
        message,
        code: status,
      });
      socket.end(
        `HTTP/1.1 ${status} x\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    };
    if (request.headers.authorization === 'Bearer old') return refuse(401, 'Unauthorized', 'Unauthorized');
    if (request.url?.startsWith('/forbidden')) {
      return refuse(403, 'Forbidden', 'pods "web-0" is forbidden: User "eva" cannot create resource "pods/exec"');
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      if (request.url?.startsWith('/torn')) client.terminate();
      if (request.url?.startsWith('/greeting')) for (const word of ['hello', 'again']) client.send(word);
      client.on('message', (data) => client.send(Buffer.concat([Buffer.from('>'), data as Buffer])));
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve({ server, seen })));
}

describe('upgrade', () => {
  let ended: (() => void)[] = [];
  afterEach(() => {
    for (const end of ended) end();
    ended = [];
  });

  async function start(tokens: readonly string[] = ['new']) {
    const { server, seen } = await serve();
    let generation = 0;
    const credentials = {
      async get(refused: number | undefined): Promise<Credentials> {
        if (refused !== undefined) generation++;
        return { token: tokens[generation] ?? 'none', generation };
      },
    };
    const spec = {
      server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      insecureSkipTlsVerify: false,
      disableCompression: true,
    };
    const transport: Transport = createTransport(spec, credentials);
    ended.push(() => {
      transport.dispose();
      server.closeAllConnections();
      server.close();
    });
    return { transport, seen };
  }

  test('carries bytes both ways under the protocol that the server chose', async () => {
    const { transport } = await start();
    const socket = await transport.upgrade({ path: '/good', protocols: ['v5.channel.k8s.io', 'v4.channel.k8s.io'] });
    expect(socket.protocol).toBe('v5.channel.k8s.io');
    const answer = new Promise<string>((resolve) => {
      socket.onMessage = (bytes) => resolve(Buffer.from(bytes).toString('latin1'));
    });
    socket.send(Uint8Array.of(0, 0xff, 0x41));
    expect(await answer).toBe('>\u0000\u00ffA');
    socket.dispose();
  });

  test("rejects with the server's own words", async () => {
    const { transport } = await start();
    const asked = transport.upgrade({ path: '/forbidden', protocols: ['v5.channel.k8s.io'] });
    await expect(asked).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('pods/exec') });
  });

  test('renews refused credentials once', async () => {
    const { transport, seen } = await start(['old', 'new']);
    (await transport.upgrade({ path: '/good', protocols: ['v5.channel.k8s.io'] })).dispose();
    expect(seen.authorization).toEqual(['Bearer old', 'Bearer new']);
  });

  test('keeps what came before anybody read', async () => {
    const { transport } = await start();
    const socket = await transport.upgrade({ path: '/greeting', protocols: ['v5.channel.k8s.io'] });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const read: string[] = [];
    socket.onMessage = (bytes) => read.push(Buffer.from(bytes).toString());
    expect(read).toEqual(['hello', 'again']);
    socket.dispose();
  });

  test('says when the connection was torn off', async () => {
    const { transport } = await start();
    const socket = await transport.upgrade({ path: '/torn', protocols: ['v5.channel.k8s.io'] });
    const error = await new Promise((resolve) => {
      socket.onClose = resolve;
    });
    expect(error).toMatchObject({ code: 'unreachable' });
  });

  test('a cancelled one is not opened', async () => {
    const { transport } = await start();
    const aborted = AbortSignal.abort(new Error('cancelled'));
    await expect(transport.upgrade({ path: '/good', protocols: ['x'], signal: aborted })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  test('ends with the transport', async () => {
    const { transport } = await start();
    const socket = await transport.upgrade({ path: '/good', protocols: ['v5.channel.k8s.io'] });
    const closed = new Promise((resolve) => {
      socket.onClose = resolve;
    });
    transport.dispose();
    expect(await closed).toMatchObject({ code: 'unreachable' });
  });
});
