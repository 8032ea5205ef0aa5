import { describe, expect, it } from 'vitest';
import { bind, withKeys } from './keymap.ts';

const open = { id: 'open', label: 'open', group: 'g', keys: ['o', 'Enter'] };

describe('the keymap', () => {
  it('holds only what differs from the defaults', () => {
    expect(bind({}, open, ['x'])).toEqual({ open: ['x'] });
    expect(bind({ open: ['x'], other: null }, open, ['o', 'Enter'])).toEqual({ other: null });
    expect(bind({}, open, [])).toEqual({ open: null });
  });

  it('gives a command keys once, however they are written', () => {
    expect(withKeys({}, open, 'Mod+O')).toEqual(['o', 'Enter', 'Mod+O']);
    expect(withKeys({}, { ...open, keys: ['G'] }, 'Shift+G')).toEqual(['G']);
    expect(withKeys({ open: null }, open, 'x')).toEqual(['x']);
  });
});
