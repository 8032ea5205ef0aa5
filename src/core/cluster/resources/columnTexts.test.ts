import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { builtInSchemas } from '../../kube/projectors/index.ts';

interface Texts {
  title: Record<string, string>;
  about: Record<string, string>;
  of: Record<string, Record<string, { title?: string; about?: string }>>;
}

const file = join(import.meta.dirname, '../../../../resources/locales/en.json');
const { columns } = JSON.parse(readFileSync(file, 'utf8')) as { columns: Texts };

/** What the screen says of a column: see `inWords` in the renderer. */
function textsOf(resource: string, id: string) {
  const own = columns.of[resource]?.[id];
  return { title: own?.title ?? columns.title[id], about: own?.about ?? columns.about[id] };
}

it("every built-in kind's columns have a text, and the English one is the engine's", () => {
  expect(builtInSchemas.length).toBeGreaterThan(50);
  const wrong = builtInSchemas.flatMap(({ resource, columns }) =>
    columns
      .filter(({ id, title }) => textsOf(resource, id).title !== title)
      .map(({ id, title }) => `${resource} ${id}: '${title}' is called '${textsOf(resource, id).title}'`),
  );
  expect(wrong).toEqual([]);
});

it('what the engine explains is explained', () => {
  const missing = builtInSchemas.flatMap(({ resource, columns }) =>
    columns
      .filter(({ id, description }) => description !== undefined && textsOf(resource, id).about === undefined)
      .map(({ id }) => `${resource} ${id}`),
  );
  expect(missing).toEqual([]);
});

it('nothing is said of columns that no kind has', () => {
  const known = new Set([
    'columns cluster',
    ...builtInSchemas.flatMap(({ resource, columns }) => columns.map(({ id }) => `${resource} ${id}`)),
  ]);
  const ids = new Set([...known].map((key) => key.split(' ')[1]));
  const left = [
    ...[...Object.keys(columns.title), ...Object.keys(columns.about)].filter((id) => !ids.has(id)),
    ...Object.entries(columns.of).flatMap(([resource, own]) =>
      Object.keys(own)
        .map((id) => `${resource} ${id}`)
        .filter((key) => !known.has(key)),
    ),
  ];
  expect(left).toEqual([]);
});
