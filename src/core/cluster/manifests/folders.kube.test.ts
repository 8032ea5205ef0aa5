import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterTool, type RealEngine, saySkipped, startRealEngine } from '../../testing/realEngine.ts';
import type { Run } from '../changes/contract.ts';
import type { FolderHead, FolderInput, FolderRow } from './contract.ts';

/** Folders and kustomizations on a real API server. */
saySkipped('folders of manifests on a real API server');

const group = `folders${process.pid}.test.kubesage.dev`;
const namespace = `folders-${process.pid}`;
const map = (name: string, data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: ${namespace} }\ndata: ${data}\n`;
const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gadgets.${group} }
spec:
  group: ${group}
  scope: Namespaced
  names: { kind: Gadget, plural: gadgets }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
`;
const files = {
  // By their paths they come in the wrong order: the instance before its definition, all before the namespace.
  'a/gadget.yaml': `apiVersion: ${group}/v1\nkind: Gadget\nmetadata: { name: one, namespace: ${namespace} }\n`,
  'b/definition.yml': definition,
  'c.json': JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'listed', namespace }, data: { a: '1' } }],
  }),
  'd.yaml': `${map('first', '{ a: "1" }')}---\n${map('second', '{ a: "1" }')}`,
  'z/namespace.yaml': `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${namespace} }\n`,
  'broken.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x\n',
  'README.md': 'No manifest.',
};

