import { describe, expect, test } from 'vitest';
import { validator } from './validator.ts';

const schema = {
  type: 'object' as const,
  required: ['name'],
  definitions: { size: { type: 'integer' as const, minimum: 1 } },
  properties: {
    name: { type: 'string' as const },
    drawer: { type: 'object' as const, properties: { size: { $ref: '#/definitions/size' } } },
  },
};

describe('values by a schema', () => {
  const found = (values: unknown) => validator.validateFormData(values, schema);

  test('are told what is wrong at the place where it is, once', () => {
    const { errors, errorSchema } = found({ name: 'till', drawer: { size: 0 } });
    expect(errors).toMatchObject([{ property: '.drawer.size', name: 'minimum' }]);
    expect(errorSchema).toMatchObject({ drawer: { size: { __errors: [expect.stringContaining('0')] } } });
    expect(found({ name: 'till' }).errors).toEqual([]);
    expect(found({}).errors).toMatchObject([{ name: 'required' }]);
  });

  test('of a part are judged with the definitions of the whole', () => {
    const part = { $ref: '#/definitions/size' };
    expect([validator.isValid(part, 3, schema), validator.isValid(part, 0, schema)]).toEqual([true, false]);
  });

  test('are not judged by a schema that cannot be read', () => {
    const broken = { type: 'object' as const, properties: { a: { $ref: 'https://elsewhere.example/s.json' } } };
    expect(validator.validateFormData({ a: 1 }, broken).errors).toEqual([]);
    expect(validator.isValid({ $ref: '#/nowhere' }, 1, broken)).toBe(false);
  });
});
