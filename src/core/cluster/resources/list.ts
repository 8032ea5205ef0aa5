import type { z } from 'zod';
import type { LiveSource, LiveState } from '../../kernel/contract.ts';
import { type Disposable, Scope } from '../../kernel/disposable.ts';
import { Emitter } from '../../kernel/emitter.ts';
import { tones } from '../../kube/columns/schema.ts';
import type { Table } from '../../kube/columns/table.ts';
import type { View } from '../../kube/columns/view.ts';
import type { UserColumn } from '../../platform/settings/contract.ts';
import { chosenClusters } from './chosenClusters.ts';
import type { Cell, ListHead, ListQuery, Row, ScopeState } from './contract.ts';
import { findKind } from './kindNames.ts';
import { availableColumns, type ListColumn, listColumns } from './listColumns.ts';
import { parseFilter } from './query/parse.ts';
import type { Sources } from './resources.ts';
import type { SharedView } from './sharedViews.ts';

/** Values of the grouping column that are told: nobody reads more, and every frame tells them. */
const mostGroups = 100;

export type ParsedListQuery = z.output<typeof ListQuery>;

/**
 * A window on a list. It keeps the kind watched while it lives, in the chosen clusters or in all open ones, those that
 * are opened later included. Rows that did not change are the same objects in every `read`.
 */
export class ListSource implements LiveSource<ListHead, Row> {
  readonly #sources: Sources;
  readonly #query: ParsedListQuery;
  /** Id of the kind that was asked for. */
  readonly kind: string;
  readonly #scope = new Scope();
  readonly #changed = new Emitter<void>();
  readonly #cache = new Map<number, { revision: number; fetched: number; row: Row }>();
  #shared: SharedView | undefined;
  #chosen = '';
  #columns: { schema: Table['schema']; columns: ListColumn[] } | undefined;
  #rev = 1;
  #read: { view: View | undefined; revision: number | undefined } = { view: undefined, revision: undefined };
  #subscription: Disposable | undefined;
  #state: LiveState<ListHead, Row> | undefined;

