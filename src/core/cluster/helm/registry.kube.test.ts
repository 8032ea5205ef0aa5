import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OciRegistry, startOciRegistry } from '../../testing/ociRegistry.ts';
import { clusterTool, type RealEngine, saySkipped, startRealEngine } from '../../testing/realEngine.ts';
import type { Run } from '../changes/contract.ts';
import type { Operation } from './contract.ts';

/** A chart of an OCI registry through its versions on a real API server, its test on a real node, and who may not. */
saySkipped('helm with an OCI registry on a real API server');

const run = promisify(execFile);

const chartOf = (version: string, more = ''): Record<string, string> => ({
  'Chart.yaml': `apiVersion: v2\nname: till\nversion: ${version}\nappVersion: "${version}"\n`,
  'values.yaml': `coins: ${version.startsWith('1') ? 10 : 20}\n`,
  'values.schema.json': '{"type":"object","properties":{"coins":{"type":"integer","minimum":0}}}',
  'templates/all.yaml': `
apiVersion: v1
kind: ConfigMap
metadata: { name: {{ .Release.Name }}-coins, annotations: { helm.sh/resource-policy: keep } }
data: { coins: {{ .Values.coins | quote }} }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: {{ .Release.Name }} }
spec:
  serviceName: till
  replicas: 0
  selector: { matchLabels: { app: till } }
  template:
    metadata: { labels: { app: till } }
    spec: { containers: [{ name: main, image: "docker.io/library/busybox:1.36" }] }
  volumeClaimTemplates:
    - metadata: { name: drawer }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } }
${more}`,
  'templates/test.yaml': `
apiVersion: v1
kind: Pod
metadata: { name: {{ .Release.Name }}-count, annotations: { helm.sh/hook: test } }
spec:
  nodeName: real-1
  restartPolicy: Never
  containers:
    - name: count
      image: docker.io/library/busybox:1.36
      imagePullPolicy: IfNotPresent
      command: [sh, -c, "echo counted {{ .Values.coins }} coins"]
`,
});

const added = `---
apiVersion: v1
kind: Service
metadata: { name: {{ .Release.Name }} }
spec: { selector: { app: till }, ports: [{ port: 80 }] }
`;

