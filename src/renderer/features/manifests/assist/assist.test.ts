import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { element, type SchemaSet } from '../../../ui/schema/schema.ts';
import { checkText } from './check.ts';
import { completionsAt } from './complete.ts';
import { cursorAt } from './cursor.ts';

const set: SchemaSet = {
  root: 'Deployment',
  schemas: {
    Deployment: {
      type: 'object',
      required: ['spec'],
      properties: {
        apiVersion: { type: 'string' },
        kind: { type: 'string' },
        metadata: { allOf: [{ $ref: '#/components/schemas/Meta' }], description: 'Its name.' },
        spec: { $ref: '#/components/schemas/Spec' },
        status: { type: 'object' },
      },
    },
    Meta: {
      type: 'object',
      properties: {
        name: { type: 'string' },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
      },
    },
    Spec: {
      type: 'object',
      required: ['containers'],
      properties: {
        replicas: { type: 'integer', format: 'int32', description: 'How many.' },
        paused: { type: 'boolean' },
        strategy: { type: 'string', enum: ['Recreate', 'RollingUpdate'], default: 'RollingUpdate' },
        containers: { type: 'array', items: { $ref: '#/components/schemas/Container' } },
        maxSurge: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
      },
    },
    Container: {
      type: 'object',
      required: ['name'],
      properties: {
        name: { type: 'string' },
        image: { type: 'string' },
        args: { type: 'array', items: { type: 'string' } },
      },
    },
  },
};
const kinds = [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'v1', kind: 'Pod' },
];

/** The text with `|` where the cursor stands. */
function at(text: string) {
  const before = text.slice(0, text.indexOf('|')).split('\n');
  return cursorAt(text.replace('|', '').split('\n'), before.length - 1, before.at(-1)?.length ?? 0);
}
const labels = (text: string) => {
  const cursor = at(text);
  return cursor === undefined ? undefined : completionsAt(cursor, set, kinds).map(({ label }) => label);
};

const head = 'apiVersion: apps/v1\nkind: Deployment\n';

describe('the place of a cursor', () => {
  test.each([
    ['at the root', `${head}s|`, [], 'key'],
    ['in an object', `${head}spec:\n  re|`, ['spec'], 'key'],
    ['in a list, after the dash', `${head}spec:\n  containers:\n    - na|`, ['spec', 'containers', element], 'key'],
    [
      'in a list whose dashes are not indented',
      `${head}spec:\n  containers:\n  - name: a\n    im|`,
      ['spec', 'containers', element],
      'key',
    ],
    ['behind a list', `${head}spec:\n  containers:\n    - name: a\n  pa|`, ['spec'], 'key'],
    ['at a value', `${head}spec:\n  paused: t|`, ['spec'], 'value'],
    ['in the second document', `${head}spec:\n  a: 1\n---\nkind: Pod\nme|`, [], 'key'],
  ])('%s', (_, text, path, where) => {
    expect(at(text)).toMatchObject({ path, at: where });
  });

  test('is nowhere in a comment and in flow style', () => {
    expect(at('spec: # re|')).toBeUndefined();
    expect(at('spec: 1\n# re|')).toBeUndefined();
  });

  test('is found in any text', () => {
    const line = fc.stringMatching(/^ {0,6}(- ){0,2}[a-z"#{[]{0,4}(: ?[a-z1"]{0,3})?$/);
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), fc.nat(), fc.nat(), (lines, row, column) => {
        const at = row % lines.length;
        const cursor = cursorAt(lines, at, column % ((lines[at]?.length ?? 0) + 1));
        expect(cursor?.path.filter((step) => step !== element).every((step) => typeof step === 'string') ?? true).toBe(
          true,
        );
      }),
    );
  });
});

describe('completion', () => {
  test('offers the fields that are not there yet, with their documentation', () => {
    expect(labels(`${head}spec:\n  replicas: 1\n  |\n  paused: true`)).toEqual(['strategy', 'containers', 'maxSurge']);
    const cursor = at(`${head}spec:\n  |`);
    expect(cursor && completionsAt(cursor, set, kinds)).toContainEqual({
      label: 'replicas',
      insert: 'replicas: ',
      detail: 'integer (int32)',
      documentation: 'How many.',
      kind: 'field',
      required: false,
    });
  });

  test('opens lists and objects', () => {
    const cursor = at(`${head}spec:\n  con|`);
    const found = cursor && completionsAt(cursor, set, kinds).find(({ label }) => label === 'containers');
    expect(found).toMatchObject({ insert: 'containers:\n    - ', required: true });
    expect(labels(`${head}spec:\n  containers:\n    - name: a\n      |`)).toEqual(['image', 'args']);
  });

  test('offers values: enums, truth, kinds and versions', () => {
    expect(labels(`${head}spec:\n  strategy: |`)).toEqual(['RollingUpdate', 'Recreate']);
    expect(labels(`${head}spec:\n  paused: |`)).toEqual(['true', 'false']);
    expect(labels('apiVersion: v1\nkind: |')).toEqual(['Pod']);
    expect(labels('kind: Deployment\napiVersion: |')).toEqual(['apps/v1']);
  });
});

describe('findings', () => {
  const findings = (text: string) =>
    checkText(text, ({ kind }) => (kind === 'Deployment' ? set : undefined)).findings.map(({ from, to, message }) => [
      text.slice(from, to).trim(),
      message,
    ]);

  test('unknown, missing and wrong fields stand where they are', () => {
    expect(
      findings(
        `${head}metadata:\n  labels: { a: "1", b: 2 }\nspec:\n  replcas: 1\n  paused: "yes"\n  strategy: Rolling\n  maxSurge: 25%\n  containers:\n    - image: x\n      args: [1]\n`,
      ),
    ).toEqual([
      ['2', 'This must be string: put it in quotes'],
      ['replcas', 'There is no field replcas here: is replicas meant?'],
      ['"yes"', 'This must be boolean'],
      ['Rolling', 'Rolling is none of Recreate, RollingUpdate'],
      ['1', 'This must be string: put it in quotes'],
      ['i', 'name must be there'],
    ]);
  });

  test('what is no YAML is told, and what has no schema is let be', () => {
    expect(findings('a: [1\nb: 2\n').length).toBeGreaterThan(0);
    expect(findings('apiVersion: v9\nkind: Unknown\nanything: { goes: 1 }\n')).toEqual([]);
    expect(checkText(`${head}spec: {}\n---\nkind: Pod\napiVersion: v1\n`, () => undefined).kinds).toEqual(kinds);
  });
});
