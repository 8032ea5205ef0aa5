import { afterEach, describe, expect, test } from 'vitest';
import { createWatchers } from './createWatchers.ts';
import { FakeApi } from './testing/fakeApi.ts';
import { podsTarget, specOf, Table } from './testing/watching.ts';
import type { Watchers } from './watchers.ts';

let watchers: Watchers | undefined;
const apis: FakeApi[] = [];

afterEach(async () => {
  watchers?.dispose();
  watchers = undefined;
  for (const api of apis.splice(0)) await api.kill();
});

async function serve(...names: string[]): Promise<FakeApi> {
  const api = new FakeApi();
  for (const name of names) api.put(name);
  await api.listen();
  apis.push(api);
  return api;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

function connect(all: Watchers, cluster: number, api: FakeApi, get = async () => ({ generation: 1, token: 't' })) {
  const table = new Table();
  all.onMessage((message) => {
    if ((message.type === 'rows' ? message.batch.cluster : message.cluster) === cluster) table.apply(message);
  });
  all.connect(cluster, specOf(api.url), { get });
  return table;
}

describe('with worker threads', () => {
  test('rows of two clusters arrive from two workers, with credentials of this thread', async () => {
    const [one, two] = [await serve('a', 'b'), await serve('c')];
    watchers = createWatchers({ workers: 2 });
    const first = connect(watchers, 1, one);
    const second = connect(watchers, 2, two);
    watchers.watch(1, podsTarget());
    watchers.watch(2, podsTarget());
    await until(() => first.rows().length === 2 && second.rows().length === 1);
    one.put('late');
    await until(() => first.rows().length === 3);
    expect(first.rows()).toEqual(one.expected());
    expect(second.rows()).toEqual(two.expected());
    expect(one.requests[0]?.headers.authorization).toBe('Bearer t');
  });

  test('credentials that fail are told in their own words', async () => {
    const api = await serve('a');
    watchers = createWatchers({ workers: 1 });
    connect(watchers, 1, api, () => Promise.reject(new Error('the plugin exited with 1')));
    const told = new Promise((resolve) => {
      watchers?.onMessage((message) => {
        if (message.type === 'state' && message.state.state === 'stale') resolve(message.state.reason);
      });
    });
    watchers.watch(1, podsTarget());
    expect(await told).toContain('the plugin exited with 1');
    expect(api.requests).toEqual([]);
  });

  test('R40 after unwatch nothing comes, and a new watch begins with a list', async () => {
    const api = await serve('a');
    watchers = createWatchers({ workers: 1 });
    const types: string[] = [];
    const table = connect(watchers, 1, api);
    watchers.onMessage((message) => types.push(message.type));
    watchers.watch(1, podsTarget());
    await until(() => table.rows().length === 1);
    watchers.unwatch(1, 'pods');
    types.length = 0;
    for (let at = 0; at < 20; at++) api.put(`late-${at}`);
    watchers.watch(1, podsTarget());
    await until(() => table.rows().length === 21);
    expect(types[0]).toBe('state');
    expect(types.indexOf('listing')).toBeLessThan(types.indexOf('rows'));
  });

  test('R43 a worker that dies is started again, and its clusters are listed anew', async () => {
    const api = await serve('a', 'b');
    const crash = new URL('./testing/crashingWorker.ts', import.meta.url);
    watchers = createWatchers({ workers: 1, workerUrl: crash });
    const table = connect(watchers, 1, api);
    const states: string[] = [];
    watchers.onMessage((message) => {
      if (message.type === 'state')
        states.push(`${message.state.state} ${'reason' in message.state ? message.state.reason : ''}`.trim());
    });
    watchers.watch(1, podsTarget());
    await until(() => states.at(-1) === 'live');
    api.put('crash-now');
    await until(() => states.some((state) => state.startsWith('stale The watcher stopped (a bug)')));
    api.remove('crash-now');
    api.remove('a');
    await until(() => states.at(-1) === 'live' && JSON.stringify(table.rows()) === JSON.stringify(api.expected()));
  });
});

describe('without worker threads', () => {
  test('an address that cannot be used is a state, not an exception', async () => {
    watchers = createWatchers({ workers: 0 });
    const states: unknown[] = [];
    watchers.onMessage((message) => states.push(message.type === 'state' ? message.state : message));
    watchers.connect(1, specOf('ftp://nowhere'), { get: async () => ({ generation: 1 }) });
    watchers.watch(1, podsTarget());
    expect(states).toEqual([
      expect.objectContaining({ state: 'stale', code: 'invalid', reason: expect.stringContaining('https://') }),
    ]);
  });

  test('watching a cluster that was not connected is a mistake of the caller', () => {
    watchers = createWatchers({ workers: 0 });
    expect(() => watchers?.watch(7, podsTarget())).toThrow('Cluster 7 is not connected');
  });
});
