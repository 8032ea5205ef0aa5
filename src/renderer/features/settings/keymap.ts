import type { CommandInfo, Keymap } from '../../app/commands.ts';
import { keysOf } from '../../app/commands.ts';
import { groupBy } from '../../ui/groups.ts';
import { parseChord, sameChord } from '../../ui/keys.ts';

/** The keymap with other keys for one command; keys equal to the default ones leave no entry. */
export function bind(keymap: Keymap, command: CommandInfo, keys: readonly string[]): Record<string, string[] | null> {
  const next: Record<string, string[] | null> = {};
  for (const [id, own] of Object.entries(keymap)) if (id !== command.id) next[id] = own === null ? null : [...own];
  const usual = command.keys ?? [];
  const same = keys.length === usual.length && keys.every((key, index) => key === usual[index]);
  if (!same) next[command.id] = keys.length === 0 ? null : [...keys];
  return next;
}

/** One more way to give a command; keys that it already has change nothing. */
export function withKeys(keymap: Keymap, command: CommandInfo, added: string): readonly string[] {
  const own = keysOf(command, keymap);
  const chord = parseChord(added);
  if (chord === undefined) return own;
  const has = own.some((keys) => {
    const other = parseChord(keys);
    return other !== undefined && sameChord(other, chord);
  });
  return has ? own : [...own, added];
}

export interface CommandGroup {
  group: string;
  commands: readonly CommandInfo[];
}

/** Commands by group, in the order in which groups and commands are known. */
export function groupCommands(commands: readonly CommandInfo[]): CommandGroup[] {
  return [...groupBy(commands, (command) => command.group)].map(([group, list]) => ({ group, commands: list }));
}
