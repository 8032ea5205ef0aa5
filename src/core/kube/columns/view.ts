import type { Disposable } from '../../kernel/disposable.ts';
import type { ChangeReader } from './changeLog.ts';
import { GroupCounts, type Groups } from './groupCounts.ts';
import { type ClusterNames, type KeyOf, type RowKeys, rowKeys, type SortKey } from './keys.ts';
import { meta, tones } from './schema.ts';
import { isBurst, SortedRows } from './sortedRows.ts';
import { radixSort } from './sorting.ts';
import type { NumberStore } from './stores.ts';
import type { Table } from './table.ts';
import { toneIndex } from './toneCounts.ts';

/** Lets rows through. Made for one table. */
export interface RowFilter {
  /** The answer depends on the time: it is asked again every second. */
  readonly timed: boolean;
  /** Called before a series of tests, with the time they are about. */
  begin(nowMs: number): void;
  test(row: number): boolean;
}

export interface ViewSpec {
  /** Numbers of the clusters whose rows belong to it. */
  clusters: ReadonlySet<number>;
  /** Null for all, the cluster's own objects included. */
  namespaces: ReadonlySet<string> | null;
  filter: RowFilter | null;
  /** Most significant first; ties are decided by name, namespace, cluster. */
  sort: readonly SortKey[];
  group: KeyOf | null;
}

/** Not in the chosen clusters and namespaces. */
const outside = 0;
/** Refused by the filter. */
const refused = 1;
/** Let through, plus the index of its tone. */
const matched = 2;

const noGroups: Groups = { groups: [], others: null };

/**
 * The rows of a table that a question lets through, in order, with counts. `update` brings it up to date: a few changes
 * cost their own number times log n comparisons, a burst one new sorting. What is read is true until the table changes.
 */
export class View implements Disposable {
  readonly table: Table;
  readonly #spec: ViewSpec;
  readonly #sorted = new SortedRows();
  readonly #changes: ChangeReader;
  /** Rows that came or went; a row's number may mean another object since. */
  readonly #membership: ChangeReader;
  readonly #groupCounts: GroupCounts | null;
  #keys: RowKeys[];
  /** What is known of every row: outside, refused, or matched + tone. */
  #states = new Uint8Array(0);
  #tones = new Uint32Array(tones.length);
  #total = 0;
  #stale = true;
  #testedAt = 0;
  #revision = 0;
  #groups: { revision: number; most: number; groups: Groups } | undefined;
  /** By cluster number: 1 for those whose rows belong to it. */
  readonly #clusterMarks: Uint8Array;
  #namespaceMarks = new Uint8Array(0);
  #namespaceGeneration = -1;

  constructor(table: Table, spec: ViewSpec, clusterNames: ClusterNames) {
    this.table = table;
    this.#spec = spec;
    this.#keys = spec.sort.map((key) => rowKeys(table, key, clusterNames));
    this.#changes = table.changes.reader();
    this.#membership = table.membership.reader();
    this.#groupCounts = spec.group === null ? null : new GroupCounts(table, spec.group, clusterNames);
    this.#clusterMarks = new Uint8Array(Math.max(0, ...spec.clusters) + 1);
    for (const cluster of spec.clusters) this.#clusterMarks[cluster] = 1;
  }

  /** Grows with every change of its rows, their order or their cells. */
  get revision(): number {
    return this.#revision;
  }

  /** Rows in the chosen clusters and namespaces. */
  get total(): number {
    return this.#total;
  }

  /** Rows that are let through. */
  get matched(): number {
    return this.#sorted.count;
  }

