import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
    setupFiles: ['scripts/seededTests.ts'],
    passWithNoTests: false,
    // Two cores: more workers only take time from each other.
    maxWorkers: 2,
    testTimeout: 30_000,
  },
});
