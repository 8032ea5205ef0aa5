import { expect, test } from 'vitest';
import { systemClock } from '../../kernel/clock.ts';
import type { Order, Report } from './messages.ts';
import { serveShard } from './shardHost.ts';
import { FakeApi } from './testing/fakeApi.ts';
import { podsTarget, specOf, Table } from './testing/watching.ts';

/** The engine's end of a worker in this thread, which takes rows in only when it is told to. */
function host() {
  let order: (order: Order) => void = () => undefined;
  const table = new Table();
  const seen = { sent: 0, taken: 0, listed: false };
  const shard = serveShard(
    {
      on: (_, listener) => {
        order = listener;
      },
      postMessage(report: Report) {
        if (report.type === 'credentials') {
          order({ type: 'credentials', id: report.id, credentials: { generation: 1 } });
          return;
        }
        for (const { message } of report.messages) {
          if (message.type === 'rows') seen.sent += message.batch.count;
          if (message.type === 'listed') seen.listed = true;
          table.apply(message);
        }
      },
    },
    { clock: systemClock, random: () => 0.5, defer: (run) => setImmediate(run), version: 'test' },
  );
  const take = () => {
    const rows = seen.sent - seen.taken;
    seen.taken = seen.sent;
    if (rows > 0) order({ type: 'taken', rows });
  };
  return { shard, table, seen, take, order: (one: Order) => order(one) };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Until nothing more comes. */
async function quiet(count: () => number): Promise<void> {
  for (let still = 0, before = -1; still < 40; still = count() === before ? still + 1 : 0, before = count()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('R45 a worker does not run ahead of an engine that takes nothing, and in the end nothing is missing', async () => {
  const api = new FakeApi();
  const pods = 40_000;
  for (let at = 0; at < pods; at++) api.put(`web-${at}`);
  await api.listen();
  const { shard, table, seen, take, order } = host();
  order({ type: 'connect', cluster: 1, spec: specOf(api.url) });
  order({ type: 'watch', cluster: 1, watch: 1, target: podsTarget() });
  await until(() => seen.sent >= 20_000);
  await quiet(() => seen.sent);
  // What one turn of reading brings comes on top.
  expect(seen.sent).toBeLessThan(pods);
  expect(seen.listed).toBe(false);
  await until(() => {
    take();
    return seen.listed;
  });
  expect(table.rows()).toEqual(api.expected());
  // A namespace is deleted, while the engine is busy again.
  take();
  const before = seen.sent;
  for (let at = 0; at < pods; at++) api.remove(`web-${at}`);
  api.put('last');
  await until(() => seen.sent - before >= 20_000);
  await quiet(() => seen.sent);
  expect(seen.sent - before).toBeLessThan(pods);
  await until(() => {
    take();
    return table.rows().length === 1;
  });
  expect(table.rows()).toEqual(api.expected());
  shard.dispose();
  await api.kill();
});
