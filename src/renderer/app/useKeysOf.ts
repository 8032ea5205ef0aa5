import { usePreferences } from '../state/preferences.ts';
import { keysOf, useAllCommands } from './commands.ts';

/** The first keys of a command as the user has bound them; undefined when there are none. */
export function useKeysOf(id: string): string | undefined {
  const { preferences } = usePreferences();
  const command = useAllCommands().find((each) => each.id === id);
  return command === undefined ? undefined : keysOf(command, preferences.keymap)[0];
}
