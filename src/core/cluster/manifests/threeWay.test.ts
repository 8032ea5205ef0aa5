import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits, contest, editsBetween, mergePatchOf, pointerOf } from './threeWay.ts';

const pod = (containers: object[], more: object = {}) => ({ spec: { containers, ...more } });
const paths = (before: unknown, after: unknown) => editsBetween(before, after).map(({ path }) => pointerOf(path));

/** RFC 7386. */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const object: Record<string, unknown> =
    typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete object[key];
    else object[key] = merge(object[key], value);
  }
  return object;
}

/** Objects without null, as a cluster stores them, and with lists that have names in them. */
const named = fc.uniqueArray(fc.record({ name: fc.constantFrom('a', 'b', 'c'), image: fc.constantFrom('1', '2') }), {
  selector: ({ name }) => name,
});
const leaf = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.array(fc.integer(), { maxLength: 2 }), named);
const object = fc.dictionary(
  fc.constantFrom('x', 'y', 'z'),
  fc.oneof(leaf, fc.dictionary(fc.constantFrom('p', 'q'), leaf, { maxKeys: 2 })),
  { maxKeys: 3 },
);

describe('edits', () => {
  test('lists with names are compared by element, others as a whole', () => {
    const before = pod([{ name: 'a', image: '1' }, { name: 'b' }]);
    expect(paths(before, pod([{ name: 'a', image: '2' }, { name: 'b' }]))).toEqual(['/spec/containers[a]/image']);
    expect(paths(before, pod([{ name: 'a', image: '1' }]))).toEqual(['/spec/containers[b]']);
    expect(paths(before, pod([{ name: 'b' }, { name: 'a', image: '1' }]))).toEqual(['/spec/containers']);
    expect(paths({ args: ['1'] }, { args: ['1', '2'] })).toEqual(['/args']);
  });

  test('what the server writes is no edit', () => {
    expect(paths({ metadata: { generation: 1 }, status: 1 }, { metadata: { generation: 2 }, status: 2 })).toEqual([]);
  });

  test('an edit is made in what others changed meanwhile', () => {
    const opened = pod(
      [
        { name: 'a', image: '1' },
        { name: 'b', image: '1' },
      ],
      { replicas: 1, paused: true },
    );
    const mine = pod(
      [
        { name: 'a', image: '2' },
        { name: 'b', image: '1' },
      ],
      { replicas: 1 },
    );
    const theirs = pod(
      [
        { name: 'a', image: '1' },
        { name: 'b', image: '9' },
      ],
      { replicas: 5, paused: true },
    );
    expect(applyEdits(theirs, editsBetween(opened, mine))).toEqual(
      pod(
        [
          { name: 'a', image: '2' },
          { name: 'b', image: '9' },
        ],
        { replicas: 5 },
      ),
    );
  });

  test('the same place, changed otherwise, is contested; the same change is not', () => {
    const edit = (after: object) => editsBetween({ a: { b: 1, c: 1 } }, after)[0];
    const [mine, same, other, whole] = [
      edit({ a: { b: 2, c: 1 } }),
      edit({ a: { b: 2, c: 1 } }),
      edit({ a: { b: 1, c: 2 } }),
      edit({}),
    ];
    if (mine === undefined || same === undefined || other === undefined || whole === undefined) throw new Error('none');
    expect([contest(mine, same), contest(mine, other), contest(mine, whole), contest(whole, mine)]).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  test('made in the same object, the edits give the other one; the merge patch does, too', () => {
    fc.assert(
      fc.property(object, object, (before, after) => {
        const kept = structuredClone(before);
        expect(applyEdits(before, editsBetween(before, after))).toEqual(after);
        expect(before).toEqual(kept);
        expect(merge(before, mergePatchOf(before, after))).toEqual(after);
      }),
    );
  });
});
