import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FakeClock } from '../kernel/clock.ts';
import { createAuthenticator } from '../kube/auth/authenticator.ts';
import { Approvals } from '../kube/auth/consent.ts';
import { connection, contextWith, createStubFolder, credential, execSpec } from '../kube/auth/stubs.ts';
import { createTables } from '../kube/columns/tables.ts';
import { builtInSchema } from '../kube/projectors/index.ts';
import { createWatchers } from '../kube/reflector/createWatchers.ts';
import { FrameSplitter } from '../kube/reflector/frames.ts';
import { readWatchFrame } from '../kube/reflector/protobufStream.ts';
import { createTransport } from '../kube/transport/index.ts';
import { usualFlavour } from './testing/apiServer.ts';
import { play } from './testing/play.ts';
import type { Step } from './testing/script.ts';
import { encodeWatchEvent, servedKind } from './testing/servedKinds.ts';
import { VirtualClock } from './testing/virtualClock.ts';
import { VirtualWorker } from './testing/virtualWorker.ts';
import { ModelCluster } from './testing/world.ts';

const podsKind = servedKind('pods');
const pods = builtInSchema('pods') ?? expect.fail();

test('F3 every way to cut a small stream gives the same events', () => {
  // 14 places to cut: 2^14 streams.
  const bookmark = { kind: 'Pod', apiVersion: 'v1', metadata: { resourceVersion: '7' } };
  const bytes = encodeWatchEvent('BOOKMARK', bookmark, podsKind, true);
  const places = Array.from({ length: 14 }, (_, at) => Math.floor(((at + 1) * bytes.length) / 15));
  // The first four are within the length in front of the frame.
  places.splice(0, 4, 1, 2, 3, 4);
  let heard = 0;
  const sink = {
    object: () => expect.fail('There is no object'),
    error: () => expect.fail('There is no error'),
    bookmark: (version: string) => {
      if (version === '7') heard++;
    },
  };
  for (let cuts = 0; cuts < 2 ** 14; cuts++) {
    const splitter = new FrameSplitter((frame, start, end) => readWatchFrame(frame, start, end, sink));
    let from = 0;
    for (let at = 0; at < places.length; at++) {
      if ((cuts & (1 << at)) === 0) continue;
      const to = places[at] as number;
      splitter.push(bytes, from, to);
      from = to;
    }
    splitter.push(bytes, from, bytes.length);
  }
  expect(heard).toBe(2 ** 14);
});

test('F8 twenty contexts of one identity sign in once, and once more when all are refused', async () => {
  const stubs = await createStubFolder();
  const approvals = {
    value: Approvals.parse({}),
    update: async (change: (value: Approvals) => Approvals) => {
      approvals.value = change(approvals.value);
    },
  };
  const authenticator = createAuthenticator({
    clock: new FakeClock(),
    env: { PATH: `${join(stubs.path, 'bin')}:${process.env.PATH}`, KUBERC: 'off' },
    homeFolder: stubs.path,
    approvals,
    askShell: false,
    execTimeoutMs: 20_000,
  });
  try {
    const runs = join(stubs.path, 'runs');
    await stubs.script('login', `echo run >> ${runs}; echo '${credential({ token: 't' })}'`);
    const sources = [];
    for (let at = 0; at < 20; at++) {
      const server = `https://c${at}.example.com`;
      const context = contextWith({ exec: execSpec('login') }, server);
      const consent = await authenticator.missingConsent(context);
      if (consent !== null) await authenticator.approve(context, consent.hash);
      sources.push(authenticator.sourceFor(context, { ...connection, server }));
    }
    const first = await Promise.all(sources.map((source) => source.get()));
    expect(new Set(first.map(({ generation }) => generation))).toEqual(new Set([1]));
    const again = await Promise.all(sources.map((source) => source.get(1)));
    expect(new Set(again.map(({ generation }) => generation))).toEqual(new Set([2]));
    expect((await readFile(runs, 'utf8')).trim().split('\n')).toHaveLength(2);
  } finally {
    authenticator.dispose();
    await rm(stubs.path, { recursive: true });
  }
});

test('F13 repeated and reordered events leave the newest row, and nothing is told twice', async () => {
  const put = (object: number, seed: number): Step => ({ do: 'put', c: 0, kind: 0, object, seed });
  const gone: Step = { do: 'remove', c: 0, kind: 0, object: 1, seed: 0 };
  const churn: Step[] = [put(1, 1), put(1, 2), put(2, 1), gone, put(1, 3), put(2, 2)];
  const replays: Step[] = [true, false, true].map((reverse) => ({ do: 'replay', c: 0, reverse }));
  // The watchdog fails it when an object goes back in time, comes back, or is told of twice.
  await play([{ do: 'wait', ms: 2_000 }, ...churn, ...replays, ...churn, ...replays, { do: 'reset', c: 0 }], {
    flavours: [usualFlavour, usualFlavour],
    seed: 1,
    workers: 1,
  });
});

