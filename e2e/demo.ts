import { expect, type Page } from '@playwright/test';

/** Goes to an address of the app, `/resources/pods?filter=x`. */
export async function open(page: Page, address: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#${address}`);
}

/** Waits for the demo fleet: its clusters take a while to come to life on a busy machine. */
export async function demoIsLive(page: Page): Promise<void> {
  await expect(page.locator('article').filter({ hasText: 'Live' })).toHaveCount(5, { timeout: 90_000 });
  await expect(page.locator('article').filter({ hasText: 'prod-eu-west' })).toContainText(/Pods[\s\S]*4\d\d/, {
    timeout: 60_000,
  });
}

/** The texts of the rows that the open list has drawn, in the order of the screen, without the header. */
export async function shownRows(page: Page): Promise<string[]> {
  const rows = await page.locator('[role=grid] [role=row][data-index]').evaluateAll((found) =>
    found
      .map((row) => ({ index: Number(row.getAttribute('data-index')), text: (row as HTMLElement).innerText }))
      .sort((a, b) => a.index - b.index)
      .map((row) => row.text),
  );
  return rows.filter((text) => text.trim() !== '');
}

/** The id of a cluster of the demo fleet by its name; leaves the page at the fleet. */
export async function clusterId(page: Page, name: string): Promise<string> {
  await open(page, '/fleet');
  const card = page.locator('article').filter({ has: page.getByRole('link', { name, exact: true }) });
  return (await card.getAttribute('data-cluster')) ?? '';
}

export async function chooseTheme(page: Page, theme: 'light' | 'dark'): Promise<void> {
  const now = () => page.evaluate(() => document.documentElement.dataset.theme);
  if ((await now()) === theme) return;
  await page.getByRole('button', { name: theme === 'dark' ? 'Dark theme' : 'Light theme', exact: true }).click();
  await expect.poll(now).toBe(theme);
}
