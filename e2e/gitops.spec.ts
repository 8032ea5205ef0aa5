// Argo CD's and Flux's own definitions on a real cluster, with what their controllers would write: list, detail, orders, undo,
// rollback, promotion.
import AxeBuilder from '@axe-core/playwright';
import { applyExamples, exampleManaged, revisions } from '../src/core/cluster/gitops/testing/examples.ts';
import { readDefinitions } from '../src/core/testing/published/definitions.ts';
import { type App, expect, hostOf, startApp, test } from './app.ts';
import { noClusters, type RealCluster, startCluster } from './clusters.ts';
import { open } from './demo.ts';
import { takePicture } from './pictures.ts';

const why = noClusters();
test.describe.configure({ mode: 'serial' });
test.skip(why !== null, why ?? '');

const namespace = 'apps';
let cluster: RealCluster;
let app: App;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  const host = hostOf(test.info());
  cluster = startCluster(`gitops-${host}`, { nodes: 1 });
  app = await startApp(host, { kubeconfigs: [cluster.kubeconfig] });
  await app.page.getByRole('checkbox', { name: 'Choose all' }).check();
  await app.page.getByRole('button', { name: /^Open 1/ }).click();
  await expect(app.page.locator('article').filter({ hasText: 'Live' })).toHaveCount(1);
});

test.afterAll(async () => {
  await app?.close();
  cluster?.down();
});

const application = (name: string, path: string) =>
  cluster.kubectl(['get', 'applications.argoproj.io', name, '-n', namespace, '-o', `jsonpath=${path}`]);
const row = (name: string | RegExp) => app.page.getByRole('row').filter({ hasText: name });
const dialog = (name: string | RegExp) => app.page.getByRole('dialog', { name });
const show = async (address: string) => {
  await open(app.page, address);
};
/** Nothing serious for axe in what is shown now. */
const isAccessible = async () => {
  const { violations } = await new AxeBuilder({ page: app.page })
    // What is told in the corner fades in and out.
    .exclude('[data-sonner-toaster]')
    .setLegacyMode()
    .analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)).toEqual(
    [],
  );
};
const picture = (name: string) => takePicture(app.page, name);

test('where neither engine is installed, that is what is said; what they deliver comes with them', async () => {
  test.setTimeout(120_000);
  const { page } = app;
  await show('/gitops');
  await expect(page.getByRole('heading', { name: 'Neither Argo CD nor Flux is installed' })).toBeVisible();
  await isAccessible();
  await picture('gitops-absent');
  cluster.kubectl(['create', 'namespace', namespace]);
  for (const name of ['argo-cd-crds', 'flux-crds'] as const) {
    for (const text of readDefinitions(name)) cluster.kubectl(['apply', '--server-side', '-f', '-'], text);
  }
  cluster.kubectl(['apply', '-f', '-'], exampleManaged(namespace));
  await expect(() => applyExamples(cluster.kubectl, namespace)).toPass();
  await expect(row('guestbook-prod')).toContainText('Out of sync', { timeout: 60_000 });
  await expect(row('guestbook-staging')).toContainText('1.3.0');
  await expect(row('frontend')).toContainText('UpgradeFailed');
  await expect(row('Kustomization')).toContainText('Synced');
  await isAccessible();
  await picture('gitops-list');
});

test('sources have what they fetched; promotion has both places side by side', async () => {
  const { page } = app;
  await page.getByRole('link', { name: 'Sources', exact: true }).click();
  await expect(row('GitRepository')).toContainText('master@3333333');
  await isAccessible();
  await picture('gitops-sources');
  await page.getByRole('link', { name: 'Promotion', exact: true }).click();
  const promoted = row('guestbook');
  await expect(promoted).toContainText('2 versions');
  await expect(promoted).toContainText('1.3.0');
  await expect(promoted).toContainText('1.2.0');
  await isAccessible();
  await picture('gitops-promotion');
});

test('the list is narrowed by words and by what needs attention', async () => {
  const { page } = app;
  await show('/gitops');
  await page.getByRole('textbox', { name: 'Filter' }).fill('kustomization');
  await expect(row('guestbook')).toHaveCount(0);
  await expect(row('Kustomization')).toHaveCount(1);
  await page.getByRole('textbox', { name: 'Filter' }).fill('');
  await page.getByRole('button', { name: /Needs attention/ }).click();
  await expect(row('guestbook-staging')).toHaveCount(0);
  await expect(row('frontend')).toHaveCount(1);
  await page.getByRole('button', { name: /Needs attention/ }).click();
});

