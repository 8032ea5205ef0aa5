import type { Clock } from '../../kernel/clock.ts';
import { type Disposable, Scope } from '../../kernel/disposable.ts';
import { toErrorValue } from '../../kernel/errors.ts';
import { type KindSchema, meta } from '../../kube/columns/schema.ts';
import { type Store, TableWriter } from '../../platform/store/index.ts';
import { fingerprint, isEventKind, isRecorded, versionCells } from './model.ts';
import { type Change, changes, versionColumns } from './tables.ts';

/** A table as the recorder reads it. Rows are numbered; a number is used again after its object is gone. */
export interface ObservedTable {
  readonly schema: KindSchema;
  /** Id of the cluster that the row belongs to. */
  clusterOf(row: number): string;
  uidOf(row: number): string;
  isAlive(row: number): boolean;
  cell(row: number, column: number): string | number | null;
}

/** A version of an object from before it was watched. */
export interface PastVersion {
  /** The kind's, whose columns `values` follow. */
  schema: KindSchema;
  uid: string;
  /** Milliseconds. */
  at: number;
  change: Change;
  values: readonly (string | number | null)[];
}

interface Baseline {
  /** What was last recorded of each object, by uid; an object found again leaves the map. */
  known: Map<string, number>;
  ready: boolean;
}

/** Rows looked at in one go, at about 60 µs each, so that a list of 100,000 never holds the engine's thread for a frame. */
const sliceRows = 250;
const sliceMs = 20;
/** How long a version waits before it is written: with the writing itself, less than the second that a crash may cost. */
const periodMs = 500;

/**
 * Writes each object's versions to the store. Told of changes synchronously, it only notes the row and reads it a
 * moment later, in slices: several changes in a second are one version, and a change that no column shows is none.
 */
export class Recorder implements Disposable {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #scope = new Scope();
  readonly #versions: TableWriter;
  readonly #events: TableWriter;
  readonly #baselines = new Map<string, Baseline>();
  readonly #queues = new Map<ObservedTable, Set<number>>();
  /** Fingerprint of each table's rows as recorded, by row number; 0 for none. */
  readonly #recorded = new Map<ObservedTable, Float64Array>();
  readonly #onProblem: (message: string) => void;
  #sliceIsDue = false;

