import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../kernel/clock.ts';
import { type Disposable, Scope } from '../../kernel/disposable.ts';
import { toErrorValue } from '../../kernel/errors.ts';
import { uidWords } from '../../kube/columns/batchBuilder.ts';
import { type KindSchema, meta } from '../../kube/columns/schema.ts';
import { type Store, TableWriter } from '../../platform/store/index.ts';
import { Baselines, keyOf } from './baselines.ts';
import { isEventKind, isRecorded } from './model.ts';
import type { ObservedTable } from './observed.ts';
import { type ReadPast, takePast } from './past.ts';
import { type Pending, PendingRows, unmark } from './pending.ts';
import { type Change, changes } from './tables.ts';
import { VersionWriter } from './versionWriter.ts';

interface ListedKind {
  cluster: string;
  kind: string;
  at: number;
}

/** Rows looked at in one go, at about 10 µs each, so that a list of 100,000 never holds the engine's thread for a frame. */
const sliceRows = 250;
const sliceMs = 20;
/** Versions are handed over when there are so many: a few full pages, and little enough for DuckDB to give back after. */
const mostWaiting = 4_096;
/** Rows of one go while somebody waits for all of them. */
const drainRows = 1_000;
/** What lists find is read when none has brought anything for so long, or when the first of it has waited so long. */
const restMs = 400;
const mostRestMs = 15_000;
/** Rows out of a file are compared with what was recorded when the first screen is long there. */
const snapshotRestMs = 5_000;
/** How long a version waits before it is written: with the writing itself, less than the second that a crash may cost. */
const periodMs = 500;

/** The uid of the version that is being added. */
const words = new Uint32Array(4);

/**
 * Writes each object's versions to the store. Told of changes synchronously, it only notes the row and reads it a
 * moment later, in slices: several changes in a second are one version, and a change that no column shows is none.
 * What a list finds is read when the lists are through: nothing is lost by it, for the next start would find it again.
 */
export class Recorder implements Disposable {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #scope = new Scope();
  readonly #versions: VersionWriter;
  readonly #events: TableWriter;
  readonly #baselines: Baselines;
  readonly #pending = new PendingRows();
  /** When rows that lists find began to wait, and when the last of them came; milliseconds. */
  #laterSince = 0;
  #laterAt = 0;
  #restUntil = 0;
  /** Complete lists that are not compared yet with what was recorded: when each was complete. */
  readonly #lists = new Map<string, ListedKind>();
  /** Fingerprint of each table's rows as recorded, by row number; 0 for none. */
  readonly #recorded = new Map<ObservedTable, Float64Array>();
  readonly #onProblem: (message: string) => void;
  #sliceIsDue = false;

