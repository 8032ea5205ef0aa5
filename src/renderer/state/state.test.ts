import { describe, expect, it } from 'vitest';
import { addRecent } from './recent.ts';
import { placeNamespace } from './recentNamespaces.ts';

describe('recent views', () => {
  it('are newest first, each once, at most twenty', () => {
    const item = (address: string) => ({ address, title: address, detail: '' });
    expect(addRecent([item('a'), item('b')], item('b')).map((each) => each.address)).toEqual(['b', 'a']);
    const many = Array.from({ length: 20 }, (_, index) => item(String(index)));
    expect(addRecent(many, item('new'))).toHaveLength(20);
  });
});

describe('places of namespaces on the number keys', () => {
  it('stay while a namespace is in use', () => {
    expect(placeNamespace(['a', 'b'], 'a')).toEqual(['a', 'b']);
    expect(placeNamespace(['a', 'b'], 'c')).toEqual(['a', 'b', 'c']);
    const full = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
    expect(placeNamespace(full, 'new')).toEqual(['2', '3', '4', '5', '6', '7', '8', '9', 'new']);
  });
});
