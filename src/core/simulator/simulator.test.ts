import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../kernel/clock.ts';
import { fieldPredicate, labelPredicate } from './api/selectors.ts';
import { humanDuration } from './api/table/age.ts';
import { jsonPath } from './api/table/jsonPath.ts';
import { fieldsOf, subtract, union } from './api/write/fieldSets.ts';
import { mergePatch, strategicPatch } from './api/write/mergePatch.ts';
import { createCertificate } from './certificate.ts';
import { parseSchedule } from './controllers/cron.ts';
import { quantity } from './controllers/quantities.ts';
import type { KubeObject } from './objects.ts';
import { createSimulator } from './server.ts';
import { ObjectStore } from './store/objectStore.ts';
import { Timeline } from './store/timeline.ts';

const object = (name: string, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'a', uid: name, resourceVersion: '', creationTimestamp: '', labels },
  status: { phase: 'Running' },
});

describe('timeline', () => {
  it('plays in order of time, and then follows the clock', async () => {
    const clock = new FakeClock(10_000);
    const timeline = new Timeline(0);
    const rung: [string, number][] = [];
    const ring = (name: string) => () => rung.push([name, timeline.now()]);
    timeline.after(5000, ring('late'));
    timeline.after(1000, () => timeline.after(1000, ring('nested')));
    timeline.after(3000, ring('cancelled')).dispose();
    timeline.after(20_000, ring('live'));
    timeline.playTo(10_000);
    expect(rung).toEqual([
      ['nested', 2000],
      ['late', 5000],
    ]);
    timeline.follow(clock);
    await clock.advance(10_000);
    expect(rung.at(-1)).toEqual(['live', 20_000]);
  });

  it('rings in the order of due times, whatever the order of asking', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000)), (delays) => {
        const timeline = new Timeline(0);
        const rung: number[] = [];
        for (const delay of delays) timeline.after(delay, () => rung.push(delay));
        timeline.playTo(1000);
        expect(rung).toEqual([...delays].sort((a, b) => a - b));
      }),
    );
  });
});

describe('store', () => {
  it('replays changes, and forgets them when compacted', () => {
    const store = new ObjectStore();
    const first = store.put('pods', object('x'));
    store.put('pods', { ...first, status: { phase: 'Failed' } });
    store.remove('pods', 'a/x');
    const since = store.changesSince('pods', Number(first.metadata.resourceVersion));
    expect(since?.map((change) => change.type)).toEqual(['MODIFIED', 'DELETED']);
    store.compact();
    expect(store.changesSince('pods', Number(first.metadata.resourceVersion))).toBeUndefined();
    expect(store.changesSince('pods', store.revision)).toEqual([]);
  });

  it('trims its ring, and says so', () => {
    const store = new ObjectStore({ ringSize: 10 });
    for (let index = 0; index < 50; index++) store.put('pods', object('x'));
    expect(store.changesSince('pods', 2)).toBeUndefined();
    expect(store.changesSince('pods', store.revision - 5)?.length).toBe(5);
  });

  it('lists in the order of keys, from after a key', () => {
    const store = new ObjectStore();
    for (const name of ['c', 'a', 'b']) store.put('pods', object(name));
    expect(Array.from(store.list('pods', 'a', 'a/a'), (entry) => entry.key)).toEqual(['a/b', 'a/c']);
    expect([...store.list('pods', 'other')]).toEqual([]);
  });
});

describe('selectors', () => {
  it.each([
    ['app=web', true],
    ['app==web,tier', false],
    ['app in (api, web)', true],
    ['app notin (web)', false],
    ['!tier', true],
    ['app!=web', false],
  ])('%s', (selector, expected) => {
    expect(labelPredicate(selector)(object('x', { app: 'web' }))).toBe(expected);
  });

  it('compares fields', () => {
    const type = { id: 'pods', apiVersion: 'v1', kind: 'Pod' };
    expect(fieldPredicate('status.phase!=Running', type)(object('x'))).toBe(false);
    expect(() => fieldPredicate('spec.unknown=1', type)).toThrow('field label not supported: spec.unknown');
  });
});

describe('printing', () => {
  it.each([
    [119_000, '119s'],
    [125_000, '2m5s'],
    [3 * 3600_000, '3h'],
    [47 * 3600_000, '47h'],
    [50 * 3600_000, '2d2h'],
    [800 * 24 * 3600_000, '2y70d'],
  ])('%i ms is %s', (ms, text) => {
    expect(humanDuration(ms)).toBe(text);
  });

  it('reads printer columns', () => {
    const value = { status: { conditions: [{ type: 'Ready', status: 'True' }] }, spec: { 'a.b': [1, 2] } };
    expect(jsonPath(value, '.status.conditions[?(@.type=="Ready")].status')).toBe('True');
    expect(jsonPath(value, "['spec'].a\\.b[1]")).toBe(2);
    expect(jsonPath(value, '.status.none.x')).toBeUndefined();
  });
});

