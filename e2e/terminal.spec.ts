// Terminals in containers of a real node: a shell by its key, resize, Ctrl-C, a flood, its end and its start again.

import { type App, expect, hostOf, startApp, test } from './app.ts';
import { noClusters, type RealCluster, startCluster } from './clusters.ts';
import { open } from './demo.ts';

const why = noClusters();
test.describe.configure({ mode: 'serial' });
test.skip(why !== null, why ?? '');

let real: RealCluster;
let app: App;
const image = 'docker.io/library/busybox:1.36';
const namespace = `shells-${process.pid}`;

const manifests = `
apiVersion: v1
kind: Namespace
metadata: { name: ${namespace} }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: ${namespace} }
spec:
  nodeName: real-1
  terminationGracePeriodSeconds: 0
  containers:
    - { name: main, image: "${image}", imagePullPolicy: IfNotPresent, command: [sleep, "100000"] }
    - { name: sidecar, image: "${image}", imagePullPolicy: IfNotPresent, command: [sleep, "100000"] }
`;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  const host = hostOf(test.info());
  real = startCluster(`shells-${host}`, { realNode: true });
  // No pod may be made before the new namespace has its service account.
  await expect(() => void real.kubectl(['apply', '-f', '-'], manifests)).toPass({ timeout: 60_000 });
  real.kubectl(['wait', '--for=condition=Ready', 'pod/web', '-n', namespace, '--timeout=120s']);
  app = await startApp(host, { kubeconfigs: [real.kubeconfig] });
  await app.page.getByRole('checkbox', { name: 'Choose all' }).check();
  await app.page.getByRole('button', { name: /^Open 1/ }).click();
  await expect(app.page.getByRole('article').first()).toContainText('Live');
});

test.afterAll(async () => {
  await app?.close();
  real?.kubectl(['delete', 'namespace', namespace, '--wait=false']);
  real?.down();
});

const dock = () => app.page.getByRole('region', { name: 'Dock' });
const screen = () => dock().locator('.xterm-rows').filter({ visible: true }).last();
const type = (text: string) => app.page.keyboard.type(text);

test('a shell opens with its key, runs commands, and knows its size', async () => {
  await open(app.page, `/resources/pods?namespaces=${namespace}`);
  const row = app.page.getByRole('row').filter({ hasText: 'web' });
  await row.click();
  await app.page.keyboard.press('s');
  await expect(dock().getByRole('tab', { name: /web/ })).toBeVisible();
  await expect(screen()).toContainText('#');
  await type('echo "sum $((40 + 2))"; stty size\n');
  await expect(screen()).toContainText('sum 42');
  await expect(screen()).toContainText(/\d+ \d+/);
});

test('Ctrl-C belongs to the shell, and a flood gives way to it', async () => {
  await type('sleep 1000\n');
  await app.page.keyboard.press('Control+c');
  await expect(screen()).toContainText('^C');
  await type('yes flood\n');
  await expect(screen()).toContainText(/flood\s*flood/);
  await app.page.keyboard.press('Control+c');
  await type('echo "dry $((40 + 2))"\n');
  await expect(screen()).toContainText('dry 42');
});

test('the tab survives navigation, and the other container is one choice away', async () => {
  await open(app.page, '/fleet');
  await open(app.page, '/resources/nodes');
  await expect(screen()).toContainText('dry 42');
  await dock().getByRole('combobox', { name: 'Container' }).selectOption('sidecar');
  await expect(dock().getByRole('tab', { name: 'web · sidecar' })).toBeVisible();
  await expect(screen()).toContainText('started again');
});

test('an end has its exit code, and the same starts again', async () => {
  await dock().locator('.xterm-helper-textarea').last().focus();
  await type('exit 7\n');
  await expect(dock()).toContainText('Ended with exit code 7');
  await dock().getByRole('button', { name: 'Start again' }).last().click();
  await expect(dock().getByRole('status').filter({ hasText: 'exit code' })).toHaveCount(0);
  await dock().locator('.xterm-helper-textarea').last().focus();
  await type('echo "again $((40 + 2))"\n');
  await expect(screen()).toContainText('again 42');
});
