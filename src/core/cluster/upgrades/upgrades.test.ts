import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Disposable } from '../../kernel/disposable.ts';
import { createSimulator, type Simulator } from '../../simulator/index.ts';
import { type ConnectedEngine, connectEngine, until } from '../../testing/realEngine.ts';
import type { Report, UpgradeRow } from './contract.ts';

/** Two API servers of different releases. Both are simulated: the test clusters have servers of one release only. */
describe('upgrades of two releases', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kubesage-upgrades-'));
  const simulators: Simulator[] = [];
  let engine: ConnectedEngine;
  let rows: readonly UpgradeRow[] = [];
  let following: Disposable | undefined;

  const node = (name: string, kubeletVersion: string, runtime: string) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    spec: {},
    status: {
      allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
      conditions: [{ type: 'Ready', status: 'True' }],
      nodeInfo: {
        kubeletVersion,
        containerRuntimeVersion: runtime,
        osImage: 'Linux',
        kernelVersion: '6.1',
        architecture: 'amd64',
      },
    },
  });

  async function serve(name: string, version: string): Promise<Simulator> {
    const simulator = createSimulator({ name, version, controllers: false });
    simulators.push(simulator);
    await simulator.listen();
    writeFileSync(path.join(folder, `${name}.yaml`), simulator.kubeconfig());
    return simulator;
  }

  beforeAll(async () => {
    const [older, newer] = [await serve('older', '1.33.5'), await serve('newer', '1.36.1')];
    older.cluster.create('nodes', node('a', 'v1.30.2', 'containerd://1.7.20'));
    older.cluster.create('nodes', node('b', 'v1.33.5', 'containerd://2.1.0'));
    newer.cluster.create('nodes', node('c', 'v1.36.1', 'containerd://2.1.0'));
    older.cluster.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    older.cluster.create('ingresses.networking.k8s.io', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: {
        name: 'web',
        namespace: 'shop',
        managedFields: [
          {
            manager: 'old-deployer',
            operation: 'Update',
            apiVersion: 'networking.k8s.io/v1beta1',
            time: '2021-06-01T00:00:00Z',
            fieldsType: 'FieldsV1',
            fieldsV1: {},
          },
        ],
      },
      spec: {},
    });
    const files = ['older', 'newer'].map((name) => path.join(folder, `${name}.yaml`));
    engine = await connectEngine(files.join(':'), folder);
    await until(() => expect(engine.clusters()).toHaveLength(2));
    await engine.client.fleet.open({ clusters: engine.clusters().map(({ key }) => key) });
    following = engine.client.upgrades.fleet(
      {},
      {
        change(state) {
          rows = state.rows;
        },
        error: (error) => {
          throw error;
        },
      },
    );
    await until(() =>
      expect(rows.filter(({ state, kubelets }) => state === 'live' && kubelets.length > 0)).toHaveLength(2),
    );
  }, 60_000);

  afterAll(async () => {
    following?.dispose();
    await engine?.close();
    for (const simulator of simulators) await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const row = (name: string) => {
    const found = rows.find((each) => each.name.startsWith(name));
    if (found === undefined) throw new Error(`No ${name}`);
    return found;
  };
  const report = async (name: string): Promise<Report> => {
    const { report: found } = await engine.client.upgrades.report({ cluster: row(name).key });
    if (found === null) throw new Error(`No report of ${name}`);
    return found;
  };
  const checked = async (name: string): Promise<Report> => {
    await engine.client.upgrades.check({ cluster: row(name).key });
    await until(() => expect(row(name)).toMatchObject({ check: null, problem: '', checkedAt: expect.any(Number) }));
    return report(name);
  };

  test('the fleet tells versions, kubelets and targets of both', () => {
    expect(row('older')).toMatchObject({
      version: 'v1.33.5',
      minor: 33,
      target: 34,
      kubelets: [
        { version: 'v1.33.5', count: 1 },
        { version: 'v1.30.2', count: 1 },
      ],
      blockers: null,
    });
    expect(row('newer')).toMatchObject({
      version: 'v1.36.1',
      target: 37,
      kubelets: [{ version: 'v1.36.1', count: 1 }],
    });
  });

  test('each is judged for its own way: old kubelets, what old clients wrote, runtimes', async () => {
    const older = await checked('older');
    expect(older.components.filter(({ component }) => component === 'kubelet')).toMatchObject([
      { version: 'v1.33.5', now: 'fine', later: 'behind' },
      { version: 'v1.30.2', now: 'behind', later: 'unsupported', breaksAt: 34 },
    ]);
    expect(older.apis).toMatchObject([
      {
        group: 'networking.k8s.io',
        version: 'v1beta1',
        kind: 'Ingress',
        removed: 22,
        severity: 'warning',
        uses: [{ writer: 'old-deployer', text: 'shop/web' }],
      },
    ]);
    expect(older.findings.map(({ key }) => key)).not.toContain('node/containerd1');
    const newer = await checked('newer');
    expect(newer.components.every(({ now }) => now === 'fine')).toBe(true);
    expect(newer.apis).toEqual([]);
  });

  test('another target needs no other check, and brings the hops between', async () => {
    const { key } = row('older');
    const { checkedAt } = await report('older');
    await engine.client.upgrades.setTarget({ cluster: key, target: 36 });
    const further = await report('older');
    expect(further.checkedAt).toBe(checkedAt);
    expect([...new Set(further.steps.map(({ to }) => to))]).toEqual([34, 35, 36]);
    expect(further.findings.find((each) => each.key === 'node/containerd1')).toMatchObject({
      severity: 'blocker',
      at: 36,
    });
    await until(() => expect(row('older')).toMatchObject({ target: 36 }));
  });

  test('a node that was upgraded is seen without another check', async () => {
    const [older] = simulators;
    const before = row('older').revision;
    const { store } = (older as Simulator).cluster;
    const stored = store.object('nodes', '', 'a');
    if (stored === undefined) throw new Error('No node');
    store.put('nodes', { ...stored, ...node('a', 'v1.33.5', 'containerd://2.1.0'), metadata: stored.metadata });
    await until(() => expect(row('older').kubelets).toEqual([{ version: 'v1.33.5', count: 2 }]));
    expect(row('older').revision).not.toBe(before);
    const found = await report('older');
    expect(found.findings.filter(({ area }) => area === 'skew')).toEqual([]);
  });

  test('ticks and reports are there after a restart', async () => {
    const { key } = row('older');
    await engine.client.upgrades.tick({ cluster: key, step: '34/before/backup', done: true });
    following?.dispose();
    await engine.close();
    const files = ['older', 'newer'].map((name) => path.join(folder, `${name}.yaml`));
    engine = await connectEngine(files.join(':'), folder);
    const { report: kept } = await engine.client.upgrades.report({ cluster: key });
    expect(kept).toMatchObject({ target: 36, version: 'v1.33.5' });
    expect(kept?.steps.find((step) => step.key === '34/before/backup')?.ticked).toEqual(expect.any(Number));
  });
});
