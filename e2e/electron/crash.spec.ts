// Fault F19: the engine is killed; the window survives, says why, and is live again by itself.
import { expect, test } from '../app.ts';

test('F19 a killed engine comes back with the reason shown, and the window with it', async ({ app, page }) => {
  await expect(page.getByRole('article').first()).toContainText('Live', { timeout: 45_000 });
  const before = await app.enginePid();
  process.kill(before, 'SIGKILL');
  await expect(page.getByText(/SIGKILL/).first()).toBeVisible();
  await expect.poll(() => app.enginePid().catch(() => before), { timeout: 20_000 }).not.toBe(before);
  await expect(page.getByRole('article').first()).toContainText('Live', { timeout: 30_000 });
});
