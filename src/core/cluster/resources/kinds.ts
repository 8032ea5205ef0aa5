import type { LiveSource, LiveState } from '../../kernel/contract.ts';
import { type Disposable, Scope } from '../../kernel/disposable.ts';
import { Emitter } from '../../kernel/emitter.ts';
import { meta, tones } from '../../kube/columns/schema.ts';
import type { DiscoveredKind } from '../../kube/discovery/discovered.ts';
import { chosenClusters } from './chosenClusters.ts';
import type { KindRow } from './contract.ts';
import type { Sources } from './resources.ts';
import { navigationSection } from './sections.ts';

/** Counts are news once in half a second at most: the navigation shows them, nobody reads them closely. */
const countsMs = 500;
/** States of lists come by the hundred while clusters are opened, and what is told costs all kinds of all clusters. */
const statesMs = 250;

type Head = { namespaces: string[] };

/** The kinds that the chosen clusters serve and that can be listed, with what is known of their rows. */
export class KindsSource implements LiveSource<Head, KindRow> {
  readonly #sources: Sources;
  readonly #ids: readonly string[] | undefined;
  readonly #scope = new Scope();
  readonly #changed = new Emitter<void>();
  #rev = 0;
  #counted: string | undefined;
  #timer: Disposable | undefined;
  #rows = new Map<string, { text: string; row: KindRow }>();
  #state: LiveState<Head, KindRow> | undefined;

  constructor(sources: Sources, ids: readonly string[] | undefined) {
    this.#sources = sources;
    this.#ids = ids;
    const { fleet, clock } = sources;
    const news = () => this.#schedule();
    this.#scope.add(fleet.onChange(news));
    this.#scope.add(fleet.onScopeChange(news));
    // The namespaces fill the filter of every list.
    this.#scope.add(fleet.demand('namespaces', { ...(ids && { clusters: ids }), priority: 1 }));
    this.#scope.add(
      clock.every(countsMs, () => {
        const counted = this.#counts();
        if (counted === this.#counted) return;
        this.#counted = counted;
        this.#news();
      }),
    );
  }

  get onChange() {
    return this.#changed.event;
  }

  read(): LiveState<Head, KindRow> {
    if (this.#state?.rev === this.#rev) return this.#state;
    const merged = new Map<string, { kind: DiscoveredKind; clusters: string[]; indexes: number[] }>();
    const chosen = chosenClusters(this.#sources.fleet, this.#ids);
    for (const cluster of chosen) {
      for (const kind of cluster.kinds) {
        if (!kind.verbs.includes('list')) continue;
        const known = merged.get(kind.id);
        if (known === undefined) merged.set(kind.id, { kind, clusters: [cluster.id], indexes: [cluster.index] });
        else {
          known.clusters.push(cluster.id);
          known.indexes.push(cluster.index);
        }
      }
    }
    const rows = [...merged.values()].map(({ kind, clusters, indexes }) =>
      this.#keep(this.#row(kind, clusters, indexes)),
    );
    this.#state = { rev: this.#rev, head: { namespaces: this.#namespaces() }, rows };
    return this.#state;
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#scope.dispose();
    this.#changed.dispose();
  }

  #row(kind: DiscoveredKind, clusters: string[], indexes: readonly number[]): KindRow {
    const { fleet, tables } = this.#sources;
    const served = new Set(clusters);
    const scopes = fleet.scopes(kind.id).filter((scope) => served.has(scope.cluster));
    const table = tables.get(kind.id);
    let count = 0;
    let failing = 0;
    for (const index of indexes) {
      count += table?.countOf(index) ?? 0;
      const byTone = table?.tonesOf(index) ?? [];
      failing += (byTone[tones.indexOf('failed')] ?? 0) + (byTone[tones.indexOf('warning')] ?? 0);
    }
    const isWatched = table !== undefined && (scopes.some((scope) => scope.state !== 'stopped') || count > 0);
    return {
      key: kind.id,
      id: kind.id,
      group: kind.group,
      version: kind.version,
      resource: kind.resource,
      kind: kind.kind,
      namespaced: kind.namespaced,
      verbs: [...kind.verbs],
      shortNames: [...kind.shortNames],
      categories: [...kind.categories],
      custom: kind.custom,
      section: navigationSection(kind),
      clusters,
      forbidden: scopes
        .filter((scope) => scope.state === 'forbidden')
        .map((scope) => ({ cluster: scope.cluster, reason: scope.reason ?? 'It may not be listed' })),
      count: isWatched ? count : null,
      failing: isWatched ? failing : null,
    };
  }

  /** The same object for the same row. */
  #keep(row: KindRow): KindRow {
    const text = JSON.stringify(row);
    const known = this.#rows.get(row.key);
    if (known?.text === text) return known.row;
    this.#rows.set(row.key, { text, row });
    return row;
  }

  #namespaces(): string[] {
    const { fleet, tables } = this.#sources;
    const indexes = new Set(chosenClusters(fleet, this.#ids).map((cluster) => cluster.index));
    const names = new Set<string>();
    const table = tables.get('namespaces');
    if (table !== undefined) {
      for (const row of table.rows()) {
        if (indexes.has(table.clusters[row] as number)) names.add(table.text(row, meta.name));
      }
    }
    // Who may not list namespaces still has those that lists are limited to.
    for (const scope of fleet.scopes('pods')) {
      if (!indexes.has(fleet.byId(scope.cluster)?.index ?? -1)) continue;
      for (const namespace of scope.namespaces ?? []) names.add(namespace);
    }
    return [...names].sort();
  }

  /** Many scopes change together when a cluster is opened. */
  #schedule(): void {
    // What is read from now on is new, whenever it is told.
    this.#rev++;
    this.#timer ??= this.#sources.clock.after(statesMs, () => {
      this.#timer = undefined;
      this.#news();
    });
  }

  #counts(): string {
    return this.#sources.tables
      .all()
      .map((table) => `${table.schema.id}:${table.changes.written}`)
      .join();
  }

  #news(): void {
    this.#rev++;
    this.#changed.fire();
  }
}
