import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { soak } from './testing/soak.ts';

test('two hours of changes, forgotten versions and restarts leave equal tables and bounded files', {
  timeout: 120_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubesage-soak-'));
  try {
    const { checkpoints, changes, expired, restarts } = await soak(2, join(folder, 'history.duckdb'));
    expect([checkpoints.length, changes, expired, restarts]).toEqual([2, 480, 12, 4]);
    const [first, second] = checkpoints;
    // A snapshot has what is there, not what was.
    expect((second?.snapshot ?? 0) / (first?.snapshot ?? 1)).toBeLessThan(1.1);
    // Each change is one version, a forgotten or relisted one none: the first lists, and what changed in an hour.
    const grown = (second?.versions ?? 0) - (first?.versions ?? 0);
    expect(grown).toBeGreaterThan(0);
    expect(grown).toBeLessThanOrEqual(240);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
