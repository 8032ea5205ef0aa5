import type { NameStore } from './stores.ts';

/**
 * Sorts row numbers by a 32- or 64-bit unsigned key, stably: least significant digit first, 16 bits a pass. A pass whose
 * digits are all equal is skipped, so that small numbers cost one pass.
 * @param rows its first `count` entries are sorted in place
 * @param low the low words of the keys, by position in `rows`; overwritten
 * @param high the high words, when the keys have any; overwritten
 */
export function radixSort(rows: Uint32Array, count: number, low: Uint32Array, high?: Uint32Array): void {
  let state: RadixState = {
    rows,
    low,
    high,
    spareRows: new Uint32Array(count),
    spareLow: new Uint32Array(count),
    spareHigh: high === undefined ? undefined : new Uint32Array(count),
  };
  const counts = new Uint32Array(65_536);
  for (const [word, shift] of high === undefined ? passes.slice(0, 2) : passes) {
    state = radixPass(state, count, { word, shift, counts });
  }
  if (state.rows !== rows) rows.set(state.rows.subarray(0, count));
}

const passes: readonly (readonly ['low' | 'high', 0 | 16])[] = [
  ['low', 0],
  ['low', 16],
  ['high', 0],
  ['high', 16],
];

interface RadixState {
  rows: Uint32Array;
  low: Uint32Array;
  high: Uint32Array | undefined;
  spareRows: Uint32Array;
  spareLow: Uint32Array;
  spareHigh: Uint32Array | undefined;
}

interface Digit {
  word: 'low' | 'high';
  shift: number;
  counts: Uint32Array;
}

function radixPass(state: RadixState, count: number, digit: Digit): RadixState {
  const { rows, low, high, spareRows, spareLow, spareHigh } = state;
  const { shift, counts } = digit;
  const keys = digit.word === 'low' ? low : (high as Uint32Array);
  counts.fill(0);
  for (let at = 0; at < count; at++) {
    const value = ((keys[at] as number) >>> shift) & 0xffff;
    counts[value] = (counts[value] as number) + 1;
  }
  const first = ((keys[0] as number) >>> shift) & 0xffff;
  if (counts[first] === count) return state;
  let sum = 0;
  for (let value = 0; value < 65_536; value++) {
    const size = counts[value] as number;
    counts[value] = sum;
    sum += size;
  }
  for (let at = 0; at < count; at++) {
    const value = ((keys[at] as number) >>> shift) & 0xffff;
    const to = counts[value] as number;
    counts[value] = to + 1;
    spareRows[to] = rows[at] as number;
    spareLow[to] = low[at] as number;
    if (high !== undefined && spareHigh !== undefined) spareHigh[to] = high[at] as number;
  }
  return { rows: spareRows, low: spareLow, high: spareHigh, spareRows: rows, spareLow: low, spareHigh: high };
}

/** Keys of 64 bits whose unsigned order is the order of floats; NaN comes last in both directions. */
export function floatKeys(values: Float64Array, descending: boolean): { low: Uint32Array; high: Uint32Array } {
  const count = values.length;
  const low = new Uint32Array(count);
  const high = new Uint32Array(count);
  // Adding 0 makes -0 equal to 0.
  for (let at = 0; at < count; at++) values[at] = (values[at] as number) + 0;
  const words = new Uint32Array(values.buffer, values.byteOffset, count * 2);
  for (let at = 0; at < count; at++) {
    if (Number.isNaN(values[at])) {
      low[at] = 0xffffffff;
      high[at] = 0xffffffff;
      continue;
    }
    const lowWord = words[at * 2] as number;
    const highWord = words[at * 2 + 1] as number;
    // IEEE 754: positive numbers order as integers once the sign bit is set, negative ones once all bits are turned.
    const negative = highWord >>> 31 === 1;
    const turn = negative !== descending;
    const signed = negative ? highWord : (highWord ^ 0x80000000) >>> 0;
    low[at] = turn ? ~lowWord >>> 0 : lowWord;
    high[at] = negative ? (descending ? signed : ~signed >>> 0) : descending ? ~signed >>> 0 : signed;
  }
  return { low, high };
}

