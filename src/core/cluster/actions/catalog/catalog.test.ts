import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalog } from './index.ts';

const locale = join(import.meta.dirname, '../../../../../resources/locales/en.json');
const { actions } = JSON.parse(readFileSync(locale, 'utf8')) as { actions: { title: Record<string, string> } };

describe('the catalog', () => {
  test('has each id once', () => {
    const ids = catalog.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test('has a text on the screen for each action, which says the same as its title', () => {
    const texts = Object.fromEntries(catalog.map(({ id }) => [id, actions.title[id]]));
    expect(texts).toEqual(Object.fromEntries(catalog.map(({ id, title }) => [id, title])));
  });

  test('says what a user must be allowed, for every action', () => {
    const kind = { group: 'apps', resource: 'deployments' } as Parameters<(typeof catalog)[number]['needs']>[0];
    for (const action of catalog) expect(action.needs(kind), action.id).not.toHaveLength(0);
  });
});
