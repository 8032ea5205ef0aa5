import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageLimits } from './messageLimits.ts';
import { readClientMessage, readServerMessage, weigh } from './wire.ts';

const nested = (depth: number): unknown => (depth === 0 ? 0 : [nested(depth - 1)]);

describe('messages', () => {
  it.each([
    { type: 'call', id: 0, to: 'stock.price', input: { name: 'a' } },
    { type: 'open', id: 1, to: 'stock.shelf', input: {}, credit: 0 },
    { type: 'open', id: 1, to: 'stock.shelf', input: {}, credit: 1, since: 12 },
    { type: 'credit', id: 1, credit: 1 },
    { type: 'item', id: 1, value: null },
    { type: 'cancel', id: Number.MAX_SAFE_INTEGER },
  ])('W2: a client may send %j', (message) => {
    expect(readClientMessage(message)).toMatchObject({ ok: true, message });
  });

  it.each([
    ['nothing', undefined, null],
    ['a text', 'call', null],
    ['a list', [{ type: 'cancel', id: 1 }], null],
    ['no type', { id: 1 }, 1],
    ['an unknown type', { type: 'destroy', id: 1 }, 1],
    ['a server’s message', { type: 'ok', id: 1, result: 1 }, 1],
    ['no id', { type: 'cancel' }, null],
    ['an id that is a text', { type: 'cancel', id: '1' }, null],
    ['a negative id', { type: 'cancel', id: -1 }, null],
    ['an id beyond 2^53', { type: 'cancel', id: 2 ** 53 }, null],
    ['a field too many', { type: 'cancel', id: 1, force: true }, 1],
    ['no address', { type: 'call', id: 1, input: {} }, 1],
    ['an address without end', { type: 'call', id: 1, to: 'a'.repeat(201), input: {} }, 1],
    ['no credit', { type: 'credit', id: 1, credit: 0 }, 1],
    ['endless credit', { type: 'credit', id: 1, credit: 2 ** 31 }, 1],
  ])('W2: refuses %s, with the id if it can be read', (_what, message, id) => {
    expect(readClientMessage(message)).toMatchObject({ ok: false, id, error: { code: 'invalid' } });
  });

  it.each([
    ['a date', new Date()],
    ['a map', new Map()],
    ['bytes', new Uint8Array(4)],
    ['an instance', new URL('http://localhost')],
    ['a bigint', 1n],
    ['a function', () => {}],
    ['a symbol', Symbol('x')],
    ['NaN', Number.NaN],
    ['infinity', Number.NEGATIVE_INFINITY],
    ['a prototype', JSON.parse('{"__proto__":{"admin":true}}')],
  ])('W3: refuses %s anywhere in it', (_what, value) => {
    const message = { type: 'call', id: 1, to: 'stock.price', input: { deep: [{ value }] } };
    expect(readClientMessage(message)).toMatchObject({ ok: false, error: { code: 'invalid' } });
  });

  it('W4: refuses what is too large, too deep, cyclic or multiplied by sharing, without much work', () => {
    const call = (input: unknown) => readClientMessage({ type: 'call', id: 1, to: 'stock.price', input });
    const tooLarge = { ok: false, error: { code: 'tooLarge' } };
    expect(call('x'.repeat(messageLimits.messageBytes))).toMatchObject(tooLarge);
    expect(call('x'.repeat(messageLimits.messageBytes - 1000))).toMatchObject({ ok: true });
    expect(call(nested(messageLimits.depth))).toMatchObject(tooLarge);
    expect(call(nested(messageLimits.depth - 2))).toMatchObject({ ok: true });
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(call(cycle)).toMatchObject(tooLarge);
    let shared: unknown = 'leaf';
    // 2^50 leaves when written out.
    for (let level = 0; level < 50; level++) shared = [shared, shared];
    expect(call(shared)).toMatchObject(tooLarge);
    expect(call(new Array(2 ** 31))).toMatchObject(tooLarge);
  });

  it('W4: a value weighs what it is long as JSON, but for escapes, fractions and exponents', () => {
    fc.assert(
      fc.property(
        fc.letrec((tie) => ({
          value: fc.oneof(
            { maxDepth: 5 },
            fc.stringMatching(/^[ -!#-[\]-~]*$/),
            fc.integer(),
            fc.boolean(),
            fc.constant(null),
            fc.array(tie('value')),
            fc.dictionary(fc.stringMatching(/^[a-z]{0,9}$/), tie('value')),
          ),
        })).value,
        (value) => {
          const exact = JSON.stringify(value).length;
          // A comma after the last element is counted, and one is not written: at most one a container.
          const containers = JSON.stringify(value).match(/[[{]/g)?.length ?? 0;
          expect(weigh(value)).toBeGreaterThanOrEqual(exact);
          expect(weigh(value)).toBeLessThanOrEqual(exact + containers);
        },
      ),
    );
  });

  it('W2: a client refuses what a server may not send', () => {
    const change = { rev: 1, upsert: [{ key: 'a' }], remove: [] };
    expect(readServerMessage({ type: 'item', id: 1, change })).toMatchObject({ ok: true });
    expect(readServerMessage({ type: 'item', id: 1, change: { ...change, upsert: [{ name: 'a' }] } })).toMatchObject({
      ok: false,
      id: 1,
    });
    expect(readServerMessage({ type: 'item', id: 1, items: [1], bytes: 3, dropped: 0 })).toMatchObject({ ok: false });
    expect(readServerMessage({ type: 'call', id: 1, to: 'stock.price', input: {} })).toMatchObject({ ok: false });
  });
});
