import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatLocation,
  fromDeepLink,
  listParam,
  listText,
  matchPath,
  parseLocation,
  pathOf,
  toDeepLink,
} from './router.ts';

describe('addresses', () => {
  it('reads a path and its parameters', () => {
    expect(parseLocation('#/resources/pods?filter=app%3Dweb&clusters=a,b')).toEqual({
      path: '/resources/pods',
      params: { filter: 'app=web', clusters: 'a,b' },
    });
    expect(parseLocation('')).toEqual({ path: '/', params: {} });
  });

  it('leaves out what is absent or empty, and keeps commas readable', () => {
    expect(formatLocation('/fleet', { filter: '', view: undefined, clusters: 'a,b' })).toBe('/fleet?clusters=a,b');
  });

  it('reads back whatever it wrote', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1 })), (params) => {
        const read = parseLocation(formatLocation('/x', params)).params;
        expect({ ...read }).toEqual({ ...params });
      }),
    );
  });

  it('keeps lists of any values', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (values) => {
        const text = formatLocation('/x', { list: listText(values) });
        expect(listParam(parseLocation(text).params.list)).toEqual(values);
      }),
    );
    expect(listText([])).toBeUndefined();
    expect(listParam('')).toBeUndefined();
  });
});

describe('patterns', () => {
  it('match whole paths and decode their parts', () => {
    expect(matchPath('/objects/:cluster/:kind', '/objects/arn%3Aaws%2Fx/pods')).toEqual({
      cluster: 'arn:aws/x',
      kind: 'pods',
    });
    expect(matchPath('/fleet', '/fleet/more')).toBeUndefined();
    expect(matchPath('/clusters/:id', '/clusters')).toBeUndefined();
    expect(matchPath('/settings/:section?', '/settings')).toEqual({});
    expect(matchPath('/clusters/:id', '/clusters/100%')).toEqual({ id: '100%' });
  });

  it('are filled with what they match', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (cluster, kind) => {
        expect(matchPath('/o/:cluster/:kind', pathOf('/o/:cluster/:kind', { cluster, kind }))).toEqual({
          cluster,
          kind,
        });
      }),
    );
    expect(pathOf('/settings/:section?')).toBe('/settings');
  });
});

describe('deep links', () => {
  it('are an address behind kubesage://', () => {
    expect(fromDeepLink('kubesage://resources/pods?namespaces=x')).toBe('/resources/pods?namespaces=x');
    expect(fromDeepLink('kubesage://open/fleet')).toBe('/fleet');
    expect(fromDeepLink('https://example.org/fleet')).toBeUndefined();
    expect(fromDeepLink(toDeepLink('/clusters/c1'))).toBe('/clusters/c1');
  });
});
