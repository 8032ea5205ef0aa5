import { describe, expect, test } from 'vitest';
import type { Schema, SchemaSet } from '../../ui/schema/schema.ts';
import { allFields, differencesOf, findField, findFields, limitsOf, pathsAbove } from './fields.ts';

const container: Schema = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', description: 'What it is called.' },
    env: { type: 'array', items: { type: 'object', properties: { value: { type: 'string' } } } },
  },
};
const set: SchemaSet = {
  root: 'Thing',
  schemas: {
    Thing: {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            containers: { type: 'array', items: { $ref: '#/components/schemas/Container' } },
            'dotted.name': { type: 'string' },
            labels: { type: 'object', additionalProperties: { type: 'string' } },
            byName: { type: 'object', additionalProperties: { $ref: '#/components/schemas/Container' } },
            tree: { $ref: '#/components/schemas/Tree' },
          },
        },
      },
    },
    Container: container,
    Tree: {
      type: 'object',
      properties: { value: { type: 'integer', minimum: 1 }, left: { $ref: '#/components/schemas/Tree' } },
    },
  },
};

describe('fields of a kind', () => {
  test('have paths through lists and maps, and one that contains itself is followed once', () => {
    expect(allFields(set).map(({ path }) => path)).toEqual([
      'spec',
      'spec.containers',
      'spec.containers[].name',
      'spec.containers[].env',
      'spec.containers[].env[].value',
      'spec.dotted.name',
      'spec.labels',
      'spec.byName',
      'spec.byName.*.name',
      'spec.byName.*.env',
      'spec.byName.*.env[].value',
      'spec.tree',
      'spec.tree.value',
      'spec.tree.left',
    ]);
  });

  test('are found again by every path, and as deep as one asks where they contain themselves', () => {
    for (const { path } of allFields(set)) expect(findField(set, path)?.path).toBe(path);
    expect(findField(set, 'spec.tree.left.left.value')?.type).toBe('integer');
    expect(findField(set, 'spec.containers[].nothing')).toBeUndefined();
    expect(findField(set, 'spec.containers[].name')).toMatchObject({ required: true, type: 'string' });
  });

  test('the fields around one are named as the tree has them', () => {
    expect(pathsAbove('spec.byName.*.env[].value')).toEqual(['spec', 'spec.byName', 'spec.byName.*.env']);
    expect(pathsAbove('spec')).toEqual([]);
  });

  test('names come before descriptions in what is found', () => {
    const found = findFields(allFields(set), 'name').map(({ path }) => path);
    expect(found[0]).toBe('spec.byName.*.name');
    expect(findFields(allFields(set), 'called').map(({ path }) => path)).toEqual([
      'spec.byName.*.name',
      'spec.containers[].name',
    ]);
    expect(findFields(allFields(set), ' ')).toEqual([]);
  });

  test('limits are told in words', () => {
    expect(limitsOf({ minimum: 1, exclusiveMaximum: true, maximum: 9, pattern: '^a', uniqueItems: true })).toEqual([
      '≥ 1',
      '< 9',
      'matches ^a',
      'each once',
    ]);
  });

  test('what another version adds, takes away and changes is told once, where it begins', () => {
    const after = structuredClone(set);
    const spec = after.schemas.Thing?.properties?.spec?.properties ?? {};
    delete spec.byName;
    spec.more = { type: 'object', properties: { inner: { type: 'string' } } };
    spec.labels = { type: 'object', additionalProperties: { type: 'integer' }, description: 'Numbers.' };
    expect(differencesOf(set, after)).toEqual([
      { path: 'spec.byName', change: 'removed', details: ['map of object'] },
      { path: 'spec.labels', change: 'changed', details: ['type: map of string → map of integer', 'description'] },
      { path: 'spec.more', change: 'added', details: ['object'] },
    ]);
    expect(differencesOf(set, set)).toEqual([]);
  });
});
