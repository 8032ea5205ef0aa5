// The topology of the demo fleet: the graph, the way from a list to it and back, the map, the list.
import { type App, hostOf, expect as plain, startApp, test } from './app.ts';
import { clusterId, demoIsLive, open } from './demo.ts';

test.describe.configure({ mode: 'serial', timeout: 120_000 });

const expect = plain.configure({ timeout: 45_000 });
let app: App;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  app = await startApp(hostOf(test.info()), { kubeconfigs: [] });
  await demoIsLive(app.page);
});

test.afterAll(() => app?.close());

const canvas = () => app.page.getByRole('application');
const nodes = async () => Number(await canvas().getAttribute('data-nodes'));
const spoken = () => app.page.locator('main p[aria-live=polite]');

test('the whole fleet in at most 400 nodes, none of its objects missing', async () => {
  await open(app.page, '/topology');
  await expect.poll(nodes).toBeGreaterThan(300);
  expect(await nodes()).toBeLessThanOrEqual(410);
  await expect(app.page.getByText(/[\d,]+ objects in \d+ nodes, \d+ of them aggregates/)).toBeVisible();
});

test('a pod is found in the picture, arrows follow its path, Enter opens what is on it', async () => {
  const cluster = await clusterId(app.page, 'prod-eu-west');
  await open(app.page, `/topology?clusters=${cluster}&namespaces=checkout&focus=${cluster},services,checkout,checkout`);
  await expect(spoken()).toContainText('checkout, Service');
  await canvas().focus();
  await app.page.keyboard.press('ArrowRight');
  await expect(spoken()).toContainText(/pods?, checkout/);
  await app.page.keyboard.press('ArrowLeft');
  await app.page.keyboard.press('ArrowLeft');
  await expect(spoken()).toContainText(/Ingress|Service|Deployment/);
  await app.page.keyboard.press('Enter');
  await expect(app.page.getByRole('complementary').getByRole('tab', { name: 'Overview' })).toBeVisible();
  await app.page.keyboard.press('Escape');
});

test('from the relations of a deployment to the picture', async () => {
  const cluster = await clusterId(app.page, 'prod-eu-west');
  await open(app.page, `/objects/${cluster}/deployments.apps/checkout/checkout?tab=relations`);
  await app.page.getByRole('button', { name: 'Show in topology' }).click();
  await expect(spoken()).toContainText('checkout, Deployment');
});

test('the list says the same in words', async () => {
  await open(app.page, '/topology?form=list&namespaces=checkout');
  await expect(app.page.getByRole('button', { name: /checkout Deployment/ }).first()).toBeVisible();
});

test('the map has every node, and a click opens it', async () => {
  await open(app.page, '/topology?form=map');
  await expect.poll(async () => Number(await canvas().getAttribute('data-hosts'))).toBeGreaterThan(45);
  await canvas().click({ position: { x: 60, y: 50 } });
  await expect(app.page.getByRole('complementary').getByRole('tab', { name: 'Overview' })).toBeVisible();
});
