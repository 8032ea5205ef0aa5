import { defineConfig } from '@playwright/test';

/** The same specs run in Chromium against `kubesage serve` and in Electron against the desktop: see e2e/README.md. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // Two cores: one window at a time.
  workers: 1,
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: { trace: 'retain-on-failure' },
  projects: [
    { name: 'chromium', testMatch: /.*\.spec\.ts/, testIgnore: [/electron\//, /screenshots/], grepInvert: /@desktop/ },
    // Traces of an old Electron sometimes keep it from starting.
    { name: 'electron', testMatch: /.*\.spec\.ts/, testIgnore: /screenshots/, use: { trace: 'off' } },
    // Takes the pictures of docs/screenshots: only when it is named.
    { name: 'screenshots', testMatch: /screenshots\.spec\.ts/ },
  ],
});
