import { setTimeout as sleep } from 'node:timers/promises';
import { type Flavour, sendStatus, statusObject, usualFlavour } from '../../src/core/weather/testing/apiServer.ts';
import type { Exchange } from '../../src/core/weather/testing/exchange.ts';
import { encodeWatchEvent } from '../../src/core/weather/testing/servedKinds.ts';
import type { WeatherServer } from './server.ts';

export interface Scene {
  fault: string;
  what: string;
  flavour?: Flavour;
  /** Makes it happen; what follows it in the world is told here as well. */
  play(server: WeatherServer): Promise<void>;
}

/** Each client is refused so many lists or watches, then served. */
function refuse(server: WeatherServer, times: number, answer: (exchange: Exchange) => void): void {
  const refused = new Map<string, number>();
  server.api.intercept = (exchange) => {
    if (!exchange.request.path.endsWith('/pods')) return false;
    const client = (exchange.request.headers['user-agent'] ?? '').split(/[/ ]/)[0] ?? '';
    const count = (refused.get(client) ?? 0) + 1;
    refused.set(client, count);
    if (count > times) return false;
    answer(exchange);
    return true;
  };
}

const change = (server: WeatherServer, round: number) => {
  server.put('web-1', round);
  server.put(`new-${round}`, 1);
  server.remove('web-2');
};

async function refusedReset(server: WeatherServer, times: number, answer: (exchange: Exchange) => void): Promise<void> {
  refuse(server, times, answer);
  server.resetAll();
  change(server, 1);
}

const html = '<!doctype html><html><head><title>Sign in</title></head></html>';

export const scenes: readonly Scene[] = [
  {
    fault: 'F1',
    what: 'reset in a watch',
    async play(server) {
      server.resetAll();
      change(server, 1);
    },
  },
  {
    fault: 'F1',
    what: 'reset in the middle of an event',
    async play(server) {
      const open = [...server.api.watches];
      server.api.watches.clear();
      change(server, 1);
      const [pod] = server.etcd.of('pods');
      for (const { exchange, kind } of open) {
        exchange.chunk(encodeWatchEvent('MODIFIED', pod?.object ?? {}, kind, exchange.protobuf).subarray(0, 40));
      }
      await sleep(200);
      server.resetAll();
    },
  },
  {
    fault: 'F2',
    what: 'nothing gets through for 20 s',
    async play(server) {
      server.hole(true);
      change(server, 1);
      await sleep(20_000);
      server.hole(false);
    },
  },
  {
    fault: 'F3',
    what: 'packets of 50 bytes, 1 KB/s',
    async play(server) {
      server.slow({ bytes: 50, gapMs: 50 });
      change(server, 1);
    },
  },
  {
    fault: 'F4',
    what: '410: the version is too old',
    async play(server) {
      change(server, 1);
      await sleep(300);
      server.etcd.revision += 10;
      server.resetAll();
      change(server, 2);
      server.api.expire();
    },
  },
  {
    fault: 'F4',
    what: '410 as ERROR in the stream',
    async play(server) {
      server.api.errorAll(410, 'Expired');
      change(server, 1);
      server.api.expire();
    },
  },
  {
    fault: 'F5',
    what: '429, Retry-After: 1, twice',
    play: (server) =>
      refusedReset(server, 2, (it) => sendStatus(it, 429, 'TooManyRequests', 'too many', { 'Retry-After': '1' })),
  },
  {
    fault: 'F6',
    what: '503 with HTML, twice',
    play: (server) => refusedReset(server, 2, (it) => it.send(503, html, { 'Content-Type': 'text/html' })),
  },
  {
    fault: 'F6',
    what: '200 with HTML, twice',
    play: (server) => refusedReset(server, 2, (it) => it.send(200, html, { 'Content-Type': 'text/html' })),
  },
  {
    fault: 'F7',
    what: 'ERROR 500 in a stream that stays open',
    flavour: { ...usualFlavour, streamingList: 'broken' },
    async play(server) {
      for (const watch of [...server.api.watches]) {
        server.api.send(watch, 'ERROR', statusObject(500, 'InternalError', 'etcd is behind'));
        server.api.watches.delete(watch);
      }
      change(server, 1);
    },
  },
  {
    fault: 'F8',
    what: '401 once, then accepted again',
    play: (server) => refusedReset(server, 1, (it) => sendStatus(it, 401, 'Unauthorized', 'Unauthorized')),
  },
  {
    fault: 'F9',
    what: '403 once, then permitted again',
    play: (server) => refusedReset(server, 1, (it) => sendStatus(it, 403, 'Forbidden', 'pods is forbidden')),
  },
  {
    fault: 'F13',
    what: 'events repeated in another order',
    async play(server) {
      server.put('web-1', 1);
      server.put('web-1', 2);
      server.remove('web-2');
      await sleep(300);
      const entries = [...server.etcd.log].reverse();
      for (const watch of server.api.watches) {
        if (watch.kind.id === 'pods')
          for (const { type, stored } of entries) server.api.send(watch, type, stored.object);
      }
    },
  },
  {
    fault: 'F14',
    what: 'an event that cannot be read',
    async play(server) {
      const open = [...server.api.watches];
      server.api.watches.clear();
      change(server, 1);
      for (const { exchange } of open) exchange.chunk(Buffer.from('\0\0\0\u0005#####\n'));
      for (const watch of open) {
        watch.cursor = server.etcd.revision;
        server.api.watches.add(watch);
      }
    },
  },
  {
    fault: 'F15',
    what: 'server killed, back after 3 s with an empty cache',
    async play(server) {
      await server.stop();
      change(server, 1);
      await sleep(3_000);
      server.api.coldStart();
      await server.listen();
    },
  },
  {
    fault: 'F17',
    what: '5,000 events at once',
    async play(server) {
      for (let n = 0; n < 5_000; n++) server.put(`web-${n % 100}`, n);
    },
  },
];