describe.skipIf(clusterTool === undefined)('helm and a registry', () => {
  const namespace = `till-${process.pid}`;
  const folder = mkdtempSync(path.join(tmpdir(), 'kubesage-till-'));
  let real: RealEngine;
  let oci: OciRegistry;
  let binary = '';
  const pathBefore = process.env.PATH;

  beforeAll(async () => {
    const assets = execFileSync(clusterTool as string, ['assets'], { encoding: 'utf8' }).trim();
    process.env.PATH = `${assets}:${pathBefore ?? ''}`;
    binary = path.join(assets, 'helm');
    oci = await startOciRegistry();
    for (const [version, more] of [
      ['1.0.0', ''],
      ['2.0.0', added],
    ] as const) {
      const place = path.join(folder, version);
      for (const [file, text] of Object.entries(chartOf(version, more))) {
        mkdirSync(path.dirname(path.join(place, file)), { recursive: true });
        writeFileSync(path.join(place, file), text);
      }
      const env = { HOME: folder, PATH: '/usr/bin:/bin' };
      await run(binary, ['package', place, '--destination', folder], { env });
      await run(binary, ['push', path.join(folder, `till-${version}.tgz`), `oci://${oci.host}/acorn`, '--plain-http'], {
        env,
      });
    }
    real = await startRealEngine(`till-${process.pid}`, { up: ['--real-node'] });
    real.kubectl(['create', 'namespace', namespace]);
  }, 240_000);
  afterAll(async () => {
    process.env.PATH = pathBefore;
    rmSync(folder, { recursive: true, force: true });
    await oci?.close();
    real?.kubectl(['delete', 'namespace', namespace, '--wait=false']);
    await real?.close();
  }, 60_000);

  const release = () => ({ cluster: real.cluster, namespace, name: 'till' });
  const chart = () => `oci://${oci.host}/acorn/till`;
  const ended = (id: string, engine = real) =>
    new Promise<Run>((resolve, reject) => {
      const following = engine.client.changes.runs(
        {},
        {
          change({ rows }) {
            const found = rows.find(({ key }) => key === id);
            if (found === undefined || found.endedAt === null) return;
            queueMicrotask(() => following.dispose());
            resolve(found);
          },
          error: reject,
        },
      );
    });
  const perform = async (operation: Operation, confirmed?: string) =>
    ended((await real.client.helm.run({ operation, ...(confirmed && { confirmed }) })).run);
  const install = (): Operation => ({
    ...release(),
    operation: 'install',
    chart: chart(),
    version: '1.0.0',
    values: 'coins: 7\n',
    createNamespace: false,
    wait: false,
  });

  test('a chart is read, shown and installed by its address in the registry', async () => {
    expect(await real.client.helm.chart({ chart: chart(), version: '1.0.0' })).toMatchObject({
      name: 'till',
      version: '1.0.0',
      values: 'coins: 10\n',
      schema: expect.stringContaining('"minimum":0'),
    });
    const preview = await real.client.helm.preview({ operation: install() });
    expect(preview).toMatchObject({ lacks: [], left: [] });
    expect(preview.diff.manifest.map(({ object }) => object).sort()).toEqual([
      'apps/v1 StatefulSet till',
      'v1 ConfigMap till-coins',
    ]);
    expect(await perform(install())).toMatchObject({ state: 'done', steps: [{ message: 'Revision 1: deployed' }] });
  }, 60_000);

  test('an upgrade to another version of the chart shows first what it changes', async () => {
    const operation: Operation = {
      ...release(),
      operation: 'upgrade',
      chart: chart(),
      version: '2.0.0',
      wait: false,
      takeOver: false,
    };
    const preview = await real.client.helm.preview({ operation });
    expect(preview.diff.values).toEqual([]);
    expect(preview.diff.manifest).toMatchObject([{ change: 'added', object: 'v1 Service till' }]);
    expect(preview.lacks).toEqual([]);
    expect(await perform(operation)).toMatchObject({ state: 'done' });
    expect((await real.client.helm.release(release())).release).toMatchObject({ revision: 2, chartVersion: '2.0.0' });
  }, 60_000);

  test('the chart’s test runs on a node, and its output comes', async () => {
    const result = await perform({ ...release(), operation: 'test' });
    expect(result, JSON.stringify(result)).toMatchObject({ state: 'done', undoable: false });
    expect(result.lines.map(({ text }) => text).join('\n')).toContain('counted 7 coins');
    const { hooks } = await real.client.helm.release(release());
    expect(hooks).toMatchObject([{ name: 'till-count', phase: 'Succeeded' }]);
  }, 120_000);

  test('who may read releases and not change anything is told the rights that are missing, and refused', async () => {
    real.kubectl(
      ['apply', '-n', namespace, '-f', '-'],
      `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: secrets }
rules: [{ apiGroups: [""], resources: [secrets], verbs: [get, list] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: secrets }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: secrets }
subjects: [{ kind: User, name: viewer }]
`,
    );
    const viewer = await startRealEngine('viewer', { viewerOf: real });
    try {
      const place = { ...release(), cluster: viewer.cluster };
      const { lacks } = await viewer.client.helm.rights(place);
      expect(Object.keys(lacks).sort()).toEqual(['rollback', 'test', 'uninstall', 'upgrade']);
      expect(lacks.upgrade?.map(({ reason }) => reason)).toEqual(
        expect.arrayContaining([
          expect.stringContaining('may not create secrets'),
          expect.stringContaining('may not patch statefulsets'),
        ]),
      );
      expect(lacks.uninstall?.[0]?.rule).toContain('delete');
      const { lacks: forNew } = await viewer.client.helm.rights({ cluster: viewer.cluster, namespace });
      expect(forNew.install).toHaveLength(2);
      const operation: Operation = { ...install(), cluster: viewer.cluster, name: 'other' };
      expect((await viewer.client.helm.preview({ operation })).lacks.length).toBeGreaterThan(0);
      const refused = await ended((await viewer.client.helm.run({ operation })).run, viewer);
      expect(refused).toMatchObject({ state: 'failed', undoable: false });
      expect(refused.steps[0]?.message).toContain('may not create secrets');
      expect((await viewer.client.audit.entries({})).entries).toEqual([]);
    } finally {
      await viewer.close();
    }
  }, 60_000);

  test('an uninstallation says what stays', async () => {
    real.kubectl(
      ['apply', '-n', namespace, '-f', '-'],
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: drawer-till-0 }\nspec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } }\n',
    );
    const operation: Operation = { ...release(), operation: 'uninstall', keepHistory: false };
    const { left } = await real.client.helm.preview({ operation });
    expect(left).toEqual([
      { kind: 'ConfigMap', namespace, name: 'till-coins', why: 'keepPolicy' },
      { kind: 'Pod', namespace, name: 'till-count', why: 'hook' },
      { kind: 'PersistentVolumeClaim', namespace, name: 'drawer-till-0', why: 'volumeClaim' },
    ]);
    expect(await perform(operation, 'yes')).toMatchObject({ state: 'done' });
    for (const { kind, name } of left) real.kubectl(['get', kind, name, '-n', namespace]);
    real.kubectl(['delete', 'configmap', 'till-coins', '-n', namespace]);
  }, 60_000);

  test('what would take an installation back is an uninstallation, and asks before', async () => {
    const done = await perform(install());
    const wayBack = await real.client.changes.wayBack({ run: done.key });
    expect(wayBack).toMatchObject({ danger: true, confirmation: { level: 'confirm', text: 'yes' } });
    await expect(real.client.changes.undo({ run: done.key })).rejects.toMatchObject({ code: 'needsConfirmation' });
    expect((await real.client.helm.release(release())).release.status).toBe('deployed');
    const undone = await ended((await real.client.changes.undo({ run: done.key, confirmed: 'yes' })).run);
    expect(undone).toMatchObject({ state: 'done', title: 'Undo: Install till' });
    await expect(real.client.helm.release(release())).rejects.toMatchObject({ code: 'notFound' });
  }, 60_000);
});
