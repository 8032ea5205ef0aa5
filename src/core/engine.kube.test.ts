import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ListHead, Row } from './cluster/resources/contract.ts';
import {
  type ConnectedEngine,
  clusterTool,
  connectEngine,
  type RealCluster,
  saySkipped,
  startRealCluster,
  until,
} from './testing/realEngine.ts';

/** Two engines, one after the other, on one data folder and one real API server. */
saySkipped('the start from a snapshot');

interface Audited {
  verb: string;
  requestURI: string;
  userAgent?: string;
  stage: string;
}

interface Run extends ConnectedEngine {
  /** What a window shows now. */
  pods(): { head: ListHead; rows: readonly Row[] } | undefined;
}

describe.skipIf(clusterTool === undefined)('with a real API server', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kubesage-engine-'));
  let cluster: RealCluster;
  let running: Run | undefined;

  const run = (...args: string[]) => cluster.kubectl(args);
  const expected = () =>
    run('get', 'pods', '-A', '--no-headers')
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/))
      .map(([namespace, pod, , status]) => `${namespace}/${pod} ${status}`)
      .sort();
  const shown = ({ pods }: Run) => {
    const { head, rows = [] } = pods() ?? {};
    const status = head?.columns.findIndex((column) => column.id === 'status') ?? -1;
    return rows.map((row) => `${row.namespace}/${row.name} ${row.cells[status]}`).sort();
  };
  /** What KubeSage asked so far, as the server saw it. */
  const asked = (): Audited[] =>
    readFileSync(path.join(path.dirname(cluster.kubeconfig), 'audit.log'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"userAgent":"kubesage/'))
      .map((line) => JSON.parse(line) as Audited);

  async function start(): Promise<Run> {
    const engine = await connectEngine(cluster.kubeconfig, folder);
    let pods: ReturnType<Run['pods']>;
    const list = engine.client.resources.list(
      { kind: 'pods', limit: 500 },
      {
        change: (now) => {
          pods = now;
        },
        error: (problem) => process.stderr.write(`${problem.message}\n`),
      },
    );
    running = {
      ...engine,
      pods: () => pods,
      async close() {
        list.dispose();
        await engine.close();
      },
    };
    await until(() => expect([engine.clusters().length, pods]).toEqual([1, expect.anything()]));
    return running;
  }

  beforeAll(async () => {
    if (clusterTool === undefined) return;
    cluster = await startRealCluster(`snapshot-${process.pid}`, ['--nodes', '2']);
    run('create', 'deployment', 'web', '--image=web', '--replicas=5');
    // Its pods also tell that the namespace has its service account, without which no pod may be made.
    run('wait', '--for=condition=Available', 'deployment/web', '--timeout=90s');
    run('run', 'gone', '--image=web', '--restart=Never');
    run('wait', '--for=condition=Ready', 'pod/gone', '--timeout=90s');
  }, 240_000);

  afterAll(async () => {
    await running?.close();
    cluster?.down();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test('the last known state is shown at once, nobody is asked, and the watches go on from it', async () => {
    const first = await start();
    const id = first.clusters()[0]?.key ?? '';
    await first.client.fleet.open({ clusters: [id] });
    await until(() => {
      expect(first.clusters()[0]).toMatchObject({ state: 'live' });
      expect(shown(first)).toEqual(expected());
    });
    const before = shown(first);
    expect(before).toContain('default/gone Running');
    await first.close();
    const closedAt = Date.now();

    run('delete', 'pod', 'gone', '--wait=true');
    run('run', 'later', '--image=web', '--restart=Never');
    run('wait', '--for=condition=Ready', 'pod/later', '--timeout=90s');
    const requests = asked().length;

    const second = await start();
    expect(shown(second)).toEqual(before);
    expect(second.pods()?.head.scopes).toEqual([
      expect.objectContaining({ cluster: id, state: 'stale', rows: before.length, reason: expect.any(String) }),
    ]);
    const { since = 0 } = second.pods()?.head.scopes[0] ?? {};
    expect(Math.abs(closedAt - since)).toBeLessThan(60_000);
    expect(second.clusters()[0]).toMatchObject({ state: 'idle', lastLive: since, nodes: { total: 2, ready: 2 } });
    expect(asked().length).toBe(requests);

    await second.client.fleet.open({ clusters: [id] });
    await until(() => {
      expect(second.clusters()[0]).toMatchObject({ state: 'live' });
      expect(second.pods()?.head.scopes).toEqual([expect.objectContaining({ state: 'live' })]);
      expect(shown(second)).toEqual(expected());
    });
    expect(shown(second)).toContain('default/later Running');
    expect(shown(second).join()).not.toContain('default/gone');
    // The history knew the old rows: what was deleted meanwhile is told, and nothing else is.
    await until(async () => {
      const range = { from: closedAt, to: Date.now(), kinds: ['pods'] };
      const { changes } = await second.client.history.changes(range);
      const named = (wanted: string) =>
        changes.filter(({ change }) => change === wanted).map(({ object }) => object.name);
      expect([named('deleted'), named('added')]).toEqual([['gone'], ['later']]);
    });
    const ofPods = asked()
      .slice(requests)
      .filter(({ requestURI }) => requestURI.startsWith('/api/v1/pods'));
    expect(ofPods.map(({ verb }) => verb)).toEqual(ofPods.map(() => 'watch'));
    expect(ofPods.length).toBeGreaterThan(0);
    for (const { requestURI } of ofPods) {
      expect(requestURI).not.toContain('sendInitialEvents');
      expect(Number(new URL(requestURI, 'https://server').searchParams.get('resourceVersion'))).toBeGreaterThan(0);
    }
  }, 120_000);
});
