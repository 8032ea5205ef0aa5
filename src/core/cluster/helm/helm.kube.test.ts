import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { clusterTool, type RealEngine, saySkipped, startRealEngine } from '../../testing/realEngine.ts';
import type { Run } from '../changes/contract.ts';
import type { Operation, Release } from './contract.ts';

/** Releases on a real API server, written by the real helm, with a chart that was written for this. */
saySkipped('helm on a real API server');

const secretText = 'correct-horse-battery';

const chart: Record<string, string> = {
  'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.2.3\nappVersion: "7.1"\n',
  'values.yaml': `
replicas: 1
image: { repository: docker.io/library/busybox, tag: "1.36" }
greeting: hello
dropped: { by: null-in-own-values }
auth: { password: "" }
`,
  'templates/NOTES.txt': 'Greets with {{ .Values.greeting }}, password {{ .Values.auth.password }}.\n',
  'templates/config.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ .Release.Name }}-config }\ndata:\n  greeting: {{ .Values.greeting | quote }}\n',
  'templates/secret.yaml':
    'apiVersion: v1\nkind: Secret\nmetadata: { name: {{ .Release.Name }}-auth }\nstringData:\n  password: {{ .Values.auth.password | quote }}\n',
  'templates/deployment.yaml': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: {{ .Release.Name }} }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: {{ .Release.Name }} } }
  template:
    metadata: { labels: { app: {{ .Release.Name }} } }
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: main
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          imagePullPolicy: IfNotPresent
          command: [sleep, "86400"]
          resources: { requests: { cpu: 0.001, memory: 1024Ki } }
