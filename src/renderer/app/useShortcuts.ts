import { useEffect } from 'react';
import { commands, findCommand, isTyping, type Keymap } from './commands.ts';

/** Turns key presses into commands, unless what has the focus used the key itself. */
export function useShortcuts(keymap: Keymap): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const target = event.target;
      // Menus, open lists and dialogs own their keys, but for chords with modifiers.
      const owned = target instanceof Element && target.closest('[role="menu"], [role="dialog"], [cmdk-root]') !== null;
      if (owned && !event.ctrlKey && !event.metaKey) return;
      // Enter and Space on a button or link are its own.
      const presses = event.key === 'Enter' || event.key === ' ';
      if (presses && target instanceof Element && target.closest('button, a[href], summary') !== null) return;
      const command = findCommand(commands(), keymap, event, isTyping(target));
      if (command === undefined) return;
      event.preventDefault();
      command.perform();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [keymap]);
}
