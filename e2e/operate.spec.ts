// What is done with objects, on a real cluster: as its administrator, and as a user who may only look.

import { type App, expect, hostOf, startApp, test } from './app.ts';
import { noClusters, type RealCluster, startCluster } from './clusters.ts';
import { open } from './demo.ts';

const why = noClusters();
test.describe.configure({ mode: 'serial' });
test.skip(why !== null, why ?? '');

const web = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default, labels: { app: web } }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "shop/web:1" }] }
`;

let cluster: RealCluster;
let app: App;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  const host = hostOf(test.info());
  cluster = startCluster(`operate-${host}`, { nodes: 2 });
  cluster.kubectl(['apply', '-f', '-'], web);
  cluster.kubectl(['rollout', 'status', 'deployment/web', '--timeout=90s']);
});

test.afterAll(async () => {
  await app?.close();
  cluster?.down();
});

const row = (name: string | RegExp) => app.page.getByRole('row').filter({ hasText: name });
const replicas = () => cluster.kubectl(['get', 'deployment', 'web', '-o', 'jsonpath={.spec.replicas}']);

async function start(kubeconfig: string): Promise<void> {
  app = await startApp(hostOf(test.info()), { kubeconfigs: [kubeconfig] });
  await app.page.getByRole('checkbox', { name: 'Choose all' }).check();
  await app.page.getByRole('button', { name: /^Open 1/ }).click();
  await expect(app.page.getByRole('article', { name: new RegExp(cluster.name) })).toContainText('Live');
  await open(app.page, '/resources/deployments.apps');
  await expect(row('web')).toBeVisible();
}

test('a Deployment is scaled after its dry run was seen, and the Undo takes it back', async () => {
  await start(cluster.kubeconfig);
  const { page } = app;
  await row('web').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Scale…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Scale: web' });
  await expect(dialog.getByLabel('Replicas')).toHaveValue('2');
  await dialog.getByLabel('Replicas').fill('4');
  await expect(dialog.getByRole('row', { name: /spec\.replicas 2 ?4/ })).toBeVisible();
  expect(replicas()).toBe('2');
  await dialog.getByRole('button', { name: 'Scale', exact: true }).click();
  await expect(page.getByText('Scale web to 4')).toBeVisible();
  await expect.poll(replicas).toBe('4');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(replicas).toBe('2');
});

test('the record has both, and is as it was written', async () => {
  const { page } = app;
  await open(page, '/changes');
  await expect(page.getByText('2 entries, as they were written')).toBeVisible();
  await expect(page.getByText('default/web')).toHaveCount(2);
});

test('a deletion says what it means before it is done', async () => {
  const { page } = app;
  await open(page, '/resources/deployments.apps');
  await row('web').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete: web' });
  await expect(dialog).toContainText('cannot always be brought back');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await app.close();
});

test('who may only look finds each change disabled, with the reason', async () => {
  await start(cluster.viewerKubeconfig);
  const { page } = app;
  await expect(async () => {
    await row('web').click({ button: 'right' });
    const item = page.getByRole('menuitem', { name: /^Scale…/ });
    await expect(item).toHaveAttribute('aria-disabled', 'true', { timeout: 1500 });
    await expect(item).toContainText(/may not patch deployments\/scale/);
  }).toPass();
  await expect(page.getByRole('menuitem', { name: /^Delete…/ })).toContainText(/may not delete deployments/);
  await expect(page.getByRole('menuitem', { name: 'Copy link' })).not.toHaveAttribute('aria-disabled', 'true');
});
