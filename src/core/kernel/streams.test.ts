import { describe, expect, it } from 'vitest';
import { createClient, type Port } from './client.ts';
import { FakeClock } from './clock.ts';
import { Shopkeeper, shop } from './fixtures/shop.ts';
import { createMemoryPorts } from './ports/memory.ts';
import { createServer, type ServerLimits } from './server.ts';
import { pipeWindowBytes } from './wire.ts';

function open(limits: Partial<ServerLimits> = {}) {
  const clock = new FakeClock();
  const keeper = new Shopkeeper();
  const server = createServer(shop, keeper.implementation, { clock, checkResults: true, limits });
  const [port, far] = createMemoryPorts();
  server.accept(far, { id: 'ann', name: 'Ann' });
  return { clock, keeper, port, client: createClient(shop, port) };
}

/** The fake clock lets some microtasks run; a thousand items need more. */
async function passMacrotasks(clock: FakeClock): Promise<void> {
  for (let turn = 0; turn < 10; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(20);
  }
}

interface Batch {
  items: { name: string }[];
  bytes: number;
  dropped?: number;
}

function record(port: Port): Batch[] {
  const batches: Batch[] = [];
  port.onMessage((message) => {
    if ((message as { type: string }).type === 'item') batches.push(message as Batch);
  });
  return batches;
}

describe('tail', () => {
  it('W15: items arrive in order, in batches, and then the end', async () => {
    const { client, clock } = open();
    const heard: string[] = [];
    client.stock.till(
      { count: 1000 },
      {
        items: (items) => heard.push(...items.map(({ name }) => name)),
        gap: (dropped) => heard.push(`gap ${dropped}`),
        error: (error) => heard.push(error.code),
        end: () => heard.push('end'),
      },
    );
    await passMacrotasks(clock);
    expect(heard).toEqual([...Array.from({ length: 1000 }, (_, index) => `item ${index}`), 'end']);
  });

  it('W16: a reader that grants nothing more loses the oldest, and is told how many', async () => {
    const { port, clock } = open({ tailBufferBytes: 1000 });
    const batches = record(port);
    // Each item weighs some 28 bytes: one message uses up the credit, and the buffer holds some 35 of the rest.
    port.post({ type: 'open', id: 1, to: 'stock.till', input: { count: 500 }, credit: 1 });
    await passMacrotasks(clock);
    const first = batches.flatMap(({ items }) => items.length);
    expect(first).toEqual([1]);
    port.post({ type: 'credit', id: 1, credit: 1_000_000 });
    await passMacrotasks(clock);
    const dropped = batches.reduce((sum, batch) => sum + (batch.dropped ?? 0), 0);
    const items = batches.flatMap((batch) => batch.items);
    expect(dropped).toBeGreaterThan(400);
    expect(dropped + items.length).toBe(500);
    expect(batches.at(-1)?.dropped).toBe(dropped);
    expect(items.at(-1)?.name).toBe('item 499');
    expect(items.length).toBeGreaterThan(20);
  });

  it('W16: the client hears of the gap before what follows it', async () => {
    const { port, clock } = open();
    const [near, far] = createMemoryPorts();
    const client = createClient(shop, near);
    const heard: unknown[] = [];
    client.stock.till(
      {},
      { items: (items) => heard.push(items), gap: (dropped) => heard.push(dropped), error: () => {}, end: () => {} },
    );
    far.post({ type: 'item', id: 1, items: [{ name: 'z', note: '' }], bytes: 20, dropped: 7 });
    await clock.advance(0);
    expect(heard).toEqual([7, [{ name: 'z', note: '' }]]);
    port.dispose();
  });

  it('W14: cancelling ends the source', async () => {
    const { client, keeper, clock } = open();
    let returned = false;
    keeper.till = async function* (_count, { signal }) {
      try {
        yield { name: 'first', note: '' };
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      } finally {
        returned = true;
      }
    };
    const stream = client.stock.till({}, { items: () => {}, gap: () => {}, error: () => {}, end: () => {} });
    await clock.advance(20);
    expect(returned).toBe(false);
    stream.dispose();
    await clock.advance(20);
    expect(returned).toBe(true);
    expect(keeper.contexts[0]?.signal.aborted).toBe(true);
  });

  it('W7: a source that fails ends the stream with its error, after what it gave', async () => {
    const { client, keeper, clock } = open();
    // biome-ignore lint/correctness/useYield: it gives nothing on purpose
    keeper.till = async function* () {
      throw new TypeError('secret');
    };
    const heard: string[] = [];
    client.stock.till(
      {},
      { items: () => {}, gap: () => {}, error: (error) => heard.push(error.message), end: () => heard.push('end') },
    );
    await clock.advance(20);
    expect(heard).toEqual(['stock.till failed because of a defect in KubeSage']);
  });
});

describe('pipe', () => {
  it('W17: messages travel both ways, in order', async () => {
    const { client, clock, keeper } = open();
    const heard: string[] = [];
    const pipe = client.stock.chat(
      {},
      { message: ({ answer }) => heard.push(answer), error: ({ code }) => heard.push(code), end: () => {} },
    );
    pipe.send({ say: 'good day' });
    await clock.advance(20);
    pipe.send({ say: 'bye' });
    await clock.advance(20);
    expect(heard).toEqual(['GOOD', 'DAY', 'BYE']);
    pipe.dispose();
    pipe.send({ say: 'too late' });
    await clock.advance(20);
    expect(keeper.pipesClosed).toBe(1);
    expect(heard).toHaveLength(3);
  });

  it('W6: a message up that does not fit ends the pipe and reaches nobody', async () => {
    const { port, client, clock, keeper } = open();
    const heard: string[] = [];
    client.stock.chat({}, { message: () => {}, error: ({ code }) => heard.push(code), end: () => {} });
    await clock.advance(20);
    port.post({ type: 'item', id: 1, value: { say: 12 } });
    await clock.advance(20);
    expect(heard).toEqual(['invalid']);
    expect(keeper.calls.map(({ procedure }) => procedure)).toEqual(['chat']);
    expect(keeper.pipesClosed).toBe(1);
  });

  it('W18: what is sent waits for credit, and all of it arrives', async () => {
    const { client, clock, keeper } = open();
    const pipe = client.stock.chat({}, { message: () => {}, error: () => {}, end: () => {} });
    const text = 'x'.repeat(pipeWindowBytes / 4);
    for (let count = 0; count < 20; count++) pipe.send({ say: text });
    await clock.advance(100);
    expect(keeper.calls.filter(({ procedure }) => procedure === 'chat.up')).toHaveLength(20);
  });

  it('W18: a reader that takes nothing ends the pipe when the buffer is full', async () => {
    const { port, clock, keeper } = open({ pipeBufferBytes: 2000 });
    const errors: unknown[] = [];
    port.onMessage((message) => errors.push(message));
    port.post({ type: 'open', id: 1, to: 'stock.chat', input: {}, credit: 0 });
    port.post({ type: 'item', id: 1, value: { say: 'word '.repeat(200) } });
    await clock.advance(20);
    expect(errors).toContainEqual(
      expect.objectContaining({ type: 'err', id: 1, error: expect.objectContaining({ code: 'tooMany' }) }),
    );
    expect(keeper.pipesClosed).toBe(1);
  });
});
