import { expect, test } from 'vitest';
import { FakeClock } from './clock.ts';
import { TailFeed } from './tailFeed.ts';

/** Items of a thousand letters each, as many as are taken. */
function source(count: number, bounded: boolean) {
  let taken = 0;
  const items = {
    ...(bounded && { bounded }),
    async *[Symbol.asyncIterator]() {
      for (; taken < count; taken++) yield 'x'.repeat(1000);
    },
  };
  return { items, taken: () => taken };
}

async function read(bounded: boolean) {
  const clock = new FakeClock();
  const { items, taken } = source(100, bounded);
  let received = 0;
  let dropped = 0;
  let ended = false;
  const feed = new TailFeed(items, {
    clock,
    bufferBytes: 20_000,
    send(batch) {
      received += batch.items.length;
      dropped += batch.dropped;
    },
    end() {
      ended = true;
    },
  });
  for (let turn = 0; turn < 100; turn++) await clock.advance(10);
  const takenBefore = taken();
  for (let turn = 0; turn < 200; turn++) {
    feed.grant(2000);
    await clock.advance(100);
  }
  return { takenBefore, received, dropped, ended };
}

test('a source that bounds itself waits for its reader, and nothing is dropped', async () => {
  const { takenBefore, ...rest } = await read(true);
  expect(takenBefore).toBeLessThan(12);
  expect(rest).toEqual({ received: 100, dropped: 0, ended: true });
});

test('any other source is read at once, and what does not fit is counted', async () => {
  const { takenBefore, received, dropped, ended } = await read(false);
  expect(takenBefore).toBe(100);
  expect(dropped).toBeGreaterThan(50);
  expect(received + dropped).toBe(100);
  expect(ended).toBe(true);
});
