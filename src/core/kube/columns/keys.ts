import { labelValue } from './labels.ts';
import { meta, type Tone, tones } from './schema.ts';
import { floatKeys, sortByNames } from './sorting.ts';
import type { NameStore, NumberArray, NumberStore, TextIdArray, TextStore } from './stores.ts';
import type { Table } from './table.ts';
import { toneIndex } from './toneCounts.ts';

/** What rows are sorted or grouped by: a column's index, the cluster's name, or the value of a label. */
export type KeyOf = number | 'cluster' | { label: string };

export interface SortKey {
  /** `urgency`: what fails first, what has ended last. */
  by: KeyOf | 'urgency';
  descending: boolean;
}

/** Names of clusters by their numbers. */
export type ClusterNames = (cluster: number) => string;

/** A way to order rows. Absent cells come last in both directions. */
export interface RowKeys {
  /** Unsigned integers, by position in `rows`, that order as the cells do. */
  of(rows: Uint32Array, count: number): { low: Uint32Array; high?: Uint32Array };
  compare(a: number, b: number): number;
}

export function rowKeys(table: Table, key: SortKey, clusterNames: ClusterNames): RowKeys {
  const { by, descending } = key;
  if (by === 'cluster') return clusterKeys(table, descending, clusterNames);
  if (by === 'urgency') return urgencyKeys(table, descending);
  if (typeof by === 'object') return textKeys(labelTexts(table, by.label), descending);
  const store = table.stores[by];
  switch (store?.type) {
    case 'text':
      return textKeys(columnTexts(store), descending);
    case 'name':
      return nameKeys(table, store, { column: by, descending });
    case 'number':
      return numberKeys(() => store.values, descending);
    case 'time':
      return timeKeys(() => store.seconds, descending);
    case undefined:
      return { of: (_, count) => ({ low: new Uint32Array(count) }), compare: () => 0 };
  }
}

/** Texts that are few beside the rows: an id a row, a rank and a text an id. The rank of '' is not looked at. */
interface Texts {
  ids(): TextIdArray;
  ranks(): Uint32Array;
  text(id: number): string;
}

function columnTexts(store: TextStore): Texts {
  return { ids: () => store.ids, ranks: () => store.dictionary.ranks(), text: (id) => store.dictionary.text(id) };
}

/** The values of one label, by the ids of whole label sets. */
export function labelTexts(table: Table, label: string): Texts {
  const store = table.textStore(meta.labels);
  const { dictionary } = store;
  let values: string[] = [];
  let generation = dictionary.generation;
  let ranks = new Uint32Array(0);
  const refresh = () => {
    if (generation !== dictionary.generation) values = [];
    generation = dictionary.generation;
    for (let id = values.length; id < dictionary.size; id++) values.push(labelValue(dictionary.text(id), label) ?? '');
  };
  return {
    ids: () => store.ids,
    text: (id) => {
      if (id >= values.length || generation !== dictionary.generation) refresh();
      return values[id] ?? '';
    },
    ranks: () => {
      if (ranks.length === dictionary.size && generation === dictionary.generation) return ranks;
      refresh();
      const order = new Map([...new Set(values)].sort().map((value, rank) => [value, rank]));
      ranks = Uint32Array.from(values, (value) => order.get(value) ?? 0);
      return ranks;
    },
  };
}

const last = 0xffffffff;

function textKeys(texts: Texts, descending: boolean): RowKeys {
  return {
    of(rows, count) {
      const ids = texts.ids();
      const ranks = texts.ranks();
      const byId = new Uint32Array(ranks.length);
      for (let id = 0; id < ranks.length; id++) {
        const rank = ranks[id] as number;
        byId[id] = texts.text(id) === '' ? last : descending ? ranks.length - rank : rank;
      }
      const low = new Uint32Array(count);
      for (let at = 0; at < count; at++) low[at] = byId[ids[rows[at] as number] as number] as number;
      return { low };
    },
    compare(a, b) {
      const ids = texts.ids();
      const idA = ids[a] as number;
      const idB = ids[b] as number;
      return idA === idB ? 0 : compareTexts(texts.text(idA), texts.text(idB), descending);
    },
  };
}

/** '' last, else by code units. */
function compareTexts(a: string, b: string, descending: boolean): number {
  if (a === b) return 0;
  if (a === '') return 1;
  if (b === '') return -1;
  return a < b === descending ? 1 : -1;
}