test('an order to sync chosen objects arrives in the application', async () => {
  const { page } = app;
  await row('guestbook-prod').getByRole('link').click();
  await expect(page.getByRole('heading', { name: 'guestbook-prod' })).toBeVisible();
  await expect(page.getByText('successfully synced (all tasks run)')).toBeVisible();
  await isAccessible();
  await picture('gitops-summary');
  await page.getByRole('tab', { name: /Resources/ }).click();
  await expect(row('Deployment')).toContainText('OutOfSync');
  await expect(row('Deployment')).toContainText('Scaled to 0');
  await row('Deployment').getByRole('checkbox').check();
  await isAccessible();
  await picture('gitops-resources');
  await page.getByRole('button', { name: 'Sync 1 object…' }).click();
  const asked = dialog('Sync: guestbook-prod');
  await expect(asked.getByLabel('These objects only')).toHaveValue(`apps:Deployment:${namespace}/web`);
  await asked.getByRole('switch', { name: 'Dry run' }).click();
  await picture('gitops-sync');
  await asked.getByRole('button', { name: 'Sync', exact: true }).click();
  await expect
    .poll(() => application('guestbook-prod', '{.operation}'))
    .toContain('"initiatedBy":{"username":"kubesage"}');
  const order = JSON.parse(application('guestbook-prod', '{.operation.sync}'));
  expect(order).toMatchObject({
    dryRun: true,
    resources: [{ group: 'apps', kind: 'Deployment', namespace, name: 'web' }],
  });
  // What the controller does when it has taken the order and carried it out.
  cluster.kubectl([
    'patch',
    'applications.argoproj.io',
    'guestbook-prod',
    '-n',
    namespace,
    '--type=json',
    '-p',
    '[{"op":"remove","path":"/operation"},{"op":"replace","path":"/status/sync/status","value":"Synced"},{"op":"replace","path":"/status/resources/0/status","value":"Synced"}]',
  ]);
  await expect(row('Deployment')).toContainText('Synced');
});

test('what kubectl changes is shown as drift', async () => {
  const { page } = app;
  cluster.kubectl(['scale', 'deployment/web', '--replicas=1', '-n', namespace]);
  await page.getByRole('tab', { name: 'Diff' }).click();
  await expect(page.getByRole('row', { name: /spec\.replicas 0 ?1/ })).toBeVisible();
  await isAccessible();
  await picture('gitops-diff');
});

test('an application goes back to an entry of its history', async () => {
  const { page } = app;
  await page.getByRole('tab', { name: /History/ }).click();
  await expect(row('1111111')).toContainText('guestbook-old');
  await isAccessible();
  await picture('gitops-history');
  await row('1111111').getByRole('button', { name: 'Roll back…' }).click();
  const asked = dialog(/Roll back to a deployed revision/);
  await asked.getByRole('button', { name: 'Roll back to a deployed revision' }).click();
  await expect.poll(() => application('guestbook-prod', '{.operation.sync.revision}')).toBe(revisions.first);
  expect(application('guestbook-prod', '{.operation.sync.source.path}')).toBe('guestbook-old');
});

test('a Kustomization is suspended, and the suspension is undone', async () => {
  const { page } = app;
  const suspended = () =>
    cluster.kubectl([
      'get',
      'kustomizations.kustomize.toolkit.fluxcd.io',
      'podinfo',
      '-n',
      namespace,
      '-o',
      'jsonpath={.spec.suspend}',
    ]);
  await show('/gitops');
  await row('Kustomization').getByRole('link').click();
  await page.getByRole('button', { name: 'Suspend', exact: true }).click();
  const asked = dialog('Suspend: podinfo');
  await asked.getByRole('button', { name: 'Suspend', exact: true }).click();
  await expect.poll(suspended).toBe('true');
  await expect(page.getByRole('button', { name: 'Resume', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(suspended).toBe('');
  await expect(page.getByRole('button', { name: 'Suspend', exact: true })).toBeVisible();
});

test('both engines are suspended at once from the list', async () => {
  const { page } = app;
  await show('/gitops');
  await expect(row('guestbook-staging')).toBeVisible();
  for (const name of ['guestbook-staging', 'Kustomization']) await row(name).getByRole('checkbox').click();
  await page.getByRole('button', { name: 'Suspend', exact: true }).click();
  await dialog(/Suspend/)
    .getByRole('button', { name: 'Suspend', exact: true })
    .click();
  await expect
    .poll(() => application('guestbook-staging', '{.spec.syncPolicy.automated}'))
    .toBe('{"enabled":false,"prune":true,"selfHeal":true}');
  // The dialog of several stays to tell how far it is.
  await page.keyboard.press('Escape');
  await expect(row('Kustomization')).toContainText('Suspended');
});
