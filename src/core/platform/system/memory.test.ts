import { expect, it } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { MemoryWatch, readMemory } from './memory.ts';
import { Notices } from './notices.ts';

it('F24 lets go of the cheapest first while memory is short, of everything in danger, and says so until it is over', async () => {
  const clock = new FakeClock(1_000);
  const notices = new Notices(clock);
  const shed: string[] = [];
  let used = 100;
  const sheddables = ['values', 'texts', 'kinds'].map((name) => ({ name, shed: () => void shed.push(name) }));
  const read = () => [
    { what: 'JavaScript memory', used: 1, limit: 4_096 * 2 ** 20 },
    { what: 'memory', used: used * 2 ** 20, limit: 512 * 2 ** 20 },
  ];
  const watch = new MemoryWatch({ clock, notices, sheddables, read });
  await clock.advance(60_000);
  expect([shed, notices.list]).toEqual([[], []]);

  used = 420;
  await clock.advance(5_000);
  expect(shed).toEqual(['values']);
  expect(notices.list).toMatchObject([
    {
      tone: 'warning',
      message: 'Little memory is left: 420 of 512 MB of memory are used',
      hint: expect.stringContaining('values. Lists'),
    },
  ]);
  // Between the limits nothing more goes, and it is not over.
  used = 380;
  await clock.advance(60_000);
  expect([shed, notices.list.length]).toEqual([['values'], 1]);

  used = 480;
  await clock.advance(5_000);
  expect(shed).toEqual(['values', 'texts', 'kinds']);
  expect(notices.list).toMatchObject([{ tone: 'failed', hint: expect.stringContaining('values, texts, kinds') }]);
  // What is gone is not let go of again at every look.
  await clock.advance(50_000);
  expect(shed).toHaveLength(3);
  await clock.advance(15_000);
  expect(shed).toHaveLength(6);

  used = 300;
  await clock.advance(5_000);
  expect(notices.list).toEqual([]);
  watch.dispose();
  used = 500;
  await clock.advance(60_000);
  expect(shed).toHaveLength(6);
});

it('knows the heap of its thread, and what the process may use where that is limited', () => {
  const [heap, all, ...more] = readMemory(2 ** 40);
  expect(heap?.used).toBeGreaterThan(0);
  expect(heap?.limit).toBeGreaterThan(heap?.used ?? 0);
  expect(all).toMatchObject({ what: 'memory', limit: 2 ** 40 });
  expect(all?.used).toBeGreaterThan(10 * 2 ** 20);
  expect(more).toEqual([]);
  expect(readMemory(0)).toHaveLength(1);
  expect(readMemory(2 ** 64)).toHaveLength(1);
});
