// Gate S13: twenty tasks with the keyboard alone. The pointer is never used, not even to give the focus.
import { expect, test } from './app.ts';
import { demoIsLive, shownRows } from './demo.ts';

test('S13 twenty tasks with the keyboard alone', async ({ page }) => {
  test.setTimeout(240_000);
  await demoIsLive(page);
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const type = (text: string) => page.keyboard.type(text);
  const hash = () => page.evaluate(() => location.hash);
  const heading = (name: string) => expect(page.getByRole('heading', { name, exact: true }).first()).toBeVisible();
  const dialog = page.getByRole('dialog');
  const done: string[] = [];
  const task = async (name: string, run: () => Promise<void>) => {
    await test.step(name, run);
    done.push(name);
  };

  await task('see which keys work here', async () => {
    await press('?');
    await expect(dialog).toBeVisible();
    await press('Escape');
    await expect(dialog).toHaveCount(0);
  });
  await task('go to the resources', async () => {
    await press('Alt+2');
    await expect.poll(hash).toContain('/resources');
  });
  await task('go to the fleet', async () => {
    await press('Alt+1');
    await expect.poll(hash).toContain('/fleet');
  });
  await task('go to the settings', async () => {
    await press('Control+,');
    await expect.poll(hash).toContain('/settings');
  });
  await task('jump to a kind', async () => {
    await press(':');
    await type('po');
    await expect(dialog).toBeVisible();
    await press('Enter');
    await expect.poll(hash).toContain('/resources/pods');
    await expect.poll(async () => (await shownRows(page)).length).toBeGreaterThan(5);
  });
  await task('filter the list', async () => {
    await press('/');
    await type('is:failed');
    await press('Enter');
    await expect.poll(hash).toContain('filter=');
    await expect.poll(async () => (await shownRows(page)).length).toBeGreaterThan(0);
  });
  await task('clear the filter', async () => {
    await press('/');
    await press('Control+a', 'Backspace', 'Enter');
    await expect.poll(hash).not.toContain('filter=');
  });
  await task('move in the list', async () => {
    await page.getByRole('grid').focus();
    await press('j', 'j', 'k');
    await expect(page.locator('[role=row][data-index="1"]')).toBeVisible();
  });
  await task('go to the end of the list', async () => {
    await press('G');
    const count = Number(await page.getByRole('grid').getAttribute('aria-rowcount'));
    await expect(page.locator(`[role=row][aria-rowindex="${count}"]`)).toBeVisible();
  });
  await task('go to its start', async () => {
    await press('g');
    await expect(page.locator('[role=row][data-index="0"]')).toBeVisible();
  });
  await task('mark rows', async () => {
    await press('Space', 'j', 'Space');
    await expect(page.locator('[role=row][data-index][aria-selected=true]')).toHaveCount(2);
  });
  await task('unmark them', async () => {
    await press('Escape');
    await expect(page.locator('[role=row][data-index][aria-selected=true]')).toHaveCount(0);
  });
  await task('open an object beside the list', async () => {
    await press('Enter');
    await expect(page.getByRole('tab', { name: 'Overview' })).toBeVisible();
  });
  await task('look at its text', async () => {
    await press('y');
    await expect(page.getByRole('tab', { name: 'YAML' })).toHaveAttribute('aria-selected', 'true');
  });
  await task('close it', async () => {
    await press('Escape');
    await expect(page.getByRole('tab', { name: 'Overview' })).toHaveCount(0);
  });
  await task('find an object of any cluster', async () => {
    await press('Control+k');
    await type('alertmanager');
    await expect(dialog.getByRole('option').filter({ hasText: 'alertmanager' }).first()).toBeVisible();
    await press('Enter');
    await expect.poll(hash).toContain('alertmanager');
  });
  await task('go to the view before', async () => {
    await press('-');
    await expect.poll(hash).toContain('/resources/pods');
  });
  await task('jump to a cluster', async () => {
    await press('Control+k');
    await type('@staging');
    await expect(dialog.getByRole('option').filter({ hasText: 'staging' }).first()).toBeVisible();
    await press('Enter');
    await expect(dialog).toHaveCount(0);
  });
  await task('run a command', async () => {
    const before = await page.evaluate(() => document.documentElement.dataset.theme);
    await press('Control+Shift+P');
    await type(before === 'dark' ? 'light theme' : 'dark theme');
    await expect(dialog.getByRole('option').first()).toBeVisible();
    await press('Enter');
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).not.toBe(before);
  });
  await task('go on with Tab: every stop is seen', async () => {
    await press('Alt+1');
    await heading('Fleet');
    const stops = new Set<string>();
    for (let stop = 0; stop < 25; stop++) {
      await press('Tab');
      const focused = await page.evaluate(() => {
        const active = document.activeElement as HTMLElement | null;
        if (active === null || active === document.body) return undefined;
        const { width, height } = active.getBoundingClientRect();
        const name = active.getAttribute('aria-label') ?? active.innerText;
        return { name: `${active.tagName} ${name.slice(0, 40)}`, seen: width > 0 && height > 0 };
      });
      if (focused === undefined) continue;
      expect(focused).toMatchObject({ seen: true });
      stops.add(focused.name);
    }
    expect(stops.size).toBeGreaterThan(10);
  });
  expect(done).toHaveLength(20);
});
