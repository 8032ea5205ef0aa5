import { afterEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { sampleBatches, sampleUid } from '../../kube/columns/rowBatches.ts';
import { createTables } from '../../kube/columns/tables.ts';
import { customSchema } from '../../kube/projectors/index.ts';
import { discovered, FakeFleet } from '../resources/fakeFleet.ts';
import { createGitops, type Gitops } from './gitops.ts';
import { application } from './kinds.ts';

const schema = customSchema({
  group: 'argoproj.io',
  version: 'v1alpha1',
  resource: 'applications',
  kind: 'Application',
  namespaced: true,
  printerColumns: [],
});
const list = '/apis/argoproj.io/v1alpha1/applications?limit=200';
const pathOf = (number: number) => `/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/app-${number}`;

describe('the objects of both engines', () => {
  let all: Gitops | undefined;
  afterEach(() => all?.dispose());

  function start(options: { served?: boolean } = {}) {
    const fleet = new FakeFleet();
    const tables = createTables();
    const clock = new FakeClock();
    const kinds =
      options.served === false
        ? [discovered({ ...schema, id: 'pods', group: '', resource: 'pods', kind: 'Pod' })]
        : [discovered(schema, { custom: true })];
    fleet.setClusters([{ id: 'a', index: 0, name: 'production', kinds }]);
    tables.table(schema, 0);
    const make = sampleBatches(schema);
    const gitops = createGitops({
      fleet,
      tables,
      clock,
      serverOf: () => undefined,
      releaseObjects: () => Promise.reject(new Error('no release is asked for')),
    });
    all = gitops;
    const version = new Map<number, number>();
    /** Writes an application as a controller does; `told` is whether the watch has heard of it. */
    const write = (number: number, status: unknown, told = true) => {
      const next = (version.get(number) ?? 0) + 1;
      version.set(number, next);
      const object = {
        metadata: { name: `app-${number}`, namespace: 'argocd', uid: sampleUid(number), resourceVersion: String(next) },
        spec: { project: 'default' },
        status,
      };
      fleet.objects.set(pathOf(number), object);
      if (told) tell(number, String(next));
      return object;
    };
    const tell = (number: number, told: string, deleted = false) =>
      tables.apply({
        type: 'rows',
        scope: '',
        batch: make(0, [
          { uid: sampleUid(number), version: told, name: `app-${number}`, namespace: 'argocd', deleted },
        ]),
      });
    const settle = async (ms = 200) => {
      await clock.advance(ms);
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
      await clock.advance(ms);
    };
    const asked = () => fleet.requests.map(({ path }) => path);
    return { fleet, clock, gitops, write, tell, settle, asked };
  }
  const synced = { sync: { status: 'Synced' }, health: { status: 'Healthy' } };

  test('are read once, and again when a version says so, though no column changed', async () => {
    const { fleet, gitops, write, settle, asked } = start();
    fleet.setScope(application, { cluster: 'a', state: 'live' });
    write(1, synced);
    const source = gitops.deliveries({ clusters: [], namespaces: [] });
    await settle();
    expect(source.read()).toMatchObject({
      head: { scopes: [{ state: 'ready', engines: ['argocd'] }] },
      rows: [{ sync: 'synced', object: { name: 'app-1' } }],
    });
    const [row] = source.read().rows;
    await settle(5_000);
    expect(asked()).toEqual([pathOf(1)]);
    expect(source.read().rows[0]).toBe(row);
    write(1, { ...synced, operationState: { phase: 'Running' } });
    await settle(1_000);
    expect(source.read().rows).toMatchObject([{ sync: 'syncing' }]);
    expect(asked()).toEqual([pathOf(1), pathOf(1)]);
    source.dispose();
  });

  test('are read as a list when many have changed', async () => {
    const { fleet, gitops, write, settle, asked } = start();
    fleet.setScope(application, { cluster: 'a', state: 'live' });
    const items = Array.from({ length: 30 }, (_, number) => write(number + 1, synced));
    fleet.objects.set(list, { metadata: { continue: 'more/1' }, items: items.slice(0, 20) });
    fleet.objects.set(`${list}&continue=more%2F1`, { metadata: {}, items: items.slice(20) });
    const source = gitops.deliveries({ clusters: [], namespaces: [] });
    await settle();
    expect(source.read().rows).toHaveLength(30);
    expect(asked()).toEqual([list, `${list}&continue=more%2F1`]);
  });

  test('that are gone are gone, and those that cannot be read are asked for again later', async () => {
    const { fleet, gitops, write, tell, settle, asked } = start();
    fleet.setScope(application, { cluster: 'a', state: 'live' });
    write(1, synced);
    const source = gitops.deliveries({ clusters: [], namespaces: [] });
    await settle();
    tell(1, '2', true);
    await settle();
    expect(source.read().rows).toEqual([]);
    const request = fleet.request.bind(fleet);
    fleet.request = async (cluster, wanted) => {
      await request(cluster, wanted);
      throw new TypeError('broken');
    };
    write(2, synced);
    await settle();
    expect(source.read().head.scopes).toMatchObject([{ state: 'failed', message: expect.any(String) }]);
    const before = asked().length;
    await settle(2_000);
    expect(asked()).toHaveLength(before);
    fleet.request = request;
    await settle(10_000);
    expect(source.read()).toMatchObject({
      rows: [{ object: { name: 'app-2' } }],
      head: { scopes: [{ state: 'ready' }] },
    });
  });

  test('are watched for as long as somebody looks, and a little longer', async () => {
    const { fleet, gitops, settle, clock } = start();
    const first = gitops.deliveries({ clusters: [], namespaces: [] });
    const second = gitops.promotions({ clusters: [], namespaces: [] });
    await settle();
    expect(fleet.demands.get(application)).toBe(1);
    first.dispose();
    await clock.advance(60_000);
    expect(fleet.demands.get(application)).toBe(1);
    second.dispose();
    await clock.advance(10_000);
    const third = gitops.parts({ clusters: [], namespaces: [] });
    await clock.advance(60_000);
    expect(fleet.demands.get(application)).toBe(1);
    third.dispose();
    await clock.advance(31_000);
    expect(fleet.demands.size).toBe(0);
  });

  test('say what may not be listed, with the rule', async () => {
    const { fleet, gitops, settle } = start();
    fleet.setScope(application, { cluster: 'a', state: 'forbidden' });
    const source = gitops.deliveries({ clusters: [], namespaces: [] });
    await settle();
    const [scope] = source.read().head.scopes;
    expect(scope).toMatchObject({ state: 'forbidden', message: 'You may not list applications' });
    expect(scope?.rule).toBe(
      '- apiGroups:\n    - argoproj.io\n  resources:\n    - applications\n  verbs:\n    - get\n    - list\n    - watch\n',
    );
  });

  test('are none where no engine is installed', async () => {
    const { fleet, gitops, settle } = start({ served: false });
    const source = gitops.deliveries({ clusters: [], namespaces: [] });
    await settle();
    expect(source.read()).toMatchObject({ rows: [], head: { scopes: [{ state: 'absent', engines: [] }] } });
    expect(fleet.demands.size).toBe(0);
  });

  test('are narrowed by where they lead to as well as by where they stand', async () => {
    const { fleet, gitops, write, settle } = start();
    fleet.setScope(application, { cluster: 'a', state: 'live' });
    const object = write(1, synced);
    fleet.objects.set(pathOf(1), {
      ...object,
      spec: { destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' } },
    });
    const found = (namespace: string) => gitops.deliveries({ clusters: [], namespaces: [namespace] });
    const [shop, argocd, other] = [found('shop'), found('argocd'), found('other')];
    await settle();
    expect([shop.read().rows.length, argocd.read().rows.length, other.read().rows.length]).toEqual([1, 1, 0]);
  });
});
