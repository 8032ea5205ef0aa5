import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterTool, type RealEngine, saySkipped, startRealEngine } from '../../testing/realEngine.ts';
import type { Run } from '../changes/contract.ts';
import type { ObjectRef } from '../resources/contract.ts';
import type { LabelFix, LabelRule, Violation } from './contract.ts';

saySkipped('labels on a real API server');

const manifests = (namespace: string) => `
apiVersion: v1
kind: Namespace
metadata: { name: ${namespace}, labels: { team: retail } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: ${namespace}, labels: { app: web } }
spec:
  replicas: 1
  selector: { matchLabels: { app: web, tier: front } }
  template:
    metadata: { labels: { app: web, tier: front } }
    spec: { containers: [{ name: web, image: "shop/web:1" }] }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: synced
  namespace: ${namespace}
  annotations: { argocd.argoproj.io/tracking-id: "shop:apps/Deployment:${namespace}/synced" }
spec:
  replicas: 0
  selector: { matchLabels: { app: synced } }
  template:
    metadata: { labels: { app: synced } }
    spec: { containers: [{ name: web, image: "shop/web:1" }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: ${namespace}, labels: { team: Wrong } }
`;

describe.skipIf(clusterTool === undefined)('labels', () => {
  let real: RealEngine;
  const namespace = `labels-${process.pid}`;
  beforeAll(async () => {
    real = await startRealEngine(namespace, { up: ['--nodes', '1'] });
    real.kubectl(['apply', '-f', '-'], manifests(namespace));
    for (const key of ['team', 'name']) await real.client.labels.removeRule({ key });
    await real.client.labels.saveRule({ rule });
  }, 180_000);
  afterAll(async () => {
    real?.kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--wait=false']);
    await real?.close();
  }, 60_000);

  const rule: LabelRule = {
    key: 'teams',
    title: 'Teams',
    enabled: true,
    kinds: ['deployments.apps', 'configmaps'],
    namespaces: [namespace],
    notNamespaces: [],
    namespaceSelector: '',
    clusters: [],
    label: 'team',
    values: ['retail', 'front'],
    pattern: '',
    default: 'retail',
    owned: false,
  };
  const ref = (kind: string, name: string): ObjectRef => ({ cluster: real.cluster, kind, namespace, name });
  const json = (...args: string[]) => JSON.parse(real.kubectl(['get', ...args, '-n', namespace, '-o', 'json']));
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
  const put = async (part: Partial<LabelFix> & Pick<LabelFix, 'objects'>, confirmed?: string) => {
    const fix: LabelFix = { label: 'team', from: 'value', value: 'retail', template: false, ...part };
    return ended((await real.client.labels.fix({ fix, ...(confirmed !== undefined && { confirmed }) })).run);
  };
  const preview = async (part: Partial<LabelFix> & Pick<LabelFix, 'objects'>) => {
    const fix: LabelFix = { label: 'team', from: 'value', value: 'retail', template: false, ...part };
    return (await real.client.labels.preview({ fix })).steps;
  };

  test('what breaks a rule is listed live, put right at once, and gone from the list', async () => {
    let rows: readonly Violation[] = [];
    const following = real.client.labels.violations(
      { namespaces: [namespace] },
      {
        change(state) {
          rows = state.rows;
        },
        error: (problem) => process.stderr.write(`${problem.message}\n`),
      },
    );
    const told = () => rows.map(({ object, problem, value }) => `${object.name} ${problem} ${value}`.trim()).sort();
    // The API server's own certificate stands in every namespace, and breaks the rule as well.
    const expected = ['kube-root-ca.crt missing', 'settings value Wrong', 'synced missing', 'web missing'];
    await real.until(() => expect(told()).toEqual(expected));
    const objects = rows.filter(({ object }) => object.name !== 'kube-root-ca.crt').map(({ object }) => object);
    const steps = await preview({ objects, from: 'namespace' });
    expect(steps.find(({ object }) => object.name === 'settings')?.changes).toEqual([
      { path: '/metadata/labels/team', before: 'Wrong', after: 'retail' },
    ]);
    expect(steps.find(({ object }) => object.name === 'synced')?.effects.join(' ')).toContain(
      'Git by the Application shop',
    );
    expect(steps.find(({ object }) => object.name === 'web')?.effects.join(' ')).toContain('pods do not get the label');
    const run = await put({ objects, from: 'namespace' });
    expect(run).toMatchObject({ state: 'done', undoable: true });
    await real.until(() => expect(told()).toEqual(['kube-root-ca.crt missing']));
    expect(json('deployment', 'web').metadata.labels).toEqual({ app: 'web', team: 'retail' });
    await ended((await real.client.changes.undo({ run: run.key })).run);
    await real.until(() => expect(told()).toEqual(expected));
    following.dispose();
  });

  test('a selector is respected: in templates, and for pods that an owner selects', async () => {
    const [step] = await preview({
      objects: [ref('deployments.apps', 'web')],
      label: 'tier',
      value: 'back',
      template: true,
    });
    expect(step?.error).toContain('The selector of web needs tier');
    await real.until(() => expect(json('pods', '-l', 'app=web').items).toHaveLength(1));
    const name = json('pods', '-l', 'app=web').items[0].metadata.name as string;
    const [pod] = await preview({ objects: [ref('pods', name)], label: 'app', value: 'other' });
    expect(pod?.error).toContain('it would let go of it');
    // The object's own label may differ from what its template's pods are selected by.
    expect(
      (await preview({ objects: [ref('deployments.apps', 'web')], label: 'tier', value: 'back' }))[0]?.error,
    ).toBeUndefined();
  });

  test('a template gets the label when it is asked for, and a pod takes it from its owner', async () => {
    const run = await put({ objects: [ref('deployments.apps', 'web')], value: 'front', template: true }, 'yes');
    expect(run.state).toBe('done');
    expect(json('deployment', 'web').spec.template.metadata.labels).toEqual({
      app: 'web',
      tier: 'front',
      team: 'front',
    });
    real.kubectl(['label', 'deployment', 'web', 'cost=42', '-n', namespace]);
    const name = json('pods', '-l', 'app=web').items[0].metadata.name as string;
    const [step] = await preview({ objects: [ref('pods', name)], label: 'cost', from: 'owner' });
    expect(step).toMatchObject({ changes: [{ path: '/metadata/labels/cost', after: '42' }] });
    expect(step?.effects.join(' ')).toContain('makes the next one without the label');
  });

  test('some may fail: the others are done, and only these are taken back', async () => {
    const run = await put({ objects: [ref('configmaps', 'settings'), ref('configmaps', 'gone')], value: 'front' });
    expect(run.steps.map(({ state }) => state)).toEqual(['done', 'failed']);
    expect(run).toMatchObject({ state: 'failed', undoable: true });
    await ended((await real.client.changes.undo({ run: run.key })).run);
    expect(json('configmap', 'settings').metadata.labels.team).toBe('Wrong');
  });

  test('who may only look is refused by the engine, too', async () => {
    const viewer = await startRealEngine('viewer', { viewerOf: real });
    try {
      const fix: LabelFix = {
        objects: [{ ...ref('configmaps', 'settings'), cluster: viewer.cluster }],
        label: 'team',
        from: 'value',
        value: 'front',
        template: false,
      };
      const { steps } = await viewer.client.labels.preview({ fix });
      expect(steps[0]?.error).toContain('cannot patch resource "configmaps"');
    } finally {
      await viewer.close();
    }
  });
});
