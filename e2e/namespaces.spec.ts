// Namespaces and labels on a real cluster through the window: created from a template, a quota made too small, labels put right, deleted.
import AxeBuilder from '@axe-core/playwright';
import { type App, expect, hostOf, startApp, test } from './app.ts';
import { noClusters, type RealCluster, startCluster } from './clusters.ts';
import { open } from './demo.ts';
import { takePicture } from './pictures.ts';

const why = noClusters();
test.describe.configure({ mode: 'serial' });
test.skip(why !== null, why ?? '');

let namespace: string;
let cluster: RealCluster;
let app: App;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  const host = hostOf(test.info());
  namespace = `team-${host}-${process.pid}`;
  cluster = startCluster(`spaces-${host}`, { nodes: 1 });
  app = await startApp(host, { kubeconfigs: [cluster.kubeconfig] });
  await app.page.getByRole('checkbox', { name: 'Choose all' }).check();
  await app.page.getByRole('button', { name: /^Open 1/ }).click();
  await expect(app.page.locator('article').filter({ hasText: 'Live' })).toHaveCount(1);
});

test.afterAll(async () => {
  await app?.close();
  cluster?.kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--wait=false']);
  cluster?.down();
});

const row = (name: string | RegExp) => app.page.getByRole('row').filter({ hasText: name });
const json = (...args: string[]) => JSON.parse(cluster.kubectl(['get', ...args, '-n', namespace, '-o', 'json']));
const picture = (name: string) => takePicture(app.page, name);

test('a namespace is created from a template after its dry run was seen', async () => {
  const { page } = app;
  await open(page, '/namespaces');
  await expect(row('kube-system')).toBeVisible();
  await page.getByRole('button', { name: 'Create…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create a namespace' });
  await dialog.getByLabel('Name', { exact: true }).fill('kube-system');
  await dialog.getByRole('button', { name: 'Show what changes' }).click();
  await expect(dialog.getByText('There is a namespace kube-system already')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Create', exact: true })).toBeDisabled();
  await dialog.getByLabel('Name', { exact: true }).fill(namespace);
  await dialog.getByRole('button', { name: 'Show what changes' }).click();
  await expect(dialog.getByText('ResourceQuota default-quota')).toBeVisible();
  await expect(dialog.getByText('RoleBinding edit')).toBeVisible();
  await picture('namespaces-create');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(row(namespace)).toContainText('default-limits');
  await expect(row(namespace)).toContainText('limited');
  await picture('namespaces-list');
  expect(json('rolebinding', 'edit').subjects[0].name).toBe(namespace);
});

test('its page says what it may use, and a quota below what is used says so before it is written', async () => {
  const { page } = app;
  cluster.kubectl(['create', 'deployment', 'web', '--image=shop/web:1', '--replicas=3', '-n', namespace]);
  await row(namespace).getByRole('link').first().click();
  await expect(page.getByRole('heading', { name: namespace, level: 1 })).toBeVisible();
  const quotas = page.getByRole('region', { name: 'Quotas' });
  await expect(quotas.getByText('3 / 50 · 6 %')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Network policies' })).toContainText('Out to all pods of namespaces');
  await expect(page.getByRole('region', { name: 'Who may do what' })).toContainText(`Group ${namespace}`);
  await page.getByRole('button', { name: 'Count', exact: true }).click();
  await expect(page.getByRole('region', { name: 'What is in it' })).toContainText('Deployment');
  await picture('namespaces-page');
  await quotas.getByRole('button', { name: 'Change…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Quota default-quota' });
  await dialog.getByLabel('Value of pods').fill('2');
  await expect(dialog.getByText('More is used already', { exact: true })).toBeVisible();
  await expect(dialog.getByText(/More is used already of pods/)).toBeVisible();
  await picture('namespaces-quota');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(quotas.getByText('3 / 2 · 150 %')).toBeVisible();
  expect(json('resourcequota', 'default-quota').spec.hard.pods).toBe('2');
});

test('what breaks a rule for labels is put right at once', async () => {
  const { page } = app;
  await open(page, `/labels?namespaces=${namespace}`);
  const list = page.getByRole('region', { name: 'Objects that break a rule' });
  await expect(list.getByRole('row').filter({ hasText: 'web' })).toContainText('app.kubernetes.io/name is missing');
  await picture('labels-list');
  await list.getByRole('checkbox', { name: 'Choose web' }).check();
  await list.getByRole('button', { name: 'Fix 1 chosen…' }).click();
  const dialog = page.getByRole('dialog', { name: /^Put app.kubernetes.io\/name on/ });
  await dialog.getByLabel('Value', { exact: true }).fill('shop-web');
  await expect(dialog.getByText('Its pods do not get the label', { exact: false })).toBeVisible();
  await picture('labels-fix');
  await dialog.getByRole('button', { name: 'Put it on' }).click();
  await expect(list.getByText('All rules are kept')).toBeVisible();
  expect(json('deployment', 'web').metadata.labels['app.kubernetes.io/name']).toBe('shop-web');
});

test('a rule is written, finds at once, and is forgotten', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'New rule…' }).click();
  const dialog = page.getByRole('dialog', { name: 'New rule' });
  await dialog.getByLabel('Label', { exact: true }).fill('tier');
  await dialog.getByLabel('What it is called').fill('Workloads have a tier');
  await dialog.getByLabel('Allowed values').fill('front, back');
  await picture('labels-rule');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('tier is missing')).toBeVisible();
  await page.getByRole('button', { name: 'Edit: Workloads have a tier' }).click();
  await page.getByRole('button', { name: 'Forget the rule' }).click();
  await expect(page.getByText('tier is missing')).toBeHidden();
});

test('nothing on these pages is out of reach for people who hear them', async () => {
  const { page } = app;
  for (const address of ['/namespaces', '/labels']) {
    await open(page, address);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().include('main').analyze();
    expect(violations.map(({ id: rule, nodes }) => `${rule}: ${nodes[0]?.html}`)).toEqual([]);
  }
});

test('a deletion shows what goes with it', async () => {
  const { page } = app;
  await open(page, '/namespaces');
  await row(namespace).getByRole('link').first().click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog', { name: `Delete the namespace ${namespace}` });
  await expect(dialog.getByRole('row').filter({ hasText: 'Pod' }).first()).toContainText('3');
  await expect(dialog.getByText('Undo brings the namespace back, and not what was in it.')).toBeVisible();
  await picture('namespaces-delete');
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Namespaces', level: 1 })).toBeVisible();
  await expect
    .poll(() =>
      cluster.kubectl(['get', 'namespace', namespace, '--ignore-not-found', '-o', 'jsonpath={.status.phase}']),
    )
    .not.toBe('Active');
});
