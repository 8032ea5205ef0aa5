import { BatchBuilder } from '../../kube/columns/batchBuilder.ts';
import { meta } from '../../kube/columns/schema.ts';
import type { Table } from '../../kube/columns/table.ts';
import { createTables } from '../../kube/columns/tables.ts';
import { View, type ViewSpec } from '../../kube/columns/view.ts';
import { createProjector } from '../../kube/projectors/index.ts';
import type { LogEntry } from './etcd.ts';
import type { ModelCluster, World } from './world.ts';

/**
 * Until when a table may differ from its server unmarked, milliseconds: 5 s of silence, 1 s to the next look, 5 s for the
 * probe (R31), and what the network takes.
 */
const unmarkedMs = 12_500;

/** An answer may be on its way for so long before it is taken in. */
const lateAnswerMs = 60_000;

interface Told {
  revision: number;
  alive: boolean;
}

/**
 * Looks at every step of a model check whether what is shown is true or marked, and keeps the history of what observers
 * were told. What is wrong is thrown at the next `assert`.
 */
export class Watchdog {
  readonly #world: World;
  readonly #problems: string[] = [];
  /** By cluster and uid: writes that the table does not show yet, oldest first. */
  readonly #pending = new Map<string, { cluster: ModelCluster; entries: LogEntry[] }>();
  readonly #told = new Map<string, Told>();
  readonly #views = new Map<string, View>();
  /** By cluster: steady time up to which nobody can know that rows are old. */
  readonly #excused = new Map<ModelCluster, number>();
  /** By cluster and kind: when the server last did not serve it, by the steady clock. */
  readonly #absentAt = new Map<string, number>();
  steps = 0;

  constructor(world: World) {
    this.#world = world;
    for (const cluster of world.clusters) cluster.etcd.changed.event((entry) => this.#note(cluster, entry));
    world.tables.observe({
      added: (table, row) => this.#hear('added', table, row),
      modified: (table, row) => this.#hear('modified', table, row),
      deleted: (table, row, cause) => {
        if (cause !== 'forgotten') this.#hear('deleted', table, row);
        else this.#told.delete(keyOf(table, row));
      },
    });
    world.clock.onStep = () => this.#look();
  }

  /** What the cluster says is late for a reason that no client can see, for so long. */
  excuse(cluster: ModelCluster, durationMs: number): void {
    const until = this.#world.clock.steady() + durationMs;
    this.#excused.set(cluster, Math.max(until, this.#excused.get(cluster) ?? 0));
  }

  assert(): void {
    if (this.#problems.length > 0) throw new Error(this.#problems.slice(0, 5).join('\n'));
  }

  isConverged(): boolean {
    return this.#problems.length > 0 || (this.#pending.size === 0 && this.#allLive() && this.difference() === '');
  }

  #allLive(): boolean {
    const { fleet, clusters, watched } = this.#world;
    return watched.every((kind) => {
      const scopes = fleet.scopes(kind);
      return clusters.every(({ id, server }) => {
        const state = scopes.find(({ cluster }) => cluster === id)?.state;
        return state === (server.absent.has(kind) ? 'absent' : server.forbidden.has(kind) ? 'forbidden' : 'live');
      });
    });
  }

  /** What is not as in a fresh list of every kind, in words; '' when all is equal. */
  difference(): string {
    for (const cluster of this.#world.clusters) {
      for (const id of this.#world.watched) {
        const table = this.#world.tables.get(id);
        const expected = this.#fresh(cluster, id);
        if (table === undefined || expected === undefined) return `${cluster.id} ${id}: not known yet`;
        const [shown, fresh] = [rowsOf(table, cluster.index), rowsOf(expected, cluster.index)];
        const [one, other] = [shown.find((row) => !fresh.includes(row)), fresh.find((row) => !shown.includes(row))];
        if (one !== undefined || other !== undefined || shown.length !== fresh.length) {
          return `${cluster.id} ${id}: shown ${one ?? 'nothing more'}, the server has ${other ?? 'nothing more'}`;
        }
      }
    }
    return '';
  }

  /** Views and sums that were kept up to date, against new ones. */
  checkDerived(): void {
    for (const table of this.#world.tables.all()) {
      const spec = viewSpec(table);
      const kept = this.#views.get(table.schema.id) ?? new View(table, spec, (cluster) => `c${cluster}`);
      this.#views.set(table.schema.id, kept);
      const made = new View(table, spec, (cluster) => `c${cluster}`);
      kept.update(this.#world.clock.now());
      made.update(this.#world.clock.now());
      const text = (view: View) =>
        JSON.stringify([view.total, view.tones, [...view.window(0, 1000)].map((row) => table.uid(row)), view.groups()]);
      if (text(kept) !== text(made)) this.#report(`the view of ${table.schema.id} is ${text(kept)}, not ${text(made)}`);
      for (const { index, id } of this.#world.clusters) {
        const counted = [...table.rows(index)].length;
        if (table.countOf(index) !== counted)
          this.#report(`${id} has ${counted} rows, and says ${table.countOf(index)}`);
      }
    }
  }

  #fresh(cluster: ModelCluster, id: string): Table | undefined {
    const schema = this.#world.tables.get(id)?.schema;
    if (schema === undefined) return undefined;
    const projector = createProjector(schema);
    const builder = new BatchBuilder(schema);
    const fresh = createTables();
    const table = fresh.table(schema, cluster.index);
    if (cluster.server.absent.has(id)) return table;
    for (const { object, namespace } of cluster.etcd.of(id)) {
      if (namespace !== '' && cluster.namespaces?.includes(namespace) === false) continue;
      const bytes = Buffer.from(JSON.stringify(object));
      projector.fromJsonBytes(bytes, 0, bytes.length, builder, 0);
    }
    if (builder.count > 0) table.apply(builder.take(cluster.index), '');
    return table;
  }

  #note(cluster: ModelCluster, entry: LogEntry): void {
    const { namespace, uid } = entry.stored;
    if (namespace !== '' && cluster.namespaces?.includes(namespace) === false) return;
    const key = `${cluster.index} ${uid}`;
    const known = this.#pending.get(key);
    if (known === undefined) this.#pending.set(key, { cluster, entries: [entry] });
    else known.entries.push(entry);
  }

  #look(): void {
    this.steps++;
    const now = this.#world.clock.steady();
    for (const { index, server } of this.#world.clusters) {
      for (const kind of server.absent) this.#absentAt.set(`${index} ${kind}`, now);
    }
    for (const [key, { cluster, entries }] of this.#pending) {
      const shown = this.#shown(cluster, entries);
      while (entries[0] !== undefined && entries[0].revision <= shown) entries.shift();
      const oldest = entries[0];
      if (oldest === undefined) this.#pending.delete(key);
      else if (now - oldest.at > unmarkedMs) this.#demandMark(cluster, oldest, now);
    }
  }

