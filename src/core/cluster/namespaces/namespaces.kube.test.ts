import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterTool, type RealEngine, saySkipped, startRealEngine } from '../../testing/realEngine.ts';
import type { Run } from '../changes/contract.ts';
import type { Namespace, NamespaceOperation, TemplateBody } from './contract.ts';
import { firstTemplates } from './templates.ts';

saySkipped('namespaces on a real API server');

const team = firstTemplates[0]?.body as TemplateBody;

describe.skipIf(clusterTool === undefined)('namespaces', () => {
  let real: RealEngine;
  const name = `spaces-${process.pid}`;
  beforeAll(async () => {
    real = await startRealEngine(`spaces-${process.pid}`, { up: ['--nodes', '1'] });
  }, 180_000);
  afterAll(async () => {
    real?.kubectl(['delete', 'namespace', name, `${name}-kept`, '--ignore-not-found', '--wait=false']);
    await real?.close();
  }, 60_000);

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
  const perform = async (operation: NamespaceOperation, confirmed?: string) =>
    ended((await real.client.namespaces.run({ operation, ...(confirmed !== undefined && { confirmed }) })).run);
  const preview = async (operation: NamespaceOperation) => {
    const { targets } = await real.client.namespaces.preview({ operation });
    return targets[0] ?? expect.fail('No preview');
  };
  const json = (...args: string[]) => JSON.parse(real.kubectl(['get', ...args, '-o', 'json']));
  const create = (body: TemplateBody = team, existing = false): NamespaceOperation => ({
    operation: 'create',
    clusters: [real.cluster],
    namespace: name,
    body,
    existing,
    takeOver: false,
  });
  let listed: readonly Namespace[] = [];
  const row = () => listed.find((each) => each.name === name);

  test('a namespace from a template is shown before, made whole, and stands in the list', async () => {
    const following = real.client.namespaces.list(
      {},
      {
        change({ rows }) {
          listed = rows;
        },
        error: (problem) => process.stderr.write(`${problem.message}\n`),
      },
    );
    const shown = await preview(create());
    expect(shown).toMatchObject({ exists: false, notes: [] });
    expect(shown.objects.map(({ title, change, error, unchecked }) => [title, change, error, unchecked])).toEqual(
      [
        `Namespace ${name}`,
        'ResourceQuota default-quota',
        'LimitRange default-limits',
        'NetworkPolicy default-deny',
        'NetworkPolicy allow-same-namespace',
        'NetworkPolicy allow-dns',
        'RoleBinding edit',
      ].map((title) => [title, 'added', undefined, undefined]),
    );
    expect(() => json('namespace', name)).toThrow();
    const run = await perform(create());
    expect(run).toMatchObject({ state: 'done', undoable: true, title: `Create the namespace ${name}` });
    expect(json('rolebinding', 'edit', '-n', name).subjects).toMatchObject([{ kind: 'Group', name }]);
    await real.until(() =>
      expect(row()).toMatchObject({
        owner: name,
        podSecurity: 'baseline',
        ingress: 'limited',
        egress: 'limited',
        policies: 3,
        bindings: 1,
        limitRanges: ['default-limits'],
      }),
    );
    const detail = await real.client.namespaces.detail({ cluster: real.cluster, namespace: name });
    expect(detail.problems).toEqual([]);
    expect(detail.policies.find((policy) => policy.name === 'allow-dns')?.egress).toEqual([
      'all pods of namespaces kubernetes.io/metadata.name=kube-system on UDP 53, TCP 53',
    ]);
    expect(detail.limitRanges[0]?.limits[0]).toMatchObject({ type: 'Container', default: { memory: '256Mi' } });
    following.dispose();
  });

  test('it cannot be created twice, but the template can be applied to what is there, and taken back', async () => {
    expect(await preview(create())).toMatchObject({ error: `There is a namespace ${name} already` });
    expect(await perform(create())).toMatchObject({ state: 'failed' });
    const body = { ...team, labels: { team: 'other' }, quota: { pods: '7' } };
    const shown = await preview(create(body, true));
    expect(shown.objects.flatMap(({ error = [] }) => error)).toEqual([]);
    expect(shown.objects.filter(({ change }) => change === 'changed').map(({ title }) => title)).toEqual([
      `Namespace ${name}`,
      'ResourceQuota default-quota',
    ]);
    const run = await perform(create(body, true));
    expect(run.state).toBe('done');
    expect(json('resourcequota', 'default-quota', '-n', name).spec.hard).toEqual({ pods: '7' });
    expect((await ended((await real.client.changes.undo({ run: run.key })).run)).state).toBe('done');
    expect(json('resourcequota', 'default-quota', '-n', name).spec.hard).toEqual(team.quota);
    expect(json('namespace', name).metadata.labels.team).toBe(name);
  });

  test('a quota below what is used says so before, holds, and is taken back', async () => {
    real.kubectl(
      ['apply', '-f', '-'],
      `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: ${name} }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "shop/web:1" }] }
`,
    );
    await real.until(() => expect(json('resourcequota', 'default-quota', '-n', name).status.used?.pods).toBe('3'));
    const operation: NamespaceOperation = {
      operation: 'quota',
      cluster: real.cluster,
      namespace: name,
      name: 'default-quota',
      hard: { pods: '2', 'requests.cpu': '4' },
    };
    const shown = await preview(operation);
    expect(shown.quota).toEqual([
      { resource: 'limits.memory', before: '16Gi', after: '', used: '768Mi', state: 'removed' },
      { resource: 'pods', before: '50', after: '2', used: '3', state: 'over' },
      { resource: 'requests.cpu', before: '4', after: '4', used: '150m', state: 'fits' },
      { resource: 'requests.memory', before: '8Gi', after: '', used: '192Mi', state: 'removed' },
    ]);
    expect(shown.notes.join(' ')).toContain('More is used already of pods');
    const run = await perform(operation);
    expect(run.state).toBe('done');
    expect(json('resourcequota', 'default-quota', '-n', name).spec.hard).toEqual({ pods: '2', 'requests.cpu': '4' });
    await ended((await real.client.changes.undo({ run: run.key })).run);
    expect(json('resourcequota', 'default-quota', '-n', name).spec.hard).toEqual(team.quota);
  });

  test('what a dry run refuses is told before anything is made', async () => {
    const body = { ...team, quota: { 'requests.cpu': '1', '-odd-': '1' } };
    const target = await preview({ ...create(body), namespace: `${name}-odd` } as NamespaceOperation);
    expect(target.objects.find(({ title }) => title === 'ResourceQuota default-quota')?.error).toContain('-odd-');
  });

  test('a creation is taken back only while nothing else is in it', async () => {
    const kept = `${name}-kept`;
    const run = await perform({ ...create(), namespace: kept } as NamespaceOperation);
    real.kubectl(['create', 'configmap', 'mine', '-n', kept]);
    const undo = await ended((await real.client.changes.undo({ run: run.key })).run);
    expect(undo.state).toBe('failed');
    expect(undo.steps.map(({ message }) => message).join(' ')).toContain('1 ConfigMap');
    expect(json('namespace', kept).status.phase).toBe('Active');
  });

  test('a deletion shows what goes, asks, and does it', async () => {
    const operation: NamespaceOperation = {
      operation: 'delete',
      namespaces: [{ cluster: real.cluster, namespace: name }],
    };
    const shown = await preview(operation);
    expect(shown.contents).toEqual(
      expect.arrayContaining([
        { kind: 'deployments.apps', kindName: 'Deployment', count: 1, names: ['web'] },
        expect.objectContaining({ kind: 'pods', count: 3 }),
      ]),
    );
    await expect(real.client.namespaces.run({ operation })).rejects.toMatchObject({ code: 'needsConfirmation' });
    expect((await perform(operation, 'yes')).state).toBe('done');
    expect(json('namespace', name, '--ignore-not-found').status?.phase ?? 'gone').not.toBe('Active');
  });

  test('who may only look is told so, and nothing is made', async () => {
    const viewer = await startRealEngine('viewer', { viewerOf: real });
    try {
      const operation = { ...create(), clusters: [viewer.cluster], namespace: `${name}-no` } as NamespaceOperation;
      const { targets } = await viewer.client.namespaces.preview({ operation });
      expect(targets[0]?.objects[0]?.error).toContain('cannot patch resource "namespaces"');
      await viewer.client.namespaces.run({ operation });
      expect(() => json('namespace', `${name}-no`)).toThrow();
    } finally {
      await viewer.close();
    }
  });
});
