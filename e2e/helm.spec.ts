// A chart's whole life on a real cluster through the window: install, upgrade, drift, rollback, uninstall.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type App, expect, hostOf, startApp, test } from './app.ts';
import { noClusters, type RealCluster, startCluster } from './clusters.ts';
import { open } from './demo.ts';
import { takePicture } from './pictures.ts';

const why = noClusters();
test.describe.configure({ mode: 'serial' });
test.skip(why !== null, why ?? '');

const chart = {
  'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.2.3\nappVersion: "7.1"\n',
  'values.yaml': 'replicas: 1\ngreeting: hello\nauth: { password: "" }\n',
  'templates/NOTES.txt': 'The shop greets with {{ .Values.greeting }}.\n',
  'templates/all.yaml': `
apiVersion: v1
kind: ConfigMap
metadata: { name: {{ .Release.Name }}-config }
data: { greeting: {{ .Values.greeting | quote }} }
---
apiVersion: v1
kind: Secret
metadata: { name: {{ .Release.Name }}-auth }
stringData: { password: {{ .Values.auth.password | quote }} }
---
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
          image: docker.io/library/busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sleep, "86400"]
`,
};

const folder = mkdtempSync(join(tmpdir(), 'kubesage-chart-'));
let namespace: string;
let cluster: RealCluster;
let app: App;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  const host = hostOf(test.info());
  namespace = `helm-${host}-${process.pid}`;
  for (const [name, text] of Object.entries(chart)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  cluster = startCluster(`helm-${host}`, { nodes: 1 });
  cluster.kubectl(['delete', 'namespace', namespace, '--ignore-not-found']);
  cluster.kubectl(['create', 'namespace', namespace]);
  const assets = execFileSync(process.env.KUBESAGE_KUBE ?? '', ['assets'], { encoding: 'utf8' }).trim();
  process.env.KUBESAGE_HELM = join(assets, 'helm');
  app = await startApp(host, { kubeconfigs: [cluster.kubeconfig] });
  await app.page.getByRole('checkbox', { name: 'Choose all' }).check();
  await app.page.getByRole('button', { name: /^Open 1/ }).click();
  await expect(app.page.locator('article').filter({ hasText: 'Live' })).toHaveCount(1);
});

test.afterAll(async () => {
  await app?.close();
  cluster?.kubectl(['delete', 'namespace', namespace, '--wait=false']);
  cluster?.down();
  rmSync(folder, { recursive: true, force: true });
  delete process.env.KUBESAGE_HELM;
});

const row = (name: string | RegExp) => app.page.getByRole('row').filter({ hasText: name });
/** Writes values into the dialog's editor. */
const writeValues = async (text: string) => {
  await app.page.getByRole('dialog').locator('.monaco-editor').first().click();
  await app.page.keyboard.press('ControlOrMeta+A');
  // Pasted: what is typed is indented by the editor.
  await app.page.evaluate((words) => navigator.clipboard.writeText(words), text);
  await app.page.keyboard.press('ControlOrMeta+V');
};
const picture = (name: string) => takePicture(app.page, name);

test('a chart is installed after its dry run was seen', async () => {
  const { page } = app;
  await open(page, `/helm?namespaces=${namespace}`);
  await expect(page.getByRole('heading', { name: 'No releases' })).toBeVisible();
  await page.getByRole('button', { name: 'Install…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Install' });
  await dialog.getByLabel('Namespace', { exact: true }).fill(namespace);
  await dialog.getByLabel('Name of the release').fill('shop');
  await dialog.getByLabel('Chart', { exact: true }).fill(folder);
  await dialog.getByRole('button', { name: "Begin with the chart's defaults" }).click();
  await expect(dialog.locator('.monaco-editor')).toContainText('greeting: hello');
  await writeValues('greeting: hi\nauth:\n  password: correct-horse-battery\n');
  await dialog.getByRole('button', { name: 'Show what changes' }).click();
  await expect(dialog.getByText('apps/v1 Deployment shop')).toBeVisible();
  await picture('helm-install');
  await dialog.getByRole('button', { name: 'Install', exact: true }).click();
  await expect(page.getByRole('dialog').getByText('Revision 1: deployed').first()).toBeVisible();
  await picture('helm-run');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  await expect(row('shop')).toContainText('1.2.3');
  await picture('helm-releases');
});

test('values that look secret are hidden until they are asked for, and an upgrade keeps them', async () => {
  const { page } = app;
  await row('shop').getByRole('link').click();
  await expect(page.getByText('The shop greets with hi.')).toBeVisible();
  await picture('helm-overview');
  await page.getByRole('tab', { name: 'Values' }).click();
  await expect(page.getByText('password: (hidden)')).toBeVisible();
  await page.getByRole('button', { name: 'Upgrade…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Upgrade: shop' });
  await writeValues('greeting: good day\nauth:\n  password: (hidden)\n');
  await dialog.getByRole('radio', { name: 'Changes' }).click();
  await expect(dialog.locator('.monaco-diff-editor')).toContainText('good day');
  await picture('helm-values-diff');
  await dialog.getByRole('button', { name: 'Show what changes' }).click();
  await expect(dialog.getByRole('row', { name: /greeting hi ?good day/ }).first()).toBeVisible();
  await picture('helm-upgrade');
  await dialog.getByRole('button', { name: 'Upgrade', exact: true }).click();
  await expect(page.getByRole('dialog').getByText('Revision 2: deployed').first()).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('button', { name: 'Show values that look secret' }).click();
  await expect(page.getByText('password: correct-horse-battery')).toBeVisible();
  await page.getByRole('button', { name: 'Hide values that look secret' }).click();
});

test('what kubectl changes is shown as drift, and a rollback takes it back', async () => {
  const { page } = app;
  cluster.kubectl(['scale', 'deployment/shop', '--replicas=2', '-n', namespace]);
  await page.getByRole('tab', { name: 'Resources' }).click();
  await expect(page.getByText('1 object is otherwise than the manifest says.')).toBeVisible();
  await expect(row(/spec\.replicas/).first()).toBeVisible();
  await picture('helm-resources');
  await page.getByRole('tab', { name: 'Diff' }).click();
  await expect(page.getByText('v1 ConfigMap shop-config')).toBeVisible();
  await picture('helm-diff');
  await page.getByRole('tab', { name: /History/ }).click();
  await picture('helm-history');
  await page.getByRole('button', { name: 'Roll back…' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Roll back: shop' });
  await dialog.getByRole('switch', { name: /Take over/ }).click();
  await expect(dialog.getByText('v1 ConfigMap shop-config')).toBeVisible();
  await dialog.getByRole('button', { name: 'Roll back', exact: true }).click();
  await expect(page.getByRole('dialog').getByText('Revision 3: deployed').first()).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  const replicas = () =>
    cluster.kubectl(['get', 'deployment', 'shop', '-n', namespace, '-o', 'jsonpath={.spec.replicas}']);
  await expect.poll(replicas).toBe('1');
});

test('an uninstallation says what goes, and the list is empty again', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'Uninstall…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Uninstall: shop' });
  await expect(dialog.getByText('The history goes, too: it can only be installed anew.')).toBeVisible();
  await picture('helm-uninstall');
  await dialog.getByRole('button', { name: 'Uninstall', exact: true }).click();
  await expect(page.getByRole('dialog').getByText('Uninstalled').first()).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  await open(page, `/helm?namespaces=${namespace}`);
  await expect(page.getByRole('heading', { name: 'No releases' })).toBeVisible();
});
