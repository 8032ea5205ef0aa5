import { describe, expect, test } from 'vitest';
import { compareVersions, headOf, merged, type RawDefinition, thereOf } from './model.ts';

const raw = (
  versions: RawDefinition['spec']['versions'],
  more: Partial<RawDefinition['spec']> = {},
): RawDefinition => ({
  metadata: { name: 'gadgets.test.dev', creationTimestamp: '2026-01-02T03:04:05Z' },
  spec: { group: 'test.dev', scope: 'Namespaced', names: { kind: 'Gadget', plural: 'gadgets' }, versions, ...more },
});
const part = (cluster: string, definition: RawDefinition) => ({
  head: headOf(definition),
  there: thereOf(cluster, definition),
});

describe('definitions', () => {
  test("versions are in Kubernetes' order", () => {
    const names = ['v1alpha1', 'foo1', 'v11beta2', 'v2', 'v10', 'v1', 'v12alpha1', 'v3beta1', 'foo10', 'v11alpha2'];
    expect([...names].sort(compareVersions)).toEqual([
      'v10',
      'v2',
      'v1',
      'v11beta2',
      'v3beta1',
      'v12alpha1',
      'v11alpha2',
      'v1alpha1',
      'foo1',
      'foo10',
    ]);
  });

  test('clusters differ by versions, schema or conversion, and not by how much they hold', () => {
    const v1 = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } };
    const other = { ...v1, schema: { openAPIV3Schema: { type: 'object', description: 'newer' } } };
    const differs = (a: RawDefinition, b: RawDefinition) => merged([part('a', a), part('b', b)])[0]?.differs;
    expect(differs(raw([v1]), raw([v1]))).toBe(false);
    expect(differs(raw([v1]), raw([other]))).toBe(true);
    expect(differs(raw([v1]), raw([v1, { name: 'v2', served: true }]))).toBe(true);
    expect(differs(raw([v1]), raw([v1], { conversion: { strategy: 'Webhook' } }))).toBe(true);
  });

  test('what its conditions say is wrong is told', () => {
    const broken = raw([{ name: 'v1', served: true, storage: true }]);
    broken.status = {
      storedVersions: ['v1beta1', 'v1'],
      conditions: [
        { type: 'NamesAccepted', status: 'False', reason: 'PluralConflict', message: '"gadgets" is already in use' },
        { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' },
      ],
    };
    expect(thereOf('a', broken)).toMatchObject({
      established: false,
      stored: ['v1beta1', 'v1'],
      problem: '"gadgets" is already in use; not all names are accepted',
      createdAt: Date.parse('2026-01-02T03:04:05Z'),
    });
  });
});
