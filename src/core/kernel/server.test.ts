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
      change: { upsert: [item('a', 49), item('b', 49)], remove: [], patch: { total: 2 } },
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

describe('limits', () => {
  const call = (id: number, to: string, input: unknown) => ({ type: 'call', id, to, input });

  it('W27: an id that is in use is refused without disturbing what uses it', async () => {
    const { port, clock } = open();
    const messages = record(port);
    port.post({ type: 'open', id: 1, to: 'stock.shelf', input: {}, credit: 1 });
    port.post(call(1, 'stock.price', { name: 'a' }));
    await clock.advance(20);
    expect(messages).toEqual([
      { type: 'err', id: null, error: { code: 'conflict', message: 'Id 1 is in use already' } },
      expect.objectContaining({ type: 'item', id: 1 }),
    ]);
    port.post({ type: 'cancel', id: 1 });
    port.post(call(1, 'stock.price', { name: 'a' }));
    await clock.advance(20);
    expect(messages.at(-1)).toEqual({ type: 'ok', id: 1, result: { cents: 100 } });
  });

  it('W27: streams and calls under way are limited, and ending some makes room', async () => {
    const { port, clock, keeper } = open({ limits: { streamsPerPort: 2, callsPerPort: 1 } });
    const messages = record(port);
    for (const id of [1, 2, 3]) port.post({ type: 'open', id, to: 'stock.shelf', input: {}, credit: 0 });
    for (const id of [4, 5]) port.post(call(id, 'stock.buy', { name: 'slow', amount: 1 }));
    await clock.advance(20);
    const refused = messages.map((message) => message as { id: number; error: { code: string } });
    expect(refused.map(({ id, error }) => [id, error.code])).toEqual([
      [3, 'tooMany'],
      [5, 'tooMany'],
    ]);
    port.post({ type: 'cancel', id: 1 });
    port.post({ type: 'open', id: 6, to: 'stock.shelf', input: {}, credit: 0 });
    await clock.advance(20);
    expect(messages).toHaveLength(2);
    expect(keeper.shelf.open).toBe(2);
  });

  it('W26: beyond the rate calls are refused, credit and cancel are heard, and quiet restores it', async () => {
    const { port, clock, keeper } = open({ limits: { messagesPerSecond: 10 } });
    const messages = record(port);
    keeper.shelf.set([item('a')]);
    port.post({ type: 'open', id: 1, to: 'stock.shelf', input: {}, credit: 0 });
    for (let id = 2; id < 42; id++) port.post(call(id, 'stock.price', { name: 'a' }));
    port.post({ type: 'credit', id: 1, credit: 1 });
    await clock.advance(0);
    const codes = messages.map((message) => (message as { type: string }).type);
    expect(codes.filter((type) => type === 'ok')).toHaveLength(19);
    expect(codes.filter((type) => type === 'err')).toHaveLength(21);
    expect(codes.filter((type) => type === 'item')).toHaveLength(1);
    await clock.advance(1000);
    port.post(call(50, 'stock.price', { name: 'a' }));
    await clock.advance(0);
    expect(messages.at(-1)).toMatchObject({ type: 'ok', id: 50 });
  });

  it('W26: ten times the rate closes the port', async () => {
    const { port, clock } = open({ limits: { messagesPerSecond: 10 } });
    let closed = 0;
    port.onClose(() => closed++);
    for (let count = 0; count < 101; count++) port.post({ type: 'cancel', id: 1 });
    await clock.advance(0);
    expect(closed).toBe(1);
  });

  it('W2: what cannot be read is answered, and the port serves on', async () => {
    const { port, clock } = open();
    const messages = record(port);
    for (const noise of [undefined, 7, 'call', [], {}, { type: 'call' }, { type: 'cancel', id: 3, x: 1 }])
      port.post(noise);
    port.post(call(9, 'stock.price', { name: 'a' }));
    await clock.advance(0);
    expect(messages.map((message) => (message as { id: unknown }).id)).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
      3,
      9,
    ]);
    expect(messages.at(-1)).toMatchObject({ type: 'ok' });
  });

  it.each(['stock.steal', 'toString.call', '__proto__.x', 'stock.constructor', 'stock.price.x', 'stock..price'])(
    'W5: %s is no procedure',
    async (to) => {
      const { port, clock } = open();
      const messages = record(port);
      port.post(call(1, to, {}));
      port.post({ type: 'open', id: 2, to, input: {}, credit: 1 });
      await clock.advance(0);
      // Answers to different ids have no order among them.
      expect(messages.map((message) => message as { id: number }).sort((a, b) => a.id - b.id)).toMatchObject([
        { type: 'err', id: 1, error: { code: 'notFound' } },
        { type: 'err', id: 2, error: { code: 'notFound' } },
      ]);
    },
  );

  it('W5: a stream is not called and a query is not opened', async () => {
    const { port, clock } = open();
    const messages = record(port);
    port.post(call(1, 'stock.shelf', {}));
    port.post({ type: 'open', id: 2, to: 'stock.price', input: { name: 'a' }, credit: 1 });
    await clock.advance(0);
    // Answers to different ids have no order among them.
    expect(messages.map((message) => message as { id: number }).sort((a, b) => a.id - b.id)).toMatchObject([
      { type: 'err', id: 1, error: { code: 'invalid' } },
      { type: 'err', id: 2, error: { code: 'invalid' } },
    ]);
  });
});

