import AxeBuilder from '@axe-core/playwright';
import { type App, expect, hostOf, startApp, test } from './app.ts';
import { noClusters, type RealCluster, startCluster } from './clusters.ts';
import { demoIsLive, open } from './demo.ts';
import { takePicture } from './pictures.ts';

test.describe.configure({ mode: 'serial' });

test.describe('of the demo fleet', () => {
  let app: App;
  test.beforeAll(async () => {
    test.setTimeout(180_000);
    app = await startApp(hostOf(test.info()), { kubeconfigs: [] });
    await demoIsLive(app.page);
  });
  test.afterAll(() => app?.close());
  const line = (name: string) => app.page.getByRole('row').filter({ hasText: name });

  test('the fleet tells each cluster its release, its support and its next target', async () => {
    const { page } = app;
    await page.getByRole('navigation', { name: 'Chapters' }).getByRole('link', { name: 'Upgrades' }).click();
    await expect(page.getByRole('heading', { name: 'Upgrades', level: 1 })).toBeVisible();
    await expect(line('v1.35.7')).toContainText('Until 2027-02-28');
    await expect(line('v1.35.7').getByRole('combobox', { name: 'Target' })).toHaveValue('36');
    await expect(line('v1.37.2').first().getByRole('combobox', { name: 'Target' })).toHaveValue('38');
    await expect(line('v1.35.7')).toContainText('Not checked');
    await takePicture(page, 'upgrades');
  });

  test('a check finds what stands before the next release, and a plan comes of it', async () => {
    const { page } = app;
    await page.getByRole('button', { name: 'Check 5 clusters' }).click();
    await expect(line('v1.35.7')).toContainText(/blocker|warning|Nothing in the way/, { timeout: 60_000 });
    await takePicture(page, 'upgrades-checked');
    await line('v1.35.7').getByRole('link').first().click();
    await expect(page.getByRole('heading', { name: '1.35 to 1.36' })).toBeVisible();
    await expect(page.getByText('Upgrade the API servers from 1.35 to 1.36')).toBeVisible();
    await takePicture(page, 'upgrades-plan');
    for (const [tab, text] of [
      ['API use', /deprecated API version|deprecated in/],
      ['Skew', /kubelet/],
      ['Hazards', /What was looked at/],
      ['Add-ons', /not in the data of this program|No add-on/],
    ] as const) {
      await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
      await expect(page.getByRole('tabpanel').getByText(text).first()).toBeVisible();
      await takePicture(page, `upgrades-${tab.toLowerCase().replace(/\W/g, '')}`);
    }
  });

  test('every tab is well for axe, in both themes', async () => {
    test.setTimeout(300_000);
    const { page } = app;
    const found: string[] = [];
    const look = async (what: string) => {
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
      for (const { id, impact, nodes } of violations) {
        if (impact === 'serious' || impact === 'critical') found.push(`${what}: ${id} ${nodes[0]?.html.slice(0, 160)}`);
      }
    };
    for (const theme of ['light', 'dark'] as const) {
      await page.evaluate((wanted) => {
        document.documentElement.dataset.theme = wanted;
      }, theme);
      for (const tab of ['Plan', 'API use', 'Skew', 'Hazards', 'Add-ons']) {
        await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
        for (const summary of await page.getByRole('tabpanel').locator('summary').all()) await summary.click();
        await look(`${tab}, ${theme}`);
      }
    }
    await page.getByRole('main').getByRole('link', { name: 'Upgrades' }).click();
    await expect(line('v1.35.7')).toBeVisible();
    await look('the fleet');
    await line('v1.35.7').getByRole('link').first().click();
    expect(found).toEqual([]);
  });

  test('a target that is further away has a hop for each release', async () => {
    const { page } = app;
    await page.getByRole('tab', { name: 'Plan' }).click();
    await page.getByRole('combobox', { name: 'Target' }).selectOption('37');
    await expect(page.getByRole('heading', { name: '1.36 to 1.37' })).toBeVisible();
    const steps = page.getByRole('checkbox');
    await steps.first().check();
    await expect(steps.first()).toBeChecked();
    await page.reload();
    await expect(page.getByRole('heading', { name: '1.36 to 1.37' })).toBeVisible();
    await expect(page.getByRole('checkbox').first()).toBeChecked();
    await page.setViewportSize({ width: 1000, height: 700 });
    await takePicture(page, 'upgrades-plan-narrow');
    await page.setViewportSize({ width: 1440, height: 900 });
  });
});

test.describe('of a real API server', () => {
  const why = noClusters();
  test.skip(why !== null, why ?? '');
  let cluster: RealCluster;
  let app: App;
  let namespace: string;

  test.beforeAll(async () => {
    test.setTimeout(240_000);
    const host = hostOf(test.info());
    namespace = `upgrades-${host}-${process.pid}`;
    cluster = startCluster(`upgrades-${host}`, { nodes: 1 });
    cluster.kubectl(['create', 'namespace', namespace]);
    cluster.kubectl([
      'create',
      'deployment',
      'guarded',
      '--image=docker.io/library/busybox:1.36',
      '-n',
      namespace,
      '--',
      'sleep',
      '86400',
    ]);
    cluster.kubectl(['create', 'pdb', 'never', '--selector=app=guarded', '--min-available=1', '-n', namespace]);
    const allowed = ['get', 'pdb', 'never', '-n', namespace, '-o', 'jsonpath={.status.expectedPods}'];
    await expect.poll(() => cluster.kubectl(allowed), { timeout: 60_000 }).toBe('1');
    cluster.kubectl(['get', 'endpoints', '-n', namespace]);
    app = await startApp(host, { kubeconfigs: [cluster.kubeconfig] });
    await app.page.getByRole('checkbox', { name: 'Choose all' }).check();
    await app.page.getByRole('button', { name: /^Open 1/ }).click();
    await expect(app.page.locator('article').filter({ hasText: 'Live' })).toHaveCount(1);
  });
  test.afterAll(async () => {
    await app?.close();
    cluster?.kubectl(['delete', 'namespace', namespace, '--wait=false']);
    cluster?.down();
  });

  test('a budget that blocks drains is named, leads to its object, and is gone when it is mended', async () => {
    const { page } = app;
    await open(page, '/upgrades');
    await page.getByRole('row').filter({ hasText: 'v1.37.2' }).getByRole('link').first().click();
    await expect(page.getByRole('heading', { name: 'Not checked yet' })).toBeVisible();
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await expect(page.getByRole('heading', { name: '1.37 to 1.38' })).toBeVisible({ timeout: 60_000 });
    await page.getByRole('tab', { name: 'API use' }).click();
    await expect(page.getByRole('region', { name: 'v1 Endpoints' })).toContainText('Requests for endpoints');
    await takePicture(page, 'upgrades-real-apis');
    await page.getByRole('tab', { name: 'Hazards' }).click();
    const budgets = page.getByRole('group').filter({ hasText: 'Disruption budgets that never allow an eviction' });
    await budgets.locator('summary').click();
    await expect(budgets.getByRole('link', { name: `${namespace}/never` })).toBeVisible();
    await takePicture(page, 'upgrades-real-hazards');
    cluster.kubectl(['delete', 'pdb', 'never', '-n', namespace]);
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByRole('tab', { name: 'Plan' }).click();
    await page.getByText(/Since the check before: \d+ new, \d+ gone/).click({ timeout: 60_000 });
    await expect(
      page.getByText(`Gone: Disruption budgets that never allow an eviction: ${namespace}/never`),
    ).toBeVisible();
  });
});