`,
};

describe.skipIf(clusterTool === undefined)('helm', () => {
  const namespace = `helm-${process.pid}`;
  const folder = mkdtempSync(path.join(tmpdir(), 'kubesage-chart-'));
  let real: RealEngine;
  let assets = '';
  let before = process.env.PATH;

  beforeAll(async () => {
    assets = execFileSync(clusterTool as string, ['assets'], { encoding: 'utf8' }).trim();
    before = process.env.PATH;
    process.env.PATH = `${assets}:${before ?? ''}`;
    for (const [name, text] of Object.entries(chart)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    real = await startRealEngine(`helm-${process.pid}`, { up: ['--nodes', '1'] });
    real.kubectl(['create', 'namespace', namespace]);
  }, 180_000);
  afterAll(async () => {
    process.env.PATH = before;
    rmSync(folder, { recursive: true, force: true });
    real?.kubectl(['delete', 'namespace', namespace, '--wait=false']);
    await real?.close();
  }, 60_000);

  const release = () => ({ cluster: real.cluster, namespace, name: 'shop' });
  const helm = (...args: string[]) =>
    execFileSync(path.join(assets, 'helm'), [...args, '--kubeconfig', real.kubeconfig, '--namespace', namespace], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const ended = (run: string) =>
    new Promise<Run>((resolve, reject) => {
      const following = real.client.changes.runs(
        {},
        {
          change({ rows }) {
            const found = rows.find(({ key }) => key === run);
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
  const releases = () =>
    new Promise<readonly Release[]>((resolve, reject) => {
      const following = real.client.helm.releases(
        { namespaces: [namespace] },
        {
          change({ rows, head }) {
            const mine = rows.filter((row) => row.namespace === namespace);
            if (!head.sources.some(({ state }) => state === 'ready') || mine.some((row) => row.chart === null)) return;
            queueMicrotask(() => following.dispose());
            resolve(mine);
          },
          error: reject,
        },
      );
    });
  const read = (more: { revision?: number; reveal?: boolean } = {}) =>
    real.client.helm.release({ ...release(), ...more });

  const values = `replicas: 1\ngreeting: hi\ndropped: null\nauth:\n  password: ${secretText}\n`;
  const install = (): Operation => ({
    ...release(),
    operation: 'install',
    chart: folder,
    values,
    createNamespace: false,
    wait: false,
  });
  const upgrade = (more: Partial<Extract<Operation, { operation: 'upgrade' }>> = {}): Operation => ({
    ...release(),
    operation: 'upgrade',
    wait: false,
    takeOver: false,
    ...more,
  });

  test('an installation is shown before it is done, and nothing of it is in the cluster then', async () => {
    expect(await real.client.helm.program({})).toMatchObject({ found: true, path: path.join(assets, 'helm') });
    const defaults = await real.client.helm.chart({ chart: folder });
    expect(defaults.values.trim()).toBe(chart['values.yaml']?.trim());
    const preview = await real.client.helm.preview({ operation: install() });
    expect(preview.diff.manifest.map(({ object, change }) => `${change} ${object}`).sort()).toEqual([
      'added apps/v1 Deployment shop',
      'added v1 ConfigMap shop-config',
      'added v1 Secret shop-auth',
    ]);
    expect(preview.commandLine).toContain(`helm install shop ${folder} --values=values.yaml`);
    expect(JSON.stringify(preview)).not.toContain(secretText);
    expect(await releases()).toEqual([]);
  }, 60_000);

  test('it is installed, listed, and read as helm itself reads it', async () => {
    const run = await perform(install());
    expect(run).toMatchObject({ state: 'done', title: 'Install shop', undoable: true });
    expect(run.lines.map(({ text }) => text)).toContain('shop: STATUS: deployed');
    expect(await releases()).toMatchObject([
      { name: 'shop', revision: 1, status: 'deployed', chart: 'shop', chartVersion: '1.2.3', appVersion: '7.1' },
    ]);
    const shown = await read({ reveal: true });
    expect(parse(shown.values)).toEqual(JSON.parse(helm('get', 'values', 'shop', '-o', 'json')));
    expect(parse(shown.computed)).toEqual(JSON.parse(helm('get', 'values', 'shop', '--all', '-o', 'json')));
    expect(shown.manifest.trim()).toBe(helm('get', 'manifest', 'shop').trim());
    expect(shown.notes.trim()).toBe(`Greets with hi, password ${secretText}.`);
    expect(shown.chartKept).toBe(true);
  }, 60_000);

  test('what looks secret stays in the engine until it is asked for', async () => {
    const hidden = await read();
    expect(JSON.stringify(hidden)).not.toContain(secretText);
    expect(JSON.stringify(hidden)).not.toContain(Buffer.from(secretText).toString('base64'));
    expect(hidden.hidden).toEqual(['auth.password', 'v1 Secret shop-auth']);
    expect(hidden.notes).toContain('password (hidden)');
    const { entries } = await real.client.audit.entries({ name: 'shop' });
    expect(entries).toMatchObject([{ action: 'helm.install', result: 'done' }]);
    expect(JSON.stringify(entries)).not.toContain(secretText);
    const { text } = await real.client.audit.export({});
    expect(text).not.toContain(secretText);
  }, 60_000);

  test('an upgrade of the values keeps the chart and what was hidden', async () => {
    const edited = (await read()).values.replace('greeting: hi', 'greeting: good day');
    expect(edited).toContain('(hidden)');
    const operation = upgrade({ values: edited });
    const preview = await real.client.helm.preview({ operation });
    expect(preview.diff).toMatchObject({
      values: [{ path: '/greeting', before: 'hi', after: 'good day' }],
      manifest: [
        { object: 'v1 ConfigMap shop-config', changes: [{ path: '/data/greeting', before: 'hi', after: 'good day' }] },
      ],
    });
    expect(await perform(operation)).toMatchObject({ state: 'done', steps: [{ message: 'Revision 2: deployed' }] });
    expect(parse((await read({ reveal: true })).values)).toMatchObject({ auth: { password: secretText } });
    const { history } = await read();
    expect(history.map(({ revision, status }) => `${revision} ${status}`)).toEqual(['2 deployed', '1 superseded']);
    expect(await real.client.helm.diff({ ...release(), from: 1, to: 2 })).toEqual(preview.diff);
  }, 60_000);

  test('drift is what somebody changed, and nothing else', async () => {
    const drift = async () =>
      (await real.client.helm.objects(release())).objects.flatMap(({ kind, drift: changes }) =>
        changes.map(({ path: where, before: wanted, after }) => ({ kind, where, wanted, after })),
      );
    expect(await drift()).toEqual([]);
    real.kubectl(['scale', 'deployment/shop', '--replicas=2', '-n', namespace]);
    expect(await drift()).toEqual([{ kind: 'Deployment', where: '/spec/replicas', wanted: 1, after: 2 }]);
    const { objects } = await real.client.helm.objects(release());
    expect(objects).toMatchObject([
      { kind: 'Secret', state: 'present', judgedBy: 'server' },
      { kind: 'ConfigMap', state: 'present' },
      { kind: 'Deployment', state: 'present', object: { kind: 'deployments.apps', namespace } },
    ]);
    real.kubectl(['delete', 'configmap', 'shop-config', '-n', namespace]);
    const after = await real.client.helm.objects(release());
    expect(after.objects[1]).toMatchObject({ kind: 'ConfigMap', state: 'missing' });
  }, 60_000);

  test('a rollback brings everything back, and its undo leads forward again', async () => {
    const operation: Operation = { ...release(), operation: 'rollback', revision: 1, wait: false, takeOver: true };
    const preview = await real.client.helm.preview({ operation });
    expect(preview.diff.values).toEqual([{ path: '/greeting', before: 'good day', after: 'hi' }]);
    const run = await perform(operation);
    expect(run, JSON.stringify(run)).toMatchObject({ state: 'done', undoable: true });
    const json = (what: string) => JSON.parse(real.kubectl(['get', what, '-n', namespace, '-o', 'json']));
    expect(json('configmap/shop-config').data.greeting).toBe('hi');
    expect(json('deployment/shop').spec.replicas).toBe(1);
    const undo = await ended((await real.client.changes.undo({ run: run.key })).run);
    expect(undo, JSON.stringify(undo)).toMatchObject({ state: 'done' });
    expect(json('configmap/shop-config').data.greeting).toBe('good day');
    expect((await read()).release).toMatchObject({ revision: 4, status: 'deployed' });
  }, 60_000);

  test('what helm refuses is told in its words, recorded, and no credential stays behind', async () => {
    const run = await perform(upgrade({ chart: path.join(folder, 'nothing') }));
    expect(run).toMatchObject({ state: 'failed' });
    expect(run.steps[0]?.message).toContain('not found');
    const { entries } = await real.client.audit.entries({ name: 'shop' });
    expect(entries[0]).toMatchObject({ action: 'helm.upgrade', result: 'failed' });
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('kubesage-run-'))).toEqual([]);
  }, 60_000);

  test('an uninstallation asks, says what is lost, and takes it out of the list', async () => {
    const operation: Operation = { ...release(), operation: 'uninstall', keepHistory: false };
    const preview = await real.client.helm.preview({ operation });
    expect(preview).toMatchObject({ confirmation: { level: 'confirm' } });
    expect(preview.diff.manifest).toHaveLength(3);
    await expect(real.client.helm.run({ operation })).rejects.toMatchObject({ code: 'needsConfirmation' });
    expect(await perform(operation, 'yes')).toMatchObject({ state: 'done', undoable: false });
    expect(await releases()).toEqual([]);
    await expect(read()).rejects.toMatchObject({ code: 'notFound' });
  }, 60_000);
});
