import { beforeEach, describe, expect, it } from 'vitest';
import { guardTab, useDock } from './dock.ts';

const dock = () => useDock.getState();

describe('dock', () => {
  beforeEach(() => useDock.setState({ tabs: [], active: undefined, beside: undefined, open: false, maximized: false }));

  it('opens the same thing once, unless another one is asked for', () => {
    const first = dock().show('logs', 'web');
    expect(dock().show('logs', 'web')).toBe(first);
    const second = dock().show('logs', 'web', true);
    expect(dock().tabs.map(({ id }) => id)).toEqual([first, second]);
    expect(dock()).toMatchObject({ active: second, open: true });
  });

  it('shows the neighbour of a tab that is closed, and hides with the last one', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((subject) => dock().show('logs', subject));
    dock().activate(b ?? '');
    dock().close(b ?? '');
    expect(dock().active).toBe(c);
    dock().close(c ?? '');
    expect(dock().active).toBe(a);
    dock().setMaximized(true);
    dock().close(a ?? '');
    expect(dock()).toMatchObject({ active: undefined, open: false, maximized: false });
  });

  it('has two beside each other, never the same one twice', () => {
    const [a, b] = ['a', 'b'].map((subject) => dock().show('logs', subject));
    dock().setBeside(b);
    expect(dock().beside).toBeUndefined();
    dock().setBeside(a);
    dock().activate(a ?? '');
    expect(dock()).toMatchObject({ active: a, beside: b });
    dock().close(a ?? '');
    expect(dock()).toMatchObject({ active: b, beside: undefined });
  });

  it('asks a guard before it closes, unless it is sure', () => {
    const id = dock().show('edit', 'web');
    let asked = 0;
    const release = guardTab(id, () => {
      asked++;
      return false;
    });
    dock().close(id);
    expect([asked, dock().tabs.length]).toEqual([1, 1]);
    dock().close(id, true);
    expect([asked, dock().tabs.length]).toEqual([1, 0]);
    release();
  });

  it('steps around', () => {
    const [a, b] = ['a', 'b'].map((subject) => dock().show('logs', subject));
    dock().step(1);
    expect(dock().active).toBe(a);
    dock().step(-1);
    expect(dock().active).toBe(b);
  });
});