function clusterKeys(table: Table, descending: boolean, clusterNames: ClusterNames): RowKeys {
  return {
    of(rows, count) {
      const clusters = [...new Set(rows.subarray(0, count).map((row) => table.clusters[row] as number))];
      const names = [...new Set(clusters.map(clusterNames))].sort((a, b) => compareTexts(a, b, descending));
      const ranks = new Map(clusters.map((cluster) => [cluster, names.indexOf(clusterNames(cluster))]));
      const low = new Uint32Array(count);
      for (let at = 0; at < count; at++) low[at] = ranks.get(table.clusters[rows[at] as number] as number) ?? last;
      return { low };
    },
    compare(a, b) {
      const clusterA = table.clusters[a] as number;
      const clusterB = table.clusters[b] as number;
      return clusterA === clusterB ? 0 : compareTexts(clusterNames(clusterA), clusterNames(clusterB), descending);
    },
  };
}

function nameKeys(table: Table, store: NameStore, key: { column: number; descending: boolean }): RowKeys {
  const { column, descending } = key;
  const compare = (a: number, b: number) => {
    const emptyA = store.lengths[a] === 0;
    const emptyB = store.lengths[b] === 0;
    if (emptyA || emptyB) return Number(emptyA) - Number(emptyB);
    return descending ? store.compare(b, a) : store.compare(a, b);
  };
  return {
    compare,
    of(rows, count) {
      let order: Uint32Array;
      if (column === meta.name) {
        const all = table.byName();
        order = all.rows.subarray(0, all.count);
      } else {
        order = rows.slice(0, count);
        sortByNames(order, count, store, (a, b) => store.compare(a, b));
      }
      // Rows of equal texts share a key, which leaves their order to the next one.
      const byRow = new Uint32Array(table.limit);
      let position = 0;
      for (let at = 0; at < order.length; at++) {
        const row = order[at] as number;
        if (at > 0 && store.compare(order[at - 1] as number, row) !== 0) position++;
        byRow[row] = position;
      }
      const low = new Uint32Array(count);
      for (let at = 0; at < count; at++) {
        const row = rows[at] as number;
        const own = byRow[row] as number;
        low[at] = store.lengths[row] === 0 ? last : descending ? position - own : own;
      }
      return { low };
    },
  };
}

function numberKeys(values: () => NumberArray, descending: boolean): RowKeys {
  return {
    of(rows, count) {
      const all = values();
      const chosen = new Float64Array(count);
      for (let at = 0; at < count; at++) chosen[at] = all[rows[at] as number] as number;
      return floatKeys(chosen, descending);
    },
    compare(a, b) {
      const valueA = values()[a] as number;
      const valueB = values()[b] as number;
      if (Number.isNaN(valueA) || Number.isNaN(valueB))
        return Number(Number.isNaN(valueA)) - Number(Number.isNaN(valueB));
      if (valueA === valueB) return 0;
      return valueA < valueB === descending ? 1 : -1;
    },
  };
}

const urgency: Record<Tone, number> = { failed: 0, warning: 1, unknown: 2, progressing: 3, healthy: 4, stopped: 5 };
/** By the index of the tone. */
const urgencies = tones.map((tone) => urgency[tone]);

function urgencyKeys(table: Table, descending: boolean): RowKeys {
  const keyOf = (row: number) => {
    const rank = urgencies[toneIndex((table.stores[meta.tone] as NumberStore).values[row] as number)] as number;
    return descending ? tones.length - rank : rank;
  };
  return {
    of(rows, count) {
      const low = new Uint32Array(count);
      for (let at = 0; at < count; at++) low[at] = keyOf(rows[at] as number);
      return { low };
    },
    compare: (a, b) => keyOf(a) - keyOf(b),
  };
}

function timeKeys(seconds: () => Uint32Array, descending: boolean): RowKeys {
  const keyOf = (value: number) => (value === 0 ? last : descending ? last - value : value);
  return {
    of(rows, count) {
      const all = seconds();
      const low = new Uint32Array(count);
      for (let at = 0; at < count; at++) low[at] = keyOf(all[rows[at] as number] as number);
      return { low };
    },
    compare: (a, b) => keyOf(seconds()[a] as number) - keyOf(seconds()[b] as number),
  };
}
