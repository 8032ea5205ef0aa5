import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { skeletons } from './skeletons.ts';
import { root } from './steps.ts';

const file = 'src/renderer/app/features.ts';
const before = readFileSync(join(root, file), 'utf8');
const withView = (name: string, text: string) => skeletons.view?.changes?.(name)[file]?.(text) ?? '';
const listedIn = (text: string) =>
  /readonly Feature\[\] = \[([^\]]*)\]/
    .exec(text)?.[1]
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

it('a new view is one of the features, its import in order', () => {
  const after = withView('newest', before);
  const imported = [...after.matchAll(/^import \{ (\w+) \} from '\.\.\/features\/(\w+)\/feature\.tsx';$/gm)];
  expect(imported.map(([, name, folder]) => [name, folder])).toContainEqual(['newest', 'newest']);
  expect(imported.map(([line]) => line)).toEqual(imported.map(([line]) => line).toSorted());
  expect(listedIn(after)).toEqual([...(listedIn(before) ?? []), 'newest']);
});

it('a list of features that is too long for a line has one a line, and still takes new ones', () => {
  const names = Array.from({ length: 12 }, (_, at) => `newest${'x'.repeat(at)}`);
  const after = names.reduce((text, name) => withView(name, text), before);
  expect(listedIn(after)).toEqual([...(listedIn(before) ?? []), ...names]);
  expect(after).toContain('  newestx,\n');
});