  constructor(sources: Sources, query: ParsedListQuery) {
    this.#sources = sources;
    this.#query = query;
    const { fleet, tables } = sources;
    this.kind = findKind(fleet, query.kind)?.id ?? query.kind;
    this.#scope.add(fleet.demand(this.kind, { ...(query.clusters && { clusters: query.clusters }), priority: 0 }));
    this.#scope.add(
      fleet.onScopeChange((kind) => {
        if (kind === this.kind) this.#news();
      }),
    );
    this.#scope.add(
      fleet.onChange(() => {
        this.#bind();
        this.#news();
      }),
    );
    this.#scope.add(
      tables.onTable((table) => {
        if (table.schema.id !== this.kind) return;
        this.#bind();
        this.#news();
      }),
    );
    // Also those that the tables hold now may not be held later.
    if (this.#userColumns().some((column) => column.from !== 'label')) {
      this.#scope.add(sources.userValues.onChange(() => this.#news()));
    }
    this.#bind();
  }

  get onChange() {
    return this.#changed.event;
  }

  /** The table and its rows in order, when the kind is known. */
  view(): View | undefined {
    this.#bind();
    return this.#shared?.current();
  }

  columns(): readonly ListColumn[] {
    const table = this.#shared?.table;
    if (table === undefined) return [];
    if (this.#columns?.schema !== table.schema) {
      const wanted = { ids: this.#query.columns, userColumns: this.#userColumns() };
      const { clusters, userValues } = this.#sources;
      const columns = listColumns(table, wanted, {
        clusterName: clusters.name,
        isHeld: (column) => this.#sources.isHeld(this.kind, column),
        fetched: (row, column) => userValues.value(table, row, column),
      });
      this.#columns = { schema: table.schema, columns };
      this.#cache.clear();
    }
    return this.#columns.columns;
  }

  read(): LiveState<ListHead, Row> {
    this.#bind();
    const view = this.#shared?.recent();
    if (view !== this.#read.view || view?.revision !== this.#read.revision) {
      this.#read = { view, revision: view?.revision };
      this.#rev++;
    }
    if (this.#state?.rev === this.#rev) return this.#state;
    const { offset, limit } = this.#query;
    const rows = view === undefined ? [] : this.rows(view.window(offset, limit));
    this.#state = { rev: this.#rev, head: this.head(view), rows };
    return this.#state;
  }

  /** Rows as they are now, from the table's row numbers. */
  rows(numbers: Uint32Array): Row[] {
    const table = this.#shared?.table;
    if (table === undefined) return [];
    const columns = this.columns();
    if (this.#hasFetched()) this.#sources.userValues.want(table, numbers, this.#fetched());
    const fetched = this.#sources.userValues.revision;
    const rows: Row[] = [];
    const before = new Map(this.#cache);
    this.#cache.clear();
    for (const number of numbers) {
      const revision = table.revisions[number] as number;
      const known = before.get(number);
      if (known?.revision === revision && (known.fetched === fetched || !this.#hasFetched())) {
        this.#cache.set(number, known);
        rows.push(known.row);
        continue;
      }
      const row = this.#row(table, number, columns);
      this.#cache.set(number, { revision, fetched, row });
      rows.push(row);
    }
    return rows;
  }

  head(view: View | undefined): ListHead {
    const { fleet } = this.#sources;
    const clusters = new Map(chosenClusters(fleet, this.#query.clusters).map(({ id, index }) => [id, index]));
    const table = this.#shared?.table;
    const scopes: ScopeState[] = fleet
      .scopes(this.kind)
      .filter((scope) => clusters.has(scope.cluster))
      .map((scope) => ({ ...scope, rows: table?.countOf(clusters.get(scope.cluster) ?? -1) ?? 0 }));
    const head: ListHead = {
      kind: this.kind,
      columns: this.columns().map((column) => column.info),
      available: table === undefined ? [] : availableColumns(table, this.#userColumns()),
      total: view?.total ?? 0,
      matched: view?.matched ?? 0,
      offset: this.#query.offset,
      tones: toneTotals(view?.tones ?? []),
      scopes,
      filterProblems: [...(this.#shared?.problems ?? parseFilter(this.#query.filter).problems)],
    };
    if (this.#query.group !== undefined) {
      const { groups = [], others } = view?.groups(mostGroups) ?? {};
      head.groups = groups.map((group) => ({ ...group, tones: toneTotals(group.tones) }));
      if (others != null) head.otherGroups = { ...others, tones: toneTotals(others.tones) };
    }
    return head;
  }

  dispose(): void {
    this.#scope.dispose();
    this.#subscription?.dispose();
    this.#shared?.dispose();
    this.#shared = undefined;
    this.#cache.clear();
    this.#changed.dispose();
  }

  /** Follows the fleet: the table may appear, and the open clusters change. */
  #bind(): void {
    if (this.#scope.disposed) return;
    const { fleet, tables, views } = this.#sources;
    const table = tables.get(this.kind) ?? this.#knownTable();
    if (table === undefined) return;
    const known = chosenClusters(fleet, this.#query.clusters);
    const clusters = known.map((cluster) => cluster.index);
    const clusterNames = known.map((cluster) => cluster.name);
    const chosen = JSON.stringify([clusters, clusterNames]);
    if (this.#shared?.table === table && this.#chosen === chosen) return;
    this.#chosen = chosen;
    const { namespaces, filter, sort, group } = this.#query;
    const shared = views.acquire(table, { clusters, clusterNames, namespaces, filter, sort, group });
    this.#shared?.dispose();
    this.#shared = shared;
    this.#cache.clear();
    this.#subscription?.dispose();
    this.#subscription = shared.onChange(() => this.#news());
  }

  /** A kind that a cluster serves has its columns before its first row. */
  #knownTable(): Table | undefined {
    const kind = findKind(this.#sources.fleet, this.kind);
    return kind === undefined ? undefined : this.#sources.tables.table(kind.schema);
  }

  #row(table: Table, number: number, columns: readonly ListColumn[]): Row {
    const cluster = this.#sources.clusters.id(table.clusters[number] as number);
    const uid = table.uid(number);
    const cells: Cell[] = columns.map((column) => column.cell(number));
    return {
      key: `${cluster}/${uid}`,
      cluster,
      namespace: table.text(number, 1),
      name: table.text(number, 0),
      uid,
      tone: table.tone(number),
      cells,
    };
  }

  #userColumns(): readonly UserColumn[] {
    return this.#query.userColumns ?? [];
  }

  /** Some columns are not in the table: the objects of the window are asked for. */
  #hasFetched(): boolean {
    return this.#fetched().length > 0;
  }

  #fetched(): readonly UserColumn[] {
    return this.#userColumns().filter((column) => column.from !== 'label' && !this.#sources.isHeld(this.kind, column));
  }

  #news(): void {
    this.#rev++;
    this.#changed.fire();
  }
}

/** Counts in the order of `tones`, by name. */
export function toneTotals(counts: readonly number[]): ListHead['tones'] {
  return Object.fromEntries(tones.map((tone, at) => [tone, counts[at] ?? 0])) as ListHead['tones'];
}