  constructor(store: Store, options: { clock: Clock; onProblem(message: string | null): void }) {
    const { clock, onProblem } = options;
    this.#store = store;
    this.#clock = clock;
    this.#onProblem = onProblem;
    this.#versions = this.#scope.add(
      new TableWriter(store, {
        table: 'object_versions',
        periodMs,
        columns: versionColumns,
        clock,
        onProblem,
      }),
    );
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
  async importPast(cluster: string, read: (add: (version: PastVersion) => void) => Promise<void>): Promise<void> {
    const until = this.#takePast(cluster, read);
    this.#held.set(
      cluster,
      until.catch(() => undefined),
    );
    try {
      await until;
    } finally {
      this.#held.delete(cluster);
    }
  }

  async #takePast(cluster: string, read: (add: (version: PastVersion) => void) => Promise<void>): Promise<void> {
    const begun = await this.#store.query('SELECT 1 FROM pasts_begun WHERE cluster = $1', [cluster]);
    if (begun.length > 0) await this.#forgetPast(cluster);
    const known = await this.#store.query('SELECT 1 FROM object_versions WHERE cluster = $1 LIMIT 1', [cluster]);
    if (known.length > 0) return;
    // Says on the disk that what follows may be half of it, also when the process is killed on the way.
    await this.#store.run('INSERT INTO pasts_begun VALUES ($1)', [cluster]);
    try {
      await read((version) => this.#addPast(cluster, version));
      await this.#versions.flush();
      await this.#store.run('DELETE FROM pasts_begun WHERE cluster = $1', [cluster]);
    } catch (error) {
      await this.#versions.flush();
      await this.#forgetPast(cluster);
      throw error;
    }
  }

  /** Half of a past would never be completed: the next time tells all of it. */
  async #forgetPast(cluster: string): Promise<void> {
    await this.#store.run('DELETE FROM object_versions WHERE cluster = $1', [cluster]);
    await this.#store.run('DELETE FROM pasts_begun WHERE cluster = $1', [cluster]);
  }

  #addPast(cluster: string, { schema, uid, at, change, values }: PastVersion): void {
    const cell = (column: number) => values[column] ?? null;
    this.#versions.add([
      cluster,
      schema.id,
      uid,
      String(cell(meta.namespace) ?? ''),
      String(cell(meta.name) ?? ''),
      Math.trunc(at),
      changes.indexOf(change),
      Number(cell(meta.tone)) || 0,
      String(cell(meta.status) ?? ''),
      change === 'deleted' ? 0 : fingerprint(schema, cell),
      JSON.stringify(versionCells(schema, cell)),
    ]);
  }

  /** A row was added, changed or is about to go. Called for every row of every table: cheap. */
  changed(table: ObservedTable, row: number, change: Change): void {
    const { id } = table.schema;
    if (!isRecorded(id) && !isEventKind(id)) return;
    if (change === 'deleted') {
      this.#queues.get(table)?.delete(row);
      if (isRecorded(id)) this.#recordDeleted(table, row);
      return;
    }
    let queue = this.#queues.get(table);
    if (queue === undefined) {
      queue = new Set();
      this.#queues.set(table, queue);
    }
    queue.add(row);
    this.#scheduleSlice();
  }

  /**
   * A row is about to go because the engine drops what it knows, which says nothing about the object: when it is found
   * again it is compared with what was recorded. The row's number may be another object's by then.
   */
  forgotten(table: ObservedTable, row: number): void {
    const { id } = table.schema;
    const wasQueued = this.#queues.get(table)?.delete(row) === true;
    if (!isRecorded(id)) {
      if (wasQueued && isEventKind(id)) this.#recordEvent(table, row);
      return;
    }
    const cluster = table.clusterOf(row);
    const baseline = this.#baselines.get(keyOf(cluster, id));
    if (wasQueued && baseline?.ready === true) this.#record(table, row);
    const recorded = this.#recordedOf(table, row);
    const print = recorded[row] ?? 0;
    recorded[row] = 0;
    if (print !== 0) baseline?.known.set(table.uidOf(row), print);
  }

  /** A list is complete: what was recorded of this kind and cluster and is not in it was deleted while nobody looked. */
  async listed(cluster: string, kind: string): Promise<void> {
    if (!isRecorded(kind)) return;
    await this.#baseline(cluster, kind);
    this.#drain();
    const baseline = this.#baselines.get(keyOf(cluster, kind));
    if (baseline === undefined || baseline.known.size === 0) return;
    const gone = [...baseline.known.keys()];
    baseline.known.clear();
    const rows = await this.#store.query(
      `SELECT uid, arg_max(namespace, valid_from) AS namespace, arg_max(name, valid_from) AS name,
              arg_max(status, valid_from) AS status, arg_max(tone, valid_from) AS tone
       FROM object_versions WHERE cluster = $1 AND kind = $2 AND uid IN (SELECT unnest(from_json($3, '["VARCHAR"]')))
       GROUP BY uid`,
      [cluster, kind, JSON.stringify(gone)],
    );
    const now = this.#clock.now();
    for (const row of rows) {
      const [namespace, name, status] = [String(row.namespace), String(row.name), String(row.status)];
      this.#versions.add([cluster, kind, String(row.uid), namespace, name, now, 2, Number(row.tone), status, 0, '{}']);
    }
  }

  /** Everything noted so far is on disk when this resolves. */
  async flush(): Promise<void> {
    // The first pass asks for the baselines that are missing, the second finds them loaded.
    this.#drain();
    // Those that wait for a past take too long for who asks.
    const isHeld = (key: string) => this.#held.has(key.slice(0, key.indexOf('\n')));
    await Promise.all([...this.#loading].filter(([key]) => !isHeld(key)).map(([, loading]) => loading));
    this.#drain();
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
      if (this.#readSlice(sliceRows)) this.#scheduleSlice();
    });
  }

  #drain(): void {
    this.#readSlice(Number.POSITIVE_INFINITY);
  }

  /** @returns whether rows are left. */
  #readSlice(most: number): boolean {
    let left = most;
    let waiting = false;
    for (const [table, queue] of this.#queues) {
      for (const row of queue) {
        if (left <= 0) return true;
        // Those that wait cost next to nothing, and must not keep those behind them waiting.
        if (!table.isAlive(row)) queue.delete(row);
        else if (isEventKind(table.schema.id)) {
          left--;
          queue.delete(row);
          this.#recordEvent(table, row);
        } else if (this.#isReady(table.clusterOf(row), table.schema.id)) {
          left--;
          queue.delete(row);
          this.#record(table, row);
        } else waiting = true;
      }
    }
    return waiting && most !== Number.POSITIVE_INFINITY;
  }

  #record(table: ObservedTable, row: number): void {
    const { schema } = table;
    const cell = (column: number) => table.cell(row, column);
    const print = fingerprint(schema, cell);
    const recorded = this.#recordedOf(table, row);
    const cluster = table.clusterOf(row);
    const uid = table.uidOf(row);
    let before = recorded[row] ?? 0;
    if (before === 0) {
      const baseline = this.#baselines.get(keyOf(cluster, schema.id));
      before = baseline?.known.get(uid) ?? 0;
      baseline?.known.delete(uid);
    }
    recorded[row] = print;
    if (before === print) return;
    this.#add(table, row, before === 0 ? 'added' : 'modified', print);
  }

  #recordDeleted(table: ObservedTable, row: number): void {
    const recorded = this.#recordedOf(table, row);
    recorded[row] = 0;
    this.#baselines.get(keyOf(table.clusterOf(row), table.schema.id))?.known.delete(table.uidOf(row));
    this.#add(table, row, 'deleted', 0);
  }

  #add(table: ObservedTable, row: number, change: Change, print: number): void {
    const cell = (column: number) => table.cell(row, column);
    this.#versions.add([
      table.clusterOf(row),
      table.schema.id,
      table.uidOf(row),
      String(cell(meta.namespace) ?? ''),
      String(cell(meta.name) ?? ''),
      this.#clock.now(),
      changes.indexOf(change),
      Number(cell(meta.tone)) || 0,
      String(cell(meta.status) ?? ''),
      print,
      JSON.stringify(versionCells(table.schema, cell)),
    ]);
  }

  #recordEvent(table: ObservedTable, row: number): void {
    const { schema } = table;
    const cells = versionCells(schema, (column) => table.cell(row, column));
    const text = (id: string) => String(cells[id] ?? '');
    const seenAt = Number(cells.last ?? cells.created ?? 0);
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
      Number(cells.count ?? 1),
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

  readonly #loading = new Map<string, Promise<void>>();
  /** By cluster: when its past has been told. */
  readonly #held = new Map<string, Promise<unknown>>();

  #isReady(cluster: string, kind: string): boolean {
    const baseline = this.#baselines.get(keyOf(cluster, kind));
    if (baseline === undefined) void this.#baseline(cluster, kind);
    return baseline?.ready === true;
  }

  /** Loads what was last recorded of a kind in a cluster, once. */
  #baseline(cluster: string, kind: string): Promise<void> {
    const key = keyOf(cluster, kind);
    let loading = this.#loading.get(key);
    if (loading === undefined) {
      const baseline: Baseline = { known: new Map(), ready: false };
      this.#baselines.set(key, baseline);
      loading = this.#load(cluster, kind, baseline);
      this.#loading.set(key, loading);
    }
    return loading;
  }

  async #load(cluster: string, kind: string, baseline: Baseline): Promise<void> {
    await this.#held.get(cluster);
    try {
      const rows = await this.#store.query(
        `SELECT uid, arg_max(fingerprint, valid_from) AS fingerprint FROM object_versions
         WHERE cluster = $1 AND kind = $2 GROUP BY uid HAVING arg_max(change, valid_from * 4 + change) <> 2`,
        [cluster, kind],
      );
      for (const row of rows) baseline.known.set(String(row.uid), Number(row.fingerprint));
    } catch (error) {
      // What comes from now on is recorded all the same, as new where it may not be.
      const { message } = toErrorValue(error);
      this.#onProblem(`What was recorded of ${kind} cannot be compared with what is there now: ${message}`);
    }
    baseline.ready = true;
  }
}

function texts(count: number): 'varchar'[] {
  return Array.from({ length: count }, () => 'varchar');
}

function keyOf(cluster: string, kind: string): string {
  return `${cluster}\n${kind}`;
}