/** Up to this size, comparing words of four bytes is faster than counting bytes. */
const smallBucket = 48;

/**
 * Sorts rows by the bytes of their names: most significant digit first, small buckets by insertion.
 * @param ties orders rows of equal names, and may compare the names again
 */
export function sortByNames(
  rows: Uint32Array,
  count: number,
  names: NameStore,
  ties: (a: number, b: number) => number,
): void {
  const spare = new Uint32Array(count);
  const digits = new Uint16Array(count);
  const { arena, starts, lengths } = names;
  // Ranges still to be sorted: from, to, depth. All names of a range are equal up to its depth.
  const work: number[] = [0, count, 0];
  const counts = new Uint32Array(258);
  while (work.length > 0) {
    const depth = work.pop() as number;
    const to = work.pop() as number;
    const from = work.pop() as number;
    if (to - from <= smallBucket) {
      sortSmall(rows, { from, to, depth, names, ties }, work);
      continue;
    }
    counts.fill(0);
    for (let at = from; at < to; at++) {
      const row = rows[at] as number;
      // 0 is a name that has ended, so that a prefix comes before what it begins.
      const digit = depth < (lengths[row] as number) ? (arena[(starts[row] as number) + depth] as number) + 1 : 0;
      digits[at] = digit;
      counts[digit + 1] = (counts[digit + 1] as number) + 1;
    }
    const only = digits[from] as number;
    if (counts[only + 1] === to - from) {
      if (only === 0) rows.subarray(from, to).sort(ties);
      else work.push(from, to, depth + 1);
      continue;
    }
    for (let digit = 1; digit < 258; digit++) counts[digit] = (counts[digit] as number) + (counts[digit - 1] as number);
    const ended = counts[1] as number;
    for (let digit = 1; digit < 257; digit++) {
      const start = from + (counts[digit] as number);
      const end = from + (counts[digit + 1] as number);
      // Pushed before the rows are moved: only the ranges matter.
      if (end - start > 1) work.push(start, end, depth + 1);
    }
    for (let at = from; at < to; at++) {
      const digit = digits[at] as number;
      const target = counts[digit] as number;
      counts[digit] = target + 1;
      spare[target] = rows[at] as number;
    }
    rows.set(spare.subarray(0, to - from), from);
    if (ended > 1) rows.subarray(from, from + ended).sort(ties);
  }
}

interface SmallRange {
  from: number;
  to: number;
  depth: number;
  names: NameStore;
  ties: (a: number, b: number) => number;
}

const words = new Float64Array(smallBucket);

/** Inserts by the next four bytes; ranges whose words are equal are left as work for the next four. */
function sortSmall(rows: Uint32Array, range: SmallRange, work: number[]): void {
  const { from, to, depth, names, ties } = range;
  const { arena, starts, lengths } = names;
  for (let at = from; at < to; at++) {
    const row = rows[at] as number;
    const start = (starts[row] as number) + depth;
    const left = (lengths[row] as number) - depth;
    let word = 0;
    for (let byte = 0; byte < 4; byte++) word = word * 256 + (byte < left ? (arena[start + byte] as number) : 0);
    let hole = at - from;
    while (hole > 0 && (words[hole - 1] as number) > word) {
      words[hole] = words[hole - 1] as number;
      rows[from + hole] = rows[from + hole - 1] as number;
      hole--;
    }
    words[hole] = word;
    rows[from + hole] = row;
  }
  for (let start = from; start < to; ) {
    let end = start + 1;
    let longest = lengths[rows[start] as number] as number;
    while (end < to && words[end - from] === words[start - from]) {
      longest = Math.max(longest, lengths[rows[end] as number] as number);
      end++;
    }
    if (end - start > 1) {
      if (longest > depth + 4) work.push(start, end, depth + 4);
      else rows.subarray(start, end).sort(ties);
    }
    start = end;
  }
}
