import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface WindowState {
  bounds: Bounds | undefined;
  maximized: boolean;
}

/** The remembered state, or the default one when there is none that makes sense. */
export function readWindowState(path: string): WindowState {
  try {
    const { bounds, maximized } = JSON.parse(readFileSync(path, 'utf8'));
    return { bounds: isBounds(bounds) ? bounds : undefined, maximized: maximized === true };
  } catch {
    // Absent or damaged: a window's place is not worth a message.
    return { bounds: undefined, maximized: false };
  }
}

export function writeWindowState(path: string, state: WindowState): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(state));
  renameSync(`${path}.new`, path);
}

/** Bounds that no display shows any more (an unplugged screen) are dropped, so that the window cannot open unseen. */
export function visibleBounds(bounds: Bounds | undefined, displays: readonly Bounds[]): Bounds | undefined {
  if (bounds === undefined) return undefined;
  const overlaps = displays.some(
    (display) =>
      bounds.x < display.x + display.width - 100 &&
      bounds.x + bounds.width > display.x + 100 &&
      bounds.y < display.y + display.height - 40 &&
      bounds.y + 40 > display.y,
  );
  return overlaps ? bounds : undefined;
}

function isBounds(value: unknown): value is Bounds {
  if (typeof value !== 'object' || value === null) return false;
  const { x, y, width, height } = value as Record<string, unknown>;
  return [x, y, width, height].every(Number.isFinite) && (width as number) >= 400 && (height as number) >= 300;
}
