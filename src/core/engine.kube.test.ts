import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Cluster } from './cluster/fleet/contract.ts';
import type { ListHead, Row } from './cluster/resources/contract.ts';
import { contract, type KubeSageContract } from './contract.ts';
import { createEngine, type Engine } from './engine.ts';
import { type Connection, createConnection } from './kernel/client.ts';
import { Scope } from './kernel/disposable.ts';
import { createMemoryPorts } from './kernel/ports/memory.ts';

/** Two engines, one after the other, on one data folder and one real API server. */
const tool = process.env.KUBESAGE_KUBE;
if (tool === undefined) {
  process.stderr.write('Skipped: the start from a snapshot. KUBESAGE_KUBE does not name the tool for test clusters\n');
}
const name = `snapshot-${process.pid}`;

interface Audited {
  verb: string;
  requestURI: string;
  userAgent?: string;
  stage: string;
}

interface Run {
  engine: Engine;
  connection: Connection<KubeSageContract>;
  /** What a window shows now. */
  clusters: readonly Cluster[];
  pods: { head: ListHead; rows: readonly Row[] } | undefined;
  close(): Promise<void>;
}

describe.skipIf(tool === undefined)('with a real API server', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kubesage-engine-'));
  let kubeconfig = '';
  let kubectl = '';
  let running: Run | undefined;

  const run = (...args: string[]) =>
    execFileSync(kubectl, ['--kubeconfig', kubeconfig, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const expected = () =>
    run('get', 'pods', '-A', '--no-headers')
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/))
      .map(([namespace, pod, , status]) => `${namespace}/${pod} ${status}`)
      .sort();
  const shown = ({ pods }: Run) => {
    const status = pods?.head.columns.findIndex((column) => column.id === 'status') ?? -1;
    return (pods?.rows ?? []).map((row) => `${row.namespace}/${row.name} ${row.cells[status]}`).sort();
  };
  /** What KubeSage asked so far, as the server saw it. */
  const asked = (): Audited[] =>
    readFileSync(path.join(path.dirname(kubeconfig), 'audit.log'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"userAgent":"kubesage/'))
      .map((line) => JSON.parse(line) as Audited);
  const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 60_000, interval: 50 });

  async function start(): Promise<Run> {
    const engine = await createEngine({
      host: 'test',
      version: '0.0.1',
      dataFolder: path.join(folder, 'data'),
      env: { PATH: process.env.PATH, KUBECONFIG: kubeconfig, KUBERC: 'off' },
      homeFolder: folder,
      discover: true,
      askShell: false,
      demo: 'never',
      startDemo: () => Promise.reject(new Error('No demo here')),
      workers: 1,
      log: (message) => process.stderr.write(`${message}\n`),
    });
    const scope = new Scope();
    const connection = scope.add(
      createConnection(contract, async () => {
        const [own, other] = createMemoryPorts();
        engine.server.accept(other, { id: 'local', name: 'Local user' });
        return own;
      }),
    );
    const result: Run = {
      engine,
      connection,
      clusters: [],
      pods: undefined,
      async close() {
        scope.dispose();
        await engine.close();
      },
    };
    running = result;
    const error = (problem: Error) => process.stderr.write(`${problem.message}\n`);
    const { client } = connection;
    const change = ({ rows }: { rows: readonly Cluster[] }) => {
      result.clusters = rows;
    };
    scope.add(client.fleet.clusters({}, { change, error }));
    scope.add(
      client.resources.list(
        { kind: 'pods', limit: 500 },
        {
          change: (pods) => {
            result.pods = pods;
          },
          error,
        },
      ),
    );
    await until(() => expect([result.clusters.length, result.pods]).toEqual([1, expect.anything()]));
    return result;
  }

  beforeAll(() => {
    if (tool === undefined) return;
    const last = (text: string) => text.trim().split('\n').at(-1) ?? '';
    kubectl = path.join(last(execFileSync(tool, ['assets'], { encoding: 'utf8' })), 'kubectl');
    kubeconfig = last(execFileSync(tool, ['up', name, '--nodes', '2'], { encoding: 'utf8' }));
    run('create', 'deployment', 'web', '--image=web', '--replicas=5');
    // Its pods also tell that the namespace has its service account, without which no pod may be made.
    run('wait', '--for=condition=Available', 'deployment/web', '--timeout=90s');
    run('run', 'gone', '--image=web', '--restart=Never');
    run('wait', '--for=condition=Ready', 'pod/gone', '--timeout=90s');
  }, 240_000);

  afterAll(async () => {
    await running?.close();
    if (tool !== undefined) execFileSync(tool, ['down', name]);
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test('the last known state is shown at once, nobody is asked, and the watches go on from it', async () => {
    const first = await start();
    const id = first.clusters[0]?.key ?? '';
    await first.connection.client.fleet.open({ clusters: [id] });
    await until(() => {
      expect(first.clusters[0]).toMatchObject({ state: 'live' });
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
    expect(second.pods?.head.scopes).toEqual([
      expect.objectContaining({ cluster: id, state: 'stale', rows: before.length, reason: expect.any(String) }),
    ]);
    const { since = 0 } = second.pods?.head.scopes[0] ?? {};
    expect(Math.abs(closedAt - since)).toBeLessThan(60_000);
    expect(second.clusters[0]).toMatchObject({ state: 'idle', lastLive: since, nodes: { total: 2, ready: 2 } });
    expect(asked().length).toBe(requests);

    await second.connection.client.fleet.open({ clusters: [id] });
    await until(() => {
      expect(second.clusters[0]).toMatchObject({ state: 'live' });
      expect(second.pods?.head.scopes).toEqual([expect.objectContaining({ state: 'live' })]);
      expect(shown(second)).toEqual(expected());
    });
    expect(shown(second)).toContain('default/later Running');
    expect(shown(second).join()).not.toContain('default/gone');
    // The history knew the old rows: what was deleted meanwhile is told, and nothing else is.
    await until(async () => {
      const range = { from: closedAt, to: Date.now(), kinds: ['pods'] };
      const { changes } = await second.connection.client.history.changes(range);
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
