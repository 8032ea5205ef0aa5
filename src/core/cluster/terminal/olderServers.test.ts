import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { systemClock } from '../../kernel/clock.ts';
import { createTransport } from '../../kube/transport/index.ts';
import { createAudit } from '../../platform/audit/index.ts';
import { createRecordings } from '../../platform/recordings/index.ts';
import type { TerminalDown } from './contract.ts';
import type { TerminalDeps } from './places.ts';
import { TerminalSession } from './terminal.ts';

/** What a server does with the protocols that it is offered. */
type Knows = (offered: ReadonlySet<string>) => string | false;

/** An API server with one pod, whose program writes back what it reads in capitals and ends with its input. */
function serve(knows: Knows | 'spdyOnly'): Promise<{ server: Server; offered: string[] }> {
  const offered: string[] = [];
  const sockets = new WebSocketServer({
    noServer: true,
    ...(knows !== 'spdyOnly' && { handleProtocols: (protocols) => knows(protocols) }),
  });
  const server = createServer((_request, answer) => {
    answer.setHeader('Content-Type', 'application/json');
    answer.end(
      JSON.stringify({ metadata: { name: 'web', namespace: 'shop' }, spec: { containers: [{ name: 'main' }] } }),
    );
  });
  server.on('upgrade', (request, socket, head) => {
    offered.push(request.headers['sec-websocket-protocol'] ?? '');
    if (knows === 'spdyOnly') {
      // As servers and proxies say it that pass SPDY on and nothing else.
      const body = 'unable to upgrade: unable to negotiate protocol: server supports [SPDY/3.1]';
      socket.end(`HTTP/1.1 403 Forbidden\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      const say = (channel: number, text: string) =>
        client.send(Buffer.concat([Buffer.of(channel), Buffer.from(text)]));
      // Servers begin with an empty message for each channel.
      for (const channel of [0, 1, 2, 3]) say(channel, '');
      const end = () => {
        say(3, JSON.stringify({ metadata: {}, status: 'Success' }));
        client.close();
      };
      client.on('message', (data: Buffer) => {
        const text = data.subarray(1).toString();
        if (data[0] === 4) say(1, `size ${text}\r\n`);
        else if (data[0] === 0 && text === '\u0004') end();
        else if (data[0] === 0) say(1, text.toUpperCase());
        // What version 4 has no word for ends the connection of a server that knows no more.
        else client.terminate();
      });
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve({ server, offered })));
}

describe('a terminal of an older server', () => {
  const ended: (() => void)[] = [];
  afterEach(() => {
    for (const end of ended.splice(0)) end();
  });

  async function open(knows: Knows | 'spdyOnly') {
    const { server, offered } = await serve(knows);
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const transport = createTransport(
      { server: address, insecureSkipTlsVerify: false, disableCompression: true },
      { get: async () => ({ token: 'x', generation: 0 }) },
    );
    const fleet = {
      byId: () => undefined,
      request: (_: string, request: Parameters<typeof transport.request>[0]) => transport.request(request),
      upgrade: (_: string, request: Parameters<typeof transport.upgrade>[0]) => transport.upgrade(request),
    } as unknown as TerminalDeps['fleet'];
    const deps: TerminalDeps = {
      fleet,
      changes: {} as TerminalDeps['changes'],
      audit: await createAudit({ folder: undefined, clock: systemClock }),
      recordings: createRecordings({ folder: undefined, clock: systemClock }),
      localShells: undefined,
      agreeToLocal: () => Promise.resolve(),
      clock: systemClock,
      removals: new Set(),
    };
    const object = { cluster: 'a', kind: 'pods', namespace: 'shop', name: 'web' };
    const session = new TerminalSession(
      deps,
      { target: { mode: 'exec', object, tty: true }, size: { columns: 80, rows: 24 } },
      { id: 'local', name: 'Local user' },
    );
    const heard: TerminalDown[] = [];
    const pipe = session.start((message) => heard.push(message));
    ended.push(() => {
      session.dispose();
      transport.dispose();
      server.closeAllConnections();
      server.close();
    });
    const text = () => heard.map((each) => (each.type === 'output' ? each.text : '')).join('');
    const state = () => heard.findLast((each) => each.type === 'state');
    return { pipe, text, state, offered };
  }

  test('that speaks version 4 only works but for the end of input, for which Ctrl-D stands', async () => {
    const { pipe, text, state, offered } = await open((protocols) =>
      protocols.has('v4.channel.k8s.io') ? 'v4.channel.k8s.io' : false,
    );
    await vi.waitFor(() => expect(state()).toMatchObject({ state: 'open', container: 'main' }));
    expect(offered).toEqual(['v5.channel.k8s.io,v4.channel.k8s.io']);
    pipe.receive({ type: 'input', text: 'grün ' });
    pipe.receive({ type: 'resize', columns: 132, rows: 43 });
    await vi.waitFor(() => expect(text()).toContain('GRÜN size {"Width":132,"Height":43}'));
    pipe.receive({ type: 'endInput' });
    await vi.waitFor(() => expect(state()).toMatchObject({ state: 'ended', exitCode: 0 }));
  });

  test('that knows neither says so, and nothing is half open', async () => {
    const { state } = await open(() => false);
    await vi.waitFor(() =>
      expect(state()).toMatchObject({ state: 'failed', message: expect.stringMatching(/protocol/i) }),
    );
  });

  test('behind something that passes SPDY on alone says what that answers', async () => {
    const { state } = await open('spdyOnly');
    await vi.waitFor(() =>
      expect(state()).toMatchObject({
        state: 'failed',
        message: expect.stringContaining('unable to negotiate protocol'),
      }),
    );
  });
});
