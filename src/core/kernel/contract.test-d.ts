/* What must not compile. tsc checks this file with all others; nothing runs it. */
import { type Client, createClient, type LiveObserver, type Port, type TailObserver } from './client.ts';
import type { ContractImplementation, LiveSource } from './contract.ts';
import { type Item, type Shop, shop } from './fixtures/shop.ts';
import { createServer } from './server.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<T extends true>(_proof?: T): void {}

export function calls(client: Client<Shop>, port: Port): void {
  const made = createClient(shop, port);
  holds<Equal<typeof made, Client<Shop>>>();

  // Defaults may be left out, and the answer has its type.
  const price = client.stock.price({ name: 'apple' });
  holds<Equal<typeof price, Promise<{ cents: number }>>>();
  void client.stock.price({ name: 'apple', amount: 2 }, { signal: new AbortController().signal });

  // @ts-expect-error There is no such procedure.
  void client.stock.steal({ name: 'apple' });
  // @ts-expect-error There is no such capability.
  void client.bank;
  // @ts-expect-error The input is missing.
  void client.stock.price();
  // @ts-expect-error A field that has no default is missing.
  void client.stock.price({ amount: 2 });
  // @ts-expect-error A field has the wrong type.
  void client.stock.price({ name: 'apple', amount: 'two' });
  // @ts-expect-error There is no such field.
  void client.stock.price({ name: 'apple', colour: 'red' });
  // @ts-expect-error The answer has no such field.
  void price.then(({ dollars }) => dollars);
}

export function streams(client: Client<Shop>, shelf: LiveObserver<{ total: number }, Item>): void {
  client.stock.shelf({}, shelf).dispose();
  client.stock.shelf(
    {},
    {
      change: ({ head, rows }) => {
        holds<Equal<typeof head, { total: number }>>();
        holds<Equal<typeof rows, readonly Item[]>>();
        // @ts-expect-error Rows are not changed in place.
        rows.push({ key: 'a', name: 'a', count: 1 });
      },
      error: ({ hint }) => holds<Equal<typeof hint, string | undefined>>(),
    },
  );
  // @ts-expect-error A live is observed, not awaited.
  client.stock.shelf({}).then();
  // @ts-expect-error An observer hears of errors.
  client.stock.shelf({}, { change: () => {} });
  // @ts-expect-error The rows are of another type.
  client.stock.shelf({}, null as unknown as LiveObserver<{ total: number }, { key: number }>);

  // @ts-expect-error A tail's observer hears of gaps.
  client.stock.till({}, { items: () => {}, error: () => {}, end: () => {} });
  client.stock.till({}, null as unknown as TailObserver<{ name: string; note: string }>);

  const pipe = client.stock.chat({}, { message: ({ answer }) => answer.length, error: () => {}, end: () => {} });
  pipe.send({ say: 'hello' });
  // @ts-expect-error A message up has another shape.
  pipe.send({ answer: 'hello' });
}

export function implementations(
  whole: ContractImplementation<Shop>,
  source: LiveSource<{ total: number }, Item>,
): void {
  createServer(shop, whole);
  // @ts-expect-error A capability is missing.
  createServer(shop, {});
  const { price: _, ...withoutPrice } = whole.stock;
  // @ts-expect-error A procedure is missing.
  createServer(shop, { stock: withoutPrice });
  // @ts-expect-error The result does not fit.
  createServer(shop, { stock: { ...whole.stock, price: () => ({ dollars: 1 }) } });
  const byColour = (input: { colour: string }) => ({ cents: input.colour.length });
  // @ts-expect-error The input has no such field.
  createServer(shop, { stock: { ...whole.stock, price: byColour } });
  // @ts-expect-error A live answers with a source, not with rows.
  createServer(shop, { stock: { ...whole.stock, shelf: () => [] } });
  createServer(shop, { stock: { ...whole.stock, shelf: () => source } });
  // An implementation sees its input with the defaults filled in.
  createServer(shop, { stock: { ...whole.stock, price: ({ amount }) => ({ cents: amount.valueOf() }) } });
}