/** One cluster behind watchers of its own, in virtual time. */
function follow(options: { namespaces: string[] | null; workers: number; delayMs: () => number }) {
  const clock = new VirtualClock();
  const cluster = new ModelCluster(clock, { index: 0, flavour: usualFlavour, namespaces: null });
  const tables = createTables();
  const table = tables.table(pods, 0);
  const transport: typeof createTransport = (spec, credentials, more) =>
    createTransport(spec, credentials, { ...more, clock, dial: (dialling) => cluster.network.dial(dialling) });
  const watchers = createWatchers({
    workers: options.workers,
    clock,
    random: () => 0.5,
    defer: (run) => void clock.after(0, run),
    transport,
    startWorker: ({ version }) =>
      new VirtualWorker({ clock, random: () => 0.5, version, transport, delayMs: options.delayMs }),
  });
  const live = new Set<string>();
  let largest = 0;
  watchers.onMessage((message) => {
    tables.apply(message);
    if (message.type === 'rows') largest = Math.max(largest, message.batch.count);
    if (message.type === 'state') {
      if (message.state.state === 'live') live.add(message.scope);
      else live.delete(message.scope);
    }
  });
  watchers.connect(
    0,
    { server: 'http://c0.test', insecureSkipTlsVerify: false, disableCompression: false },
    cluster.credentials(),
  );
  watchers.watch(0, { schema: pods, namespaces: options.namespaces, custom: false, priority: 0 });
  return { clock, cluster, table, watchers, live, largest: () => largest };
}

test('F16 240 watches that are lost at once come back one a second for five seconds, and all of them', async () => {
  const namespaces = Array.from({ length: 240 }, (_, at) => `ns-${at}`);
  const world = follow({ namespaces, workers: 0, delayMs: () => 0 });
  for (const namespace of namespaces) world.cluster.etcd.put(podsKind, 'web', namespace, 1);
  expect(await world.clock.pass(60_000, () => world.live.size === 240)).toBe(true);
  const before = world.cluster.server.requests.watch;
  const lists = world.cluster.server.requests.list;
  world.cluster.network.resetAll();
  await world.clock.pass(5_000);
  expect(world.cluster.server.requests.watch - before).toBeLessThanOrEqual(6);
  for (const namespace of namespaces) world.cluster.etcd.put(podsKind, 'web', namespace, 2);
  expect(await world.clock.pass(60_000, () => world.live.size === 240)).toBe(true);
  await world.clock.pass(1_000);
  const newest = new Set(world.cluster.etcd.of('pods').map(({ revision }) => revision));
  expect([...world.table.rows()].every((row) => newest.has(world.table.versions[row] as number))).toBe(true);
  expect(world.table.count).toBe(240);
  // Each resumed from its version.
  expect(world.cluster.server.requests.list - lists).toBe(0);
  expect(world.cluster.server.requests.watch - before).toBe(240);
  world.watchers.dispose();
});

test('F17 5,000 events a second and 100,000 deletes at once arrive whole, in batches that are bounded', {
  timeout: 180_000,
}, async () => {
  const world = follow({ namespaces: null, workers: 1, delayMs: () => 20 });
  const { etcd, server } = world.cluster;
  expect(await world.clock.pass(10_000, () => world.live.has(''))).toBe(true);
  // Ten seconds of 5,000 a second over 1,000 pods, a hundred at a time.
  for (let tick = 0; tick < 500; tick++) {
    for (let n = 0; n < 100; n++) etcd.put(podsKind, `web-${(tick * 100 + n) % 1000}`, 'a', tick + n);
    await world.clock.pass(20);
  }
  const isNewest = () => {
    const newest = new Set(etcd.of('pods').map(({ revision }) => revision));
    return [...world.table.rows()].every((row) => newest.has(world.table.versions[row] as number));
  };
  expect(await world.clock.pass(2_000, () => world.table.count === 1_000 && isNewest())).toBe(true);
  for (let n = 0; n < 99_000; n++) etcd.put(podsKind, `job-${n}`, 'b', n);
  expect(await world.clock.pass(60_000, () => world.table.count === 100_000)).toBe(true);
  for (const { name, namespace } of etcd.of('pods')) etcd.remove('pods', name, namespace);
  expect(await world.clock.pass(60_000, () => world.table.count === 0)).toBe(true);
  expect(world.largest()).toBeLessThanOrEqual(1_000);
  // Not one list beyond the first, and the stream was never given up.
  expect(server.requests).toMatchObject({ list: 0, watch: 1 });
  expect(world.live).toEqual(new Set(['']));
  world.watchers.dispose();
});
