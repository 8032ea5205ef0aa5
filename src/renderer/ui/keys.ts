/**
 * Keys as text: modifiers and a key joined by `+`, such as `Mod+K`, `Ctrl+Shift+P`, `/`, `Space`, `Shift+N`, `]`.
 * `Mod` is Command on a Mac and Control elsewhere. Letters are written in upper case with modifiers and in lower case
 * alone; `G` alone means Shift with g, as in k9s and vi.
 */
export interface Chord {
  ctrl: boolean;
  alt: boolean;
  meta: boolean;
  shift: boolean;
  /** As in KeyboardEvent.key, letters in lower case, 'Space' for ' '. */
  key: string;
}

/** What of a KeyboardEvent matters here. */
export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
}

export const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/u.test(navigator.platform);

const isLetter = (key: string): boolean => key.length === 1 && key.toLowerCase() !== key.toUpperCase();

/** Reads keys as text; undefined when it is not one. */
export function parseChord(text: string, mac = isMac): Chord | undefined {
  if (text === '') return undefined;
  // The key itself may be `+`.
  const parts = text === '+' ? ['+'] : text.endsWith('++') ? [...text.slice(0, -2).split('+'), '+'] : text.split('+');
  const key = parts.pop();
  if (key === undefined || key === '') return undefined;
  const chord: Chord = { ctrl: false, alt: false, meta: false, shift: false, key };
  for (const modifier of parts) {
    if (modifier === 'Mod') chord[mac ? 'meta' : 'ctrl'] = true;
    else if (modifier === 'Ctrl') chord.ctrl = true;
    else if (modifier === 'Alt') chord.alt = true;
    else if (modifier === 'Shift') chord.shift = true;
    else if (modifier === 'Meta') chord.meta = true;
    else return undefined;
  }
  if (isLetter(key)) {
    if (parts.length === 0 && key !== key.toLowerCase()) chord.shift = true;
    chord.key = key.toLowerCase();
  }
  return chord;
}

/** The keys of a press, as they would be written in a keymap; undefined while only modifiers are down. */
export function chordOf(press: KeyPress): Chord | undefined {
  if (['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead', 'Unidentified'].includes(press.key)) {
    return undefined;
  }
  const key = press.key === ' ' ? 'Space' : isLetter(press.key) ? press.key.toLowerCase() : press.key;
  return {
    ctrl: press.ctrlKey,
    alt: press.altKey,
    meta: press.metaKey,
    // A symbol such as `?` or `:` already says that Shift was down, on whichever layout.
    shift: press.shiftKey && (isLetter(press.key) || press.key.length > 1 || press.key === ' '),
    key,
  };
}

export function sameChord(a: Chord, b: Chord): boolean {
  return a.key === b.key && a.ctrl === b.ctrl && a.alt === b.alt && a.meta === b.meta && a.shift === b.shift;
}

/** Writes a chord as the text that `parseChord` reads. */
export function chordText(chord: Chord, mac = isMac): string {
  const mod = mac ? chord.meta : chord.ctrl;
  const parts: string[] = [];
  if (mod) parts.push('Mod');
  if (mac && chord.ctrl) parts.push('Ctrl');
  if (!mac && chord.meta) parts.push('Meta');
  if (chord.alt) parts.push('Alt');
  if (chord.shift) parts.push('Shift');
  parts.push(isLetter(chord.key) && parts.length > 0 ? chord.key.toUpperCase() : chord.key);
  return parts.join('+');
}

const macSigns: Record<string, string> = { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧', Meta: '⌘' };
const signs: Record<string, string> = {
  Mod: 'Ctrl',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  Enter: '↵',
};

/** The key caps to draw for keys as text. */
export function keyCaps(text: string, mac = isMac): string[] {
  const chord = parseChord(text, mac);
  if (chord === undefined) return [text];
  return chordText(chord, mac)
    .replace(/\+\+$/u, '+Plus')
    .split('+')
    .filter((part) => part !== '')
    .map((part) => (mac ? macSigns[part] : undefined) ?? signs[part] ?? (part === 'Plus' ? '+' : part));
}
