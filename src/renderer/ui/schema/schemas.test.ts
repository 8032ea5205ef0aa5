import { describe, expect, test } from 'vitest';
import { exampleObject } from './example.ts';
import type { SchemaSet } from './schema.ts';
import { pointerOf, wrongsOf } from './validate.ts';

const set: SchemaSet = {
  root: 'Gadget',
  schemas: {
    Gadget: {
      type: 'object',
      required: ['spec'],
      properties: {
        metadata: { type: 'object' },
        spec: {
          type: 'object',
          required: ['size', 'parts'],
          properties: {
            size: { type: 'integer', minimum: 1, maximum: 9, exclusiveMaximum: true },
            port: { 'x-kubernetes-int-or-string': true },
            colour: { type: 'string', enum: ['red', 'green'] },
            'a/b': { type: 'string', pattern: '^x' },
            parts: { type: 'array', minItems: 1, items: { $ref: '#/components/schemas/Part' } },
          },
        },
      },
    },
    Part: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
  },
};

describe('schemas as API servers publish them', () => {
  test('an example is what they ask for, and passes', () => {
    const example = exampleObject(set, { apiVersion: 'test/v1', kind: 'Gadget', name: 'one' });
    expect(example).toEqual({
      apiVersion: 'test/v1',
      kind: 'Gadget',
      metadata: { name: 'one' },
      spec: { size: 1, parts: [{ name: 'string' }] },
    });
    expect([...wrongsOf(set, example)]).toEqual([]);
  });

  test('what is wrong is told at its field, what is missing at the one that is', () => {
    const wrongs = wrongsOf(set, { spec: { size: 9, port: {}, colour: 'blue', 'a/b': 'y', parts: [{}] } });
    expect([...wrongs.keys()].sort()).toEqual([
      pointerOf(['spec', 'a/b']),
      '/spec/colour',
      '/spec/parts/0/name',
      '/spec/port',
      '/spec/size',
    ]);
    expect(wrongs.get('/spec/parts/0/name')).toEqual(['It must be there.']);
  });

  test('a port is a number or a text; fields without a value are the server’s to take out', () => {
    for (const port of [80, 'http', null]) {
      expect([...wrongsOf(set, { spec: { size: 1, parts: [{ name: 'a' }], port } })]).toEqual([]);
    }
  });
});
