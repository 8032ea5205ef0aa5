import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffManifests, fieldsThatDiffer, hideManifest, mergeValues, readManifest } from './model.ts';

const config = (data: string, name = 'a') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { x: ${data} }\n`;
const secret = (data: string) => `apiVersion: v1\nkind: Secret\nmetadata: { name: s }\ndata: { password: ${data} }\n`;

describe('a manifest', () => {
  test('is read object by object; lists are taken apart, and what is no object is left out', () => {
    const text = `# only a comment\n---\n${config('1')}---\n\n---\napiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: { name: inner, namespace: n }\n`;
    expect(readManifest(text)).toMatchObject([
      { kind: 'ConfigMap', name: 'a', namespace: '' },
      { kind: 'Secret', name: 'inner', namespace: 'n' },
    ]);
  });

  test('differs in what was added, removed and changed', () => {
    const before = [config('one'), config('gone', 'b')].join('---\n');
    const after = [config('two'), config('new', 'c')].join('---\n');
    expect(diffManifests(before, after)).toMatchObject([
      { object: 'v1 ConfigMap a', change: 'changed', changes: [{ path: '/data/x', before: 'one', after: 'two' }] },
      { object: 'v1 ConfigMap c', change: 'added', yaml: expect.stringContaining('x: new') },
      { object: 'v1 ConfigMap b', change: 'removed' },
    ]);
  });

  test('an object of a newer API is the same object', () => {
    const of = (version: string) =>
      `apiVersion: autoscaling/${version}\nkind: HorizontalPodAutoscaler\nmetadata: { name: a }\n`;
    expect(diffManifests(of('v1'), of('v2'))).toMatchObject([
      { change: 'changed', changes: [{ path: '/apiVersion' }] },
    ]);
  });

  test('shows no data of a Secret, unless it is revealed', () => {
    const hidden = diffManifests(secret('b25l'), secret('dHdv'));
    expect(hidden).toMatchObject([{ changes: [{ path: '/data/password', before: '(hidden)', after: '(hidden)' }] }]);
    expect(JSON.stringify(diffManifests('', secret('b25l')))).not.toContain('b25l');
    expect(diffManifests(secret('b25l'), secret('dHdv'), { reveal: true })).toMatchObject([
      { changes: [{ before: 'b25l', after: 'dHdv' }] },
    ]);
    const text = `---\n# Source: shop/a.yaml\n${config('1')}---\n# Source: shop/s.yaml\n${secret('b25l')}`;
    const { manifest, hidden: names } = hideManifest(text, []);
    expect(manifest).not.toContain('b25l');
    expect(manifest).toContain('# Source: shop/s.yaml');
    expect(manifest.startsWith(`---\n# Source: shop/a.yaml\n${config('1')}`)).toBe(true);
    expect(names).toEqual(['v1 Secret s']);
  });
});

describe('merged values', () => {
  test('own ones are over the defaults, lists are whole, and null takes a default away', () => {
    const defaults = { a: { x: 1, y: 2 }, list: [1, 2], gone: { z: 1 } };
    expect(mergeValues({ a: { y: 3 }, list: [9], gone: null }, defaults)).toEqual({ a: { x: 1, y: 3 }, list: [9] });
  });

  test('no values leave the defaults, and the same values twice change nothing', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.integer()));
    const values = fc.dictionary(fc.string(), fc.oneof(leaf, fc.dictionary(fc.string(), leaf)));
    fc.assert(
      fc.property(values, values, (own, defaults) => {
        expect(mergeValues({}, defaults)).toEqual(defaults);
        const once = mergeValues(own, defaults);
        expect(mergeValues(own, once)).toEqual(once);
      }),
    );
  });
});

describe('a comparison of fields', () => {
  test('looks at what the manifest names only, and finds named things by their names', () => {
    const wanted = { spec: { replicas: 1, containers: [{ name: 'a', image: 'x:1' }] }, status: { old: true } };
    const live = {
      metadata: { uid: 'u' },
      spec: { replicas: 2, paused: false, containers: [{ name: 'injected' }, { name: 'a', image: 'x:1', tty: false }] },
    };
    expect(fieldsThatDiffer(wanted, live)).toEqual([{ path: '/spec/replicas', before: 1, after: 2 }]);
  });

  test('everything is as itself', () => {
    fc.assert(
      fc.property(fc.object(), (value) => {
        expect(fieldsThatDiffer(value, value)).toEqual([]);
      }),
    );
  });
});
