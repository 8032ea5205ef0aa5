import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { walkJson, wanted, wantPath } from './jsonWalk.ts';
import { MalformedMessage } from './protobuf.ts';
import { isRecord } from './read.ts';

const name = fc.constantFrom('a', 'b', 'metadata', 'naïve', 'sp ace', 'q"uote', 'back\\slash', '');
const leaf = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(name, tie('tree'), { maxKeys: 5 }),
  ),
}));
const object = fc.dictionary(name, tree, { maxKeys: 6 });
const paths = fc.array(fc.array(name, { minLength: 1, maxLength: 3 }), { maxLength: 4 });

/** JSON.parse and then leaving out: what walkJson must equal. */
function keep(value: unknown, wantedPaths: readonly (readonly string[])[]): unknown {
  if (!isRecord(value)) return value;
  const kept: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    const rest = wantedPaths.filter(([first]) => first === key).map((path) => path.slice(1));
    if (rest.length > 0) kept[key] = rest.some((path) => path.length === 0) ? entry : keep(entry, rest);
  }
  return kept;
}

describe('walkJson', () => {
  it('equals JSON.parse, for any object, paths and spacing', () => {
    fc.assert(
      fc.property(object, paths, fc.constantFrom(undefined, 2, '\t'), (value, wantedPaths, indent) => {
        const bytes = Buffer.from(`  ${JSON.stringify(value, undefined, indent)}\n`);
        const root = wanted();
        for (const path of wantedPaths) wantPath(root, path);
        expect(walkJson(root, bytes, 0, bytes.length)).toEqual(keep(JSON.parse(bytes.toString()), wantedPaths));
      }),
      { numRuns: 500 },
    );
  });

  it('reads names that are escaped', () => {
    const root = wanted();
    wantPath(root, ['name']);
    const bytes = Buffer.from('{"\\u006eame":"x","other":1}');
    expect(walkJson(root, bytes, 0, bytes.length)).toEqual({ name: 'x' });
  });

  it('throws MalformedMessage for every torn object', () => {
    const root = wanted();
    wantPath(root, ['a', 'b']);
    const bytes = Buffer.from('{"x":[1,{"y":"]"}],"a":{"b":{"c":[true]}},"z":null}');
    for (let end = 0; end < bytes.length; end++) expect(() => walkJson(root, bytes, 0, end)).toThrow(MalformedMessage);
    expect(walkJson(root, bytes, 0, bytes.length)).toEqual({ a: { b: { c: [true] } } });
  });

  it('counts without reading', () => {
    const root = wanted();
    root.children.set('data', { children: new Map(), list: false, count: true });
    const bytes = Buffer.from('{"data":{"user":"c2VjcmV0","password":"not even base64"}}');
    expect(walkJson(root, bytes, 0, bytes.length)).toEqual({ data: new Array(2) });
  });
});
