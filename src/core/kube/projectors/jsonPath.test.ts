import { describe, expect, it } from 'vitest';
import { cellText, findAll, parseJsonPath } from './jsonPath.ts';

const object = {
  spec: { replicas: 3, 'a.b': 'dotted', list: [10, 20, 30, 40], nested: { x: { name: 'deep' } } },
  status: {
    conditions: [
      { type: 'Ready', status: 'True', weight: 2 },
      { type: 'Synced', status: 'False', weight: 5 },
    ],
  },
  name: 'top',
};

// What kubectl's jsonpath finds for the same (k8s.io/client-go/util/jsonpath).
it.each([
  ['.spec.replicas', [3]],
  ['{.spec.replicas}', [3]],
  ['$.spec.replicas', [3]],
  ['spec.replicas', [3]],
  ['.spec.a\\.b', ['dotted']],
  [".spec['a.b']", ['dotted']],
  ['.spec.list[0]', [10]],
  ['.spec.list[-1]', [40]],
  ['.spec.list[1:3]', [20, 30]],
  ['.spec.list[-2:]', [30, 40]],
  ['.spec.list[0:4:2]', [10, 30]],
  ['.spec.list[0,3]', [10, 40]],
  ['.spec.list[*]', [10, 20, 30, 40]],
  [".spec['replicas','a.b']", [3, 'dotted']],
  ['.spec.nested.*', [{ name: 'deep' }]],
  ['..name', ['top', 'deep']],
  ['.status.conditions[?(@.type=="Ready")].status', ['True']],
  ["{.status.conditions[?(@.type!='Ready')].type}", ['Synced']],
  ['.status.conditions[?(@.weight>2)].type', ['Synced']],
  ['.status.conditions[?(@.weight<=2)].type', ['Ready']],
  ['.status.conditions[?(@.weight)].type', ['Ready', 'Synced']],
  ['.status.missing.deeper', []],
  ['.spec.replicas.deeper', []],
  ['.constructor', []],
  ['.__proto__', []],
])('%s', (path, found) => {
  expect(findAll(parseJsonPath(path), object)).toEqual(found);
});

describe('parseJsonPath', () => {
  it('says where it does not understand', () => {
    expect(() => parseJsonPath('.spec[')).toThrow('JSONPath .spec[: a key or an index is missing at position 6');
    expect(() => parseJsonPath('.a[?(@.b==)]')).toThrow('quote text');
    expect(() => parseJsonPath(".a['b]")).toThrow('a quote is not closed');
    expect(() => parseJsonPath('.a b')).toThrow('this is not understood');
  });

  it('knows which part of an object it can read', () => {
    expect(parseJsonPath('.status.conditions[?(@.type=="Ready")].status').prefix).toEqual(['status', 'conditions']);
    expect(parseJsonPath('..name').prefix).toEqual([]);
  });
});

it('shows values as cells', () => {
  expect([1, true, 'text', null, undefined, { a: [1] }].map(cellText)).toEqual([
    '1',
    'true',
    'text',
    '',
    '',
    '{"a":[1]}',
  ]);
});
