import { describe, expect, it } from 'vitest';
import { createClient, type Port } from './client.ts';
import { FakeClock } from './clock.ts';
import type { LiveState } from './contract.ts';
import type { KubeSageError } from './errors.ts';
import { type Item, Shopkeeper, shop } from './fixtures/shop.ts';
import { createMemoryPorts } from './ports/memory.ts';
import { createServer, type ServerOptions } from './server.ts';

const ann = { id: 'ann', name: 'Ann' };

function open(options: ServerOptions = {}) {
  const clock = new FakeClock();
  const keeper = new Shopkeeper();
  const server = createServer(shop, keeper.implementation, { clock, checkResults: true, ...options });
  const connect = () => {
    const [near, far] = createMemoryPorts();
    const session = server.accept(far, ann);
    return { port: near, session };
  };
  const { port, session } = connect();
  return { clock, keeper, server, port, session, connect, client: createClient(shop, port) };
}

const item = (key: string, count = 1): Item => ({ key, name: `the ${key}`, count });

describe('calls', () => {
  it('W5: answers a query with the input’s defaults filled in', async () => {
    const { client, keeper } = open();
    expect(await client.stock.price({ name: 'apple' })).toEqual({ cents: 100 });
    expect(keeper.calls).toEqual([{ procedure: 'price', input: { name: 'apple', amount: 1, gift: false } }]);
    expect(keeper.contexts[0]?.principal).toEqual(ann);
  });

  it('W6: input that does not fit never reaches the implementation', async () => {
    const { port, keeper } = open();
    const answer = nextMessage(port);
    port.post({ type: 'call', id: 7, to: 'stock.buy', input: { name: 'apple', amount: 'many' } });
    expect(await answer).toEqual({
      type: 'err',
      id: 7,
      error: {
        code: 'invalid',
        message: 'The input of stock.buy does not fit: amount: Invalid input: expected number, received string',
      },
    });
    expect(keeper.calls).toEqual([]);
  });

  it('W7: an error keeps its code, message and hint', async () => {
    const { client } = open();
    await expect(client.stock.price({ name: 'unicorn' })).rejects.toMatchObject({
      code: 'notFound',
      message: 'There are no unicorns',
      hint: 'Try a horse.',
    });
  });

  it('W7: the text of a defect stays with the server', async () => {
    const heard: unknown[] = [];
    const { client } = open({ log: (problem) => heard.push(problem.error) });
    const failure = await client.stock.price({ name: 'bug' }).catch((error: KubeSageError) => error);
    expect(JSON.stringify((failure as KubeSageError).toValue())).not.toContain('hunter2');
    expect(failure).toMatchObject({ code: 'internal' });
    expect(String(heard[0])).toContain('hunter2');
  });

  it('W8: cancelling aborts the implementation’s signal', async () => {
    const { client, keeper, clock } = open();
    const abort = new AbortController();
    const bought = client.stock.buy({ name: 'slow', amount: 1 }, { signal: abort.signal });
    await clock.advance(0);
    abort.abort();
    await expect(bought).rejects.toMatchObject({ code: 'cancelled' });
    await clock.advance(0);
    expect(keeper.contexts[0]?.signal.aborted).toBe(true);
  });
});

describe('live', () => {
  it('W10: a snapshot, then one change a frame, the first after quiet at once', async () => {
    const { client, keeper, clock } = open();
    const states: LiveState<{ total: number }, Item>[] = [];
    keeper.shelf.set([item('a'), item('b')]);
    const stream = client.stock.shelf({}, { change: (state) => states.push(state), error: unexpected });
    await clock.advance(0);
    expect(states.map(({ rows }) => rows.map(({ key }) => key))).toEqual([['a', 'b']]);
    await clock.advance(1000);
    const [a, b] = keeper.shelf.state.rows as [Item, Item];
    keeper.shelf.set([a, { ...b, count: 2 }]);
    await clock.advance(0);
    expect(states).toHaveLength(2);
    expect(states[1]?.rows[0]).toBe(states[0]?.rows[0]);
    expect(states[1]?.rows[1]).toEqual({ ...b, count: 2 });
    stream.dispose();
    await clock.advance(0);
    expect(keeper.shelf.open).toBe(0);
  });

  it('W11: a thousand changes a second cost at most 63 messages', async () => {
    const { client, keeper, clock } = open();
    let messages = 0;
    let last: LiveState<{ total: number }, Item> | undefined;
    client.stock.shelf(
      {},
      {
        change: (state) => {
          messages++;
          last = state;
        },
        error: unexpected,
      },
    );
    for (let count = 0; count < 1000; count++) {
      keeper.shelf.set([item('a', count)]);
      await clock.advance(1);
    }
    await clock.advance(16);
    expect(messages).toBeLessThanOrEqual(64);
    expect(messages).toBeGreaterThan(50);
    expect(last?.rows).toEqual([item('a', 999)]);
  });

  it('W9: nothing is sent without credit, and what came in between is one message', async () => {
    const { port, keeper, clock } = open();
    const messages = record(port);
    keeper.shelf.set([item('a')]);
    port.post({ type: 'open', id: 1, to: 'stock.shelf', input: {}, credit: 0 });
    await clock.advance(100);
    expect(messages).toEqual([]);
    port.post({ type: 'credit', id: 1, credit: 1 });
    await clock.advance(0);
    expect(messages).toHaveLength(1);
    for (let count = 2; count < 50; count++) {
      keeper.shelf.set([item('a', count), item('b', count)]);
      await clock.advance(20);
    }
    expect(messages).toHaveLength(1);
    const reads = keeper.shelf.reads;
    port.post({ type: 'credit', id: 1, credit: 1 });
    await clock.advance(0);
    expect(keeper.shelf.reads).toBe(reads + 1);
    expect(messages[1]).toMatchObject({
      type: 'item',
      id: 1,
      change: { upsert: [item('a', 49), item('b', 49)], remove: [], head: { total: 2 } },
    });
  });

  it('W14: when the port closes everything that it opened ends', async () => {
    const { client, keeper, clock, port } = open();
    const errors: string[] = [];
    client.stock.shelf({}, { change: () => {}, error: ({ code }) => errors.push(code) });
    client.stock.chat({}, { message: () => {}, error: ({ code }) => errors.push(code), end: () => {} });
    await clock.advance(0);
    expect(keeper.shelf.open).toBe(1);
    port.dispose();
    await clock.advance(0);
    expect(keeper.shelf.open).toBe(0);
    expect(keeper.pipesClosed).toBe(1);
    expect(keeper.contexts.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    expect(errors).toEqual(['unavailable', 'unavailable']);
  });
});

function unexpected(error: KubeSageError): never {
  throw error;
}

function record(port: Port): unknown[] {
  const messages: unknown[] = [];
  port.onMessage((message) => messages.push(message));
  return messages;
}

function nextMessage(port: Port): Promise<unknown> {
  return new Promise((resolve) => {
    const subscription = port.onMessage((message) => {
      subscription.dispose();
      resolve(message);
    });
  });
}
