import { Emitter, type Event } from '../../kernel/emitter.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import { Aggregate, type AggregateOptions } from './aggregate.ts';
import type { RowBatch } from './batch.ts';
import { uidWords } from './batchBuilder.ts';
import { appendCells } from './cellAppender.ts';
import { clearCell, writeCells } from './cellWriter.ts';
import { ChangeLog } from './changeLog.ts';
import { comparable, type Listing, Lists } from './lists.ts';
import { NameOrder } from './nameOrder.ts';
import type { CellChange, CellValue, ChangeCause, Observers } from './observer.ts';
import { type KindSchema, meta, schemaFingerprint, type Tone, tones } from './schema.ts';
import {
  type ColumnStore,
  copied,
  createStore,
  grownSize,
  type NameStore,
  type NumberStore,
  type TextStore,
} from './stores.ts';
import { TextIds } from './textIds.ts';
import { Tombstones } from './tombstones.ts';
import { ToneCounts } from './toneCounts.ts';
import { uidText } from './uid.ts';
import { UidIndex } from './uidIndex.ts';

/** Bits of a row's flags. */
const live = 1;
/** Named by the list that is going on. */
const seen = 2;
/** Written in this run. */
const touched = 4;
const fresh = 8;
const changed = 16;
/** Its place among names may have changed. */
const renamed = 32;

/**
 * All rows of one kind, of all clusters. A row keeps its number while its object lives; the number is then used again.
 * What is read from here is true until the next `apply`.
 *
 * A row is changed only by a version that is newer than its own (watching at least once, in any order, is safe), where
 * versions can be compared. During a complete list, rows that the list names with an older version are kept until the
 * list's own version tells which of the two is the past.
 */
export class Table {
  #schema: KindSchema;
  #stores: ColumnStore[];
  #byId = new Map<string, number>();
  #capacity = 16;
  /** Rows up to here have been used. */
  #used = 0;
  #free: number[] = [];
  #count = 0;
  #flags = new Uint8Array(16);
  clusters = new Uint16Array(16);
  uids = new Uint32Array(64);
  versions = new Float64Array(16);
  /** Number of the change that last touched a row; also of its removal. Tells whether something made of it is stale. */
  revisions = new Uint32Array(16);
  readonly changes = new ChangeLog();
  /** Those of the changes by which a row's number came to mean an object (or another name), or none any more. */
  readonly membership = new ChangeLog();
  readonly #observers: Observers;
  readonly #index: UidIndex;
  readonly #texts = new TextIds();
  readonly #tombstones = new Tombstones();
  readonly #lists = new Lists();
  readonly #layouts = new Map<number, Int32Array>();
  #latestLayout: Int32Array;
  readonly #aggregates = new Set<Aggregate>();
  readonly #tones = new ToneCounts();
  readonly #changed = new Emitter<void>();
  readonly #order: NameOrder;
  /** Rows of the run being written, -1 for those refused. */
  #targets = new Int32Array(64);

  constructor(schema: KindSchema, observers: Observers) {
    this.#schema = schema;
    this.#observers = observers;
    this.#stores = schema.columns.map((column) => createStore(column, this.#capacity));
    for (const [at, column] of schema.columns.entries()) this.#byId.set(column.id, at);
    this.#latestLayout = Int32Array.from(schema.columns.keys());
    this.#index = new UidIndex(() => this);
    this.#order = new NameOrder(this);
  }

  /** Grows columns when clusters serve the kind with different ones; columns never move. */
  get schema(): KindSchema {
    return this.#schema;
  }

  /** Fires after a message that changed something. */
  get onChange(): Event<void> {
    return this.#changed.event;
  }

  /** Rows in the table. */
  get count(): number {
    return this.#count;
  }

  /** Every row's number is below this. */
  get limit(): number {
    return this.#used;
  }

  get stores(): readonly ColumnStore[] {
    return this.#stores;
  }

