import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { Merge } from './merge.ts';

async function merged(run: (merge: Merge, clock: FakeClock) => Promise<void>): Promise<[number, number][]> {
  const clock = new FakeClock();
  const out: [number, number][] = [];
  const merge = new Merge(clock, ({ at, source }) =>
    at.forEach((time, index) => void out.push([time, source[index] ?? -1])),
  );
  await run(merge, clock);
  await clock.advance(10_000);
  merge.dispose();
  return out;
}

test('pasts that are read one after the other come out in the order of time', async () => {
  const out = await merged(async (merge, clock) => {
    merge.begin(0);
    merge.begin(1);
    for (const at of [10, 20, 30]) merge.add(0, at, 0, '');
    merge.caughtUp(0);
    await clock.advance(500);
    for (const at of [5, 15, 25]) merge.add(1, at, 0, '');
    merge.caughtUp(1);
  });
  expect(out.map(([at]) => at)).toEqual([5, 10, 15, 20, 25, 30]);
});

test('a source that does not answer holds the others up for two seconds at most', async () => {
  const clock = new FakeClock();
  let lines = 0;
  const merge = new Merge(clock, ({ at }) => {
    lines += at.length;
  });
  merge.begin(0);
  merge.begin(1);
  merge.add(0, 1, 0, '');
  merge.caughtUp(0);
  await clock.advance(1500);
  expect(lines).toBe(0);
  await clock.advance(1000);
  expect(lines).toBe(1);
});

test('every line comes out once, those of a source in their order', async () => {
  const line = fc.tuple(fc.nat(3), fc.nat(50), fc.nat(100));
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 200 }), async (lines) => {
      const last = [0, 0, 0, 0];
      const written: [number, number][] = [];
      const out = await merged(async (merge, clock) => {
        for (const [source, later, wait] of lines) {
          const at = (last[source] ?? 0) + later;
          last[source] = at;
          written.push([at, source]);
          merge.add(source, at, 0, '');
          if (wait < 20) await clock.advance(wait * 5);
        }
      });
      for (const source of [0, 1, 2, 3]) {
        expect(out.filter(([, of]) => of === source)).toEqual(written.filter(([, of]) => of === source));
      }
    }),
    { numRuns: 50 },
  );
});