describe('trust', () => {
  it('W28: who may not do it reaches nothing', async () => {
    const { client, keeper } = open({ authorize: (_principal, { verb }) => verb === 'read' });
    await expect(client.stock.buy({ name: 'a', amount: 1 })).rejects.toMatchObject({
      code: 'forbidden',
      message: 'Ann may not write stock',
    });
    expect(keeper.calls).toEqual([]);
    expect(await client.stock.price({ name: 'a' })).toEqual({ cents: 100 });
  });

  it.each([
    ['a field with the wrong type', { cents: '1' }],
    ['a field that the contract does not name', { cents: 1, password: 'hunter2' }],
    ['a missing field', {}],
  ])('W29: with checkResults a result with %s is an error', async (_what, result) => {
    const clock = new FakeClock();
    const { stock } = new Shopkeeper().implementation;
    const wrong = { stock: { ...stock, price: () => result as { cents: number } } };
    const [near, far] = createMemoryPorts();
    createServer(shop, wrong, { clock, checkResults: true }).accept(far, ann);
    await expect(createClient(shop, near).stock.price({ name: 'a' })).rejects.toMatchObject({ code: 'internal' });
  });

  it('W29: with checkResults a row that does not fit, or two with one key, end the live', async () => {
    for (const rows of [[{ key: 'a', name: 'A' } as Item], [item('a'), item('a', 2)]]) {
      const { client, keeper, clock } = open();
      const codes: string[] = [];
      keeper.shelf.set(rows);
      client.stock.shelf({}, { change: () => codes.push('change'), error: ({ code }) => codes.push(code) });
      await clock.advance(20);
      expect(codes).toEqual(['internal']);
      expect(keeper.shelf.open).toBe(0);
    }
  });

  it('refuses an implementation that lacks a procedure', () => {
    const lacking = { stock: {} } as unknown as Shopkeeper['implementation'];
    expect(() => createServer(shop, lacking)).toThrow('Nothing implements stock.price');
  });
});

describe('defects', () => {
  it('W14: a source that cannot be released keeps neither the port nor the other streams', async () => {
    const clock = new FakeClock();
    const keeper = new Shopkeeper();
    const { stock } = keeper.implementation;
    let opened = 0;
    const shelf: typeof stock.shelf = (input, context) => {
      if (opened++ > 0) return stock.shelf(input, context);
      const source = keeper.shelf.source();
      const dispose = () => {
        source.dispose();
        throw new Error('stuck');
      };
      return { ...source, dispose };
    };
    const heard: unknown[] = [];
    const log = ({ error }: { error: unknown }) => heard.push(error);
    const server = createServer(shop, { stock: { ...stock, shelf } }, { clock, log });
    const [near, far] = createMemoryPorts();
    server.accept(far, ann);
    const client = createClient(shop, near);
    for (let count = 0; count < 2; count++) client.stock.shelf({}, { change: () => {}, error: () => {} });
    await clock.advance(20);
    near.dispose();
    await clock.advance(0);
    expect(keeper.shelf.open).toBe(0);
    expect(heard).toHaveLength(1);
  });

  it('W7: a source that fails when it is read ends its live with an error', async () => {
    const { client, keeper, clock } = open({ log: () => {} });
    const codes: string[] = [];
    client.stock.shelf({}, { change: () => codes.push('change'), error: ({ code }) => codes.push(code) });
    await clock.advance(20);
    Object.defineProperty(keeper.shelf, 'state', {
      get() {
        throw new TypeError('broken');
      },
    });
    keeper.shelf.changed.fire();
    await clock.advance(20);
    expect(codes).toEqual(['change', 'internal']);
    expect(keeper.shelf.open).toBe(0);
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
