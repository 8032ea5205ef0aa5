import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { skeletons } from './skeletons.ts';
import { root } from './steps.ts';

it('a new view is one of the features, its import in order', () => {
  const file = 'src/renderer/app/features.ts';
  const before = readFileSync(join(root, file), 'utf8');
  const after = skeletons.view?.changes?.('logs')[file]?.(before) ?? '';
  const imported = [...after.matchAll(/^import \{ (\w+) \} from '\.\.\/features\/(\w+)\/feature\.tsx';$/gm)];
  expect(imported.map(([, name, folder]) => [name, folder])).toContainEqual(['logs', 'logs']);
  expect(imported.map(([line]) => line)).toEqual(imported.map(([line]) => line).toSorted());
  const listed = /readonly Feature\[\] = \[(.*)\]/.exec(after)?.[1]?.split(', ');
  expect(listed).toEqual([.../readonly Feature\[\] = \[(.*)\]/.exec(before)![1]!.split(', '), 'logs']);
});
