import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClient, type Port } from '../client.ts';
import { Shopkeeper, shop } from '../fixtures/shop.ts';
import { createServer } from '../server.ts';
import { createMemoryPorts } from './memory.ts';
import {
  fromMessagePort,
  fromMessagePortMain,
  fromParentPort,
  fromProcess,
  fromUtilityProcess,
  type MessagePortMainLike,
  type ParentPortLike,
  type UtilityProcessLike,
} from './messagePort.ts';
import { fromWebSocket, type WebSocketLike, whenOpen } from './webSocket.ts';

/** As Electron's: an emitter with the methods of a port, which hands what is posted to its twin. */
class FakeMain extends EventEmitter implements MessagePortMainLike, ParentPortLike {
  twin: FakeMain | undefined;
  postMessage(message: unknown): void {
    const data: unknown = structuredClone(message);
    setImmediate(() => this.twin?.emit('message', { data, ports: [] }));
  }
  start(): void {}
  close(): void {
    setImmediate(() => this.twin?.emit('close'));
  }
}

/** As Electron's utility process: what it gets is the message itself. */
class FakeUtility extends EventEmitter implements UtilityProcessLike {
  twin: FakeMain | undefined;
  postMessage(message: unknown): void {
    const data: unknown = structuredClone(message);
    setImmediate(() => this.twin?.emit('message', { data, ports: [] }));
  }
}

class FakeSocket implements WebSocketLike {
  readyState = 0;
  twin: FakeSocket | undefined;
  readonly closes: (number | undefined)[] = [];
  readonly #events = new EventEmitter();
  send(text: string): void {
    setImmediate(() => this.twin?.emit('message', { data: text }));
  }
  close(code?: number): void {
    this.closes.push(code);
    for (const end of [this, this.twin]) setImmediate(() => end?.emit('close'));
  }
  addEventListener(type: string, listener: (event: { data: unknown }) => void): void {
    this.#events.on(type, listener);
  }
  emit(type: string, event?: unknown): void {
    if (type === 'open') this.readyState = 1;
    if (type === 'close') this.readyState = 3;
    this.#events.emit(type, event);
  }
}

function twins<T extends { twin: T | undefined }>(make: () => T): [T, T] {
  const pair: [T, T] = [make(), make()];
  [pair[0].twin, pair[1].twin] = [pair[1], pair[0]];
  return pair;
}

const pairs: Record<string, () => [Port, Port]> = {
  memory: createMemoryPorts,
  'a MessageChannel': () => {
    const { port1, port2 } = new MessageChannel();
    return [fromMessagePort(port1), fromMessagePort(port2)];
  },
  'Electron’s MessagePortMain': () => {
    const [left, right] = twins(() => new FakeMain());
    return [fromMessagePortMain(left), fromMessagePortMain(right)];
  },
  'a WebSocket': () => {
    const [left, right] = twins(() => new FakeSocket());
    left.emit('open');
    right.emit('open');
    return [fromWebSocket(left), fromWebSocket(right)];
  },
};

describe.each(Object.entries(pairs))('W1: a port over %s', (_name, makePair) => {
  it('carries messages in order, those before anybody listens too', async () => {
    const [left, right] = makePair();
    for (let count = 0; count < 3; count++) left.post({ count });
    await rest();
    const got: unknown[] = [];
    right.onMessage((message) => got.push(message));
    left.post({ count: 3 });
    await expect.poll(() => got).toEqual([{ count: 0 }, { count: 1 }, { count: 2 }, { count: 3 }]);
    left.dispose();
  });

  it('says once at both ends that it is closed, late listeners included', async () => {
    const [left, right] = makePair();
    const heard: string[] = [];
    left.onClose(() => heard.push('left'));
    right.onClose(() => heard.push('right'));
    left.dispose();
    left.dispose();
    await expect.poll(() => [...heard].sort()).toEqual(['left', 'right']);
    right.onClose(() => heard.push('late'));
    left.post({ lost: true });
    await expect.poll(() => heard.length).toBe(3);
  });

  it('serves a contract, and ends what it opened', async () => {
    const [left, right] = makePair();
    const keeper = new Shopkeeper();
    createServer(shop, keeper.implementation, { checkResults: true }).accept(right, { id: 'ann', name: 'Ann' });
    const client = createClient(shop, left);
    expect(await client.stock.price({ name: 'apple' })).toEqual({ cents: 100 });
    keeper.shelf.set([{ key: 'a', name: 'A', count: 1 }]);
    const state = await new Promise((resolve, reject) => {
      client.stock.shelf({}, { change: resolve, error: reject });
    });
    expect(state).toMatchObject({ head: { total: 1 }, rows: [{ key: 'a', name: 'A', count: 1 }] });
    expect(keeper.shelf.open).toBe(1);
    left.dispose();
    await expect.poll(() => keeper.shelf.open).toBe(0);
  });
});

