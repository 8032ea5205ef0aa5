import { describe, expect, test } from 'vitest';
import { chartPath, compareVersions, isRepositoryChart, mergedValues, newestByName, withChanges } from './model.ts';

describe('charts', () => {
  test('have an address of their own, whatever they are called', () => {
    expect(chartPath('acorn/shop', '1.0.0')).toBe('/helm/charts/acorn%2Fshop?version=1.0.0');
    expect(chartPath('oci://127.0.0.1:5000/a/b')).toBe('/helm/charts/oci%3A%2F%2F127.0.0.1%3A5000%2Fa%2Fb');
    expect(['acorn/shop', '/tmp/chart', 'oci://a/b', './shop', 'shop'].filter(isRepositoryChart)).toEqual([
      'acorn/shop',
    ]);
  });

  test('are compared by the numbers of their versions', () => {
    const sorted = ['1.10.0', 'v1.9.0', '2.0.0-rc.2', '2.0.0', '2.0.0-rc.10', '1.9'].sort(compareVersions);
    expect(sorted).toEqual(['v1.9.0', '1.9', '1.10.0', '2.0.0-rc.2', '2.0.0-rc.10', '2.0.0']);
  });

  test('are offered in their newest version that is not deprecated', () => {
    const chart = (name: string, version: string, deprecated = false) => ({
      name,
      version,
      deprecated,
      appVersion: '',
      description: '',
    });
    const newest = newestByName([chart('a/shop', '1.2.0'), chart('b/shop', '1.10.0'), chart('c/shop', '9.0.0', true)]);
    expect(newest.get('shop')).toMatchObject({ name: 'b/shop' });
  });
});

describe('values that a form changed', () => {
  test('are written into the text, whose comments stay', () => {
    const text = '# How many\nreplicas: 1\nimage:\n  tag: "1" # pinned\nold: true\n';
    const before = mergedValues('replicas: 9\nport: 80\nextra: 1\n', text);
    expect(before).toEqual({ replicas: 1, port: 80, extra: 1, image: { tag: '1' }, old: true });
    const after = { replicas: 3, port: 80, image: { tag: '1', pull: 'Always' }, list: [1] };
    expect(withChanges(text, before, after)).toBe(
      '# How many\nreplicas: 3\nimage:\n  tag: "1" # pinned\n  pull: Always\nextra: null\nlist:\n  - 1\n',
    );
  });

  test('begin a text that was empty, and leave one that is no YAML', () => {
    expect(withChanges('', {}, { deep: { replicas: 2 } })).toBe('deep:\n  replicas: 2\n');
    expect(withChanges('a: [', {}, { replicas: 2 })).toBe('a: [');
    expect(mergedValues('', 'a: [')).toBeUndefined();
    expect(mergedValues('a: 1\nb: { c: 2 }\n', 'a: null\n')).toEqual({ b: { c: 2 } });
  });
});