describe('patches', () => {
  it('merges by null, object and value', () => {
    expect(mergePatch({ a: 1, b: { c: 1, d: 2 } }, { a: null, b: { c: [3] } })).toEqual({ b: { c: [3], d: 2 } });
  });

  it('merges lists by their keys', () => {
    const before = {
      containers: [
        { name: 'a', image: '1' },
        { name: 'b', image: '1' },
      ],
    };
    const patch = {
      containers: [
        { name: 'a', image: '2' },
        { name: 'b', $patch: 'delete' },
      ],
    };
    expect(strategicPatch(before, patch)).toEqual({ containers: [{ name: 'a', image: '2' }] });
  });

  it('field sets: what is taken away and put back is the same', () => {
    const config = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,3}$/),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,2}$/), fc.string(), { minKeys: 1 }),
    );
    fc.assert(
      fc.property(config, config, (a, b) => {
        const [left, right] = [fieldsOf({ spec: a }, true), fieldsOf({ spec: b }, true)];
        const all = union(left, right);
        expect(subtract(subtract(all, left), right)).toEqual({});
        expect(union(subtract(all, left), left)).toEqual(union(left, subtract(all, left)));
      }),
    );
  });
});

describe('small parts', () => {
  it('a certificate that others can read, for loopback', () => {
    const day = 86_400_000;
    for (let round = 0; round < 20; round++) {
      const made = createCertificate('sim', { fromMs: Date.UTC(2026, 0, 1), toMs: Date.UTC(2026, 0, 1) + day });
      const read = new X509Certificate(made.certificate);
      expect(read.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1');
      expect(read.verify(read.publicKey)).toBe(true);
    }
  });

  it('reads schedules', () => {
    const next = (text: string, from: string) =>
      new Date(parseSchedule(text)?.next(Date.parse(from)) ?? 0).toISOString();
    expect(next('*/30 * * * *', '2026-01-01T10:05:00Z')).toBe('2026-01-01T10:30:00.000Z');
    expect(next('0 6 * * 1-5', '2026-01-02T07:00:00Z')).toBe('2026-01-05T06:00:00.000Z');
    expect(next('@monthly', '2026-01-02T07:00:00Z')).toBe('2026-02-01T00:00:00.000Z');
    expect(parseSchedule('61 * * * *')).toBeUndefined();
  });

  it('reads quantities', () => {
    expect(['500m', '2Gi', '1.5', '100k', 'x'].map(quantity)).toEqual([0.5, 2 ** 31, 1.5, 100_000, 0]);
  });
});

describe('controllers', () => {
  const deployment = (image: string) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 4,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } },
    },
    status: {},
  });
  const start = () => {
    const simulator = createSimulator({
      name: 'rollout',
      clock: new FakeClock(),
      controllers: {
        behaviour: (pod) =>
          pod.spec.containers[0]?.image === 'web:bad' ? { exit: { afterMs: 500, exitCode: 1 } } : {},
      },
    });
    const { cluster } = simulator;
    const allocatable = { cpu: '8', memory: '16Gi', pods: '110' };
    cluster.create('nodes', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n' },
      spec: {},
      status: { allocatable },
    });
    cluster.create('deployments.apps', deployment('web:1'));
    const play = (ms: number) => cluster.timeline.playTo(cluster.timeline.now() + ms);
    play(60_000);
    return { simulator, cluster, play };
  };
  const web = (cluster: ReturnType<typeof start>['cluster']) =>
    cluster.store.object('deployments.apps', 'default', 'web');

  it('rolls out within surge and unavailability, and says when it is done', () => {
    const { simulator, cluster, play } = start();
    expect(web(cluster)?.status).toMatchObject({ replicas: 4, readyReplicas: 4, updatedReplicas: 4 });
    let [most, least] = [0, 99];
    cluster.store.subscribe('pods', () => {
      const pods = cluster.store.objects('pods').filter((pod) => pod.metadata.deletionTimestamp === undefined);
      most = Math.max(most, pods.length);
      const ready = pods.filter((pod) => JSON.stringify(pod.status).includes('"type":"Ready","status":"True"'));
      least = Math.min(least, ready.length);
    });
    const before = web(cluster);
    if (before === undefined) throw new Error('the deployment is there');
    cluster.store.put('deployments.apps', { ...before, spec: deployment('web:2').spec });
    play(120_000);
    expect([most, least]).toEqual([5, 3]);
    const sets = cluster.store.objects('replicasets.apps').map((set) => (set.status as { replicas: number }).replicas);
    expect(sets.sort()).toEqual([0, 4]);
    expect(JSON.stringify(web(cluster)?.status)).toContain('NewReplicaSetAvailable');
    simulator.dispose();
  });

  it('a bad release crash-loops with a growing back-off and misses its deadline; the old pods stay', () => {
    const { simulator, cluster, play } = start();
    const before = web(cluster);
    if (before === undefined) throw new Error('the deployment is there');
    cluster.store.put('deployments.apps', {
      ...before,
      spec: { ...deployment('web:bad').spec, progressDeadlineSeconds: 60 },
    });
    play(300_000);
    const text = JSON.stringify(cluster.store.objects('pods').map((pod) => pod.status));
    expect(text).toContain('CrashLoopBackOff');
    // The fifth restart: 10 s doubled four times.
    expect(text).toContain('back-off 2m40s');
    const status = web(cluster)?.status as { readyReplicas: number; conditions: { reason: string }[] };
    expect(status.readyReplicas).toBe(3);
    expect(status.conditions.map((condition) => condition.reason)).toContain('ProgressDeadlineExceeded');
    expect(cluster.store.objects('events').some((event) => event.reason === 'BackOff')).toBe(true);
    simulator.dispose();
  });
});
