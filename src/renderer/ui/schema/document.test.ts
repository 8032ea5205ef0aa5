import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { edited, type Path, partsOf, readValue } from './document.ts';

const text = `# who owns it
apiVersion: apps/v1   # as it is
kind: Deployment
metadata:
  name: 'web'
  labels: {app: web,tier: "front"}
spec:
  replicas: 2 # two


  unknown: &kept
    - yes
    - 012
  template:
    containers:
    - name: a
      args: [ -v , --x ]
    # the second
    - name: b
`;

describe('editing a document by its paths', () => {
  test.each<[Path, unknown, string, string]>([
    [['spec', 'replicas'], 3, 'replicas: 2 # two', 'replicas: 3 # two'],
    [['metadata', 'name'], "it's", "name: 'web'", "name: 'it''s'"],
    [['metadata', 'labels', 'tier'], 'back', 'tier: "front"', 'tier: "back"'],
    [['kind'], 'yes', 'kind: Deployment', 'kind: "yes"'],
    [['spec', 'template', 'containers', 1, 'name'], 'c', '- name: b', '- name: c'],
  ])('%j becomes %j, and not a letter else', (path, value, from, to) => {
    expect(edited(text, path, value)).toBe(text.replace(from, to));
  });

  test('what is put in or taken out leaves comments, order and what no schema knows', () => {
    const more = edited(text, ['spec', 'template', 'containers', 1, 'image'], 'busybox') ?? '';
    expect(more).toContain('    # the second\n    - name: b\n      image: busybox\n');
    expect(more).toContain('replicas: 2 # two');
    expect(more).toContain('- yes\n    - 012\n');
    const less = edited(text, ['metadata', 'labels'], undefined) ?? '';
    expect(less).toContain('# who owns it\napiVersion: apps/v1');
    expect(less).not.toContain('labels');
    expect(edited(text, ['spec', 'nothing'], undefined)).toBe(text);
  });

  test('empty places take values', () => {
    expect(edited('spec:\n', ['spec', 'a', 'b'], 1)).toBe('spec:\n  a:\n    b: 1\n');
    expect(edited('spec: {}\n', ['spec', 'list'], ['x'])).toBe('spec:\n  list:\n    - x\n');
    expect(edited('', ['kind'], 'X')).toBe('kind: X\n');
    expect(edited('a:\n', ['a'], 'x')).toBe('a: x\n');
    expect(edited('a: [', ['a'], 1)).toBeUndefined();
    expect(edited('a: &x 1\nb: *x\n', ['b'], 2)).toBeUndefined();
  });

  test('documents of a text are found as they stand', () => {
    const all = `# head\n---\n${text}---\n\n--- # second\nkind: B\ndata: |\n  ---\n  x\n`;
    expect(partsOf(all).map(({ from, to }) => all.slice(from, to))).toEqual([text, 'kind: B\ndata: |\n  ---\n  x\n']);
  });

  test('any value at any place is there afterwards, and all others are as before', () => {
    const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const tree = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        scalar,
        fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie('node'), { minKeys: 1, maxKeys: 4 }),
        fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
      ),
    })).node;
    const whole = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tree, { minKeys: 1, maxKeys: 4 });
    fc.assert(
      fc.property(whole, scalar, fc.nat(), (value, next, pick) => {
        const written = stringify(value, { version: '1.1' });
        const paths = pathsOf(value);
        const path = paths[pick % paths.length] ?? [];
        const expected = structuredClone(readValue(written)) as Record<string, unknown>;
        put(expected, path, next);
        const result = edited(written, path, next);
        expect(parse(result ?? '', { version: '1.1' })).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });
});

function pathsOf(value: unknown, at: (string | number)[] = []): (string | number)[][] {
  const own = at.length === 0 ? [] : [at];
  if (typeof value !== 'object' || value === null) return own;
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [...own, ...keys.flatMap((key) => pathsOf((value as Record<string | number, unknown>)[key], [...at, key]))];
}

function put(target: unknown, path: Path, value: unknown): void {
  let inner = target as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) inner = inner[key] as Record<string | number, unknown>;
  inner[path.at(-1) ?? ''] = value;
}
