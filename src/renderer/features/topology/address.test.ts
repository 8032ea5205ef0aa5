import { expect, test } from 'vitest';
import { parseLocation } from '../../app/router.ts';
import { addressParams, readAddress, topologyOf } from './address.ts';

test('an address says what is shown', () => {
  const address = readAddress(
    parseLocation(topologyOf({ cluster: 'a,b', kind: 'nodes', namespace: '', name: 'n:1' }) ?? '').params,
  );
  expect(address.focus).toEqual({ cluster: 'a,b', kind: 'nodes', namespace: '', name: 'n:1' });
  expect(address.layers).toEqual(['hosts']);
  expect(readAddress({ form: 'nonsense', layers: 'config,other', focus: 'a,b' })).toMatchObject({
    form: 'graph',
    layers: ['config'],
    focus: undefined,
  });
  expect(addressParams({ form: 'graph', by: 'namespace' })).toEqual({ form: undefined, by: undefined });
});

test('kinds that are in no picture lead nowhere', () => {
  expect(topologyOf({ cluster: 'a', kind: 'events', namespace: 'x', name: 'y' })).toBeUndefined();
});
