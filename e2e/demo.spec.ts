// The demo fleet: five simulated clusters, each screen and what can be done on it, one app for the whole file.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, hostOf, expect as plain, startApp, test } from './app.ts';
import { clusterId, demoIsLive, open, shownRows } from './demo.ts';

test.describe.configure({ mode: 'serial', timeout: 120_000 });

// Other work on the machine makes a simulated fleet slow.
const expect = plain.configure({ timeout: 45_000 });
const clusters = ['prod-eu-west', 'prod-us-east', 'staging', 'edge-berlin', 'dev'];
/** What the page has complained about; nothing may be left of it at the end. */
const complaints: string[] = [];
let app: App;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  app = await startApp(hostOf(test.info()), { kubeconfigs: [] });
  app.page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  app.page.on('pageerror', (error) => complaints.push(error.message));
  await demoIsLive(app.page);
});

test.afterAll(() => app?.close());

const card = (name: string) =>
  app.page.locator('article').filter({ has: app.page.getByRole('link', { name, exact: true }) });
const row = (name: string | RegExp) => app.page.getByRole('row').filter({ hasText: name });
const footer = () => app.page.locator('main footer');
const total = async () => Number((((await footer().textContent()) ?? '').match(/[\d,]+/)?.[0] ?? '').replace(/,/g, ''));
/** Without the arrow of the one that the list is sorted by. */
const columnTitles = async () =>
  (await app.page.getByRole('columnheader').allInnerTexts()).map((text) => text.split('\n')[0] ?? '');
const press = (...keys: string[]) =>
  keys.reduce((before, key) => before.then(() => app.page.keyboard.press(key)), Promise.resolve());

test('the fleet shows five clusters, live, with their numbers', async () => {
  await expect(app.page.locator('article')).toHaveCount(5);
  for (const name of clusters) {
    await expect(card(name)).toContainText('Live');
    await expect(card(name)).toContainText(/v1\.3\d\.\d/);
  }
  await expect(app.page.getByRole('main').getByText('Demo', { exact: true })).toBeVisible();
  await expect(card('prod-eu-west')).toContainText('22 / 22');
  // Together, and what is wrong with them: each leads to its list.
  await expect(app.page.getByRole('region', { name: 'All clusters together' })).toContainText(
    /Nodes\s*51\s*1 not ready/,
  );
  const attention = app.page.getByRole('complementary', { name: 'Needs attention' });
  await expect(attention.getByRole('link', { name: /CrashLoopBackOff/ }).first()).toBeVisible();
  await expect(card('prod-eu-west')).toContainText(/Pods[\s\S]*4\d\d/);
  await expect(card('prod-eu-west')).toContainText(/Memory[\s\S]*Gi[\s\S]*Ti/);
  await expect(card('edge-berlin')).toContainText(/1 node not ready/);
  // This user may see a few namespaces of `dev` only: that is said, and is not a failure.
  await expect(card('dev')).toContainText(/Hidden from you: .*nodes/);
});

test('cards become a table and back', async () => {
  const { page } = app;
  await page
    .getByRole('radio', { name: 'Table' })
    .or(page.getByRole('button', { name: 'Table' }))
    .first()
    .click();
  await expect(page.locator('article')).toHaveCount(0);
  for (const name of clusters) await expect(row(name)).toContainText('Live');
  expect(page.url()).toContain('view=table');
  await press('v');
  await expect(page.locator('article')).toHaveCount(5);
});

test('a cluster has a page', async () => {
  const { page } = app;
  await card('dev').getByRole('link', { name: 'dev', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'dev', level: 1 })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('v1.36.1');
  // What is hidden comes with the rule that would show it.
  await expect(page.getByRole('main')).toContainText('kind: ClusterRole');
  await press('Escape');
  await expect(page.locator('article')).toHaveCount(5);
});

test('one list has the pods of all clusters', async () => {
  const { page } = app;
  await open(page, '/resources/pods');
  await expect(page.getByRole('grid', { name: 'Pods' })).toBeVisible();
  await expect.poll(total).toBeGreaterThan(1000);
  await page.getByRole('button', { name: '1 cluster in part' }).click();
  const reason = page.getByRole('dialog', { name: /may not list pods in all namespaces/ });
  await expect(reason).toContainText(/dev\s*only /);
  await press('Escape');
  await expect(reason).toHaveCount(0);
  const text = (await shownRows(page)).join('\n');
  for (const name of ['prod-eu-west', 'prod-us-east', 'staging', 'edge-berlin']) expect(text).toContain(name);
});

