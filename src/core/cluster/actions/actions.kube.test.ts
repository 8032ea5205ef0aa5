import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterTool, type RealEngine, saySkipped, startRealEngine } from '../../testing/realEngine.ts';
import type { Run } from '../changes/contract.ts';

/** Actions on a real API server with its controllers and simulated nodes. */
saySkipped('actions on a real API server');

const manifests = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default, labels: { app: web } }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "shop/web:1" }] }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: report, namespace: default }
spec:
  schedule: "0 0 1 1 *"
  jobTemplate:
    spec: { template: { spec: { restartPolicy: Never, containers: [{ name: report, image: "shop/report:1" }] } } }
`;

describe.skipIf(clusterTool === undefined)('actions', () => {
  let real: RealEngine;
  beforeAll(async () => {
    real = await startRealEngine(`actions-${process.pid}`, { up: ['--nodes', '2'] });
    real.kubectl(['apply', '-f', '-'], manifests);
    real.kubectl(['rollout', 'status', 'deployment/web', '--timeout=60s']);
  }, 180_000);
  afterAll(() => real?.close(), 60_000);

  const ref = (kind: string, name: string, namespace = 'default') => ({ cluster: real.cluster, kind, namespace, name });
  const web = () => ref('deployments.apps', 'web');
  const json = (...args: string[]) => JSON.parse(real.kubectl(['get', ...args, '-o', 'json']));
  const ended = (run: string) =>
    new Promise<Run>((resolve, reject) => {
      const following = real.client.changes.runs(
        {},
        {
          change({ rows }) {
            const found = rows.find(({ key }) => key === run);
            if (found === undefined || found.endedAt === null) return;
            following.dispose();
            resolve(found);
          },
          error: reject,
        },
      );
    });
  async function perform(action: string, object: ReturnType<typeof ref>, values = {}, confirmed?: string) {
    const { run } = await real.client.actions.run({
      action,
      objects: [object],
      values,
      ...(confirmed && { confirmed }),
    });
    return ended(run);
  }

  test('scale shows what it would do, does it, and is undone', async () => {
    const form = await real.client.actions.form({ action: 'scale', objects: [web()] });
    expect(form.fields).toMatchObject([{ id: 'replicas', value: 2 }]);
    const preview = await real.client.actions.preview({ action: 'scale', objects: [web()], values: { replicas: 4 } });
    expect(preview.steps).toMatchObject([{ changes: [{ path: '/spec/replicas', before: 2, after: 4 }] }]);
    expect(json('deployment', 'web').spec.replicas).toBe(2);
    const run = await perform('scale', web(), { replicas: 4 });
    expect(run).toMatchObject({ state: 'done', title: 'Scale web to 4', undoable: true });
    expect(json('deployment', 'web').spec.replicas).toBe(4);
    const undo = await ended((await real.client.changes.undo({ run: run.key })).run);
    expect(undo.state).toBe('done');
    expect(json('deployment', 'web').spec.replicas).toBe(2);
    const { entries } = await real.client.audit.entries({ name: 'web' });
    expect(entries.map(({ action, result }) => `${action} ${result}`)).toEqual(['undo done', 'scale done']);
    expect(await real.client.audit.verify({})).toMatchObject({ entries: 2 });
  });

  test('a rollback brings back the template of the revision', async () => {
    await perform('setImage', web(), { container: 'web', image: 'shop/web:2' });
    real.kubectl(['rollout', 'status', 'deployment/web', '--timeout=60s']);
    const { fields } = await real.client.actions.form({ action: 'rollback', objects: [web()] });
    expect(fields[0]?.options).toMatchObject([{ value: '1', label: expect.stringContaining('shop/web:1') }]);
    const preview = await real.client.actions.preview({
      action: 'rollback',
      objects: [web()],
      values: { revision: '1' },
    });
    expect(preview.steps[0]?.changes).toMatchObject([{ path: '/spec/template/spec/containers' }]);
    expect(await perform('rollback', web(), { revision: '1' })).toMatchObject({ state: 'done' });
    expect(json('deployment', 'web').spec.template.spec.containers[0].image).toBe('shop/web:1');
  });

  test('restart, pause, labels and their undo', async () => {
    for (const [action, values] of [
      ['restart', {}],
      ['pause', {}],
      ['labels', { labels: { tier: 'front', app: 'web' } }],
    ] as const) {
      const before = json('deployment', 'web');
      const run = await perform(action, web(), values);
      expect(run.state, action).toBe('done');
      expect((await ended((await real.client.changes.undo({ run: run.key })).run)).state, action).toBe('done');
      const after = json('deployment', 'web');
      expect(after.spec, action).toEqual(before.spec);
      expect(after.metadata.labels, action).toEqual(before.metadata.labels);
    }
  });

  test('what is so already is not offered', async () => {
    const offered = async (objects: ReturnType<typeof ref>[]) =>
      (await real.client.actions.useless({ objects })).actions.sort();
    const follow = (kind: string) =>
      real.client.resources.list({ kind }, { change: () => undefined, error: () => undefined });
    const lists = ['deployments.apps', 'cronjobs.batch', 'nodes'].map(follow);
    try {
      const node = json('nodes').items[0].metadata.name as string;
      await real.until(async () => {
        expect(await offered([web()])).toEqual(['resume']);
        expect(await offered([ref('cronjobs.batch', 'report')])).toEqual(['unsuspend']);
        expect(await offered([ref('nodes', node, '')])).toEqual(['uncordon']);
      });
      const run = await perform('suspend', ref('cronjobs.batch', 'report'));
      await real.until(async () => expect(await offered([ref('cronjobs.batch', 'report')])).toEqual(['suspend']));
      await ended((await real.client.changes.undo({ run: run.key })).run);
      expect(await offered([ref('deployments.apps', 'unknown')])).toEqual([]);
    } finally {
      for (const list of lists) list.dispose();
    }
  });

  test('a CronJob is run now, and the undo takes its Job away', async () => {
    const run = await perform('trigger', ref('cronjobs.batch', 'report'));
    expect(run).toMatchObject({ state: 'done', undoable: true });
    const jobs = () => json('jobs').items as { metadata: { ownerReferences: { name: string }[] } }[];
    expect(jobs()[0]?.metadata.ownerReferences[0]?.name).toBe('report');
    await ended((await real.client.changes.undo({ run: run.key })).run);
    await real.until(() => expect(jobs()).toHaveLength(0));
  });

  test('a deletion asks first, says what it means, and is undone by creating anew', async () => {
    const config = ref('configmaps', 'notes');
    real.kubectl(['create', 'configmap', 'notes', '--from-literal=a=1']);
    await expect(real.client.actions.run({ action: 'delete', objects: [config] })).rejects.toMatchObject({
      code: 'needsConfirmation',
    });
    const run = await perform('delete', config, {}, 'yes');
    expect(run.state).toBe('done');
    expect(() => json('configmap', 'notes')).toThrow();
    expect(await ended((await real.client.changes.undo({ run: run.key })).run)).toMatchObject({ state: 'done' });
    expect(json('configmap', 'notes').data).toEqual({ a: '1' });
  });

  test('a drain waits for the budget that blocks, can be cancelled, and its cordon is undone', async () => {
    real.kubectl(
      ['apply', '-f', '-'],
      'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: web, namespace: default }\nspec: { minAvailable: 2, selector: { matchLabels: { app: web } } }\n',
    );
    await real.until(() => expect(json('pdb', 'web').status.expectedPods).toBe(2));
    const node = json('pods', '-l', 'app=web').items[0].spec.nodeName as string;
    const { run } = await real.client.actions.run({
      action: 'drain',
      objects: [ref('nodes', node, '')],
      confirmed: 'yes',
    });
    await real.until(async () => {
      const shown = await new Promise<string>((resolve, reject) => {
        const following = real.client.changes.runs(
          {},
          {
            change({ rows }) {
              resolve(rows.find(({ key }) => key === run)?.steps[0]?.message ?? '');
              queueMicrotask(() => following.dispose());
            },
            error: reject,
          },
        );
      });
      expect(shown).toContain('Blocked');
    });
    await real.client.changes.cancel({ run });
    const cancelled = await ended(run);
    expect(cancelled).toMatchObject({ state: 'cancelled', undoable: true });
    expect(json('node', node).spec.unschedulable).toBe(true);
    await ended((await real.client.changes.undo({ run })).run);
    expect(json('node', node).spec.unschedulable).toBeUndefined();
    real.kubectl(['delete', 'pdb', 'web']);
    const drained = await perform('drain', ref('nodes', node, ''), {}, 'yes');
    expect(drained.state).toBe('done');
  });

  test('who may only look is told so for each action, and the engine refuses it through the API, too', async () => {
    const viewer = await startRealEngine('viewer', { viewerOf: real });
    try {
      const object = { ...web(), cluster: viewer.cluster };
      const { actions } = await viewer.client.actions.allowed({ ...object });
      expect(actions.length).toBeGreaterThan(5);
      for (const action of actions) {
        expect(action, action.id).toMatchObject({ allowed: false, reason: expect.stringContaining('may not') });
      }
      expect(actions.find(({ id }) => id === 'scale')?.rule).toContain('deployments/scale');
      const before = json('deployment', 'web').metadata.resourceVersion;
      const { run } = await viewer.client.actions.run({ action: 'scale', objects: [object], values: { replicas: 9 } });
      await real.until(async () => {
        const { entries } = await viewer.client.audit.entries({});
        expect(entries).toEqual([]);
        expect(json('deployment', 'web').metadata.resourceVersion).toBe(before);
      });
      const preview = await viewer.client.actions.preview({
        action: 'scale',
        objects: [object],
        values: { replicas: 9 },
      });
      expect(preview.steps[0]?.error).toContain('may not patch deployments/scale');
      expect(run).not.toBe('');
    } finally {
      await viewer.close();
    }
  });
});
