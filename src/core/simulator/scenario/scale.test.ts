import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { decodeMessage, messageTypeOf } from '../../kube/projectors/index.ts';
import { connect, unwrap } from '../conformanceClient.ts';
import { listAt, recordAt, textAt } from '../objects.ts';
import { type ScaleFleet, scale } from './scale.ts';

const clock = new FakeClock(Date.parse('2026-10-01T12:00:00Z'));
let fleet: ScaleFleet | undefined;
afterEach(() => fleet?.dispose());

async function start(options: { clusters: number; pods: number; churnPerSecond: number }) {
  fleet = await scale({ ...options, clock });
  return fleet;
}

const entries = (from: ScaleFleet, at: number, type: string) => [
  ...(from.simulators[at]?.cluster.store.list(type) ?? []),
];

describe('load', () => {
  it('gives each cluster names and uids of its own, over bytes that are shared', async () => {
    const { simulators } = await start({ clusters: 3, pods: 130, churnPerSecond: 0 });
    const uids = new Set<string>();
    const names = new Set<string>();
    for (const { cluster } of simulators) {
      expect(cluster.store.size('pods')).toBe(130);
      for (const { key, object } of cluster.store.list('pods')) {
        expect(key).toBe(`${object.metadata.namespace}/${object.metadata.name}`);
        uids.add(object.metadata.uid);
        names.add(key);
      }
    }
    expect(uids.size).toBe(390);
    expect(names.size).toBe(390);
  });

  it('says the same in both encodings', async () => {
    const load = await start({ clusters: 2, pods: 30, churnPerSecond: 0 });
    const type = messageTypeOf('', 'v1', 'Pod') ?? '';
    for (const entry of entries(load, 1, 'pods')) {
      const decoded = decodeMessage(type, entry.protobuf ?? new Uint8Array(0));
      expect(recordAt(decoded, 'metadata')).toEqual(entry.object.metadata);
      expect(textAt(decoded, 'spec.nodeName')).toBe(textAt(entry.object, 'spec.nodeName'));
    }
  });

  it('finds the pods of a ReplicaSet by its uid, and the ReplicaSet by the pod', async () => {
    const load = await start({ clusters: 2, pods: 30, churnPerSecond: 0 });
    const store = load.simulators[1]?.cluster.store;
    const [replicaSet] = entries(load, 1, 'replicasets.apps');
    const owned = store?.ownedBy(replicaSet?.object.metadata.uid ?? '') ?? [];
    expect(owned.length).toBe(12);
    for (const { object } of owned)
      expect(object.metadata.ownerReferences?.[0]?.name).toBe(replicaSet?.object.metadata.name);
  });

  it('serves a cluster whole, in JSON and in protobuf', async () => {
    const load = await start({ clusters: 2, pods: 700, churnPerSecond: 0 });
    const api = connect(load.kubeconfig, () => Promise.resolve());
    const list = await api.call('GET', '/api/v1/pods');
    const packed = await api.call('GET', '/api/v1/pods', { accept: 'application/vnd.kubernetes.protobuf' });
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const watched = await api.watch(`/api/v1/pods?${query}`, 701);
    await api.dispose();
    const uids = listAt(list.json, 'items').map((item) => textAt(item, 'metadata.uid'));
    expect(uids.length).toBe(700);
    const podList = decodeMessage(messageTypeOf('', 'v1', 'PodList') ?? '', unwrap(packed.bytes));
    expect(listAt(podList, 'items').map((item) => textAt(item, 'metadata.uid'))).toEqual(uids);
    expect(watched.events.map(({ type }) => type)).toEqual([...uids.map(() => 'ADDED'), 'BOOKMARK']);
    expect(watched.events.slice(0, -1).map(({ object }) => textAt(object, 'metadata.uid'))).toEqual(uids);
  });

  it('churns as often as it is told, and keeps the number of pods', async () => {
    const load = await start({ clusters: 3, pods: 120, churnPerSecond: 200 });
    const before = new Set(entries(load, 0, 'pods').map(({ key }) => key));
    await clock.advance(5000);
    expect(load.changes).toBe(1000);
    const after = entries(load, 0, 'pods').map(({ key }) => key);
    expect(after.length).toBe(120);
    expect(after.some((key) => !before.has(key))).toBe(true);
    expect(load.simulators.map(({ cluster }) => cluster.store.size('pods'))).toEqual([120, 120, 120]);
  });
});
