import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterTool, type RealEngine, saySkipped, startRealEngine } from '../../testing/realEngine.ts';
import type { Run } from '../changes/contract.ts';

/** Edits and applied texts on a real API server. */
saySkipped('manifests on a real API server');

const namespace = `manifests-${process.pid}`;
const settings = (data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: ${namespace} }\ndata: ${data}\n`;

describe.skipIf(clusterTool === undefined)('manifests', () => {
  let real: RealEngine;
  beforeAll(async () => {
    real = await startRealEngine(`manifests-${process.pid}`, { up: ['--real-node'] });
    real.kubectl(['create', 'namespace', namespace]);
  }, 180_000);
  afterAll(async () => {
    real?.kubectl(['delete', 'crd', '--ignore-not-found', '--wait=false', definitionName]);
    real?.kubectl(['delete', 'namespace', '--wait=false', namespace, `${namespace}-new`, '--ignore-not-found']);
    await real?.close();
  }, 60_000);

  const ref = (kind: string, name: string) => ({ cluster: real.cluster, kind, namespace, name });
  const json = (...args: string[]) => JSON.parse(real.kubectl(['get', '-n', namespace, ...args, '-o', 'json']));
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
  const preview = (text: string, more = {}) =>
    real.client.manifests.preview({ cluster: real.cluster, text, namespace, ...more });
  const apply = async (text: string, more = {}) =>
    ended((await real.client.manifests.apply({ cluster: real.cluster, text, namespace, ...more })).run);

  test('a field of another manager is a conflict that names it; force takes it over; undo gives it back', async () => {
    real.kubectl(['apply', '--server-side', '--field-manager=other', '-f', '-'], settings('{ a: "1", b: "1" }'));
    const seen = await preview(settings('{ a: "2" }'));
    expect(seen.problems).toEqual([]);
    expect(seen.documents[0]).toMatchObject({
      mode: 'apply',
      conflicts: [{ manager: 'other', field: '.data.a' }],
      changes: [{ path: '/data/a', before: '1', after: '2' }],
    });
    expect(await apply(settings('{ a: "2" }'))).toMatchObject({
      state: 'failed',
      steps: [{ message: expect.stringContaining('conflict with "other"') }],
    });
    expect(json('configmap', 'settings').data).toEqual({ a: '1', b: '1' });
    const forced = await apply(settings('{ a: "2" }'), { force: true });
    expect(forced).toMatchObject({ state: 'done', undoable: true });
    // What another manager wrote and the text does not name, stays.
    expect(json('configmap', 'settings').data).toEqual({ a: '2', b: '1' });
    expect((await ended((await real.client.changes.undo({ run: forced.key })).run)).state).toBe('done');
    expect(json('configmap', 'settings').data).toEqual({ a: '1', b: '1' });
  });

  test('an edit takes out a field that another manager wrote, keeps what others changed elsewhere, and is undone', async () => {
    real.kubectl(['delete', 'configmap', 'settings', '--ignore-not-found', '-n', namespace]);
    real.kubectl(
      ['apply', '--server-side', '--field-manager=other', '-f', '-'],
      settings('{ a: "1", b: "1", c: "1" }'),
    );
    const object = ref('configmaps', 'settings');
    const { text } = await real.client.manifests.open({ object });
    expect(text).not.toMatch(/resourceVersion|managedFields|uid/);
    const edited = text.replace('  b: "1"\n', '').replace('a: "1"', 'a: "5"');
    real.kubectl(['patch', 'configmap', 'settings', '-n', namespace, '-p', '{"data":{"c":"9"}}']);
    const seen = await preview(edited, { opened: { object, text } });
    expect(seen.documents[0]).toMatchObject({
      mode: 'edit',
      changes: [
        { path: '/data/a', before: '1', after: '5' },
        { path: '/data/b', before: '1' },
      ],
      meanwhile: [{ path: '/data/c', opened: '1', now: '9', manager: 'kubectl-patch', contested: false }],
    });
    const run = await apply(edited, { opened: { object, text } });
    expect(run).toMatchObject({ state: 'done', action: 'edit', title: 'Edit settings' });
    expect(json('configmap', 'settings').data).toEqual({ a: '5', c: '9' });
    expect((await ended((await real.client.changes.undo({ run: run.key })).run)).state).toBe('done');
    expect(json('configmap', 'settings').data).toEqual({ a: '1', b: '1', c: '9' });
    const { entries } = await real.client.audit.entries({ name: 'settings', namespace, limit: 2 });
    expect(entries.map(({ action, result }) => `${action} ${result}`)).toEqual(['undo done', 'edit done']);
  });

  test('an edit of what somebody else changed meanwhile says who and what, and can be merged or overwrite', async () => {
    real.kubectl(['delete', 'configmap', 'settings', '--ignore-not-found', '-n', namespace]);
    real.kubectl(['apply', '--server-side', '--field-manager=other', '-f', '-'], settings('{ a: "1", b: "1" }'));
    const object = ref('configmaps', 'settings');
    const { text } = await real.client.manifests.open({ object });
    const edited = text.replace('a: "1"', 'a: "2"').replace('b: "1"', 'b: "2"');
    real.kubectl(['patch', 'configmap', 'settings', '-n', namespace, '-p', '{"data":{"a":"7"}}']);
    const seen = await preview(edited, { opened: { object, text } });
    expect(seen.documents[0]?.meanwhile).toMatchObject([
      { path: '/data/a', opened: '1', now: '7', manager: 'kubectl-patch', at: expect.any(Number), contested: true },
    ]);
    expect(await apply(edited, { opened: { object, text } })).toMatchObject({
      state: 'failed',
      steps: [{ message: 'Changed since it was opened: /data/a (kubectl-patch)' }],
    });
    const { merged, live } = seen.documents[0] ?? {};
    expect(merged).toContain('a: "7"');
    expect(merged).toContain('b: "2"');
    expect(await apply(merged ?? '', { opened: { object, text: live } })).toMatchObject({ state: 'done' });
    expect(json('configmap', 'settings').data).toEqual({ a: '7', b: '2' });
    expect(await apply(edited, { opened: { object, text }, force: true })).toMatchObject({ state: 'done' });
    expect(json('configmap', 'settings').data).toEqual({ a: '2', b: '2' });
    // What KubeSage's own edits wrote is nobody else's when a text is applied.
    expect((await preview(settings('{ a: "3" }'))).documents[0]).toMatchObject({ conflicts: [] });
    expect(await apply(settings('{ a: "3" }'))).toMatchObject({ state: 'done' });
    expect(json('configmap', 'settings').data).toEqual({ a: '3', b: '2' });
    real.kubectl(['delete', 'configmap', 'settings', '-n', namespace]);
    const gone = await preview(edited, { opened: { object, text } });
    expect(gone.documents[0]?.error).toBe('settings was deleted since it was opened');
  });

  const definitionName = `gadgets.g${process.pid}.test.kubesage.dev`;
  const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${definitionName} }
spec:
  group: g${process.pid}.test.kubesage.dev
  scope: Namespaced
  names: { kind: Gadget, plural: gadgets }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                size: { type: integer, minimum: 1, description: How large it is. }
`;

  test('a text with a namespace, a definition and its instance is applied in order, and undone', async () => {
    const text = `apiVersion: g${process.pid}.test.kubesage.dev/v1
kind: Gadget
metadata: { name: one, namespace: ${namespace}-new }
spec: { size: 3 }
---
${definition}---
apiVersion: v1
kind: Namespace
metadata: { name: ${namespace}-new }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: inside, namespace: ${namespace}-new }
data: { on: "yes" }
`;
    const seen = await preview(text);
    expect(seen.problems).toEqual([]);
    expect(seen.documents.map(({ line, mode, error }) => ({ line, mode, error }))).toEqual([
      { line: 1, mode: 'create', error: undefined },
      { line: 6, mode: 'create', error: undefined },
      { line: 26, mode: 'create', error: undefined },
      { line: 30, mode: 'create', error: undefined },
    ]);
    expect(seen.documents[0]?.warnings[0]).toContain('defined in this text');
    const run = await apply(text);
    expect(run.steps.map(({ state, message }) => `${state} ${message}`)).toEqual(Array(4).fill('done Applied'));
    expect(real.kubectl(['get', definitionName, 'one', '-n', `${namespace}-new`, '-o', 'jsonpath={.spec.size}'])).toBe(
      '3',
    );
    // The server publishes it some moments after it serves the kind.
    await real.until(async () => {
      const schema = await real.client.manifests.schema({
        cluster: real.cluster,
        apiVersion: `g${process.pid}.test.kubesage.dev/v1`,
        kind: 'Gadget',
      });
      expect(schema.schemas[schema.root]).toMatchObject({
        properties: { spec: { properties: { size: { type: 'integer', description: 'How large it is.' } } } },
      });
    });
    const undone = await ended((await real.client.changes.undo({ run: run.key })).run);
    expect(undone.state).toBe('done');
    await real.until(() => expect(() => json('crd', definitionName)).toThrow());
  }, 120_000);

  test('the words of the server stand at the document and the field that they are about', async () => {
    const text = `${settings('{ a: "1" }')}---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: -1
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: "busybox:1.36"
          ports: [{ containerPort: 99999 }]
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  prots: [{ port: 80 }]
`;
    const { documents } = await preview(text);
    expect(documents[0]?.error).toBeUndefined();
    expect(documents[1]?.problems.map(({ line, column }) => [line, column])).toEqual([
      [10, 3],
      [18, 21],
    ]);
    expect(documents[1]?.error).toContain('spec.replicas');
    expect(documents[2]?.error).toContain('.spec.prots: field not declared in schema');
    expect(documents[2]?.problems[0]?.line).toBe(24);
    const unknown = await preview('apiVersion: nowhere.dev/v1\nkind: Nothing\nmetadata: { name: x }\n');
    expect(unknown.problems[0]).toMatchObject({ line: 1, message: expect.stringContaining('does not serve Nothing') });
  });

  test('values of a secret are in no answer, stay as they are when left, and are changed when written', async () => {
    real.kubectl([
      'create',
      'secret',
      'generic',
      'login',
      '-n',
      namespace,
      '--from-literal=user=ada',
      '--from-literal=pass=s3cret',
    ]);
    const object = ref('secrets', 'login');
    const { text } = await real.client.manifests.open({ object });
    expect(text).not.toContain(Buffer.from('s3cret').toString('base64'));
    const edited = `${text}stringData:\n  pass: s4cret\n`;
    const seen = await preview(edited, { opened: { object, text } });
    expect(JSON.stringify(seen)).not.toMatch(/s4cret|czRjcmV0|czNjcmV0/);
    expect(seen.documents[0]?.changes).toEqual([{ path: '/data/pass', before: '(hidden)', after: '(hidden)' }]);
    expect(seen.documents[0]?.after).toContain('pass: 6 bytes (changed)');
    expect(await apply(edited, { opened: { object, text } })).toMatchObject({ state: 'done' });
    expect(json('secret', 'login').data).toEqual({
      user: Buffer.from('ada').toString('base64'),
      pass: Buffer.from('s4cret').toString('base64'),
    });
    const copied = text.replace('  user:', '  other:');
    expect((await preview(copied, { opened: { object, text } })).documents[0]?.error).toContain('hidden value');
  });

  test('the owner, the Git source and the warnings of the server are told; every template is taken', async () => {
    real.kubectl(
      ['apply', '-f', '-'],
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: managed, namespace: ${namespace}, annotations: { "argocd.argoproj.io/tracking-id": "shop:/ConfigMap:x/managed" } }\n`,
    );
    expect(await real.client.manifests.open({ object: ref('configmaps', 'managed') })).toMatchObject({
      source: { tool: 'argocd', name: 'shop' },
    });
    const { templates } = await real.client.manifests.templates({});
    const everywhere = templates.filter(({ needs }) => needs === undefined);
    const seen = await preview(everywhere.map(({ text }) => text).join('---\n'));
    expect(seen.problems).toEqual([]);
    expect(seen.documents.map(({ object, error }) => [object.kind, error])).toEqual(
      seen.documents.map(({ object }) => [object.kind, undefined]),
    );
    // Three of them are two objects.
    expect(seen.documents).toHaveLength(everywhere.length + 3);
  });
});
