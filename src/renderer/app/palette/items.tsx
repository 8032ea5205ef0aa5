import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MenuAction } from '../../ui/index.ts';
import type { Ranges } from './match.ts';

/** A line of the palette. */
export interface PaletteItem {
  id: string;
  title: string;
  ranges?: Ranges;
  /** Written in the font of names. */
  mono?: boolean;
  /** Before the title. */
  mark?: ReactNode;
  icon?: LucideIcon;
  /** After the title, dimmed. */
  detail?: ReactNode;
  keys?: string | undefined;
  perform(): void;
  /** What Tab offers. */
  actions?: () => MenuAction[];
}

export interface PaletteGroup {
  id: string;
  title: string;
  items: readonly PaletteItem[];
}

/** A title with its matched parts marked. */
export function Marked({ text, ranges }: { text: string; ranges: Ranges | undefined }) {
  if (ranges === undefined || ranges.length === 0) return text;
  const parts: ReactNode[] = [];
  let at = 0;
  for (const [start, end] of ranges) {
    if (start > at) parts.push(text.slice(at, start));
    parts.push(<mark key={start}>{text.slice(start, end)}</mark>);
    at = end;
  }
  parts.push(text.slice(at));
  return parts;
}