  has(row: number): boolean {
    return ((this.#flags[row] as number) & live) !== 0;
  }

  /** Index of a column; -1 when the kind does not have it. */
  column(id: string): number {
    return this.#byId.get(id) ?? -1;
  }

  store(id: string): ColumnStore | undefined {
    return this.#stores[this.column(id)];
  }

  get names(): NameStore {
    return this.#stores[meta.name] as NameStore;
  }

  textStore(column: number): TextStore {
    return this.#stores[column] as TextStore;
  }

  /** Text of a text or name cell, '' for others. */
  text(row: number, column: number): string {
    const store = this.#stores[column];
    return store?.type === 'text' || store?.type === 'name' ? store.text(row) : '';
  }

  cell(row: number, column: number): CellValue {
    const store = this.#stores[column];
    if (store === undefined) return null;
    if (store.type === 'number') {
      const value = store.values[row] as number;
      return Number.isNaN(value) ? null : value;
    }
    if (store.type === 'time') {
      const seconds = store.seconds[row] as number;
      return seconds === 0 ? null : seconds * 1000;
    }
    return store.text(row);
  }

  tone(row: number): Tone {
    return tones[(this.#stores[meta.tone] as NumberStore).values[row] as number] ?? 'unknown';
  }

  uid(row: number): string {
    return uidText(this.uids, row * 4);
  }

  /** The row of an object, or -1. */
  find(cluster: number, uid: string): number {
    const words = new Uint32Array(4);
    uidWords(uid, words, 0);
    return this.#index.find(cluster, words, 0);
  }

  /** Every row's number, those of one cluster when given. */
  *rows(cluster?: number): Generator<number> {
    for (let row = 0; row < this.#used; row++) {
      if (this.has(row) && (cluster === undefined || this.clusters[row] === cluster)) yield row;
    }
  }

  /** The numbers of a cluster's rows, ascending. */
  rowsOf(cluster: number): Uint32Array {
    const rows = new Uint32Array(this.countOf(cluster));
    let count = 0;
    for (let row = 0; row < this.#used; row++) {
      if (this.clusters[row] === cluster && ((this.#flags[row] as number) & live) !== 0) rows[count++] = row;
    }
    return rows;
  }

  /** Row numbers in the order of name, namespace, cluster; `rows[0 .. count]`. Kept up to date between calls. */
  byName(): { rows: Uint32Array; count: number } {
    return this.#order.current();
  }

  /** Order of two rows by name, namespace, cluster, and then by number: never 0 for two rows. */
  compareNames(a: number, b: number): number {
    const byName = this.names.compare(a, b);
    if (byName !== 0) return byName;
    const namespaces = this.#stores[meta.namespace] as TextStore;
    if (namespaces.ids[a] !== namespaces.ids[b]) return namespaces.text(a) < namespaces.text(b) ? -1 : 1;
    return (this.clusters[a] as number) - (this.clusters[b] as number) || a - b;
  }

  /** Rows of a cluster by tone, in the order of `tones`. */
  tonesOf(cluster: number): readonly number[] {
    return this.#tones.of(cluster);
  }

  countOf(cluster: number): number {
    return this.#tones.total(cluster);
  }

  aggregate(options: AggregateOptions): Aggregate {
    const aggregate = new Aggregate(this, options, (it) => this.#aggregates.delete(it));
    for (const row of this.rows()) aggregate.count(row, 1);
    this.#aggregates.add(aggregate);
    return aggregate;
  }

  /** Versions up to which lists are complete, by scope (a namespace, or '' for all). */
  resourceVersions(cluster: number): ReadonlyMap<string, string> {
    return this.#lists.versions(cluster);
  }

  /** Nothing may be resumed in this cluster: what the rows are of is not sure. The rows stay. */
  forgetVersions(cluster: number): void {
    this.#lists.forgetVersions(cluster);
  }

  /** Takes in a schema of the same kind: columns it adds are added, at the end. Batches of `cluster` have its columns. */
  adopt(schema: KindSchema, cluster?: number): void {
    let columns = [...this.#schema.columns];
    const layout = Int32Array.from(schema.columns, (column) => {
      const known = this.column(column.id);
      if (known !== -1 && columns[known]?.type === column.type) return known;
      const id = known === -1 ? column.id : `${column.id}:${column.type}`;
      const renamed = this.column(id);
      if (renamed !== -1) return renamed;
      this.#byId.set(id, columns.length);
      this.#stores.push(createStore(column, this.#capacity));
      columns = [...columns, { ...column, id }];
      return columns.length - 1;
    });
    if (columns.length > this.#schema.columns.length) this.#schema = { ...this.#schema, columns };
    this.#latestLayout = layout;
    if (cluster !== undefined) this.#layouts.set(cluster, layout);
  }

  /** A complete list begins. */
  beginList(cluster: number, scope: string): void {
    this.#lists.begin(cluster, scope);
    this.#eachInScope(cluster, scope, (row) => {
      this.#flags[row] = (this.#flags[row] as number) & ~seen;
    });
  }

  /** The list is complete: rows that it did not name are removed. Without a beginning, it only tells the version. */
  endList(cluster: number, scope: string, resourceVersion: string): void {
    const listing = this.#lists.end(cluster, scope);
    if (listing !== undefined) {
      const version = comparable(resourceVersion);
      for (const { batch, at } of listing.refused) this.#acceptPast(batch, at, version);
      this.#eachInScope(cluster, scope, (row) => {
        if (((this.#flags[row] as number) & seen) === 0) this.#remove(row, 'list', version);
      });
      this.#tidy();
    }
    this.progress(cluster, scope, resourceVersion);
    this.#changed.fire();
  }

  progress(cluster: number, scope: string, resourceVersion: string): void {
    this.#lists.reach(cluster, scope, resourceVersion);
  }

  /** @param cause 'snapshot' for rows out of a file; 'watch' rows during a list count as the list's */
  apply(batch: RowBatch, scope: string, cause: ChangeCause = 'watch'): void {
    const layout = this.#layouts.get(batch.cluster) ?? this.#latestLayout;
    if (batch.cells.length !== layout.length) {
      throw new KubeSageError(
        'internal',
        `A batch of ${batch.kind} has ${batch.cells.length} columns, not ${layout.length}`,
        {
          hint: 'The watcher and the table disagree about the columns of this kind; reopen the cluster.',
        },
      );
    }
    this.#texts.learn(batch, scope, layout, this.#stores);
    for (const store of this.#stores) if (store.type === 'text') store.widen();
    const listing = this.#lists.current(batch.cluster, scope);
    const why = cause === 'watch' && listing !== undefined ? 'list' : cause;
    if (cause === 'snapshot') this.reserve(batch.count);
    const before = this.changes.written;
    let at = 0;
    while (at < batch.count) {
      if (batch.ops[at] === 1) this.#applyDelete(batch, at++, why);
      else at = this.#applyRun(batch, at, layout, { listing, cause: why, force: false });
    }
    if (cause === 'snapshot') this.#texts.drop(batch, scope);
    if (this.changes.written !== before) {
      this.#tidy();
      this.#changed.fire();
    }
  }

  /** Removes the rows of a scope: the server says that they are all gone. */
  clear(cluster: number, scope: string): void {
    this.#eachInScope(cluster, scope, (row) => this.#remove(row, 'list', Number.NaN));
    this.#lists.end(cluster, scope);
    this.#lists.forgetVersion(cluster, scope);
    this.#tidy();
    this.#changed.fire();
  }

  /** Forgets rows without saying that the objects are gone: of one cluster, or of one namespace of it. */
  forget(cluster: number, namespace = ''): void {
    this.#eachInScope(cluster, namespace, (row) => this.#remove(row, 'forgotten', Number.NaN));
    if (namespace === '') {
      this.#lists.forget(cluster);
      this.#texts.forget(cluster);
      this.#layouts.delete(cluster);
      this.#tones.forget(cluster);
    } else {
      this.#lists.forgetVersion(cluster, namespace);
    }
    this.#tidy();
    this.#changed.fire();
  }

  /** Memory of the table with its dictionaries and indexes. Views are not part of it. */
  bytes(): number {
    let sum =
      this.#index.bytes() + this.changes.bytes() + this.membership.bytes() + this.#texts.bytes() + this.#order.bytes();
    sum += this.#flags.byteLength + this.clusters.byteLength + this.uids.byteLength;
    sum += this.versions.byteLength + this.revisions.byteLength + this.#free.length * 8;
    for (const store of this.#stores) sum += store.bytes();
    return sum;
  }

  /** Writes upserts from `from` on until a delete or until an object comes a second time; returns where it stopped. */
  #applyRun(batch: RowBatch, from: number, layout: Int32Array, how: RunOptions): number {
    const { listing } = how;
    const { cluster, uids, versions, ops } = batch;
    const limit = how.only ?? batch.count;
    if (this.#targets.length < limit - from) this.#targets = new Int32Array(limit - from);
    const targets = this.#targets;
    let at = from;
    for (; at < limit && ops[at] === 0; at++) {
      const version = versions[at] as number;
      let row = this.#index.find(cluster, uids, at * 4);
      if (row === -1) {
        if (!how.force && this.#tombstones.isNewer(cluster, uids, at * 4, version)) {
          listing?.refused.push({ batch, at });
          targets[at - from] = -1;
          continue;
        }
        row = this.#allocate(cluster, uids, at * 4);
        this.#flags[row] = live | seen | touched | fresh | changed;
        this.versions[row] = version;
        targets[at - from] = row;
        continue;
      }
      const flags = this.#flags[row] as number;
      if ((flags & touched) !== 0) break;
      const known = this.versions[row] as number;
      if (version < known && !how.force) {
        listing?.refused.push({ batch, at });
        this.#flags[row] = flags | seen;
        targets[at - from] = -1;
      } else if (version === known && !how.force) {
        this.#flags[row] = flags | seen;
        targets[at - from] = -1;
      } else {
        this.#flags[row] = flags | seen | touched;
        this.versions[row] = version;
        targets[at - from] = row;
        this.#countRow(row, -1);
      }
    }
    const count = at - from;
    const before = this.#observers.any ? new Map<number, CellChange[]>() : null;
    const written = new Uint8Array(this.#stores.length);
    const appended = how.cause === 'snapshot' && this.#isAppended(targets, count);
    for (let index = 0; index < batch.cells.length; index++) {
      const column = layout[index] as number;
      written[column] = 1;
      const store = this.#stores[column] as ColumnStore;
      const texts = this.#texts.mapping(batch, index);
      const isWritten = appended
        ? appendCells(store, batch.cells[index], { row: targets[0] as number, from, count, texts })
        : writeCells(store, batch.cells[index], {
            from,
            count,
            targets,
            texts,
            flags: this.#flags,
            changed: column === meta.name || column === meta.namespace ? changed | renamed : changed,
            remember: before === null ? null : (row) => this.#remember(before, row, column),
          });
      if (isWritten) continue;
      throw new KubeSageError('internal', `Column ${column} of ${batch.kind} does not come as ${store.type}`, {
        hint: 'The watcher and the table disagree about the columns of this kind; reopen the cluster.',
      });
    }
    for (let column = 0; column < written.length; column++) {
      if (written[column] === 0) this.#clearColumn(column, targets.subarray(0, count), before);
    }
    for (let k = 0; k < count; k++) {
      const row = targets[k] as number;
      if (row === -1) continue;
      const flags = this.#flags[row] as number;
      this.#flags[row] = flags & (live | seen);
      this.#countRow(row, 1);
      if ((flags & changed) === 0) continue;
      this.changes.push(row);
      if ((flags & (fresh | renamed)) !== 0) this.membership.push(row);
      this.revisions[row] = this.changes.written;
      if (before === null) continue;
      for (const observer of this.#observers.list) {
        if ((flags & fresh) !== 0) observer.added?.(this, row, how.cause);
        else observer.modified?.(this, row, before.get(row) ?? [], how.cause);
      }
    }
    return at;
  }

  /** Whether these are new rows only, one behind the other. */
  #isAppended(targets: Int32Array, count: number): boolean {
    const first = targets[0] as number;
    for (let at = 0; at < count; at++) {
      const row = targets[at] as number;
      if (row === -1 || row !== first + at || ((this.#flags[row] as number) & fresh) === 0) return false;
    }
    return count > 0;
  }

  /** A column that another cluster's version of the kind has, and this one's has not. */
  #clearColumn(column: number, targets: Int32Array, before: Map<number, CellChange[]> | null): void {
    for (const row of targets) {
      if (row === -1 || isAbsent(this.cell(row, column))) continue;
      if (before !== null) this.#remember(before, row, column);
      clearCell(this.#stores[column] as ColumnStore, row);
      this.#flags[row] = (this.#flags[row] as number) | changed;
    }
  }

  #remember(before: Map<number, CellChange[]>, row: number, column: number): void {
    if (((this.#flags[row] as number) & fresh) !== 0) return;
    const change = { column, before: this.cell(row, column) };
    const list = before.get(row);
    if (list === undefined) before.set(row, [change]);
    else list.push(change);
  }

  #applyDelete(batch: RowBatch, at: number, cause: ChangeCause): void {
    const version = batch.versions[at] as number;
    const row = this.#index.find(batch.cluster, batch.uids, at * 4);
    if (row === -1) this.#tombstones.add(batch.cluster, batch.uids, at * 4, version);
    else if (!(version < (this.versions[row] as number))) this.#remove(row, cause, version);
  }

  /** A complete list at `version` named this row older than we know it: right when ours is from a later time. */
  #acceptPast(batch: RowBatch, at: number, version: number): void {
    const row = this.#index.find(batch.cluster, batch.uids, at * 4);
    const known =
      row === -1 ? this.#tombstones.version(batch.cluster, batch.uids, at * 4) : (this.versions[row] as number);
    if (!(version < known) || !this.#texts.knows(batch)) return;
    const layout = this.#layouts.get(batch.cluster) ?? this.#latestLayout;
    this.#applyRun(batch, at, layout, { listing: undefined, cause: 'list', force: true, only: at + 1 });
  }

  #allocate(cluster: number, uids: Uint32Array, at: number): number {
    let row = this.#free.pop();
    if (row === undefined) {
      if (this.#used === this.#capacity) this.#grow();
      row = this.#used++;
    }
    this.clusters[row] = cluster;
    for (let word = 0; word < 4; word++) this.uids[row * 4 + word] = uids[at + word] as number;
    this.#index.add(row);
    this.#count++;
    return row;
  }

  #remove(row: number, cause: ChangeCause, version: number): void {
    for (const observer of this.#observers.list) observer.deleted?.(this, row, cause);
    this.#countRow(row, -1);
    if (cause !== 'forgotten') {
      // Gone as of what was said, and no later: a list of a server that lags behind leaves out what it will tell of again,
      // and a kind that was not served for a while comes back with its objects as they were.
      this.#tombstones.add(this.clusters[row] as number, this.uids, row * 4, version);
    }
    this.#index.remove(row);
    for (const store of this.#stores) clearCell(store, row);
    this.#flags[row] = 0;
    this.#free.push(row);
    this.#count--;
    this.changes.push(row);
    this.membership.push(row);
    this.revisions[row] = this.changes.written;
  }

  /** Makes room for that many new rows at once. */
  reserve(rows: number): void {
    this.#index.reserve(rows);
    const needed = this.#used + rows - this.#free.length;
    if (needed > this.#capacity) this.#grow(needed);
  }

  #grow(needed = 0): void {
    const capacity = Math.max(needed, grownSize(this.#capacity));
    this.#flags = copied(this.#flags, new Uint8Array(capacity));
    this.clusters = copied(this.clusters, new Uint16Array(capacity));
    this.uids = copied(this.uids, new Uint32Array(capacity * 4));
    this.versions = copied(this.versions, new Float64Array(capacity));
    this.revisions = copied(this.revisions, new Uint32Array(capacity));
    for (const store of this.#stores) store.grow(capacity);
    this.#capacity = capacity;
    this.changes.reserve(capacity >>> 2);
    this.membership.reserve(capacity >>> 2);
  }

  #countRow(row: number, sign: 1 | -1): void {
    const cluster = this.clusters[row] as number;
    this.#tones.count(cluster, (this.#stores[meta.tone] as NumberStore).values[row] as number, sign);
    for (const aggregate of this.#aggregates) aggregate.count(row, sign);
  }

  #eachInScope(cluster: number, namespace: string, visit: (row: number) => void): void {
    const namespaces = this.#stores[meta.namespace] as TextStore;
    const id = namespace === '' ? -1 : namespaces.dictionary.find(namespace);
    if (id === undefined) return;
    for (let row = 0; row < this.#used; row++) {
      if (this.clusters[row] !== cluster || ((this.#flags[row] as number) & live) === 0) continue;
      if (id === -1 || namespaces.ids[row] === id) visit(row);
    }
  }

  /** Gives back what deleted rows and forgotten dictionaries left behind, when it is worth it. */
  #tidy(): void {
    for (let column = 0; column < this.#stores.length; column++) {
      const store = this.#stores[column];
      if (store?.type === 'name') store.tidy(this.#used);
      else if (store?.type === 'text') this.#texts.tidy(store, column, this.#used);
    }
  }
}

interface RunOptions {
  listing: Listing | undefined;
  cause: ChangeCause;
  /** Versions do not matter. */
  force: boolean;
  /** Where to stop at the latest. */
  only?: number;
}

function isAbsent(cell: CellValue): boolean {
  return cell === null || cell === '';
}

/** Whether rows of `schema` fit into `table` as they are. */
export function sameColumns(table: Table, schema: KindSchema): boolean {
  return schemaFingerprint(table.schema) === schemaFingerprint(schema);
}
