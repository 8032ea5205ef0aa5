/** Which card, and of what: the two words of `data-card`. */
export interface Subject {
  card: string;
  subject: string;
}

/** The value of `data-card`. */
export function cardOf(card: string, subject: string): string {
  return `${card} ${subject}`;
}

export function readSubject(anchor: Element | null): Subject | undefined {
  const text = anchor?.getAttribute('data-card') ?? '';
  const cut = text.indexOf(' ');
  if (cut <= 0 || cut === text.length - 1) return undefined;
  return { card: text.slice(0, cut), subject: text.slice(cut + 1) };
}

export function anchorOf(target: EventTarget | null): Element | null {
  return target instanceof Element ? target.closest('[data-card]') : null;
}

/** The name that has the focus; in a grid, which keeps the focus itself, the first one of the focused cell or row. */
export function focusedAnchor(): Element | null {
  const { activeElement } = document;
  const cell = document.getElementById(activeElement?.getAttribute('aria-activedescendant') ?? '');
  return anchorOf(activeElement) ?? cell?.querySelector('[data-card]') ?? null;
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Between the name and its card, and between the card and the window's edge. CSS pixels. */
const gap = 6;
const margin = 8;

/** Below the name where there is room, else above it; never beyond the window. */
export function placeCard(
  anchor: Box,
  card: Pick<Box, 'width' | 'height'>,
  room: Pick<Box, 'width' | 'height'>,
): { left: number; top: number } {
  const below = anchor.top + anchor.height + gap;
  const above = anchor.top - card.height - gap;
  const fits = below + card.height + margin <= room.height;
  const top = fits || above < margin ? Math.min(below, room.height - card.height - margin) : above;
  const left = Math.min(anchor.left, room.width - card.width - margin);
  return { left: Math.round(Math.max(margin, left)), top: Math.round(Math.max(margin, top)) };
}