test('the filter completes, narrows, and says what is wrong with it', async () => {
  const { page } = app;
  const filter = page.getByRole('combobox', { name: 'Filter' });
  await press('/');
  await expect(filter).toBeFocused();
  await page.keyboard.type('rest');
  await expect(page.getByRole('option', { name: /restarts/ }).first()).toBeVisible();
  await press('Tab');
  await expect(filter).toHaveValue(/^restarts/);
  await filter.fill('status:crash');
  await expect(row(/CrashLoopBackOff/).first()).toBeVisible();
  for (const each of await shownRows(page)) expect(each).toMatch(/CrashLoopBackOff/);
  await filter.fill('restarts>many');
  await expect(filter).toHaveAttribute('aria-invalid', 'true');
  await press('Escape');
  await expect(page.locator('p[role=status]').filter({ hasText: /number/i })).toBeVisible();
  await filter.fill('app.kubernetes.io/name=alertmanager cluster:staging');
  await expect(footer()).toContainText(/^\d of [\d,]+ pods/);
  for (const each of await shownRows(page)) expect(each).toMatch(/alertmanager.*staging/s);
  await page.getByRole('button', { name: 'Clear filter' }).first().click();
  await expect.poll(total).toBeGreaterThan(1000);
});

test('grouping counts, and status chips narrow', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'Group by' }).click();
  await page
    .getByRole('menuitemcheckbox', { name: 'Namespace' })
    .or(page.getByRole('menuitemradio', { name: 'Namespace' }))
    .first()
    .click();
  const groups = page.getByRole('region', { name: 'Grouped by Namespace' });
  await groups.getByRole('button', { name: /^monitoring/ }).click();
  await expect.poll(async () => (await shownRows(page)).every((each) => /\bmonitoring\b/.test(each))).toBe(true);
  await groups.getByRole('button', { name: 'Stop grouping' }).click();
  await expect(groups).toHaveCount(0);
  await open(page, '/resources/pods');
  const failed = page.getByRole('button', { name: /\d failed$/ });
  await failed.click();
  await expect(failed).toHaveAttribute('aria-pressed', 'true');
  expect(decodeURIComponent(page.url())).toContain('is:failed');
  await expect.poll(total).toBeLessThan(60);
  await failed.click();
});

test('a header sorts, and again the other way', async () => {
  const { page } = app;
  const restarts = page.getByRole('columnheader', { name: /^Restarts/ });
  await restarts.getByRole('button').first().click();
  await expect(restarts).toHaveAttribute('aria-sort', 'descending');
  await expect.poll(async () => (await shownRows(page))[0]).toMatch(/CrashLoopBackOff|Error|Running|OOMKilled/);
  await restarts.getByRole('button').first().click();
  await expect(restarts).toHaveAttribute('aria-sort', 'ascending');
  expect(page.url()).toContain('sort=restarts');
});

test('columns are chosen, one of them the user’s own label', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'Columns' }).click();
  const dialog = page.getByRole('dialog', { name: 'Columns' });
  await dialog.getByRole('checkbox', { name: 'Containers' }).uncheck();
  await dialog.getByLabel('Key').fill('team');
  await dialog.getByLabel('Title').fill('Owning team');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect.poll(columnTitles).toContain('Owning team');
  expect(await columnTitles()).not.toContain('Containers');
  await open(page, '/resources/pods?filter=alertmanager');
  await expect(row('alertmanager-0').first()).toContainText('observability');
});

