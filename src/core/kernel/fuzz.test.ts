import { env } from 'node:process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeClock } from './clock.ts';
import { Shopkeeper, shop } from './fixtures/shop.ts';
import { createMemoryPorts } from './ports/memory.ts';
import { createServer } from './server.ts';
import { readServerMessage } from './wire.ts';

/** KUBESAGE_FUZZ=1000000 for the long run. */
const messageCount = Number(env.KUBESAGE_FUZZ ?? 20_000);
const perPort = 50;

const address = fc.constantFrom('stock.price', 'stock.buy', 'stock.shelf', 'stock.till', 'stock.chat');
const id = fc.oneof({ weight: 8, arbitrary: fc.nat({ max: 30 }) }, { weight: 1, arbitrary: fc.integer() });
const input = fc.oneof(
  fc.record({ name: fc.string(), amount: fc.integer({ min: -1, max: 9 }) }),
  fc.record({ name: fc.string(), amount: fc.integer({ min: -1, max: 9 }) }, { requiredKeys: [] }),
  fc.record({ room: fc.string(), count: fc.integer({ max: 50 }), gift: fc.boolean() }, { requiredKeys: [] }),
  fc.jsonValue(),
);
const credit = fc.oneof({ weight: 9, arbitrary: fc.nat({ max: 1000 }) }, { weight: 1, arbitrary: fc.double() });

/** Messages that fit, whatever they ask for. */
const proper = fc.oneof(
  fc.record({ type: fc.constant('call'), id, to: address, input }),
  fc.record({ type: fc.constant('open'), id, to: address, input, credit }),
  fc.record({ type: fc.constant('open'), id, to: address, input, credit, since: fc.nat() }),
  fc.record({ type: fc.constant('credit'), id, credit }),
  fc.record({ type: fc.constant('item'), id, value: fc.oneof(fc.record({ say: fc.string() }), fc.jsonValue()) }),
  fc.record({ type: fc.constant('cancel'), id }),
);

/** Values that no JSON has, but that structured cloning carries. */
const strange = fc.oneof(
  fc.anything({
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withBigInt: true,
    withSparseArray: true,
  }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'stock',
    'stock.',
    '.',
    'stock.constructor',
    'stock.__proto__.x',
  ),
);

/** A proper message with one field replaced, removed or added. */
const mutated = fc
  .tuple(
    proper,
    fc.constantFrom('type', 'id', 'to', 'input', 'credit', 'since', 'value', 'extra'),
    strange,
    fc.boolean(),
  )
  .map(([message, field, value, remove]) => {
    const copy: Record<string, unknown> = { ...message };
    if (remove) delete copy[field];
    else copy[field] = value;
    return copy;
  });

const message: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: proper },
  { weight: 4, arbitrary: mutated },
  { weight: 1, arbitrary: fc.anything() },
  { weight: 1, arbitrary: fc.string() },
);

const schemas = {
  price: shop.stock.price.input,
  buy: shop.stock.buy.input,
  shelf: shop.stock.shelf.input,
  till: shop.stock.till.input,
  chat: shop.stock.chat.input,
  'chat.up': shop.stock.chat.up,
};

describe('S4', () => {
  it(`W6: ${messageCount} random and mutated messages: no crash, and nothing unparsed reaches an implementation`, async () => {
    const defects: unknown[] = [];
    const unhandled = (error: unknown) => defects.push(error);
    process.on('unhandledRejection', unhandled);
    process.on('uncaughtException', unhandled);
    let sent = 0;
    let reached = 0;
    let refused = 0;
    const clock = new FakeClock();
    const keeper = new Shopkeeper();
    const server = createServer(shop, keeper.implementation, { clock, log: ({ error }) => defects.push(error) });

    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: perPort, maxLength: perPort }), async (messages) => {
        const [near, far] = createMemoryPorts();
        const answers: unknown[] = [];
        near.onMessage((answer) => answers.push(answer));
        server.accept(far, { id: 'eve', name: 'Eve' });
        for (const each of messages) {
          try {
            near.post(each);
            sent++;
          } catch {
            // It cannot be cloned, so that no port would have carried it either.
          }
        }
        keeper.shelf.set([{ key: 'a', name: 'A', count: sent }]);
        await clock.advance(20);
        for (const answer of answers) {
          expect(readServerMessage(answer)).toMatchObject({ ok: true });
          if ((answer as { type: string }).type === 'err') refused++;
        }
        for (const { procedure, input: given } of keeper.calls.splice(0)) {
          const schema = schemas[procedure as keyof typeof schemas];
          // What was parsed parses again, to itself.
          expect(schema.parse(given)).toEqual(given);
          reached++;
        }
        keeper.contexts.length = 0;
        near.dispose();
        await clock.advance(0);
        expect(keeper.shelf.open).toBe(0);
      }),
      { numRuns: Math.ceil(messageCount / perPort) },
    );

    // It still serves.
    const [near, far] = createMemoryPorts();
    const answers: unknown[] = [];
    near.onMessage((answer) => answers.push(answer));
    server.accept(far, { id: 'ann', name: 'Ann' });
    near.post({ type: 'call', id: 1, to: 'stock.price', input: { name: 'apple' } });
    await clock.advance(0);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    process.off('uncaughtException', unhandled);
    expect(answers).toEqual([{ type: 'ok', id: 1, result: { cents: 100 } }]);
    expect(defects.filter((error) => !String(error).includes('hunter2'))).toEqual([]);
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
    // Both happen a lot, or the messages would test nothing.
    expect(sent).toBeGreaterThan(messageCount * 0.8);
    expect(reached).toBeGreaterThan(messageCount * 0.05);
    expect(refused).toBeGreaterThan(messageCount * 0.2);
  }, 3_600_000);
});
