import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { billOfMaterials } from './billOfMaterials.ts';
import { root } from './steps.ts';

interface Lock {
  packages: Record<
    string,
    { version?: string; resolved?: string; integrity?: string; link?: boolean; inBundle?: boolean }
  >;
}
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;

it('S12 packages are installed by the lock file, and none of their scripts is run', () => {
  expect(readFileSync(join(root, 'scripts', 'run.mjs'), 'utf8')).toContain("'--ignore-scripts'");
});

it('S12 every package of the lock file has a hash, and comes from a registry', () => {
  const loose = Object.entries(lock.packages)
    .filter(([place, { link, inBundle }]) => place !== '' && link !== true && inBundle !== true)
    .filter(
      ([, { integrity, resolved }]) => !/^sha512-/.test(integrity ?? '') || /^(git|file|http:)/.test(resolved ?? ''),
    )
    .map(([place]) => place);
  expect(loose).toEqual([]);
});

const shipped = {
  product: { name: 'p', version: '1.0.0', license: 'MIT' },
  packages: {
    'node_modules/b': { version: '2.0.0', integrity: `sha512-${Buffer.from('b').toString('base64')}`, license: 'MIT' },
    'node_modules/x/node_modules/@s/a': { version: '1.0.0', license: '(MIT OR Apache-2.0)' },
  },
  electron: '45.0.0',
};

it('S12 a bill of materials is the same however its parts are found', () => {
  const places = ['node_modules/x/node_modules/@s/a', 'node_modules/b'];
  const bill = billOfMaterials({ ...shipped, places });
  expect(billOfMaterials({ ...shipped, places: [...places, ...places].reverse() })).toBe(bill);
  expect(JSON.parse(bill).components).toMatchObject([
    { purl: 'pkg:npm/%40s/a@1.0.0', licenses: [{ expression: '(MIT OR Apache-2.0)' }] },
    { purl: 'pkg:npm/b@2.0.0', hashes: [{ alg: 'SHA-512', content: '62' }] },
    { purl: 'pkg:npm/electron@45.0.0', type: 'framework' },
  ]);
});

it('S12 what the lock file does not name cannot be shipped', () => {
  expect(() => billOfMaterials({ ...shipped, places: ['node_modules/stranger'] })).toThrow('does not name it');
});
