import type { LucideIcon } from 'lucide-react';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { readStored, writeStored } from '../state/stored.ts';
import { chordOf, type KeyPress, parseChord, sameChord } from '../ui/keys.ts';

/**
 * Something that the user can do. Menus, the palette, shortcuts and the help sheet are made from the same objects.
 */
export interface Command {
  /** `resources.openYaml`: what keymaps refer to. */
  id: string;
  /** Key of its text. */
  label: string;
  /** Values for the text's `{{names}}`. */
  labelValues?: Record<string, string | number>;
  /** Key of the group's text in the help sheet. */
  group: string;
  /** Default keys, as `ui/keys.ts` reads them. */
  keys?: readonly string[];
  icon?: LucideIcon;
  /** Absent: always. */
  when?(): boolean;
  /** Works while a text is being typed, too. Keys with Ctrl, Alt or Meta always do. */
  whileTyping?: boolean;
  /** Not listed in the palette: moves a cursor, for example. */
  quiet?: boolean;
  perform(): void;
}

/** Keys by command id; null unbinds; absent commands keep their defaults. As in settings.preferences. */
export type Keymap = Readonly<Record<string, readonly string[] | null>>;

export function keysOf(command: Pick<Command, 'id' | 'keys'>, keymap: Keymap): readonly string[] {
  const own = keymap[command.id];
  return own === undefined ? (command.keys ?? []) : (own ?? []);
}

/** Keys that more than one of these commands answers to, with the commands' ids. */
export function conflicts(commands: readonly CommandInfo[], keymap: Keymap): Map<string, string[]> {
  const byKey = new Map<string, string[]>();
  for (const command of commands) {
    for (const keys of keysOf(command, keymap)) {
      const chord = parseChord(keys);
      if (chord === undefined) continue;
      const key = JSON.stringify([chord.ctrl, chord.alt, chord.meta, chord.shift, chord.key]);
      const ids = byKey.get(key);
      if (ids === undefined) byKey.set(key, [command.id]);
      else if (!ids.includes(command.id)) ids.push(command.id);
    }
  }
  const found = new Map<string, string[]>();
  for (const ids of byKey.values())
    if (ids.length > 1)
      for (const id of ids)
        found.set(
          id,
          ids.filter((other) => other !== id),
        );
  return found;
}

/** The command that a press means: the one registered last wins, so that a view can take a key from the frame. */
export function findCommand(
  commands: readonly Command[],
  keymap: Keymap,
  press: KeyPress,
  typing: boolean,
): Command | undefined {
  const pressed = chordOf(press);
  if (pressed === undefined) return undefined;
  const modified = pressed.ctrl || pressed.alt || pressed.meta;
  for (const command of [...commands].reverse()) {
    if (typing && !modified && command.whileTyping !== true) continue;
    const means = keysOf(command, keymap).some((keys) => {
      const chord = parseChord(keys);
      return chord !== undefined && sameChord(chord, pressed);
    });
    if (means && command.when?.() !== false) return command;
  }
  return undefined;
}

/** Groups of commands in the order of their registration. */
let registered: readonly { owner: object; commands: readonly Command[] }[] = [];
let all: readonly Command[] = [];
const listeners = new Set<() => void>();

function publish(next: typeof registered): void {
  registered = next;
  const byId = new Map<string, Command>();
  for (const { commands } of next) {
    for (const command of commands) {
      // A later one of the same id stands in for the earlier one, at the later place.
      byId.delete(command.id);
      byId.set(command.id, command);
    }
  }
  all = [...byId.values()];
  for (const listener of [...listeners]) listener();
}

/** Adds commands until the returned function is called. */
export function registerCommands(commands: readonly Command[]): () => void {
  const owner = {};
  publish([...registered, { owner, commands }]);
  return () => {
    rememberCommands();
    publish(registered.filter((entry) => entry.owner !== owner));
  };
}

/**
 * A component's commands, while it is mounted. They are registered once for each set of ids and keys; what they do is
 * always that of the latest render, so they may close over its values.
 */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  latest.current = commands;
  const shape = JSON.stringify(
    commands.map((command) => [command.id, command.label, command.labelValues, command.keys]),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` says when they must be registered again.
  useEffect(() => {
    const find = (id: string) => latest.current.find((command) => command.id === id);
    return registerCommands(
      latest.current.map((command) => ({
        ...command,
        when: () => {
          const now = find(command.id);
          return now !== undefined && now.when?.() !== false;
        },
        perform: () => find(command.id)?.perform(),
      })),
    );
  }, [shape]);
}

/** What is remembered of a command after its view is gone, for the keymap editor. */
export type CommandInfo = Pick<Command, 'id' | 'label' | 'labelValues' | 'group' | 'keys'>;

const isInfos = (value: unknown): value is CommandInfo[] =>
  Array.isArray(value) &&
  value.every(
    (info) => typeof info?.id === 'string' && typeof info.label === 'string' && typeof info.group === 'string',
  );

let known: ReadonlyMap<string, CommandInfo> | undefined;

function recall(): ReadonlyMap<string, CommandInfo> {
  known ??= new Map((readStored('commands', isInfos) ?? []).map((info) => [info.id, info]));
  return known;
}

/** Every command that this window has ever had: those of views that are not open too, once they have been. */
export function knownCommands(): readonly CommandInfo[] {
  const next = new Map(recall());
  for (const { id, label, labelValues, group, keys } of all) {
    next.set(id, {
      id,
      label,
      group,
      ...(labelValues !== undefined && { labelValues }),
      ...(keys !== undefined && { keys }),
    });
  }
  known = next;
  return [...next.values()];
}

/** Keeps what is known for the next start. */
export function rememberCommands(): void {
  writeStored('commands', knownCommands());
}

/** Every registered command, also those that do not apply at the moment. */
export function commands(): readonly Command[] {
  return all;
}

export function useAllCommands(): readonly Command[] {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => all,
  );
}

/** Runs a command by id when it applies; says whether it did. */
export function performCommand(id: string): boolean {
  const command = all.find((each) => each.id === id);
  if (command === undefined || command.when?.() === false) return false;
  command.perform();
  return true;
}

/** Whether keys that are pressed there write text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'range'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