  /** Rows let through, in the order of `tones`. */
  get tones(): readonly number[] {
    return [...this.#tones];
  }

  /** Takes in what changed since the last time. Returns whether anything in the view changed. */
  update(nowMs: number): boolean {
    const pending = this.#changes.pending > 0;
    if (!this.#stale && !pending && !this.#isDue(nowMs)) return false;
    const changed = this.#changes.take();
    const renamed = this.#membership.take();
    const before = this.#revision;
    if (this.#stale || changed === null || renamed === null || isBurst(changed.length, this.table.count)) {
      this.#testedAt = nowMs;
      this.#stale = false;
      this.#recompute();
    } else if (this.#isDue(nowMs)) {
      this.#testedAt = nowMs;
      this.#patch(this.#passing(changed), renamed);
    } else {
      this.#patch(changed, renamed);
    }
    return this.#revision !== before;
  }

  /**
   * Row numbers of a window; a part of a bigger array that the next update overwrites. Where the table has changed since
   * the last update, rows that do not belong here any more are left out; order and counts are those of that update.
   */
  window(offset: number, limit: number): Uint32Array {
    const rows = this.#sorted.rows.subarray(Math.min(offset, this.matched), Math.min(offset + limit, this.matched));
    if (this.#changes.pending === 0) return rows;
    this.#begin();
    return rows.filter((row) => this.table.has(row) && this.#stateOf(row) >= matched);
  }

  /** Counts by the value of the grouping column, most rows first; of `most` values, with the others summed up. */
  groups(most = Number.POSITIVE_INFINITY): Groups {
    const counts = this.#groupCounts;
    if (counts === null) return noGroups;
    if (this.#groups?.revision === this.#revision && this.#groups.most === most) return this.#groups.groups;
    let groups = counts.groups(most);
    if (groups === null || groups.groups.length === 0) {
      this.#countGroups(counts);
      groups = counts.groups(most) ?? noGroups;
    }
    this.#groups = { revision: this.#revision, most, groups };
    return groups;
  }

  bytes(): number {
    return this.#sorted.bytes() + this.#states.byteLength + (this.#groupCounts?.bytes() ?? 0);
  }

  dispose(): void {
    this.#sorted.reset(0);
    this.#states = new Uint8Array(0);
  }

  #isDue(nowMs: number): boolean {
    return this.#spec.filter?.timed === true && nowMs - this.#testedAt >= 1000;
  }

  #begin(): void {
    this.#spec.filter?.begin(this.#testedAt);
    const { namespaces } = this.#spec;
    if (namespaces === null) return;
    const { dictionary } = this.table.textStore(meta.namespace);
    if (this.#namespaceGeneration === dictionary.generation && this.#namespaceMarks.length === dictionary.size) return;
    this.#namespaceGeneration = dictionary.generation;
    this.#namespaceMarks = new Uint8Array(dictionary.size);
    for (const namespace of namespaces) {
      const id = dictionary.find(namespace);
      if (id !== undefined) this.#namespaceMarks[id] = 1;
    }
  }

  /** What a row is now; it must exist. */
  #stateOf(row: number): number {
    if (this.#clusterMarks[this.table.clusters[row] as number] !== 1) return outside;
    if (this.#spec.namespaces !== null) {
      const namespace = this.table.textStore(meta.namespace).ids[row] as number;
      if (this.#namespaceMarks[namespace] !== 1) return outside;
    }
    const { filter } = this.#spec;
    if (filter !== null && !filter.test(row)) return refused;
    return matched + toneIndex((this.table.stores[meta.tone] as NumberStore).values[row] as number);
  }

  #recompute(): void {
    const { rows, count } = this.table.byName();
    const size = this.table.limit;
    if (this.#states.length < size) this.#states = new Uint8Array(size + (size >>> 2));
    const states = this.#states.fill(outside);
    const counts = new Uint32Array(tones.length);
    this.#begin();
    this.#sorted.reset(count);
    const order = this.#sorted.rows;
    let letThrough = 0;
    let total = 0;
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number;
      const state = this.#stateOf(row);
      if (state === outside) continue;
      total++;
      states[row] = state;
      if (state === refused) continue;
      order[letThrough++] = row;
      counts[state - matched] = (counts[state - matched] as number) + 1;
    }
    this.#sorted.count = letThrough;
    this.#total = total;
    this.#tones = counts;
    if (this.#groupCounts !== null) this.#countGroups(this.#groupCounts);
    // From the least significant key to the most: every pass is stable.
    for (const keys of [...this.#keys].reverse()) {
      const { low, high } = keys.of(order, letThrough);
      radixSort(order, letThrough, low, high);
    }
    this.#revision++;
  }

  #countGroups(counts: GroupCounts): void {
    counts.clear();
    for (let at = 0; at < this.#sorted.count; at++) {
      const row = this.#sorted.rows[at] as number;
      counts.add(row, (this.#states[row] as number) - matched);
    }
  }

  /** @param renamed ascending: rows whose number means another object than before, or none */
  #patch(changed: Uint32Array, renamed: Uint32Array): void {
    const size = this.table.limit;
    if (this.#states.length < size) {
      const states = new Uint8Array(size + (size >>> 2));
      states.set(this.#states);
      this.#states = states;
    }
    this.#begin();
    const members: number[] = [];
    const moved: number[] = [];
    let touched = false;
    /** A row's place among names changes only with the object; other keys may change with every cell. */
    const placed = this.#keys.length === 0;
    let next = 0;
    for (const row of changed) {
      while (next < renamed.length && (renamed[next] as number) < row) next++;
      const isSame = renamed[next] !== row;
      const before = this.#states[row] as number;
      const after = this.table.has(row) ? this.#stateOf(row) : outside;
      if (before === outside && after === outside) continue;
      this.#states[row] = after;
      this.#total += Number(after !== outside) - Number(before !== outside);
      if (before >= matched) this.#tones[before - matched] = (this.#tones[before - matched] as number) - 1;
      if (after >= matched) this.#tones[after - matched] = (this.#tones[after - matched] as number) + 1;
      if (before >= matched) this.#groupCounts?.remove(row, before - matched);
      if (after >= matched) this.#groupCounts?.add(row, after - matched);
      if (before < matched && after < matched) {
        touched ||= before !== after;
        continue;
      }
      touched = true;
      if (placed && isSame && before >= matched && after >= matched) continue;
      moved.push(row);
      if (after >= matched) members.push(row);
    }
    if (moved.length > 0) this.#sorted.patch(Uint32Array.from(moved), members, (a, b) => this.#compare(a, b));
    if (touched) this.#revision++;
  }

  #compare(a: number, b: number): number {
    for (const keys of this.#keys) {
      const difference = keys.compare(a, b);
      if (difference !== 0) return difference;
    }
    return this.table.compareNames(a, b);
  }

  /** The changed rows, and those whose answer the time has changed. */
  #passing(changed: Uint32Array): Uint32Array {
    this.#begin();
    const rows = new Set(changed);
    for (let row = 0; row < this.table.limit; row++) {
      const before = this.#states[row] as number;
      if (this.table.has(row) && before !== this.#stateOf(row)) rows.add(row);
    }
    return Uint32Array.from(rows).sort();
  }
}
