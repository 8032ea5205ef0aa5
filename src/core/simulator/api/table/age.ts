import * as duration from '../../../kernel/duration.ts';

/** Durations as kubectl writes them; one that ends more than a second before it begins is `<invalid>`. */
export function humanDuration(ms: number): string {
  return Math.floor(ms / 1000) < -1 ? '<invalid>' : duration.humanDuration(ms);
}

/** The age of an instant, or `<unknown>`. */
export function ageOf(timestamp: unknown, now: number): string {
  const created = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(created) ? '<unknown>' : humanDuration(now - created);
}
