import { expect, test } from 'vitest';
import type { Clock } from '../../kernel/clock.ts';
import { sampleUid } from '../../kube/columns/rowBatches.ts';
import { meta, type Tone } from '../../kube/columns/schema.ts';
import { sampleFleet } from './sampleFleet.ts';
import { SharedViews, type ViewQuestion } from './sharedViews.ts';

const question: ViewQuestion = {
  clusters: [0, 1],
  clusterNames: ['prod-eu', 'dev'],
  namespaces: undefined,
  filter: 'web',
  sort: [{ column: 'age', descending: false }],
  group: undefined,
};

test('the same question is one view, until its last user is gone', () => {
  const { tables, clock } = sampleFleet();
  const table = tables.get('pods') ?? expect.fail();
  const views = new SharedViews(clock, String);
  const one = views.acquire(table, question);
  const two = views.acquire(table, { ...question });
  const other = views.acquire(table, { ...question, filter: 'api' });
  expect(one).toBe(two);
  expect(views.size).toBe(2);
  one.dispose();
  expect(two.current().matched).toBe(2);
  two.dispose();
  other.dispose();
  expect(views.size).toBe(0);
});

test('sorting by age puts the youngest first; a view that changes only elsewhere wakes nobody', async () => {
  const { tables, clock, apply } = sampleFleet();
  const table = tables.get('pods') ?? expect.fail();
  const shared = new SharedViews(clock, String).acquire(table, question);
  const names = () => [...shared.current().window(0, 9)].map((row) => table.text(row, 0));
  expect(names()).toEqual(['web-canary', 'web-7d9f']);
  let changes = 0;
  shared.onChange(() => changes++);
  apply(0, [{ uid: sampleUid(3), name: 'coredns-x', namespace: 'kube-system', status: 'Failed' }]);
  await clock.advance(50);
  expect(changes).toBe(0);
  apply(0, [{ uid: sampleUid(2), name: 'web-7d9f', namespace: 'shop', created: clock.now() / 1000 }]);
  await clock.advance(50);
  expect(changes).toBe(1);
  expect(names()).toEqual(['web-7d9f', 'web-canary']);
});

test('a change after quiet is told at once, those behind it once in ten milliseconds', async () => {
  const { tables, clock, apply } = sampleFleet();
  const table = tables.get('pods') ?? expect.fail();
  const shared = new SharedViews(clock, String).acquire(table, { ...question, filter: '' });
  let changes = 0;
  shared.onChange(() => changes++);
  const change = (at: number) => apply(0, [{ uid: sampleUid(90 + at), name: `new-${at}`, namespace: 'shop' }]);
  await clock.advance(1_000);
  change(0);
  change(1);
  // Not within the batches themselves, which may be followed by more.
  expect(changes).toBe(0);
  await clock.advance(0);
  expect(changes).toBe(1);
  change(2);
  await clock.advance(5);
  change(3);
  await clock.advance(4);
  expect(changes).toBe(1);
  await clock.advance(1);
  expect(changes).toBe(2);
  expect(shared.current().matched).toBe(table.count);
});

test('sorting by status puts what fails first, whatever its word', () => {
  const { tables, clock, apply } = sampleFleet();
  const table = tables.get('pods') ?? expect.fail();
  const pod = (at: number, status: string, tone: Tone) => ({ uid: sampleUid(at), name: `s-${at}`, status, tone });
  apply(0, [pod(81, 'Running', 'healthy'), pod(82, 'Zombie', 'failed'), pod(83, 'Completed', 'stopped')]);
  apply(0, [pod(84, 'CrashLoopBackOff', 'failed'), pod(85, 'Pending', 'progressing')]);
  const sort = [{ column: 'status', descending: false }];
  const view = new SharedViews(clock, String).acquire(table, { ...question, filter: 'name~^s-', sort }).current();
  const words = [...view.window(0, 9)].map((row) => table.text(row, meta.status));
  expect(words).toEqual(['CrashLoopBackOff', 'Zombie', 'Pending', 'Running', 'Completed']);
});

test("free words find a pod's containers by name, not by the letters of their state", () => {
  const { tables, clock } = sampleFleet();
  const table = tables.table({
    ...(tables.get('pods') ?? expect.fail()).schema,
    columns: [
      ...(tables.get('pods') ?? expect.fail()).schema.columns,
      { id: 'containers', title: 'Containers', type: 'text', priority: 0 },
    ],
  });
  const store = table.store('containers');
  if (store?.type !== 'text') return expect.fail();
  store.ids.fill(store.dictionary.intern('cr main\nsn proxy'), 0, 4);
  const views = new SharedViews(clock, String);
  const matched = (filter: string) => views.acquire(table, { ...question, filter }).current().matched;
  expect(['proxy', 'cr', 'sn'].map(matched)).toEqual([4, 1, 0]);
});

test('where updates take long, a live list shows what is there, and a single question what is so', async () => {
  const { tables, clock, apply } = sampleFleet();
  const table = tables.get('pods') ?? expect.fail();
  // Every look at this clock takes 10 ms: so does an update.
  let steadyMs = 0;
  const slow: Clock = {
    now: () => clock.now(),
    after: (delayMs, run) => clock.after(delayMs, run),
    every: (periodMs, run) => clock.every(periodMs, run),
    steady() {
      steadyMs += 10;
      return steadyMs;
    },
  };
  const shared = new SharedViews(slow, String).acquire(table, { ...question, filter: '', sort: [] });
  const before = shared.recent().matched;
  apply(0, [{ uid: sampleUid(77), name: 'web-new', namespace: 'shop' }]);
  expect(shared.recent().matched).toBe(before);
  expect(shared.current().matched).toBe(before + 1);
});
