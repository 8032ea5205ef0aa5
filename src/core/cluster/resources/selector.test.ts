// Gate S14: selectors as kubectl writes them, held against what they mean; and any text.
import { env } from 'node:process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSelector } from './selector.ts';

/** KUBESAGE_FUZZ=10000000 for the long run. */
const numRuns = Number(env.KUBESAGE_FUZZ ?? 3_000);
const long = 24 * 3_600_000;

const key = fc.constantFrom<string>('app', 'tier', 'app.kubernetes.io/name', 'a', 'ap');
const value = fc.constantFrom<string>('web', 'db', '', 'a-b', 'v1.2_x');
const labels = fc.dictionary(key, value, { maxKeys: 4 });

interface Requirement {
  text: string;
  holds(labels: Readonly<Record<string, string>>): boolean;
}
const requirement: fc.Arbitrary<Requirement> = fc
  .record({
    key,
    values: fc.uniqueArray(
      value.filter((each) => each !== ''),
      { minLength: 1, maxLength: 3 },
    ),
    value,
    kind: fc.nat(5),
  })
  .map(({ key, values, value, kind }) => {
    const within = (has: Readonly<Record<string, string>>) => key in has && values.includes(has[key] ?? '');
    const forms: readonly Requirement[] = [
      { text: `${key}=${value}`, holds: (has) => has[key] === value },
      { text: `${key}!=${value}`, holds: (has) => has[key] !== value },
      { text: `${key} in (${values.join(',')})`, holds: within },
      { text: `${key} notin (${values.join(', ')})`, holds: (has) => !within(has) },
      { text: key, holds: (has) => key in has },
      { text: `!${key}`, holds: (has) => !(key in has) },
    ];
    return forms[kind] as Requirement;
  });

const cell = (has: Readonly<Record<string, string>>) =>
  Object.entries(has)
    .map(([name, each]) => `${name}=${each}`)
    .join('\n');

test(
  'S14 a selector selects what all of its requirements do',
  () => {
    fc.assert(
      fc.property(fc.array(requirement, { minLength: 1, maxLength: 4 }), labels, (requirements, has) => {
        const selector = parseSelector(requirements.map(({ text }) => text).join(','));
        expect(selector(cell(has))).toBe(requirements.every((each) => each.holds(has)));
      }),
      { numRuns },
    );
  },
  long,
);

test(
  'S14 any text is a selector that answers',
  () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), labels, (text, has) => {
        expect(typeof parseSelector(text)(cell(has))).toBe('boolean');
      }),
      { numRuns },
    );
  },
  long,
);
