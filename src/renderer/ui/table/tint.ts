/** Cells that are tinted, and how many turns of the timer they stay so. In all grids. */
const tinted = new Map<Element, number>();
/** Where everything changes a tint tells nothing. */
const mostTinted = 12;
/** Milliseconds. */
const turnMs = 500;
const turns = 2;
let timer: ReturnType<typeof setInterval> | undefined;

/**
 * Marks a cell whose value changed under the reader's eyes with `data-changed`, for half a second to one. All marks go
 * at the turns of one timer: an animation is painted sixty times a second, and where cells change all the time the
 * window would do nothing else, so that what changes next is seen later.
 */
export function tint(cell: Element): void {
  if (tinted.size >= mostTinted && !tinted.has(cell)) return;
  cell.setAttribute('data-changed', '');
  tinted.set(cell, turns);
  timer ??= setInterval(turn, turnMs);
}

function turn(): void {
  for (const [cell, left] of tinted) {
    if (left > 1) {
      tinted.set(cell, left - 1);
      continue;
    }
    cell.removeAttribute('data-changed');
    tinted.delete(cell);
  }
  if (tinted.size > 0) return;
  clearInterval(timer);
  timer = undefined;
}
