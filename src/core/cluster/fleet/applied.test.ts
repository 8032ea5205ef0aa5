import { expect, test } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { Emitter } from '../../kernel/emitter.ts';
import type { WatchMessage } from '../../kube/columns/batch.ts';
import { sampleBatches, sampleUid } from '../../kube/columns/rowBatches.ts';
import { createTables } from '../../kube/columns/tables.ts';
import type { Watchers } from '../../kube/reflector/watchers.ts';
import { createApplied, type Lost } from './applied.ts';
import { kindOf, setStage } from './fakes.ts';

const { schema } = kindOf('pods');

function stage() {
  const messages = new Emitter<WatchMessage>();
  const nothing = () => undefined;
  const watchers: Watchers = {
    onMessage: messages.event,
    connect: nothing,
    disconnect: nothing,
    watch: nothing,
    unwatch: nothing,
    retry: nothing,
    shed: nothing,
    dispose: nothing,
  };
  const tables = createTables();
  tables.table(schema);
  const clock = new FakeClock();
  const lost: Lost[] = [];
  const resynced: string[] = [];
  const applied = createApplied({
    watchers,
    tables,
    clock,
    resync: (cluster, kind) => resynced.push(`${cluster} ${kind}`),
    onLost: (one) => lost.push(one),
  });
  const heard: string[] = [];
  applied.onMessage((message) => heard.push(message.type));
  return { messages, tables, clock, lost, resynced, heard };
}

/** Two batches of one watcher: the second names texts that only the first brings. */
function twoBatches() {
  const make = sampleBatches(schema);
  const row = (at: number, status: string) => ({
    uid: sampleUid(at),
    version: String(at),
    name: `web-${at}`,
    namespace: 'shop',
    status,
  });
  return [make(0, [row(1, 'Running'), row(2, 'Failed')]), make(0, [row(3, 'Failed'), row(4, 'Pending')])] as const;
}

test('a batch after a lost one ends its watch, which is started anew', async () => {
  const { messages, tables, clock, lost, resynced, heard } = stage();
  const [, second] = twoBatches();
  messages.fire({ type: 'listing', cluster: 0, kind: 'pods', scope: '' });
  messages.fire({ type: 'rows', batch: second, scope: '' });
  // Of a list with a hole nobody may hear that it is complete.
  messages.fire({ type: 'listed', cluster: 0, kind: 'pods', scope: '', resourceVersion: '9' });
  expect(heard).toEqual(['listing']);
  expect(lost).toEqual([{ cluster: 0, kind: 'pods', error: expect.any(Error), count: 1 }]);
  expect(tables.get('pods')?.resourceVersions(0).size).toBe(0);
  expect(resynced).toEqual([]);
  await clock.advance(0);
  expect(resynced).toEqual(['0 pods']);

  const [first, next] = twoBatches();
  messages.fire({ type: 'listing', cluster: 0, kind: 'pods', scope: '' });
  messages.fire({ type: 'rows', batch: first, scope: '' });
  messages.fire({ type: 'rows', batch: next, scope: '' });
  messages.fire({ type: 'listed', cluster: 0, kind: 'pods', scope: '', resourceVersion: '9' });
  expect(heard).toEqual(['listing', 'listing', 'rows', 'rows', 'listed']);
  expect(tables.get('pods')?.count).toBe(4);
});

test('R44 a lost batch is noticed at the next one, though no text is missing, and the kind is listed anew', async () => {
  const { messages, tables, clock, lost, resynced, heard } = stage();
  const make = sampleBatches(schema);
  const row = (at: number) => ({ uid: sampleUid(at), version: String(at), name: `web-${at}`, namespace: 'shop' });
  const [first, , third] = [make(0, [row(1)]), make(0, [row(2)]), make(0, [row(3)])];
  messages.fire({ type: 'rows', batch: first, scope: '' });
  messages.fire({ type: 'rows', batch: third, scope: '' });
  await clock.advance(0);
  expect([heard, resynced, tables.get('pods')?.count]).toEqual([['rows'], ['0 pods'], 1]);
  expect(lost[0]?.error.message).toBe('Batch 2 of pods came where 1 was expected');
});

test('a watch that fails again and again is started anew ever later', async () => {
  const { messages, clock, lost, resynced } = stage();
  const fail = () => messages.fire({ type: 'rows', batch: twoBatches()[1], scope: '' });
  fail();
  await clock.advance(0);
  fail();
  await clock.advance(999);
  expect(resynced).toHaveLength(1);
  await clock.advance(1);
  expect(resynced).toHaveLength(2);
  for (let time = 0; time < 10; time++) {
    fail();
    await clock.advance(60_000);
  }
  expect(lost.at(-1)?.count).toBe(12);
  expect(resynced).toHaveLength(12);
});

test('the fleet lists a kind from nothing when it is told to', async () => {
  const { fleet, watchers, tables, ...at } = await setStage(['a']);
  fleet.open(['a']);
  await at.clock.advance(0);
  at.list(0, 'pods', []);
  expect(tables.get('pods')?.resourceVersions(0).size).toBe(1);
  const before = watchers.log.length;
  fleet.resync(0, 'pods');
  expect(watchers.log.slice(before)).toEqual(['unwatch 0 pods', 'watch 0 pods all p1']);
  expect(watchers.watching.get('0 pods')?.resume).toBeUndefined();
  expect(fleet.scopes('pods')[0]?.state).toBe('listing');
  // Neither of a kind that nobody watches nor of a cluster that is gone.
  fleet.resync(0, 'secrets');
  fleet.resync(7, 'pods');
  expect(watchers.log).toHaveLength(before + 2);
  fleet.dispose();
});