describe('processes', () => {
  it('W1: Electron’s utility process and its parent port', async () => {
    const child = new FakeUtility();
    const parentPort = new FakeMain();
    child.twin = parentPort;
    parentPort.postMessage = (message) => setImmediate(() => child.emit('message', structuredClone(message)));
    createServer(shop, new Shopkeeper().implementation).accept(fromParentPort(parentPort), {
      id: 'main',
      name: 'Main',
    });
    const port = fromUtilityProcess(child);
    expect(await createClient(shop, port).stock.price({ name: 'apple' })).toEqual({ cents: 100 });
    let closed = 0;
    port.onClose(() => closed++);
    child.emit('exit');
    expect(closed).toBe(1);
  });

  it('W1: a real child process, and its end', async () => {
    const child = fork(fileURLToPath(new URL('../fixtures/shopChild.ts', import.meta.url)), {
      serialization: 'advanced',
    });
    const port = fromProcess(child);
    const client = createClient(shop, port);
    expect(await client.stock.price({ name: 'apple', amount: 3 })).toEqual({ cents: 300 });
    const failed = new Promise((resolve) => {
      client.stock.shelf({}, { change: () => child.kill(), error: resolve });
    });
    expect(await failed).toMatchObject({ code: 'unavailable' });
    port.post({ nobody: 'listens' });
  });
});

describe('a WebSocket', () => {
  it('W19: texts that are no JSON, bytes and noise are refused and disturb nothing', async () => {
    const [near, far] = twins(() => new FakeSocket());
    near.emit('open');
    far.emit('open');
    const keeper = new Shopkeeper();
    createServer(shop, keeper.implementation).accept(fromWebSocket(far), { id: 'eve', name: 'Eve' });
    const answers: { type: string; id: number | null }[] = [];
    near.addEventListener('message', (event) => answers.push(JSON.parse(String(event.data))));
    const good = JSON.stringify({ type: 'call', id: 1, to: 'stock.buy', input: { name: 'a', amount: 1 } });
    const broken = fc
      .tuple(fc.nat({ max: good.length - 1 }), fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }))
      .map(([at, noise]) => good.slice(0, at) + noise + good.slice(at + 1));
    let sent = 0;
    fc.assert(
      fc.property(fc.oneof(broken, fc.string(), fc.json(), fc.uint8Array()), (data) => {
        sent++;
        far.emit('message', { data });
      }),
      { numRuns: 300 },
    );
    await rest();
    await expect.poll(() => answers.length).toBeGreaterThan(sent * 0.9);
    for (const { input } of keeper.calls) expect(shop.stock.buy.input.parse(input)).toEqual(input);
    answers.length = 0;
    far.emit('message', { data: good.replace('"id":1', '"id":77') });
    await expect.poll(() => answers).toEqual([{ type: 'ok', id: 77, result: { left: 9 } }]);
  });

  it('W19: a text beyond the limit closes it with 1009, unread', () => {
    const [near] = twins(() => new FakeSocket());
    near.emit('open');
    const got: unknown[] = [];
    fromWebSocket(near, { maxLength: 10 }).onMessage((message) => got.push(message));
    near.emit('message', { data: '"12345678"' });
    near.emit('message', { data: '"123456789"' });
    expect(got).toEqual(['12345678']);
    expect(near.closes).toEqual([1009]);
  });

  it('W19: waits until it is open, and fails when it closes instead', async () => {
    const [opened, refused] = twins(() => new FakeSocket());
    const port = whenOpen(opened);
    opened.emit('open');
    (await port).post({ hello: 1 });
    const failing = whenOpen(refused);
    refused.emit('error');
    refused.emit('close');
    await expect(failing).rejects.toMatchObject({ code: 'unavailable' });
  });
});

function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
