/** What a key does in a grid. Movements are in rows; `page` is resolved with the number of visible rows. */
export type GridAction =
  | { type: 'move'; rows: number; extend: boolean }
  | { type: 'page'; direction: 1 | -1; extend: boolean }
  | { type: 'edge'; end: boolean; extend: boolean }
  | { type: 'column'; step: 1 | -1 }
  | { type: 'mark' }
  | { type: 'markRange' }
  | { type: 'markAll' }
  | { type: 'unmark' }
  | { type: 'open'; aside: boolean }
  | { type: 'copy'; rows: boolean }
  | { type: 'menu' };

export interface KeyPress {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** Desktop keys and k9s' habits together; null when the grid leaves the key to others. */
export function readKey(press: KeyPress): GridAction | null {
  if (press.altKey) return null;
  const control = press.ctrlKey || press.metaKey;
  const extend = press.shiftKey;
  switch (press.key) {
    case 'ArrowDown':
      return { type: 'move', rows: 1, extend };
    case 'ArrowUp':
      return { type: 'move', rows: -1, extend };
    case 'ArrowRight':
      return control ? null : { type: 'column', step: 1 };
    case 'ArrowLeft':
      return control ? null : { type: 'column', step: -1 };
    case 'PageDown':
      return { type: 'page', direction: 1, extend };
    case 'PageUp':
      return { type: 'page', direction: -1, extend };
    case 'Home':
      return { type: 'edge', end: false, extend };
    case 'End':
      return { type: 'edge', end: true, extend };
    case ' ':
      return control || extend ? { type: 'markRange' } : { type: 'mark' };
    case 'Enter':
      return { type: 'open', aside: control };
    case 'ContextMenu':
      return { type: 'menu' };
    case 'F10':
      return extend ? { type: 'menu' } : null;
  }
  if (control) {
    if (press.key === 'a') return { type: 'markAll' };
    if (press.key === 'c' || press.key === 'C') return { type: 'copy', rows: extend };
    return null;
  }
  switch (press.key) {
    case 'j':
      return { type: 'move', rows: 1, extend: false };
    case 'k':
      return { type: 'move', rows: -1, extend: false };
    case 'J':
      return null;
    case 'g':
      return { type: 'edge', end: false, extend: false };
    case 'G':
      return { type: 'edge', end: true, extend: false };
  }
  return null;
}
