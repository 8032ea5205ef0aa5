import { expect, it } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { Notices } from './notices.ts';

it('shows the newest first, replaces by key, takes back, and tells its readers', async () => {
  const clock = new FakeClock(1_000);
  const notices = new Notices(clock);
  const live = notices.live();
  let told = 0;
  live.onChange(() => told++);
  notices.add({ tone: 'warning', message: 'first' });
  await clock.advance(1_000);
  notices.add({ key: 'disk', tone: 'failed', message: 'disk full', hint: 'free some' });
  notices.add({ key: 'disk', tone: 'failed', message: 'disk still full' });
  expect(live.read().rows).toEqual([
    { key: 'disk', at: 2_000, tone: 'failed', message: 'disk still full' },
    { key: 'notice-1', at: 1_000, tone: 'warning', message: 'first' },
  ]);
  notices.remove('disk');
  notices.remove('nothing');
  expect(live.read()).toMatchObject({ rev: 4, rows: [{ message: 'first' }] });
  expect(told).toBe(4);
  live.dispose();
  notices.add({ tone: 'warning', message: 'unseen' });
  expect(told).toBe(4);
});

it('keeps a bounded number', () => {
  const notices = new Notices(new FakeClock());
  for (let index = 0; index < 150; index++) notices.add({ tone: 'warning', message: String(index) });
  expect([notices.list.length, notices.list[0]?.message]).toEqual([100, '149']);
});
