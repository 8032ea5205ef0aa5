import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { Backoff } from './backoff.ts';
import { Gate } from './gate.ts';

const never = new AbortController().signal;

describe('Gate', () => {
  test('R33 lets four in, the more urgent first', async () => {
    const gate = new Gate(new FakeClock());
    const entered: number[] = [];
    const slots: Disposable[] = [];
    const enter = async (priority: number, name: number) => {
      slots.push(await gate.enter(() => priority, never));
      entered.push(name);
    };
    const all = [enter(0, 1), enter(0, 2), enter(0, 3), enter(0, 4), enter(2, 5), enter(1, 6), enter(0, 7)];
    await Promise.all(all.slice(0, 4));
    expect(entered).toEqual([1, 2, 3, 4]);
    for (let round = 0; round < 3; round++) {
      slots[round]?.dispose();
      await Promise.resolve();
      await Promise.resolve();
    }
    await Promise.all(all);
    expect(entered).toEqual([1, 2, 3, 4, 7, 6, 5]);
  });

  test('R33 one that gave up takes no place', async () => {
    const gate = new Gate(new FakeClock());
    for (let place = 0; place < 4; place++) await gate.enter(() => 0, never);
    const cancel = new AbortController();
    const waiting = gate.enter(() => 0, cancel.signal);
    cancel.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
  });

  test('F16 after a herd was lost, starts are at most one a second for five seconds', async () => {
    const clock = new FakeClock();
    const gate = new Gate(clock);
    for (let watch = 0; watch < 20; watch++) gate.lost();
    const from = clock.now();
    const starts: number[] = [];
    for (let watch = 0; watch < 20; watch++) {
      void gate
        .enter(() => 0, never)
        .then((slot) => {
          starts.push(clock.now() - from);
          slot.dispose();
        });
    }
    await clock.advance(5_000);
    expect(starts).toEqual([0, 1_000, 2_000, 3_000, 4_000, 5_000]);
    await clock.advance(2_000);
    expect(starts).toHaveLength(20);
  });

  test('F1 a single loss is no herd', async () => {
    const clock = new FakeClock();
    const gate = new Gate(clock);
    gate.lost();
    for (let start = 0; start < 3; start++) (await gate.enter(() => 0, never)).dispose();
    expect(clock.now()).toBe(new FakeClock().now());
  });

  test('R21 the user ends the slow time', async () => {
    const clock = new FakeClock();
    const gate = new Gate(clock);
    for (let watch = 0; watch < 5; watch++) gate.lost();
    (await gate.enter(() => 0, never)).dispose();
    const second = gate.enter(() => 0, never);
    gate.hurry();
    await second;
    expect(clock.now()).toBe(new FakeClock().now());
  });
});

describe('Backoff', () => {
  test('R21 0.8 s doubled to 30 s', () => {
    const backoff = new Backoff(new FakeClock(), () => 1);
    expect(Array.from({ length: 8 }, () => backoff.next())).toEqual([
      800, 1600, 3200, 6400, 12800, 25600, 30000, 30000,
    ]);
  });

  test('R21 full jitter: anything from nothing to the whole', () => {
    const backoff = new Backoff(new FakeClock(), () => 0);
    expect(backoff.next()).toBe(0);
  });

  test('R21 two healthy minutes are forgiveness', async () => {
    const clock = new FakeClock();
    const backoff = new Backoff(clock, () => 1);
    backoff.next();
    backoff.next();
    await clock.advance(1_600 + 120_001);
    expect(backoff.next()).toBe(800);
  });
});
