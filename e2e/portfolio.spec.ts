// Applications of the demo fleet side by side: the matrix, what differs, groups, one application, its export.
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { type App, hostOf, expect as plain, startApp, test } from './app.ts';
import { demoIsLive, open } from './demo.ts';
import { takePicture } from './pictures.ts';

test.describe.configure({ mode: 'serial', timeout: 120_000 });

const expect = plain.configure({ timeout: 45_000 });
let app: App;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  app = await startApp(hostOf(test.info()), { kubeconfigs: [] });
  await demoIsLive(app.page);
});

test.afterAll(() => app?.close());

const matrix = () => app.page.getByRole('region', { name: 'Applications by place' });
const line = (name: string) =>
  matrix()
    .getByRole('row')
    .filter({ has: app.page.getByRole('link', { name: new RegExp(`${name}$`) }) });
const picture = (name: string) => takePicture(app.page, name);

test('an application stands in its clusters with version and health, and what is older is told', async () => {
  const { page } = app;
  await open(page, '/applications');
  await expect(page.getByRole('heading', { name: 'Applications', level: 1 })).toBeVisible();
  for (const cluster of ['prod-eu-west', 'prod-us-east', 'staging']) {
    await expect(matrix().getByRole('columnheader', { name: cluster })).toBeVisible();
  }
  await expect(line('storefront')).toContainText(/\d+\.\d+\.\d+/);
  await picture('portfolio-matrix');
  await page.getByRole('switch', { name: 'Different versions only' }).click();
  await expect(
    matrix()
      .getByText(/older than/)
      .first(),
  ).toBeAttached();
  await expect(
    matrix()
      .getByText(/\d versions/)
      .first(),
  ).toBeVisible();
  await page.getByRole('switch', { name: 'Different versions only' }).click();
});

test('the first column stays in sight while many columns are scrolled', async () => {
  const { page } = app;
  await page.getByRole('radio', { name: 'Namespaces' }).click();
  await expect.poll(() => matrix().getByRole('columnheader').count()).toBeGreaterThan(20);
  await matrix().evaluate((element) => element.scrollTo(2000, 0));
  const name = line('storefront').getByRole('link');
  await name.evaluate((element) => element.scrollIntoView({ block: 'center', inline: 'nearest' }));
  await expect(name).toBeInViewport();
  const [left, edge] = await Promise.all([
    name.evaluate((element) => element.getBoundingClientRect().left),
    matrix().evaluate((element) => element.getBoundingClientRect().left),
  ]);
  plain(left - edge).toBeGreaterThanOrEqual(0);
  plain(left - edge).toBeLessThan(60);
  await picture('portfolio-namespaces');
  await page.getByRole('radio', { name: 'Clusters' }).click();
});

test('grouped by owner, filtered, and exported as it is shown', async () => {
  const { page } = app;
  await page.getByRole('combobox', { name: 'Group by' }).selectOption('owner');
  await expect(matrix().getByRole('rowheader', { name: /^checkout \d/ })).toBeVisible();
  await picture('portfolio-groups');
  await page.getByRole('textbox', { name: 'Filter applications' }).fill('checkout-worker');
  await expect(line('storefront')).toHaveCount(0);
  await expect(line('checkout-worker')).toHaveCount(1);
  if (app.host === 'chromium') {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export as CSV' }).click(),
    ]);
    const text = readFileSync((await download.path()) ?? '', 'utf8').split('\r\n');
    plain(text[0]).toContain('application,part of,owner,cluster,namespace');
    plain(text.slice(1).every((row) => row.startsWith('checkout-worker,'))).toBe(true);
  }
});

test('one application: where it runs, what it is made of, what changed, and its logs', async () => {
  const { page } = app;
  await open(page, '/applications/checkout');
  const places = page.getByRole('region', { name: 'Where it runs' });
  await expect(places.getByRole('row').filter({ hasText: 'prod-eu-west' })).toContainText(/\d+\.\d+\.\d+/);
  await expect(page.getByRole('region', { name: 'Workloads' }).getByRole('row').first()).toContainText('Deployment');
  await expect(
    page.getByRole('region', { name: 'Services' }).getByRole('link', { name: 'checkout' }).first(),
  ).toBeVisible();
  await expect(page.getByRole('region', { name: 'Ways in' })).toContainText('pay.acorn.example');
  await expect(page.getByRole('region', { name: 'Changes' })).toContainText(/Came|images/);
  await picture('portfolio-application');
  await page.getByRole('button', { name: 'Logs' }).click();
  await expect(page.getByRole('tab', { name: /checkout|workloads|objects/ }).first()).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'Topology' }).click();
  await expect(page).toHaveURL(/#\/topology\?/);
});

test('nothing on these pages is out of reach for people who hear them', async () => {
  const { page } = app;
  for (const address of ['/applications', '/applications/checkout']) {
    await open(page, address);
    await expect(page.getByText(/prod-eu-west/).first()).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().include('main').analyze();
    plain(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  }
});