describe.skipIf(clusterTool === undefined)('folders', () => {
  let real: RealEngine;
  beforeAll(async () => {
    const assets = execFileSync(clusterTool ?? '', ['assets'], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .at(-1);
    process.env.PATH = `${assets}:${process.env.PATH}`;
    real = await startRealEngine(`folders-${process.pid}`, { up: ['--real-node'] });
  }, 180_000);
  afterAll(async () => {
    real?.kubectl(['delete', 'crd', '--ignore-not-found', '--wait=false', `gadgets.${group}`]);
    real?.kubectl(['delete', 'namespace', '--ignore-not-found', '--wait=false', namespace]);
    await real?.close();
  }, 60_000);

  const input = (upload: string, more: Partial<FolderInput> = {}) => ({
    upload,
    name: 'shop',
    cluster: real.cluster,
    namespace: 'default',
    force: false,
    recursive: true,
    turn: 0,
    ...more,
  });
  const bring = (upload: string, all: Record<string, string>) =>
    real.client.manifests.bring({ upload, files: Object.entries(all).map(([path, text]) => ({ path, text })) });
  const look = (asked: ReturnType<typeof input>) =>
    new Promise<{ head: FolderHead; rows: readonly FolderRow[] }>((resolve, reject) => {
      const following = real.client.manifests.folder(asked, {
        change({ head, rows }) {
          if (!head.done) return;
          following.dispose();
          resolve({ head, rows });
        },
        error: reject,
      });
    });
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
  const brief = (rows: readonly FolderRow[]) =>
    rows.map(({ kind, object, state }) => `${kind} ${object.name} ${state}`);
  const applyAll = async (asked: ReturnType<typeof input>, more = {}) => {
    const { rows } = await look(asked);
    const plan = { ...asked, keys: rows.map(({ key }) => key), ...more };
    const { level, text } = await real.client.manifests.folderConfirmation(plan);
    const { run } = await real.client.manifests.applyFolder({ ...plan, ...(level !== 'none' && { confirmed: text }) });
    return ended(run);
  };

  test('is looked at in the order of need, applied with what it defines, and undone as one', async () => {
    await bring('one', files);
    const { head, rows } = await look(input('one'));
    expect(brief(rows)).toEqual([
      `Namespace ${namespace} new`,
      `CustomResourceDefinition gadgets.${group} new`,
      'ConfigMap listed new',
      'ConfigMap first new',
      'ConfigMap second new',
      'Gadget one new',
    ]);
    expect(head).toMatchObject({ asked: 6, total: 6, kustomizations: [], gone: [] });
    expect(head.problems.map(({ file }) => file)).toEqual(['broken.yaml']);
    const first = rows.find(({ object }) => object.name === 'second');
    expect(first).toMatchObject({ file: 'd.yaml', line: 6, changes: 1 });
    const detail = await real.client.manifests.folderDocument({ ...input('one'), key: first?.key ?? '' });
    expect(detail).toMatchObject({ mode: 'create', after: expect.stringContaining('name: second') });
    const run = await applyAll(input('one'));
    expect(run.steps.map(({ state, message }) => `${state} ${message}`)).toEqual(Array(6).fill('done Applied'));
    expect(run).toMatchObject({ state: 'done', title: 'Apply 6 of shop', undoable: true });
    expect(brief((await look(input('one'))).rows)).toEqual(brief(rows).map((line) => line.replace('new', 'same')));
    expect((await ended((await real.client.changes.undo({ run: run.key })).run)).state).toBe('done');
    await real.until(() => expect(() => real.kubectl(['get', 'crd', `gadgets.${group}`])).toThrow());
    await real.until(() => expect(() => real.kubectl(['get', 'namespace', namespace])).toThrow());
  }, 120_000);

  test('names what an earlier apply left behind, and deletes it only when it is asked to', async () => {
    const plain = { 'namespace.yaml': files['z/namespace.yaml'], 'd.yaml': files['d.yaml'] };
    await bring('two', plain);
    expect((await applyAll(input('two'))).state).toBe('done');
    await bring('three', { ...plain, 'd.yaml': map('first', '{ a: "2" }') });
    const { head, rows } = await look(input('three'));
    expect(brief(rows)).toEqual([`Namespace ${namespace} same`, 'ConfigMap first changed']);
    expect(head.gone).toMatchObject([{ kind: 'configmaps', namespace, name: 'second' }]);
    // Of another name nothing is known, and what is not gone cannot be deleted by this way.
    expect((await look(input('three', { name: 'other' }))).head.gone).toEqual([]);
    await expect(
      real.client.manifests.applyFolder({
        ...input('three'),
        keys: [],
        remove: [{ cluster: real.cluster, kind: 'configmaps', namespace, name: 'first' }],
        confirmed: 'yes',
      }),
    ).rejects.toMatchObject({ code: 'conflict' });
    const kept = await applyAll(input('three'));
    expect(kept.state).toBe('done');
    expect(real.kubectl(['get', 'configmap', '-n', namespace, '-o', 'name'])).toContain('configmap/second');
    const again = await look(input('three'));
    const asked = { ...input('three'), keys: [], remove: again.head.gone };
    expect(await real.client.manifests.folderConfirmation(asked)).toMatchObject({ level: 'confirm' });
    await expect(real.client.manifests.applyFolder(asked)).rejects.toMatchObject({ code: 'needsConfirmation' });
    const removed = await ended((await real.client.manifests.applyFolder({ ...asked, confirmed: 'yes' })).run);
    expect(removed).toMatchObject({ state: 'done', title: 'Delete 1 of shop' });
    expect(real.kubectl(['get', 'configmap', '-n', namespace, '-o', 'name'])).not.toContain('configmap/second');
    expect((await look(input('three'))).head.gone).toEqual([]);
  }, 120_000);

  test('a kustomization is built by the program that is there, out of these files alone', async () => {
    await bring('four', {
      'base/kustomization.yaml': 'resources: [map.yaml]\n',
      'base/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: base }\ndata: { a: "1" }\n',
      'prod/kustomization.yaml': `namespace: ${namespace}\nnamePrefix: prod-\nresources: [../base]\nconfigMapGenerator:\n  - name: words\n    files: [words.txt]\n`,
      'prod/words.txt': 'hello\n',
    });
    const { head, rows } = await look(input('four', { kustomization: 'prod', name: 'shop/prod' }));
    expect(head).toMatchObject({ kustomizations: ['base', 'prod'], problems: [] });
    expect(head.error).toBeUndefined();
    expect(rows.map(({ kind, object, state }) => [kind, object.name.replace(/-[a-z0-9]{10}$/, ''), state])).toEqual([
      ['ConfigMap', 'prod-base', 'new'],
      ['ConfigMap', 'prod-words', 'new'],
    ]);
    await bring('four', { 'prod/kustomization.yaml': 'resources: ["https://example.com/app.yaml"]\n' });
    expect((await look(input('four', { kustomization: 'prod' }))).head).toMatchObject({
      error: 'prod/kustomization.yaml refers to https://example.com/app.yaml, which is not among the files',
    });
    await expect(bring('four', { '../up.yaml': '' })).rejects.toMatchObject({ code: 'invalid' });
  }, 60_000);

  test("nobody's files are at hand that were not brought", async () => {
    expect((await look(input('unknown'))).head.error).toBe('The files are no longer at hand');
  });
});
