import type { Clock } from '../../kernel/clock.ts';
import { type Disposable, Scope } from '../../kernel/disposable.ts';
import { Emitter } from '../../kernel/emitter.ts';
import type { ClusterNames, KeyOf, SortKey } from '../../kube/columns/keys.ts';
import { meta } from '../../kube/columns/schema.ts';
import type { Table } from '../../kube/columns/table.ts';
import { View } from '../../kube/columns/view.ts';
import { compileFilter } from './query/compile.ts';
import type { FilterProblem } from './query/syntax.ts';

/** A change after quiet is told at once; those that follow within so long are one change. Less than a frame of the screen. */
const paceMs = 10;
/** An update that took this long or longer, milliseconds, is not made anew before four times as long has passed. */
const dearMs = 8;
const restFactor = 4;

export interface ViewQuestion {
  /** Numbers of the clusters. */
  clusters: readonly number[];
  /** What the clusters are called: filters, sorting and grouping may use it. */
  clusterNames: readonly string[];
  namespaces: readonly string[] | undefined;
  filter: string;
  sort: readonly { column: string; descending: boolean }[];
  group: string | undefined;
}

/** Views by what they were asked for: two windows on the same list share one. */
export class SharedViews implements Disposable {
  readonly #clock: Clock;
  readonly #clusterNames: ClusterNames;
  readonly #skew: (cluster: number) => number;
  readonly #views = new Map<string, SharedView>();

  /** @param skew milliseconds by which a cluster's clock, by its number, is ahead of `clock` */
  constructor(clock: Clock, clusterNames: ClusterNames, skew: (cluster: number) => number = () => 0) {
    this.#clock = clock;
    this.#skew = skew;
    this.#clusterNames = clusterNames;
  }

  /** Number of different views that are kept up to date. */
  get size(): number {
    return this.#views.size;
  }

  /** Dispose what is returned when the list is no longer looked at. */
  acquire(table: Table, question: ViewQuestion): SharedView {
    const key = JSON.stringify([table.schema.id, question]);
    let shared = this.#views.get(key);
    if (shared === undefined || shared.table !== table) {
      shared = new SharedView(table, question, {
        clock: this.#clock,
        clusterNames: this.#clusterNames,
        skew: this.#skew,
        release: () => this.#views.delete(key),
      });
      this.#views.set(key, shared);
    }
    shared.users++;
    return shared;
  }

  dispose(): void {
    for (const shared of this.#views.values()) shared.close();
    this.#views.clear();
  }
}

interface Surroundings {
  clock: Clock;
  clusterNames: ClusterNames;
  skew: (cluster: number) => number;
  release: () => void;
}

export class SharedView implements Disposable {
  readonly table: Table;
  users = 0;
  readonly #question: ViewQuestion;
  readonly #around: Surroundings;
  readonly #scope = new Scope();
  readonly #changed = new Emitter<void>();
  #view: View;
  #schema: Table['schema'];
  #problems: readonly FilterProblem[];
  #timer: Disposable | undefined;
  #told: { view: View; revision: number };
  /** When the view was brought up to date for its listeners, on the steady clock. */
  #flushedAt = Number.NEGATIVE_INFINITY;
  /** Until when, on the steady clock, a live list shows what is there: while 500,000 rows come, all time went into sorting. */
  #restsUntil = 0;

  constructor(table: Table, question: ViewQuestion, around: Surroundings) {
    this.table = table;
    this.#question = question;
    this.#around = around;
    this.#schema = table.schema;
    const built = this.#build();
    this.#view = built.view;
    this.#problems = built.problems;
    this.#update();
    this.#told = { view: this.#view, revision: this.#view.revision };
    this.#scope.add(table.onChange(() => this.#schedule()));
    if (built.timed) {
      // Ages pass limits while nothing else changes.
      this.#scope.add(around.clock.every(1000, () => this.#flush()));
    }
  }

  /** Fires at most once in `paceMs`, when the rows, their order or their cells changed. */
  get onChange() {
    return this.#changed.event;
  }

  get problems(): readonly FilterProblem[] {
    return this.#problems;
  }

  /** The view, up to date. */
  current(): View {
    if (this.#schema !== this.table.schema) {
      this.#schema = this.table.schema;
      this.#view.dispose();
      const built = this.#build();
      this.#view = built.view;
      this.#problems = built.problems;
    }
    this.#update();
    return this.#view;
  }

  /** The view, up to date or, where updates take long, as it was a moment ago: `onChange` tells when it is newer. */
  recent(): View {
    const isResting = this.#schema === this.table.schema && this.#around.clock.steady() < this.#restsUntil;
    return isResting ? this.#view : this.current();
  }

  /** One user less; the last one ends it. */
  dispose(): void {
    if (--this.users > 0) return;
    this.#around.release();
    this.close();
  }

  close(): void {
    this.#timer?.dispose();
    this.#scope.dispose();
    this.#view.dispose();
    this.#changed.dispose();
  }

  #schedule(): void {
    if (this.#timer !== undefined) return;
    const { clock } = this.#around;
    const due = Math.max(this.#flushedAt + paceMs, this.#restsUntil);
    // Never in this turn: the table may be in the middle of several batches.
    this.#timer = clock.after(Math.max(0, due - clock.steady()), () => {
      this.#timer = undefined;
      this.#flush();
    });
  }

  /** Somebody may have read in between: what counts is what the listeners were last told. */
  #flush(): void {
    this.#flushedAt = this.#around.clock.steady();
    const view = this.current();
    if (this.#told.view === view && this.#told.revision === view.revision) return;
    this.#told = { view, revision: view.revision };
    this.#changed.fire();
  }

  #update(): void {
    const { clock } = this.#around;
    const began = clock.steady();
    if (!this.#view.update(clock.now())) return;
    const ended = clock.steady();
    if (ended - began >= dearMs) this.#restsUntil = ended + (ended - began) * restFactor;
  }

  #build(): { view: View; problems: readonly FilterProblem[]; timed: boolean } {
    const { clusters, namespaces, filter, sort, group } = this.#question;
    const compiled = compileFilter(filter, this.table, this.#around.clusterNames, this.#around.skew);
    const view = new View(
      this.table,
      {
        clusters: new Set(clusters),
        namespaces: namespaces === undefined ? null : new Set(namespaces),
        filter: compiled.filter,
        sort: sort.flatMap((key) => sortKeys(this.table, key)),
        group: group === undefined ? null : (keyOf(this.table, group) ?? null),
      },
      this.#around.clusterNames,
    );
    return { view, problems: compiled.problems, timed: compiled.filter?.timed === true };
  }
}

/** Undefined for a column that the kind does not have. */
export function keyOf(table: Table, column: string): KeyOf | undefined {
  if (column === 'cluster') return 'cluster';
  if (column.startsWith('label:')) return { label: column.slice('label:'.length) };
  const index = table.column(column);
  return index === -1 ? undefined : index;
}

/**
 * `age` sorts by the time since creation: what was created last is the youngest. `status` sorts by urgency, and equally
 * urgent ones by the word. None for a column that the kind does not have.
 */
function sortKeys(table: Table, key: { column: string; descending: boolean }): SortKey[] {
  if (key.column === 'age') return [{ by: table.column('created'), descending: !key.descending }];
  const by = keyOf(table, key.column);
  if (by === undefined) return [];
  const byCell = { by, descending: key.descending };
  return by === meta.status ? [{ by: 'urgency', descending: key.descending }, byCell] : [byCell];
}
