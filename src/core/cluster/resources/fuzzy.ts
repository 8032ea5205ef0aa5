/**
 * How well letters match parts of a name, after fzf's second algorithm (junegunn/fzf, src/algo/algo.go): letters in a
 * row and letters at the start of a word count more, gaps cost. Names are bytes; letters are lower case.
 */
const scoreMatch = 16;
const gapStart = -3;
const gapExtension = -1;
/** A letter after a separator, or the first one. */
const bonusBoundary = 8;
const bonusConsecutive = 4;
const bonusFirst = 2;

/** Longest name that is looked at; Kubernetes' names have 253 characters at most. */
const longest = 256;

const runs = new Int32Array(longest);
const scores = [new Int32Array(longest), new Int32Array(longest)] as const;

/** Whether the letters come in that order in the bytes: what most rows fail, so it is cheap. */
export function hasLetters(bytes: Uint8Array, start: number, end: number, letters: Uint8Array): boolean {
  const count = letters.length;
  let at = start;
  for (let next = 0; next < count; next++) {
    const letter = letters[next] as number;
    const other = upper(letter);
    // As many bytes as there are letters left must remain.
    const last = end - count + next;
    for (;;) {
      if (at > last) return false;
      const byte = bytes[at++];
      if (byte === letter || byte === other) break;
    }
  }
  return true;
}

/** Whether the letters come in a row: then `scoreOf` is at least `scoreMatch` a letter. */
export function isWithin(bytes: Uint8Array, start: number, end: number, letters: Uint8Array): boolean {
  const count = letters.length;
  for (let from = start; from + count <= end; from++) {
    let at = 0;
    while (at < count && lower(bytes[from + at] as number) === letters[at]) at++;
    if (at === count) return true;
  }
  return false;
}

/** No name scores more for these letters. */
export function mostPoints(letters: Uint8Array): number {
  return letters.length * (scoreMatch + bonusBoundary) + bonusBoundary * (bonusFirst - 1);
}

/**
 * The best score of all ways to find the letters in the bytes in that order; -1 when there is none, or only with gaps
 * that cost more than the letters are worth (about 30 bytes).
 * Time is letters times bytes.
 */
export function fuzzyScore(bytes: Uint8Array, start: number, end: number, letters: Uint8Array): number {
  return hasLetters(bytes, start, end, letters) ? scoreOf(bytes, start, end, letters) : -1;
}

/** The same for bytes that are known to have the letters. */
export function scoreOf(bytes: Uint8Array, start: number, end: number, letters: Uint8Array): number {
  const length = Math.min(end - start, longest);
  let [above, row] = scores;
  runs.fill(0, 0, length);
  let best = -1;
  // Before the first place of its first letter nothing can match, and it is skipped without cost.
  let first = 0;
  const head = letters[0] as number;
  while (first < length && lower(bytes[start + first] as number) !== head) first++;
  for (let letter = 0; letter < letters.length; letter++) {
    const wanted = letters[letter] as number;
    let gap = Number.NEGATIVE_INFINITY;
    best = -1;
    // Of the row above, one place to the left: the array is overwritten as we go along.
    let runBefore = 0;
    for (let at = first; at < length; at++) {
      const runHere = runs[at] as number;
      const before = letter === 0 ? 0 : at === first ? -1 : (above[at - 1] as number);
      let score = -1;
      runs[at] = 0;
      if (before >= 0 && lower(bytes[start + at] as number) === wanted) {
        const boundary = isBoundary(bytes, start, at) ? bonusBoundary : 0;
        const run = letter > 0 ? runBefore : 0;
        const bonus = Math.max(boundary, run > 0 ? bonusConsecutive : 0) * (letter === 0 ? bonusFirst : 1);
        score = before + scoreMatch + bonus;
        runs[at] = run + 1;
      }
      // Positions after a match carry its score on, less for every letter that is skipped.
      if (score < gap) {
        score = gap;
        runs[at] = 0;
      }
      gap = runs[at] === 0 ? gap + gapExtension : score + gapStart;
      if (gap < 0) gap = Number.NEGATIVE_INFINITY;
      row[at] = score;
      if (score > best) best = score;
      runBefore = runHere;
    }
    [above, row] = [row, above];
  }
  return best;
}

/** Where the letters are, as ranges [start, end): the tightest place from the right end of the first full match. */
export function fuzzyRanges(name: string, part: string): [number, number][] {
  const text = name.toLowerCase();
  const wanted = part.toLowerCase();
  const whole = text.indexOf(wanted);
  if (whole !== -1) return [[whole, whole + wanted.length]];
  let end = -1;
  for (const letter of wanted) {
    end = text.indexOf(letter, end + 1);
    if (end === -1) return [];
  }
  const places: number[] = [];
  let at = end;
  for (let letter = wanted.length - 1; letter >= 0; letter--) {
    at = text.lastIndexOf(wanted[letter] as string, at);
    places.unshift(at);
    at--;
  }
  const ranges: [number, number][] = [];
  for (const place of places) {
    const last = ranges[ranges.length - 1];
    if (last !== undefined && last[1] === place) last[1] = place + 1;
    else ranges.push([place, place + 1]);
  }
  return ranges;
}

function isBoundary(bytes: Uint8Array, start: number, at: number): boolean {
  if (at === 0) return true;
  const before = bytes[start + at - 1] as number;
  return before === 45 || before === 46 || before === 95 || before === 47 || before === 58;
}

/** The capital of a small letter, else the byte itself. */
function upper(byte: number): number {
  return byte >= 97 && byte <= 122 ? byte - 32 : byte;
}

function lower(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}
