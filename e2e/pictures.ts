import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';

/** A picture of the page in both themes, in the folder that KUBESAGE_PICTURES names; none without it. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const folder = process.env.KUBESAGE_PICTURES;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  for (const theme of ['light', 'dark']) {
    await page.evaluate((wanted) => {
      document.documentElement.dataset.theme = wanted;
    }, theme);
    // Colours change over a moment.
    await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
    await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
  }
}
