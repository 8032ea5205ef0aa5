import { describe, expect, it } from 'vitest';
import type { KeyPress } from '../ui/keys.ts';
import { type Command, commands, conflicts, findCommand, keysOf, knownCommands, registerCommands } from './commands.ts';

function command(id: string, part: Partial<Command> = {}): Command {
  return { id, label: id, group: 'g', perform() {}, ...part };
}

function press(key: string, part: Partial<KeyPress> = {}): KeyPress {
  return { key, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...part };
}

describe('keys of commands', () => {
  const open = command('open', { keys: ['o', 'Enter'] });

  it('are the defaults unless the keymap has others or none', () => {
    expect(keysOf(open, {})).toEqual(['o', 'Enter']);
    expect(keysOf(open, { open: ['x'] })).toEqual(['x']);
    expect(keysOf(open, { open: null })).toEqual([]);
    expect(findCommand([open], { open: null }, press('o'), false)).toBeUndefined();
  });

  it('mean the command registered last that applies', () => {
    const first = command('first', { keys: ['y'] });
    const second = command('second', { keys: ['y'] });
    const idle = command('idle', { keys: ['y'], when: () => false });
    expect(findCommand([first, second, idle], {}, press('y'), false)).toBe(second);
  });

  it('without modifiers belong to the text while typing', () => {
    const palette = command('palette', { keys: ['Ctrl+K'] });
    const leave = command('leave', { keys: ['Escape'], whileTyping: true });
    const all = [open, palette, leave];
    expect(findCommand(all, {}, press('o'), true)).toBeUndefined();
    expect(findCommand(all, {}, press('k', { ctrlKey: true }), true)).toBe(palette);
    expect(findCommand(all, {}, press('Escape'), true)).toBe(leave);
  });

  it('tell which commands share them', () => {
    const all = [open, command('other', { keys: ['O'] }), command('clash', { keys: ['Enter'] })];
    expect(conflicts(all, {})).toEqual(
      new Map([
        ['open', ['clash']],
        ['clash', ['open']],
      ]),
    );
    expect(conflicts(all, { clash: ['Shift+o'] })).toEqual(
      new Map([
        ['other', ['clash']],
        ['clash', ['other']],
      ]),
    );
  });
});

describe('the registry', () => {
  it('keeps one command an id, the latest, and gives the earlier back', () => {
    const removeFrame = registerCommands([command('filter', { label: 'frame' }), command('help')]);
    const removeView = registerCommands([command('filter', { label: 'view' })]);
    expect(commands().map((each) => [each.id, each.label])).toEqual([
      ['help', 'help'],
      ['filter', 'view'],
    ]);
    removeView();
    expect(commands().map((each) => each.label)).toEqual(['frame', 'help']);
    removeFrame();
    expect(commands()).toEqual([]);
    expect(knownCommands().map((each) => each.id)).toContain('help');
  });
});
