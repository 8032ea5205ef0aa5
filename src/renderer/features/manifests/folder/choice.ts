import type { FolderRow } from '../../../../core/cluster/manifests/contract.ts';
import type { Tone } from '../../../ui/index.ts';

export const rowStates = ['new', 'changed', 'conflict', 'refused', 'same', 'waiting'] as const;
export type RowState = (typeof rowStates)[number];

/** Whether a row is applied when nobody has said otherwise: what has something to do and is not in anybody's way. */
export function isWanted({ state }: FolderRow): boolean {
  return state === 'new' || state === 'changed';
}

/** Whether it can be applied at all. */
export function isPossible({ state }: FolderRow): boolean {
  return state !== 'refused' && state !== 'conflict' && state !== 'waiting';
}

export function toneOf(state: RowState): Tone {
  switch (state) {
    case 'new':
      return 'healthy';
    case 'changed':
      return 'progressing';
    case 'conflict':
      return 'warning';
    case 'refused':
      return 'failed';
    default:
      return state === 'same' ? 'stopped' : 'unknown';
  }
}

/** Rows by their file or their kind, groups in the order of their first row. */
export function grouped(rows: readonly FolderRow[], by: 'file' | 'kind'): { title: string; rows: FolderRow[] }[] {
  const groups = new Map<string, FolderRow[]>();
  for (const row of rows) {
    const found = groups.get(row[by]);
    if (found === undefined) groups.set(row[by], [row]);
    else found.push(row);
  }
  const all = [...groups].map(([title, inside]) => ({ title, rows: inside }));
  return by === 'file' ? all.sort((a, b) => a.title.localeCompare(b.title)) : all;
}
