import { describe, expect, it } from 'vitest';
import { type ConnectionState, createConnection, type Port } from './client.ts';
import { FakeClock } from './clock.ts';
import type { LiveState } from './contract.ts';
import { type Item, Shopkeeper, shop } from './fixtures/shop.ts';
import { messageLimits } from './messageLimits.ts';
import { createMemoryPorts } from './ports/memory.ts';
import { createServer } from './server.ts';

const item = (key: string, count = 1): Item => ({ key, name: `the ${key}`, count });

function open() {
  const clock = new FakeClock();
  const keeper = new Shopkeeper();
  let server = createServer(shop, keeper.implementation, { clock, checkResults: true });
  const ports: Port[] = [];
  const received: { type: string; change?: { upsert: unknown[]; snapshot?: true } }[] = [];
  const attempts: number[] = [];
  let reachable = true;
  const connection = createConnection(
    shop,
    async () => {
      attempts.push(clock.now());
      if (!reachable) throw new Error('refused');
      const [near, far] = createMemoryPorts();
      server.accept(far, { id: 'ann', name: 'Ann' });
      near.onMessage((message) => received.push(message as (typeof received)[number]));
      ports.push(near);
      return near;
    },
    { clock, random: () => 0 },
  );
  const states: ConnectionState[] = [];
  connection.onState((state) => states.push(state));
  return {
    clock,
    keeper,
    connection,
    states,
    received,
    attempts,
    lose: () => ports.at(-1)?.dispose(),
    setReachable: (value: boolean) => {
      reachable = value;
    },
    restart: () => {
      server.dispose();
      server = createServer(shop, keeper.implementation, { clock, checkResults: true });
    },
  };
}

describe('connection', () => {
  it('W4: what is too large for a message fails at once and is not sent', async () => {
    const { clock, keeper, connection, received } = open();
    keeper.shelf.set([item('a')]);
    await clock.advance(10);
    await expect(connection.client.stock.price({ name: 'x'.repeat(messageLimits.messageBytes) })).rejects.toMatchObject(
      { code: 'tooLarge' },
    );
    expect(received).toEqual([]);
  });

  it('W12: a live that is opened again and did not change gets no rows', async () => {
    const { clock, keeper, connection, states, received, lose } = open();
    keeper.shelf.set([item('a'), item('b')]);
    const seen: LiveState<{ total: number }, Item>[] = [];
    connection.client.stock.shelf({}, { change: (state) => seen.push(state), error: fail });
    await clock.advance(10);
    lose();
    await clock.advance(200);
    expect(states).toEqual(['connected', 'reconnecting', 'connected']);
    expect(received.filter(({ type }) => type === 'item').map(({ change }) => change?.upsert.length)).toEqual([2, 0]);
    expect(seen).toHaveLength(2);
    expect(seen[1]?.rows).toBe(seen[0]?.rows);
    expect(keeper.shelf.open).toBe(1);
  });

  it('W12: what changed in the meantime comes as one difference', async () => {
    const { clock, keeper, connection, received, lose } = open();
    const a = item('a');
    keeper.shelf.set([a, item('b')]);
    const seen: LiveState<{ total: number }, Item>[] = [];
    connection.client.stock.shelf({}, { change: (state) => seen.push(state), error: fail });
    await clock.advance(10);
    lose();
    keeper.shelf.set([a, item('b', 2), item('c')]);
    await clock.advance(200);
    expect(received.at(-1)?.change).toMatchObject({ upsert: [item('b', 2), item('c')], remove: [] });
    expect(received.at(-1)?.change?.snapshot).toBeUndefined();
    expect(seen.at(-1)?.rows).toEqual([a, item('b', 2), item('c')]);
    expect(seen.at(-1)?.rows[0]).toBe(seen[0]?.rows[0]);
  });

  it('W12: another server, or one that forgot, sends a snapshot, and equal rows keep their identity', async () => {
    const { clock, keeper, connection, received, restart } = open();
    keeper.shelf.set([item('a'), item('b')]);
    const seen: LiveState<{ total: number }, Item>[] = [];
    connection.client.stock.shelf({}, { change: (state) => seen.push(state), error: fail });
    await clock.advance(10);
    restart();
    keeper.shelf.set([item('a'), item('b', 2)]);
    await clock.advance(200);
    expect(received.at(-1)?.change?.snapshot).toBe(true);
    expect(seen.at(-1)?.rows).toEqual([item('a'), item('b', 2)]);
    expect(seen.at(-1)?.rows[0]).toBe(seen[0]?.rows[0]);
    expect(seen.at(-1)?.rev).toBeGreaterThan(seen[0]?.rev ?? Number.POSITIVE_INFINITY);
  });

  it('W13: queries are asked again; commands, tails and pipes fail', async () => {
    const { clock, connection, lose } = open();
    await clock.advance(10);
    const heard: string[] = [];
    const observer = { error: ({ code }: { code: string }) => heard.push(code), end: () => heard.push('end') };
    const bought = connection.client.stock.buy({ name: 'slow', amount: 1 });
    connection.client.stock.till({}, { ...observer, items: () => {}, gap: () => {} });
    connection.client.stock.chat({}, { ...observer, message: () => {} });
    const asked = connection.client.stock.price({ name: 'apple' });
    lose();
    await expect(bought).rejects.toMatchObject({ code: 'unavailable' });
    await clock.advance(200);
    expect(await asked).toEqual({ cents: 100 });
    expect(heard).toEqual(['unavailable', 'unavailable']);
  });

  it('W13: while it is reconnecting a command fails at once and a query waits', async () => {
    const { clock, connection, lose, setReachable } = open();
    await clock.advance(10);
    setReachable(false);
    lose();
    await clock.advance(10);
    await expect(connection.client.stock.buy({ name: 'a', amount: 1 })).rejects.toMatchObject({ code: 'unavailable' });
    const asked = connection.client.stock.price({ name: 'apple' });
    setReachable(true);
    await clock.advance(500);
    expect(await asked).toEqual({ cents: 100 });
  });

  it('backs off up to five seconds, says why, and recovers', async () => {
    const { clock, connection, attempts, setReachable, lose } = open();
    await clock.advance(10_000);
    setReachable(false);
    lose();
    const from = clock.now();
    await clock.advance(30_000);
    const waits = attempts.slice(1).map((at, index, all) => at - (all[index - 1] ?? from));
    expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000]);
    expect(connection.problem).toMatchObject({ code: 'unavailable' });
    setReachable(true);
    await clock.advance(5000);
    expect(connection.state).toBe('connected');
    expect(connection.problem).toBeUndefined();
  });

  it('closing fails what is under way and is final', async () => {
    const { clock, connection, keeper, attempts, states } = open();
    const errors: string[] = [];
    connection.client.stock.shelf({}, { change: () => {}, error: ({ code }) => errors.push(code) });
    await clock.advance(10);
    connection.dispose();
    await clock.advance(60_000);
    expect(errors).toEqual(['unavailable']);
    expect(keeper.shelf.open).toBe(0);
    expect(attempts).toHaveLength(1);
    expect(states).toEqual(['connected', 'closed']);
    await expect(connection.client.stock.price({ name: 'a' })).rejects.toMatchObject({ code: 'unavailable' });
  });
});

function fail(error: Error): never {
  throw error;
}
