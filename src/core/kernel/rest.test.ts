import { describe, expect, it } from 'vitest';
import { FakeClock } from './clock.ts';
import { Shopkeeper, shop } from './fixtures/shop.ts';
import { createRest, type RestRequest } from './rest.ts';
import { createServer } from './server.ts';

function open() {
  const clock = new FakeClock();
  const keeper = new Shopkeeper();
  const { dispatch } = createServer(shop, keeper.implementation, { clock, checkResults: true });
  const rest = createRest(shop, dispatch, { clock, info: { title: 'Shop', version: '1' } });
  const abort = new AbortController();
  const ask = (method: 'GET' | 'POST', name: string, request: Partial<RestRequest> = {}) => {
    const route = rest.routes.find((each) => each.method === method && each.path === `/api/v1/stock/${name}`);
    if (route === undefined) throw new Error(`No route ${method} ${name}`);
    return route.answer({
      principal: { id: 'ann', name: 'Ann' },
      parameters: {},
      body: undefined,
      accept: '',
      signal: abort.signal,
      ...request,
    });
  };
  return { clock, keeper, rest, ask, abort };
}

const events = { accept: 'text/event-stream' };

describe('REST', () => {
  it('W20: every procedure but pipes has its routes', () => {
    const { rest } = open();
    expect(rest.routes.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /api/v1/stock/price',
      'POST /api/v1/stock/price',
      'POST /api/v1/stock/buy',
      'GET /api/v1/stock/shelf',
      'GET /api/v1/stock/till',
    ]);
  });

  it('W21: parameters become the types that the input has', async () => {
    const { ask, keeper } = open();
    const plain = await ask('GET', 'price', { parameters: { name: '12', amount: '3', gift: 'true' } });
    expect(plain).toMatchObject({ status: 200, body: '{"cents":350}' });
    const json = await ask('GET', 'price', { parameters: { input: '{"name":"a","amount":2}', amount: '4' } });
    expect(json).toMatchObject({ status: 200, body: '{"cents":400}' });
    const body = await ask('POST', 'price', { body: { name: 'a' } });
    expect(body).toMatchObject({ status: 200, body: '{"cents":100}' });
    expect(keeper.calls.map(({ input }) => input)).toEqual([
      { name: '12', amount: 3, gift: true },
      { name: 'a', amount: 4, gift: false },
      { name: 'a', amount: 1, gift: false },
    ]);
  });

  it.each([
    [{ amount: '3' }, 400, 'name: Invalid input: expected string, received undefined'],
    [{ name: 'a', amount: 'x' }, 400, 'amount: Invalid input: expected number, received string'],
    [{ name: 'a', colour: 'red' }, 400, 'There is no parameter colour'],
    [{ name: ['a', 'b'] }, 400, 'given more than once'],
    [{ input: '{' }, 400, 'has to be JSON'],
    [{ input: '[]' }, 400, 'has to be a JSON object'],
    [{ constructor: 'a' }, 400, 'There is no parameter constructor'],
    [{ name: 'unicorn' }, 404, 'There are no unicorns'],
    [{ name: 'bug' }, 500, 'stock.price failed because of a defect in KubeSage'],
  ])('W7, W21: %j is answered with %i: %s', async (parameters, status, message) => {
    const { ask } = open();
    const answer = await ask('GET', 'price', { parameters });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body as string).message).toContain(message);
  });

  it('W22: a live answers its state once', async () => {
    const { ask, keeper } = open();
    keeper.shelf.set([{ key: 'a', name: 'A', count: 1 }]);
    const answer = await ask('GET', 'shelf');
    expect(JSON.parse(answer.body as string)).toEqual({
      rev: 2,
      head: { total: 1 },
      rows: [{ key: 'a', name: 'A', count: 1 }],
    });
    expect(keeper.shelf.open).toBe(0);
  });

  it('W22: a live streams a snapshot and then one difference per pull', async () => {
    const { ask, keeper, clock, abort } = open();
    keeper.shelf.set([{ key: 'a', name: 'A', count: 1 }]);
    const answer = await ask('GET', 'shelf', events);
    expect(answer.headers['content-type']).toBe('text/event-stream');
    const stream = (answer.body as AsyncIterable<string>)[Symbol.asyncIterator]();
    expect((await stream.next()).value).toBe(
      'event: change\ndata: {"rev":1,"head":{"total":1},"upsert":[{"key":"a","name":"A","count":1}],"remove":[],"snapshot":true}\n\n',
    );
    await clock.advance(100);
    for (let count = 2; count < 100; count++) {
      keeper.shelf.set([{ key: 'a', name: 'A', count }]);
      await clock.advance(1);
    }
    const next = stream.next();
    await clock.advance(20);
    expect((await next).value).toContain('"count":99');
    const comment = stream.next();
    await clock.advance(15_000);
    expect((await comment).value).toBe(': \n\n');
    const waiting = stream.next();
    await clock.advance(0);
    abort.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(keeper.shelf.open).toBe(0);
  });

  it('W22: a stream that is abandoned before it is read is released', async () => {
    const { ask, keeper, abort } = open();
    await ask('GET', 'shelf', events);
    expect(keeper.shelf.open).toBe(1);
    abort.abort();
    expect(keeper.shelf.open).toBe(0);
  });

  it('W23: a tail streams its items and its end', async () => {
    const { ask, clock } = open();
    const answer = await ask('GET', 'till', { ...events, parameters: { count: '2' } });
    const text: string[] = [];
    const reading = (async () => {
      for await (const part of answer.body as AsyncIterable<string>) text.push(part);
    })();
    await clock.advance(100);
    await reading;
    expect(text.join('')).toContain('event: items\ndata: [{"name":"item 0","note":""}');
    expect(text.at(-1)).toBe('event: end\ndata: {}\n\n');
    expect((await ask('GET', 'till')).status).toBe(501);
  });

  it('W24: the OpenAPI document names every path, schema and status, and refers to nothing that is missing', () => {
    const { rest } = open();
    const text = JSON.stringify(rest.openApi);
    const document = JSON.parse(text);
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual([
      '/api/v1/stock/price',
      '/api/v1/stock/buy',
      '/api/v1/stock/shelf',
      '/api/v1/stock/till',
    ]);
    expect(document.paths['/api/v1/stock/buy'].get).toBeUndefined();
    expect(Object.keys(document.paths['/api/v1/stock/price'].get.responses)).toEqual([
      '200',
      '400',
      '401',
      '403',
      '404',
      '409',
      '410',
      '413',
      '428',
      '429',
      '499',
      '500',
      '501',
      '502',
      '503',
      '504',
    ]);
    expect(document.components.schemas['stock.price.input']).toMatchObject({
      required: ['name'],
      properties: { amount: { type: 'integer', minimum: 1, default: 1 } },
    });
    expect(document.components.schemas.Error.properties.cause).toEqual({ $ref: '#/components/schemas/Error' });
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) {
      let place: unknown = document;
      for (const step of reference.split('/')) place = (place as Record<string, unknown>)[step];
      expect(place, reference).toBeDefined();
    }
  });
});
