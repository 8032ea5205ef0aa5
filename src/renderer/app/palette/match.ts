/** Ranges [start, end) of a text that matched, in order and apart. */
export type Ranges = readonly (readonly [number, number])[];

export interface Match {
  /** Larger is better. */
  score: number;
  ranges: Ranges;
}

const isBoundary = (text: string, index: number): boolean =>
  index === 0 || /[\s\-_./:@]/u.test(text[index - 1] ?? '') || /[a-z][A-Z]/u.test(text.slice(index - 1, index + 1));

/**
 * How well a query matches a short text: each word of the query as a run of letters if it occurs, else its letters in
 * order. Beginnings of words count most, then runs, then short texts. Undefined when a word does not occur.
 */
export function match(text: string, query: string): Match | undefined {
  const words = query.toLowerCase().split(/\s+/u).filter(Boolean);
  if (words.length === 0) return { score: 0, ranges: [] };
  const lower = text.toLowerCase();
  let score = 0;
  const found: [number, number][] = [];
  for (const word of words) {
    const run = bestRun(text, lower, word);
    if (run !== undefined) {
      score += run.score;
      found.push([run.start, run.start + word.length]);
      continue;
    }
    const letters = scattered(text, lower, word);
    if (letters === undefined) return undefined;
    score += letters.score;
    found.push(...letters.ranges);
  }
  return { score: score - text.length / 50, ranges: merge(found) };
}

function bestRun(text: string, lower: string, word: string): { start: number; score: number } | undefined {
  let best: { start: number; score: number } | undefined;
  for (let start = lower.indexOf(word); start >= 0; start = lower.indexOf(word, start + 1)) {
    const whole = start === 0 && word.length === lower.length ? 20 : 0;
    const score = word.length * 2 + whole + (start === 0 ? 12 : isBoundary(text, start) ? 8 : 0);
    if (best === undefined || score > best.score) best = { start, score };
  }
  return best;
}

function scattered(
  text: string,
  lower: string,
  word: string,
): { ranges: [number, number][]; score: number } | undefined {
  const ranges: [number, number][] = [];
  let from = 0;
  let score = 0;
  for (const letter of word) {
    let at = lower.indexOf(letter, from);
    if (at < 0) return undefined;
    // A later beginning of a word is meant rather than the next occurrence: `rs` in `replica sets`.
    for (let next = at; next >= 0 && next < lower.length; next = lower.indexOf(letter, next + 1)) {
      if (isBoundary(text, next)) {
        at = next;
        break;
      }
    }
    if (isBoundary(text, at)) score += 2;
    ranges.push([at, at + 1]);
    from = at + 1;
  }
  // Letters all over the place are no match that anybody meant.
  if (score < word.length && word.length > 2) return undefined;
  return { ranges, score };
}

function merge(ranges: [number, number][]): Ranges {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [start, end] of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

/** The best of many, best first; ties keep their order. */
export function rank<T>(items: readonly T[], query: string, textOf: (item: T) => string, limit: number) {
  return items
    .flatMap((item) => {
      const found = match(textOf(item), query);
      return found === undefined ? [] : [{ item, ...found }];
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, limit);
}
