import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './steps.ts';

/** Rows of the table in docs/security.md: the gate and the tests that show it. */
const rows = readFileSync(join(root, 'docs', 'security.md'), 'utf8')
  .split('\n')
  .map((line) => /^\| (S\d+) \|.*\| ([^|]*) \|$/.exec(line))
  .filter((match) => match !== null)
  .map(([, gate = '', tests = '']) => ({
    gate,
    tests: [...tests.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
  }));

const gates = ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8', 'S9', 'S10', 'S11', 'S12', 'S13', 'S14'];

it('docs/security.md names every gate once', () => {
  expect(rows.map(({ gate }) => gate)).toEqual(gates);
});

it.each(rows)('$gate is shown by tests that are there and say so', ({ gate, tests }) => {
  expect(tests.length).toBeGreaterThan(0);
  for (const file of tests) {
    expect(existsSync(join(root, file)), file).toBe(true);
    const said = new RegExp(`\\b${gate}\\b`).test(readFileSync(join(root, file), 'utf8'));
    expect({ file, said }).toEqual({ file, said: true });
  }
});
