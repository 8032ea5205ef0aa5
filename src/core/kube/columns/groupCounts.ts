import { type ClusterNames, type KeyOf, labelTexts } from './keys.ts';
import { meta, tones } from './schema.ts';
import type { Table } from './table.ts';

export interface Group {
  /** As text; '' for absent. */
  value: string;
  count: number;
  /** In the order of `tones`. */
  tones: number[];
}

export interface Groups {
  groups: Group[];
  /** What is not among them; null when all are. */
  others: { values: number; count: number; tones: number[] } | null;
}

const failed = tones.indexOf('failed');
const warning = tones.indexOf('warning');

/** Where a row's value is a small number that stands for a text. */
interface Codes {
  of(row: number): number;
  text(code: number): string;
  /** What the numbers mean is good for as long as this is the same. */
  generation(): number;
}

/** Values that no row has any more are forgotten when they are more than this, and more than the others. */
const mostUnused = 1_000;

/** How many rows have each value of a column, by tone: kept up row by row, never counted over. */
export class GroupCounts {
  readonly #table: Table;
  readonly #key: KeyOf;
  readonly #codes: Codes | null;
  /** Value of every counted row, as its place in `#values`. */
  #ofRow = new Uint32Array(0);
  #places = new Map<string, number>();
  #values: string[] = [];
  /** By place and tone. */
  #counts = new Float64Array(0);
  #byCode: number[] = [];
  #generation = -1;

  constructor(table: Table, key: KeyOf, clusterNames: ClusterNames) {
    this.#table = table;
    this.#key = key;
    this.#codes = codesOf(table, key, clusterNames);
  }

  /** Nothing is counted. */
  clear(): void {
    this.#places = new Map();
    this.#values = [];
    this.#byCode = [];
    this.#counts.fill(0);
  }

  /** Counts a row in, by its value now. */
  add(row: number, tone: number): void {
    if (this.#ofRow.length <= row) this.#grow(row);
    const place = this.#place(row);
    this.#ofRow[row] = place;
    const slot = place * tones.length + tone;
    this.#counts[slot] = (this.#counts[slot] as number) + 1;
  }

  /** Counts a row out, by the value and tone with which it was counted in. */
  remove(row: number, tone: number): void {
    const slot = (this.#ofRow[row] as number) * tones.length + tone;
    this.#counts[slot] = (this.#counts[slot] as number) - 1;
  }

  /**
   * Most rows first. Of more than `most` values, half of the places go to those with the most failed and warning rows,
   * the rest to the largest; the others are summed up. Null when too much is kept of what is gone: clear, and count all
   * in again.
   */
  groups(most = Number.POSITIVE_INFINITY): Groups | null {
    const counts = this.#counts;
    const places: number[] = [];
    const sums = new Float64Array(this.#values.length);
    for (let place = 0; place < sums.length; place++) {
      let sum = 0;
      for (let tone = 0; tone < tones.length; tone++) sum += counts[place * tones.length + tone] as number;
      sums[place] = sum;
      if (sum > 0) places.push(place);
    }
    const unused = sums.length - places.length;
    if (unused > mostUnused && unused > places.length) return null;
    const shown = places.length <= most ? places : this.#chosen(places, sums, most);
    const groups = shown
      .map((place) => this.#group(place, sums[place] as number))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
    if (shown === places) return { groups, others: null };
    const others = { values: places.length - shown.length, count: 0, tones: tones.map(() => 0) };
    for (const place of places) {
      others.count += sums[place] as number;
      for (let tone = 0; tone < tones.length; tone++) {
        others.tones[tone] = (others.tones[tone] as number) + (counts[place * tones.length + tone] as number);
      }
    }
    for (const group of groups) {
      others.count -= group.count;
      others.tones = others.tones.map((count, tone) => count - (group.tones[tone] as number));
    }
    return { groups, others };
  }

  bytes(): number {
    return this.#ofRow.byteLength + this.#counts.byteLength;
  }

  #group(place: number, count: number): Group {
    const of = this.#counts.subarray(place * tones.length, (place + 1) * tones.length);
    return { value: this.#values[place] as string, count, tones: [...of] };
  }

  /** Places of the values that are worth showing, in no order. */
  #chosen(places: readonly number[], sums: Float64Array, most: number): number[] {
    const urgent = (place: number) =>
      (this.#counts[place * tones.length + failed] as number) * 1e6 +
      (this.#counts[place * tones.length + warning] as number);
    const half = Math.floor(most / 2);
    const chosen = new Set(largest(places, urgent, half));
    for (const place of largest(places, (it) => sums[it] as number, most)) {
      if (chosen.size === most) break;
      chosen.add(place);
    }
    return [...chosen];
  }

  #place(row: number): number {
    const codes = this.#codes;
    if (codes === null) return this.#placeOf(String(this.#table.cell(row, this.#key as number) ?? ''));
    const generation = codes.generation();
    if (generation !== this.#generation) {
      this.#generation = generation;
      this.#byCode = [];
    }
    const code = codes.of(row);
    let place = this.#byCode[code];
    if (place === undefined) {
      place = this.#placeOf(codes.text(code));
      this.#byCode[code] = place;
    }
    return place;
  }

  #placeOf(value: string): number {
    let place = this.#places.get(value);
    if (place === undefined) {
      place = this.#values.length;
      this.#places.set(value, place);
      this.#values.push(value);
      const needed = (place + 1) * tones.length;
      if (this.#counts.length < needed) {
        const larger = new Float64Array(needed * 2);
        larger.set(this.#counts);
        this.#counts = larger;
      }
    }
    return place;
  }

  #grow(row: number): void {
    const larger = new Uint32Array(Math.max(this.#table.limit, row + 1) * 1.25);
    larger.set(this.#ofRow);
    this.#ofRow = larger;
  }
}

/** Null for columns whose values are many. */
function codesOf(table: Table, key: KeyOf, clusterNames: ClusterNames): Codes | null {
  if (key === 'cluster') {
    return { of: (row) => table.clusters[row] as number, text: clusterNames, generation: () => 0 };
  }
  if (typeof key === 'object') {
    const texts = labelTexts(table, key.label);
    const { dictionary } = table.textStore(meta.labels);
    return {
      of: (row) => texts.ids()[row] as number,
      text: (id) => texts.text(id),
      generation: () => dictionary.generation,
    };
  }
  const store = table.stores[key];
  if (store?.type !== 'text') return null;
  const { dictionary } = store;
  return {
    of: (row) => store.ids[row] as number,
    text: (id) => dictionary.text(id),
    generation: () => dictionary.generation,
  };
}

/** The few with the largest values above 0, in order; equal ones as they come. */
function largest(places: readonly number[], sizeOf: (place: number) => number, most: number): number[] {
  const values = Float64Array.from(places, sizeOf);
  // Below this one nothing is among them: sorting numbers costs a tenth of sorting places.
  const least = Math.max(values.slice().sort()[Math.max(0, values.length - most)] as number, Number.MIN_VALUE);
  return places
    .flatMap((place, at) => ((values[at] as number) >= least ? [{ place, value: values[at] as number }] : []))
    .sort((a, b) => b.value - a.value)
    .slice(0, most)
    .map(({ place }) => place);
}