  /** The revision up to which an object's writes can be seen. */
  #shown(cluster: ModelCluster, entries: readonly LogEntry[]): number {
    const last = entries[entries.length - 1] as LogEntry;
    const table = this.#world.tables.get(last.stored.kind);
    const row = table?.find(cluster.index, last.stored.uid) ?? -1;
    if (table === undefined || row === -1) return last.type === 'DELETED' ? last.revision : 0;
    return revisionIn(table, row);
  }

  #demandMark(cluster: ModelCluster, entry: LogEntry, now: number): void {
    const { fleet, clock } = this.#world;
    const { kind, name } = entry.stored;
    const scope = fleet.scopes(kind).find((one) => one.cluster === cluster.id);
    if (scope === undefined) {
      this.#report(`${cluster.id} ${kind}: not shown at all`);
      return;
    }
    if (scope.state !== 'live') {
      if (scope.state === 'stale' && (scope.reason ?? '') === '') this.#report(`${cluster.id} ${kind}: no reason`);
      if (Number.isNaN(scope.since)) this.#report(`${cluster.id} ${kind}: no moment`);
      return;
    }
    // Said to be of some namespaces only.
    if (scope.namespaces?.includes(entry.stored.namespace) === false && entry.stored.namespace !== '') return;
    const readingMs = this.#world.consumerDelayMs + 10;
    if (now < (this.#excused.get(cluster) ?? 0)) return;
    if (cluster.isMoving(kind, now, { withinMs: unmarkedMs, readingMs })) return;
    const age = `${Math.round((now - entry.at) / 100) / 10} s`;
    this.#report(
      `${cluster.id} ${kind}: ${entry.type} of ${name} r${entry.revision} is ${age} old and not shown, yet it is called live (${new Date(clock.now()).toISOString()})`,
    );
  }

  #hear(what: 'added' | 'modified' | 'deleted', table: Table, row: number): void {
    const key = keyOf(table, row);
    const index = table.clusters[row] as number;
    const cluster = this.#world.clusters[index] as ModelCluster;
    const kind = table.schema.id;
    const uid = table.uid(row);
    const revision = revisionIn(table, row);
    const before = this.#told.get(key);
    const name = `${cluster.id} ${kind} ${table.text(row, meta.name)} r${revision}`;
    const version = table.versions[row] as number;
    if (!Number.isNaN(version) && version !== revision)
      this.#report(`${name} has cells of another version (${version})`);
    if (what === 'deleted') {
      const exists = cluster.etcd.of(kind).some((stored) => stored.uid === uid);
      // What a server does not serve any more is gone, as far as it tells.
      const absentAt = this.#absentAt.get(`${index} ${kind}`) ?? Number.NEGATIVE_INFINITY;
      const gone = this.#world.clock.steady() - absentAt < lateAnswerMs;
      if (exists && !gone) this.#report(`${name} was told to be deleted, and exists`);
      if (gone) this.#told.delete(key);
      else this.#told.set(key, { revision: before?.revision ?? revision, alive: false });
      return;
    }
    if (before !== undefined && revision <= before.revision) {
      this.#report(`${name} was told ${what} after r${before.revision}`);
    }
    if (what === 'added' && before !== undefined) this.#report(`${name} was told to be added twice`);
    this.#told.set(key, { revision, alive: true });
  }

  #report(problem: string): void {
    const seconds = Math.round(this.#world.clock.steady() / 100) / 10;
    if (this.#problems.length < 20) this.#problems.push(`at ${seconds} s: ${problem}`);
  }
}

function keyOf(table: Table, row: number): string {
  return `${table.clusters[row]} ${table.uid(row)}`;
}

/** Of the version that the cells are of, by the label that every object carries. */
function revisionIn(table: Table, row: number): number {
  return Number(/(?:^|\n)at=r(\d+)/.exec(table.text(row, meta.labels))?.[1] ?? Number.NaN);
}

function rowsOf(table: Table, cluster: number): string[] {
  const rows: string[] = [];
  for (const row of table.rows(cluster)) {
    const cells = table.schema.columns.map((_, column) => table.cell(row, column));
    rows.push(JSON.stringify([table.uid(row), table.versions[row], ...cells]));
  }
  return rows.sort();
}

function viewSpec(table: Table): ViewSpec {
  const isEven = (row: number) => table.text(row, meta.name).length + table.text(row, meta.status).length;
  return {
    clusters: new Set([0, 1]),
    namespaces: null,
    filter: { timed: false, begin: () => undefined, test: (row) => isEven(row) % 3 !== 0 },
    sort: [{ by: meta.status, descending: true }],
    group: meta.namespace,
  };
}
