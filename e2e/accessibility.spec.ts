// Gate S13: every route in both themes, nothing serious for axe, and what axe cannot see.
import AxeBuilder from '@axe-core/playwright';
import { type App, expect, hostOf, startApp, test } from './app.ts';
import { chooseTheme, clusterId, demoIsLive, open, shownRows } from './demo.ts';

test.describe.configure({ mode: 'serial' });

let app: App;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  app = await startApp(hostOf(test.info()), { kubeconfigs: [] });
  await demoIsLive(app.page);
});

test.afterAll(() => app?.close());

for (const theme of ['light', 'dark'] as const) {
  test(`every screen in the ${theme} theme`, async () => {
    test.setTimeout(240_000);
    const { page } = app;
    await chooseTheme(page, theme);
    const dev = await clusterId(page, 'dev');
    const routes = [
      '/fleet',
      '/topology',
      '/topology?form=map',
      '/topology?form=list',
      '/fleet?view=table',
      `/clusters/${dev}`,
      '/resources/pods',
      '/resources/pods?group=namespace&filter=status%3Acrash',
      '/resources/events',
      `/resources/nodes?clusters=${dev}`,
      '/resources/pods?filter=nothing-is-called-so',
      ...['overview', 'yaml', 'events', 'relations', 'history'].map((tab) => `pod ${tab}`),
      ...['appearance', 'keyboard', 'kubeconfig', 'privacy', 'about'].map((each) => `/settings/${each}`),
      '/nowhere',
    ];
    const found: string[] = [];
    for (const route of routes) {
      await open(page, route.startsWith('pod ') ? await podAddress(route.slice(4)) : route);
      await expect(page.locator('h1, [role=tab]').first()).toBeVisible();
      // Skeletons give way to what is meant, and transitions of colour end.
      await page.waitForTimeout(700);
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
      for (const violation of violations) {
        if (violation.impact !== 'serious' && violation.impact !== 'critical') continue;
        found.push(`${route}: ${violation.id} ${violation.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
      }
    }
    expect(found).toEqual([]);
  });
}

test('a list tells how long it is and which of its rows are there', async () => {
  const { page } = app;
  await open(page, '/resources/pods');
  const grid = page.getByRole('grid', { name: 'Pods' });
  await expect(grid).toBeVisible();
  await expect.poll(async () => Number(await grid.getAttribute('aria-rowcount'))).toBeGreaterThan(1000);
  const indexes = async () =>
    (
      await grid
        .locator('[role=row][aria-rowindex]')
        .evaluateAll((found) => found.map((row) => Number(row.getAttribute('aria-rowindex'))))
    ).sort((a, b) => a - b);
  expect((await indexes())[0]).toBe(1);
  await grid.focus();
  await page.keyboard.press('End');
  await expect.poll(async () => (await indexes()).at(-1)).toBe(Number(await grid.getAttribute('aria-rowcount')));
});

test('with reduced motion nothing moves', async () => {
  const { page } = app;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, '/resources/pods');
  await expect.poll(async () => (await shownRows(page)).length).toBeGreaterThan(5);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
  const longest = await page.evaluate(() =>
    Math.max(...document.getAnimations().map((each) => Number(each.effect?.getComputedTiming().duration ?? 0)), 0),
  );
  expect(longest).toBeLessThan(20);
  await page.keyboard.press('Escape');
  await page.emulateMedia({ reducedMotion: null });
});

test('at 200 % nothing is cut off by the window', async () => {
  const { page } = app;
  // 200 % of a 1440 × 900 window is half as many CSS pixels.
  const before = await page.evaluate(() => ({ width: innerWidth, height: innerHeight }));
  await page.setViewportSize({ width: 720, height: 450 });
  for (const address of [
    '/fleet',
    '/fleet?view=table',
    '/resources/pods',
    '/settings/appearance',
    '/settings/keyboard',
  ]) {
    await open(page, address);
    await expect(page.locator('h1').first()).toBeVisible();
    const beyond = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      const main = document.getElementById('main');
      const hidden = [...document.querySelectorAll('header button, header a, h1')]
        .filter((each) => each.getBoundingClientRect().right > clientWidth + 1)
        .map((each) => each.textContent ?? '');
      return { page: scrollWidth - clientWidth, main: (main?.scrollWidth ?? 0) - (main?.clientWidth ?? 0), hidden };
    });
    expect({ address, ...beyond }).toEqual({ address, page: 0, main: 0, hidden: [] });
  }
  await page.setViewportSize(before);
});

async function podAddress(tab: string): Promise<string> {
  const { page } = app;
  await open(page, '/resources/pods?filter=alertmanager-0');
  const link = page.locator('[role=row][data-index] [aria-colindex="2"] a').first();
  const address = (await link.getAttribute('href')) ?? '';
  return `${address.replace(/^#/, '')}?tab=${tab}`;
}