  constructor(store: Store, options: { clock: Clock; onProblem(message: string | null): void }) {
    const { clock, onProblem } = options;
    this.#store = store;
    this.#clock = clock;
    this.#onProblem = onProblem;
    this.#baselines = new Baselines(store, onProblem);
    this.#versions = this.#scope.add(new VersionWriter(store, { clock, periodMs, onProblem }));
    this.#events = this.#scope.add(
      new TableWriter(store, {
        table: 'events',
        periodMs,
        columns: [...texts(3), 'bigint', ...texts(6), 'integer'],
        clock,
        onProblem,
      }),
    );
  }

  /** See `History.importPast`. */
  importPast(cluster: string, read: ReadPast): Promise<void> {
    return this.#baselines.hold(cluster, takePast(this.#store, this.#versions, cluster, read));
  }

  /** A row was added, changed or is about to go. Called for every row of every table: cheap. */
  changed(table: ObservedTable, row: number, change: Change, cause: 'watch' | 'list' | 'snapshot' = 'watch'): void {
    const { id } = table.schema;
    const isObject = isRecorded(id);
    if (!isObject && !isEventKind(id)) return;
    if (change === 'deleted') {
      this.#pending.delete(table, row);
      if (isObject) this.#recordDeleted(table, row);
      return;
    }
    if (cause === 'snapshot') this.#restUntil = this.#clock.now() + snapshotRestMs;
    if (cause !== 'watch' && (this.#recorded.get(table)?.[row] ?? 0) === 0) this.#pending.addLater(table, row);
    else this.#pending.addSoon(table, row);
    this.#scheduleSlice();
  }

  /**
   * A row is about to go because the engine drops what it knows, which says nothing about the object: when it is found
   * again it is compared with what was recorded. The row's number may be another object's by then.
   */
  forgotten(table: ObservedTable, row: number): void {
    const { id } = table.schema;
    const waited = this.#pending.delete(table, row);
    if (!isRecorded(id)) {
      if (waited === 'soon' && isEventKind(id)) this.#recordEvent(table, row);
      return;
    }
    const cluster = table.clusterOf(row);
    const key = keyOf(cluster, id);
    // What is forgotten now would be missing in a list that has been complete before.
    this.#lists.delete(key);
    const baseline = this.#baselines.get(cluster, id);
    if (waited === 'soon' && baseline?.ready === true) this.#record(table, row);
    const recorded = this.#recordedOf(table, row);
    const print = recorded[row] ?? 0;
    recorded[row] = 0;
    if (print !== 0) baseline?.known.set(table.uidOf(row), print);
  }

  /**
   * A list is complete: what was recorded of this kind and cluster and is not in it was deleted while nobody looked. It
   * is compared when what the list found has been read.
   */
  listed(cluster: string, kind: string): void {
    if (!isRecorded(kind)) return;
    this.#lists.set(keyOf(cluster, kind), { cluster, kind, at: this.#clock.now() });
    this.#scheduleSlice();
  }

  /** Everything noted so far is on disk when this resolves. */
  async flush(): Promise<void> {
    // The first pass asks for the baselines that are missing, the second finds them loaded.
    await this.#drain();
    for (const { cluster, kind } of this.#lists.values()) void this.#baselines.load(cluster, kind);
    await this.#baselines.loaded();
    await this.#drain();
    // One that is under way may have begun before the last list came.
    await this.#comparing;
    await this.#compareLists();
    await this.#versions.flush();
    await this.#events.flush();
  }

  dispose(): void {
    this.#scope.dispose();
  }

  #scheduleSlice(): void {
    if (this.#sliceIsDue) return;
    this.#sliceIsDue = true;
    this.#clock.after(sliceMs, () => {
      this.#sliceIsDue = false;
      this.#slice();
    });
  }

  #slice(): void {
    const mayRead = this.#listsRest();
    const left = this.#readSoon(sliceRows);
    if (mayRead && left > 0 && this.#versions.pending < 2 * mostWaiting) this.#readLater(left);
    if (this.#versions.pending >= mostWaiting) void this.#versions.flush();
    if (mayRead && this.#lists.size > 0 && this.#pending.laterCount === 0) void this.#compareLists();
    const hasSoon = [...this.#pending.tables.values()].some(({ soon }) => soon.size > 0);
    if (hasSoon || this.#pending.laterCount > 0 || this.#lists.size > 0) this.#scheduleSlice();
  }

  /** Whether lists bring nothing at the moment, or what they brought has waited for too long. */
  #listsRest(): boolean {
    const now = this.#clock.now();
    if (this.#pending.arrived > 0) {
      if (this.#laterSince === 0) this.#laterSince = now;
      this.#laterAt = now;
      this.#pending.arrived = 0;
    }
    if (this.#pending.laterCount === 0) this.#laterSince = 0;
    if (now < this.#restUntil) return false;
    return now - this.#laterAt >= restMs || (this.#laterSince !== 0 && now - this.#laterSince >= mostRestMs);
  }

  /** Reads all that waits, letting others have the thread in between. */
  async #drain(): Promise<void> {
    while (this.#readLater(this.#readSoon(drainRows)) <= 0) await setImmediate();
  }

  /** @returns how many more rows may be read. */
  #readSoon(most: number): number {
    let left = most;
    for (const [table, { soon }] of this.#pending.tables) {
      for (const row of soon) {
        if (left <= 0) return 0;
        // Those that wait cost next to nothing, and must not keep those behind them waiting.
        if (this.#read(table, row)) {
          left--;
          soon.delete(row);
        }
      }
    }
    return left;
  }

  /** @returns how many more rows may be read. */
  #readLater(most: number): number {
    let left = most;
    for (const [table, pending] of this.#pending.tables) {
      if (pending.laterCount > 0) left = this.#readLaterOf(table, pending, left);
      if (left <= 0) return 0;
    }
    return left;
  }

  #readLaterOf(table: ObservedTable, pending: Pending, most: number): number {
    let left = most;
    const start = pending.cursor;
    // Once around: what is passed over waits for its baseline.
    for (const [from, end] of [
      [start, pending.later.length],
      [0, start],
    ] as const) {
      for (let row = pending.later.indexOf(1, from); row !== -1 && row < end; row = pending.later.indexOf(1, row + 1)) {
        if (left <= 0) {
          pending.cursor = row;
          return 0;
        }
        if (!this.#read(table, row)) continue;
        left--;
        unmark(pending, row);
      }
    }
    return left;
  }

  /** @returns false for a row whose kind's baseline is not known yet. */
  #read(table: ObservedTable, row: number): boolean {
    if (!table.isAlive(row)) return true;
    if (isEventKind(table.schema.id)) this.#recordEvent(table, row);
    else if (this.#baselines.isReady(table.clusterOf(row), table.schema.id)) this.#record(table, row);
    else return false;
    return true;
  }

  #record(table: ObservedTable, row: number): void {
    const print = table.fingerprint(row);
    const recorded = this.#recordedOf(table, row);
    let before = recorded[row] ?? 0;
    if (before === 0) {
      const known = this.#baselines.get(table.clusterOf(row), table.schema.id)?.known;
      if (known !== undefined && known.size > 0) {
        const uid = table.uidOf(row);
        before = known.get(uid) ?? 0;
        known.delete(uid);
      }
    }
    recorded[row] = print;
    if (before === print) return;
    this.#add(table, row, before === 0 ? 'added' : 'modified', print);
  }

  #recordDeleted(table: ObservedTable, row: number): void {
    const recorded = this.#recordedOf(table, row);
    recorded[row] = 0;
    this.#baselines.get(table.clusterOf(row), table.schema.id)?.known.delete(table.uidOf(row));
    this.#add(table, row, 'deleted', 0);
  }

  #add(table: ObservedTable, row: number, change: Change, print: number): void {
    const text = (column: number) => String(table.cell(row, column) ?? '');
    table.copyUid(row, words);
    this.#versions.add(
      table.schema,
      {
        cluster: table.clusterOf(row),
        namespace: text(meta.namespace),
        name: text(meta.name),
        status: text(meta.status),
        change: changes.indexOf(change),
        tone: Number(table.cell(row, meta.tone)) || 0,
        at: this.#clock.now(),
        fingerprint: print,
      },
      words,
      0,
      (page) => table.writeCells(page, row),
    );
  }

  #recordEvent(table: ObservedTable, row: number): void {
    const columns = columnsOf(table.schema);
    const cell = (id: string) => {
      const column = columns.get(id);
      return column === undefined ? null : table.cell(row, column);
    };
    const text = (id: string) => String(cell(id) ?? '');
    const seenAt = Number(cell('last') ?? cell('created') ?? 0);
    this.#events.add([
      table.clusterOf(row),
      table.uidOf(row),
      text('namespace'),
      seenAt === 0 ? this.#clock.now() : seenAt,
      text('type'),
      text('reason'),
      text('object'),
      text('objectuid'),
      text('message'),
      text('source'),
      Number(cell('count') ?? 1),
    ]);
  }

  #recordedOf(table: ObservedTable, row: number): Float64Array {
    let recorded = this.#recorded.get(table);
    if (recorded === undefined || row >= recorded.length) {
      const larger = new Float64Array(Math.max(1_024, 2 * (recorded?.length ?? 0), row + 1));
      if (recorded !== undefined) larger.set(recorded);
      recorded = larger;
      this.#recorded.set(table, recorded);
    }
    return recorded;
  }

  #comparing: Promise<void> | undefined;

  /** Compares the complete lists with what was recorded before. */
  #compareLists(): Promise<void> {
    this.#comparing ??= this.#compareAll().finally(() => {
      this.#comparing = undefined;
    });
    return this.#comparing;
  }

  async #compareAll(): Promise<void> {
    for (const [key, list] of [...this.#lists]) {
      // Until its past is told.
      if (this.#baselines.isHeld(list.cluster)) continue;
      try {
        await this.#compare(key, list);
      } catch (error) {
        const { message } = toErrorValue(error);
        this.#onProblem(`What was deleted of ${list.kind} meanwhile could not be recorded: ${message}`);
      }
      if (this.#lists.get(key) === list) this.#lists.delete(key);
    }
  }

  async #compare(key: string, list: ListedKind): Promise<void> {
    const { cluster, kind, at } = list;
    await this.#baselines.load(cluster, kind);
    const known = this.#baselines.get(cluster, kind)?.known;
    if (known === undefined || known.size === 0) return;
    // Whatever is there leaves what is known when it is read.
    await this.#drain();
    if (this.#lists.get(key) !== list) return;
    const gone = [...known.keys()];
    known.clear();
    if (gone.length === 0) return;
    const rows = await this.#store.query(
      `SELECT uid, arg_max(namespace, valid_from) AS namespace, arg_max(name, valid_from) AS name,
              arg_max(status, valid_from) AS status, arg_max(tone, valid_from) AS tone
       FROM object_versions WHERE cluster = $1 AND kind = $2 AND uid IN (SELECT unnest(from_json($3, '["UUID"]')))
       GROUP BY uid`,
      [cluster, kind, JSON.stringify(gone)],
    );
    const withoutCells = { id: kind, columns: [] };
    for (const row of rows) {
      const [namespace, name, status] = [String(row.namespace), String(row.name), String(row.status)];
      const head = { cluster, namespace, name, status, change: 2, tone: Number(row.tone), at, fingerprint: 0 };
      uidWords(String(row.uid), words, 0);
      this.#versions.add(withoutCells, head, words, 0, (page) => page.addCells(() => null));
    }
  }
}

/** Where a kind's columns are, by id. */
function columnsOf(schema: KindSchema): ReadonlyMap<string, number> {
  let columns = columnsBySchema.get(schema);
  if (columns === undefined) {
    columns = new Map(schema.columns.map(({ id }, index) => [id, index]));
    columnsBySchema.set(schema, columns);
  }
  return columns;
}

const columnsBySchema = new WeakMap<KindSchema, ReadonlyMap<string, number>>();

function texts(count: number): 'varchar'[] {
  return Array.from({ length: count }, () => 'varchar');
}
