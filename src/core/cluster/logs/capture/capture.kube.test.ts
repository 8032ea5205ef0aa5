import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ConnectedEngine,
  clusterTool,
  connectEngine,
  type RealCluster,
  saySkipped,
  startRealCluster,
  until,
} from '../../../testing/realEngine.ts';
import type { Capture } from './contract.ts';

/** Lines of containers that really run, kept over the end of their pods and of the engine. */
saySkipped('captured logs of real containers');

const namespace = `capture-${process.pid}`;

const manifests = `
apiVersion: v1
kind: Namespace
metadata: { name: ${namespace} }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: counting, namespace: ${namespace} }
spec:
  replicas: 2
  selector: { matchLabels: { app: counting } }
  template:
    metadata: { labels: { app: counting } }
    spec:
      nodeSelector: { kubernetes.io/hostname: real-1 }
      terminationGracePeriodSeconds: 0
      containers:
        - name: main
          image: docker.io/library/busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'i=0; while true; do i=$((i+1)); echo "level=info pod=$HOSTNAME line=$i"; [ $((i%50)) = 0 ] && echo "level=error payment refused $i"; sleep 0.02; done']
`;

describe.skipIf(clusterTool === undefined)('captures', () => {
  let real: RealCluster;
  let engine: ConnectedEngine;
  const folder = mkdtempSync(path.join(tmpdir(), 'kubesage-capture-'));

  async function begin(): Promise<string> {
    engine = await connectEngine(real.kubeconfig, folder);
    await until(() => expect(engine.clusters()).toHaveLength(1));
    const id = engine.clusters()[0]?.key ?? '';
    await engine.client.fleet.open({ clusters: [id] });
    await until(() => expect(engine.clusters()[0]?.state).toBe('live'));
    return id;
  }
  const rows = () =>
    new Promise<readonly Capture[]>((resolve, reject) => {
      const following = engine.client.logs.captures(
        {},
        {
          change: ({ rows: all }) => {
            resolve(all);
            following.dispose();
          },
          error: reject,
        },
      );
    });

  beforeAll(async () => {
    real = await startRealCluster(`capture-${process.pid}`, ['--real-node']);
    real.kubectl(['apply', '-f', '-'], manifests);
    real.kubectl(['wait', '--for=condition=Available', 'deployment/counting', '-n', namespace, '--timeout=120s']);
  }, 240_000);
  afterAll(async () => {
    await engine?.close();
    real?.kubectl(['delete', 'namespace', namespace, '--wait=false']);
    real?.down();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  /** The lines of a pod by their own numbers, oldest first. */
  async function numbers(pod: string): Promise<number[]> {
    const { lines } = await engine.client.logs.search({
      pod,
      order: 'oldest',
      limit: 20_000,
      include: { text: ' line=\\d+$', regex: true },
    });
    return lines.map(({ text }) => Number(/line=(\d+)$/.exec(text)?.[1]));
  }
  const whole = (seen: readonly number[]) => Array.from({ length: seen.length }, (_, index) => index + 1);

  test('lines stay when their pod is deleted, are found, counted and forgotten; a restart of the engine doubles and loses none', async () => {
    const cluster = await begin();
    const object = { cluster, kind: 'deployments.apps', namespace, name: 'counting' };
    const { capture } = await engine.client.logs.startCapture({ name: 'counting', objects: [object] });
    const pods = () =>
      real
        .kubectl(['get', 'pods', '-n', namespace, '-o', 'jsonpath={.items[*].metadata.name}'])
        .split(' ')
        .filter((pod) => pod !== '');
    const [gone = '', stays = ''] = pods();
    await until(async () =>
      expect(Math.min((await numbers(gone)).length, (await numbers(stays)).length)).toBeGreaterThan(100),
    );
    expect(await rows()).toMatchObject([{ key: capture, state: 'running', pods: 2, streaming: 2, problems: [] }]);

    real.kubectl(['delete', 'pod', gone, '-n', namespace]);
    const kept = await numbers(gone);
    expect(kept).toEqual(whole(kept));
    const refused = await engine.client.logs.search({ pod: gone, include: { text: 'PAYMENT' }, severities: ['error'] });
    expect(refused.lines[0]?.text).toContain('payment refused');
    expect(refused.sources).toMatchObject([{ pod: gone, container: 'main', namespace, cluster, capture }]);
    const [line] = refused.lines;
    if (line === undefined) throw new Error('No line');
    const around = await engine.client.logs.around({ source: line.source, number: line.number, at: line.at, lines: 2 });
    expect(around.lines).toHaveLength(5);
    expect(around.lines[2]).toEqual(line);
    // The last lines come a moment after the pod is gone.
    await until(async () => {
      const [counted, lines] = [await engine.client.logs.count({ pod: gone }), await numbers(gone)];
      const errors = counted.buckets.filter(({ severity }) => severity === 5);
      expect(counted.total).toBe(lines.length + errors.reduce((sum, bucket) => sum + bucket.lines, 0));
    });

    await engine.close();
    await begin();
    const before = (await numbers(stays)).length;
    await until(async () => expect((await numbers(stays)).length).toBeGreaterThan(before + 100));
    const seen = await numbers(stays);
    expect(seen).toEqual(whole(seen));
    const all = await numbers(gone);
    expect(all.slice(0, kept.length)).toEqual(kept);
    expect(all).toEqual(whole(all));
    const notes = await engine.client.logs.search({ severities: ['note'], include: { text: 'Nothing was read from' } });
    expect(notes.lines).toHaveLength(1);

    await engine.client.logs.stopCapture({ capture });
    const stopped = await numbers(stays);
    expect(await rows()).toMatchObject([{ state: 'stopped', streaming: 0 }]);
    expect(await numbers(stays)).toEqual(stopped);
    await expect(engine.client.logs.search({ include: { text: '(', regex: true } })).rejects.toMatchObject({
      code: 'invalid',
    });
    await engine.client.logs.removeCapture({ capture });
    expect(await rows()).toEqual([]);
    expect((await engine.client.logs.search({})).lines).toEqual([]);
  }, 120_000);
});
