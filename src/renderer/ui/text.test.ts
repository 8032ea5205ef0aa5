import { describe, expect, it } from 'vitest';
import english from '../../../resources/locales/en.json';

const sources = Object.entries(
  import.meta.glob<string>(['../**/*.ts', '../**/*.tsx', '!../**/*.test.*'], {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
);

function find(key: string): unknown {
  return key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], english);
}

describe('texts', () => {
  it('are looked for in all sources', () => {
    expect(sources.length).toBeGreaterThan(100);
  });

  it('exist for every key that is written out in the sources', () => {
    const missing = sources.flatMap(([file, text]) =>
      [...text.matchAll(/\bt\(\s*'([^']+)'/gu)]
        .map((match) => match[1] ?? '')
        .filter((key) => typeof find(key) !== 'string' && typeof find(`${key}_one`) !== 'string')
        .map((key) => `${file}: ${key}`),
    );
    expect(missing).toEqual([]);
  });

  it('exist for every label and group of a command', () => {
    const missing = sources.flatMap(([file, text]) =>
      [...text.matchAll(/\b(?:label|group): '([a-z]\w*(?:\.\w+)+)'/gu)]
        .map((match) => match[1] ?? '')
        .filter((key) => typeof find(key) !== 'string')
        .map((key) => `${file}: ${key}`),
    );
    expect(missing).toEqual([]);
  });
});