test('a view is saved and opened again', async () => {
  const { page } = app;
  await open(page, '/resources/pods?filter=status%3Acrash&sort=restarts%3Adesc');
  await page.getByRole('button', { name: 'Saved views' }).click();
  await page.getByRole('menuitem', { name: 'Save this view…' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Crashing');
  await press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await open(page, '/resources/pods');
  await expect.poll(total).toBeGreaterThan(1000);
  await page.getByRole('button', { name: 'Saved views' }).click();
  await page
    .getByRole('menuitemcheckbox', { name: 'Crashing' })
    .or(page.getByRole('menuitem', { name: 'Crashing' }))
    .first()
    .click();
  await expect(page.getByRole('combobox', { name: 'Filter' })).toHaveValue('status:crash');
  await expect.poll(total).toBeLessThan(60);
});

test('the scope narrows to clusters and namespaces', async () => {
  const { page } = app;
  await open(page, '/resources/deployments.apps');
  await page.getByRole('button', { name: 'All clusters' }).click();
  await page.getByRole('option', { name: /staging/ }).click();
  await press('Escape');
  await expect.poll(async () => (await shownRows(page)).length).toBeGreaterThan(5);
  await expect(footer()).toContainText('in staging');
  await page.getByRole('button', { name: 'All namespaces' }).click();
  await page.getByPlaceholder('Filter', { exact: true }).fill('catalog');
  await page.getByRole('option', { name: 'catalog', exact: true }).click();
  await press('Escape');
  await expect(footer()).toContainText(/^\d+ deployments\s*in staging, namespace catalog/);
  for (const each of await shownRows(page)) expect(each).toContain('catalog');
  expect(page.url()).toContain('namespaces=catalog');
});

test('everything is reached by keyboard', async () => {
  const { page } = app;
  await open(page, '/fleet');
  await press(':');
  await page.keyboard.type('deploy');
  await press('Enter');
  const grid = page.getByRole('grid', { name: 'Deployments' });
  await expect(grid).toBeFocused();
  await expect.poll(async () => (await shownRows(page)).length).toBeGreaterThan(5);
  const active = () => grid.getAttribute('aria-activedescendant');
  await press('j', 'j');
  const second = await active();
  await press('j');
  expect(await active()).not.toBe(second);
  await press('k');
  expect(await active()).toBe(second);
  await press('Enter');
  const drawer = page.getByRole('complementary', { name: /details$/ });
  await expect(drawer.getByRole('tab', { name: 'Overview' })).toHaveAttribute('aria-selected', 'true');
  const first = await drawer.getAttribute('aria-label');
  await press('j');
  await expect(drawer).not.toHaveAttribute('aria-label', first ?? '');
  await press('[');
  await expect(drawer).toHaveAttribute('aria-label', first ?? '');
  await press(']');
  await expect(drawer).not.toHaveAttribute('aria-label', first ?? '');
  await press('y');
  await expect(drawer.locator('.monaco-editor')).toContainText('apiVersion', { timeout: 60_000 });
  await open(
    page,
    page
      .url()
      .split('#')[1]
      ?.replace(/&?tab=yaml/, '') ?? '',
  );
  await page.getByRole('grid', { name: 'Deployments' }).focus();
  await press('Escape');
  await expect(drawer).toHaveCount(0);
  await expect(grid).toBeFocused();
});

test('the palette finds an object of any cluster', async () => {
  const { page } = app;
  await press('Control+k');
  await page.keyboard.type('mailer prod-eu');
  const hit = page
    .getByRole('option')
    .filter({ hasText: /mailer/ })
    .filter({ hasText: 'Deployment' })
    .first();
  await page.getByRole('combobox', { name: /Search/ }).fill('mailer');
  await hit.click();
  await expect(page.getByRole('heading', { name: 'mailer' }).first()).toBeVisible();
  expect(page.url()).toContain('#/objects/');
});

test('an object shows its state, text, events, relations and history', async () => {
  const { page } = app;
  const main = page.getByRole('main');
  await expect(main).toContainText('Deployment');
  await page.getByRole('tab', { name: 'YAML' }).click();
  await expect(page.locator('.monaco-editor')).toContainText('mailer', { timeout: 60_000 });
  await page.getByRole('tab', { name: 'Events' }).click();
  await expect(page.getByRole('tabpanel')).toContainText(/ScalingReplicaSet|No events/);
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(page.getByRole('tabpanel')).toContainText(/first seen|No history yet|ago/);
  await page.getByRole('tab', { name: 'Relations' }).click();
  const pod = page
    .getByRole('list', { name: 'Relations' })
    .getByRole('link')
    .filter({ hasText: /^mailer-\w+-\w+/ })
    .first();
  const name = ((await pod.textContent()) ?? '').trim();
  await pod.click();
  await expect(page.getByRole('heading', { name }).first()).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Owners' })).toContainText('mailer');
});

test('a custom resource has its printer columns', async () => {
  const { page } = app;
  await open(page, '/resources/certificates.cert-manager.io');
  await expect(page.getByRole('grid')).toBeVisible();
  await expect.poll(columnTitles).toEqual(expect.arrayContaining(['Name', 'Ready', 'Secret']));
  expect((await shownRows(page)).length).toBeGreaterThan(3);
});

test('what may not be seen is greyed, and its list says which rule is missing', async () => {
  const { page } = app;
  const dev = await clusterId(app.page, 'dev');
  await open(page, `/resources/pods?clusters=${dev}`);
  await expect.poll(async () => (await shownRows(page)).length).toBeGreaterThan(3);
  const nodes = page.getByRole('navigation', { name: 'Kinds' }).getByRole('link', { name: /^Nodes/ });
  await expect(nodes).toHaveAttribute('title', /May not be listed/);
  await nodes.click();
  await expect(page.getByRole('heading', { name: 'You may not list nodes' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('kind: ClusterRole');
  await expect(page.getByRole('main')).toContainText('resources: ["nodes"]');
});

test('a name tells what is known of it, by pointer and by key', async () => {
  const { page } = app;
  await open(page, '/resources/pods?filter=status%3Acrash');
  const node = row(/CrashLoopBackOff/)
    .first()
    .locator('[data-column=node] a');
  const name = (await node.textContent()) ?? '';
  await node.hover();
  const card = page.getByRole('tooltip').filter({ hasText: 'Node' });
  await expect(card).toContainText(name);
  await expect(card).toContainText(/Ready/);
  await press('Escape');
  await expect(card).toHaveCount(0);
  // Escape was the card's: the filter is still there.
  expect(page.url()).toContain('status%3Acrash');
  await page.getByRole('grid', { name: 'Pods' }).focus();
  await press('j', 'i');
  await expect(page.getByRole('tooltip')).toContainText(/Pod[\s\S]*CrashLoopBackOff/);
  await press('Escape');
  // In its own row a name's card comes by key alone: the row says as much. The other marks of the row have theirs.
  const first = row(/CrashLoopBackOff/).first();
  await first.locator('[data-column=ready] [role=img]').hover();
  await expect(page.getByRole('tooltip')).toHaveText(/failed|waiting|running/i);
  await first.locator('[data-column=cluster] [data-card]').hover();
  await expect(page.getByRole('tooltip')).toContainText(/Kubernetes|v1\.\d+/);
  await first.locator('[data-column=name] a').hover();
  await expect(page.getByRole('tooltip')).toHaveCount(0);
});

test('a list is saved as CSV', async () => {
  const { page } = app;
  await open(page, `/resources/nodes?clusters=${await clusterId(app.page, 'prod-eu-west')}`);
  await expect.poll(async () => (await shownRows(page)).length).toBeGreaterThan(10);
  const folder = mkdtempSync(join(tmpdir(), 'kubesage-csv-'));
  const file = join(folder, 'nodes.csv');
  if (app.desktop === undefined) {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export as CSV' }).click();
    await (await download).saveAs(file);
  } else {
    await app.desktop.evaluate(({ session }, to) => {
      session.defaultSession.once('will-download', (_event, item) => item.setSavePath(to));
    }, file);
    await page.getByRole('button', { name: 'Export as CSV' }).click();
  }
  await expect(page.getByText('22 rows exported')).toBeVisible();
  await expect
    .poll(() => {
      try {
        return readFileSync(file, 'utf8').trim().split(/\r?\n/).length;
      } catch {
        return 0;
      }
    })
    .toBe(23);
  expect(readFileSync(file, 'utf8')).toMatch(/^Cluster,Name,Status,/);
  rmSync(folder, { recursive: true });
});

test('a closed cluster stays to be looked at', async () => {
  const { page } = app;
  const id = await clusterId(app.page, 'edge-berlin');
  await open(page, '/fleet');
  await card('edge-berlin').getByRole('button', { name: 'More actions for edge-berlin' }).click();
  await page.getByRole('menuitem', { name: 'Close' }).click();
  await expect(card('edge-berlin')).toContainText('Closed');
  await expect(card('edge-berlin').getByRole('button', { name: 'Open' })).toBeVisible();
  await open(page, `/resources/pods?clusters=${id}`);
  await expect.poll(async () => (await shownRows(page)).length).toBeGreaterThan(10);
  // It is no failure that wants a retry: it may be opened.
  const line = page.getByText(/edge-berlin is closed: as it was/);
  await expect(line).toBeVisible();
  await expect(page.getByRole('main').getByRole('button', { name: 'Open', exact: true })).toBeVisible();
  await open(page, '/fleet');
  await card('edge-berlin').getByRole('button', { name: 'Open' }).click();
  await expect(card('edge-berlin')).toContainText('Live');
});

test('a key is changed, and does what it is bound to', async () => {
  const { page } = app;
  await open(page, '/settings/keyboard');
  await page
    .getByRole('searchbox', { name: /filter/i })
    .or(page.getByRole('textbox', { name: /filter/i }))
    .last()
    .fill('Go to the fleet');
  await page
    .getByRole('button', { name: /Add .*fleet|Add a key/i })
    .first()
    .click();
  await press('Shift+G');
  await expect(page.locator('kbd').filter({ hasText: 'G' }).first()).toBeVisible();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await press('Shift+G');
  await expect(page.locator('article')).toHaveCount(5);
});

test('theme and address survive a reload', async () => {
  const { page } = app;
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  const before = await theme();
  const other = before === 'dark' ? 'light' : 'dark';
  await page.getByRole('button', { name: `${other === 'dark' ? 'Dark' : 'Light'} theme` }).click();
  await expect.poll(theme).toBe(other);
  await open(page, '/resources/pods?filter=alertmanager&group=cluster');
  await expect(row('alertmanager-0').first()).toBeVisible();
  await page.reload();
  await expect(row('alertmanager-0').first()).toBeVisible();
  expect(await theme()).toBe(other);
  expect(page.url()).toContain('filter=alertmanager');
  await expect(page.getByRole('region', { name: /Grouped by Cluster/ })).toBeVisible();
  await page.getByRole('button', { name: `${before === 'dark' ? 'Dark' : 'Light'} theme` }).click();
  await expect.poll(theme).toBe(before);
});

test('nothing was complained about', () => {
  expect(complaints).toEqual([]);
});
