import { type Disposable, Scope } from '../../kernel/disposable.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { FleetCluster, OpenClusters } from '../fleet/openClusters.ts';

/** Clusters that are named in a sentence; the others are counted. */
const mostNames = 3;

/** Keeps kinds watched while somebody looks, and tells which clusters they changed in. */
export class Watched implements Disposable {
  readonly #fleet: OpenClusters;
  readonly #tables: Tables;
  readonly #clusters: readonly string[] | undefined;
  readonly #scope = new Scope();
  readonly #kinds = new Set<string>();
  readonly #followed = new Set<string>();
  readonly #dirty = new Set<number>();
  #allDirty = true;
  readonly #changed: () => void;

  /** @param changed rows of a kind changed, or where its lists stand */
  constructor(
    deps: { fleet: OpenClusters; tables: Tables },
    clusters: readonly string[] | undefined,
    changed: () => void,
  ) {
    this.#fleet = deps.fleet;
    this.#tables = deps.tables;
    this.#clusters = clusters;
    this.#changed = changed;
    this.#scope.add(
      deps.fleet.onScopeChange((kind) => {
        if (!this.#kinds.has(kind)) return;
        // Whether something is missing depends on whether its list is complete.
        this.#allDirty = true;
        changed();
      }),
    );
    this.#scope.add(
      deps.fleet.onChange(() => {
        this.#allDirty = true;
        changed();
      }),
    );
    this.#scope.add(
      deps.tables.onTable((table) => {
        if (this.#kinds.has(table.schema.id)) this.#follow(table.schema.id);
      }),
    );
  }

  /** Watches a kind where it is served; asking again costs nothing. */
  want(kind: string): void {
    if (this.#kinds.has(kind)) return;
    if (!this.#fleet.all().some((cluster) => serves(cluster, kind))) return;
    this.#kinds.add(kind);
    const clusters = this.#clusters;
    this.#scope.add(this.#fleet.demand(kind, { ...(clusters !== undefined && { clusters }), priority: 1 }));
    this.#follow(kind);
  }

  /** Numbers of the clusters in which something changed since the last time; null for all. */
  takeDirty(): ReadonlySet<number> | null {
    const dirty = this.#allDirty ? null : new Set(this.#dirty);
    this.#allDirty = false;
    this.#dirty.clear();
    return dirty;
  }

  /** Where the lists of these clusters stand. */
  standing(clusters: readonly FleetCluster[]): { loading: boolean; problems: string[] } {
    const names = new Map(clusters.map(({ id, name }) => [id, name]));
    let loading = false;
    const problems: string[] = [];
    for (const kind of this.#kinds) {
      const forbidden: string[] = [];
      const old: string[] = [];
      for (const scope of this.#fleet.scopes(kind)) {
        const name = names.get(scope.cluster);
        if (name === undefined) continue;
        if (scope.state === 'listing') loading = true;
        else if (scope.state === 'forbidden') forbidden.push(name);
        else if (scope.state === 'stale' || scope.state === 'unreachable') old.push(name);
      }
      if (forbidden.length > 0) problems.push(`You may not list ${kind} in ${named(forbidden)}`);
      if (old.length > 0) problems.push(`${kind} of ${named(old)} may be out of date`);
    }
    return { loading, problems };
  }

  isListed(cluster: string, kind: string): boolean {
    const scope = this.#kinds.has(kind) ? this.#fleet.scopes(kind).find((it) => it.cluster === cluster) : undefined;
    return scope?.state === 'live' && scope.namespaces === undefined;
  }

  dispose(): void {
    this.#scope.dispose();
  }

  #follow(kind: string): void {
    const table = this.#tables.get(kind);
    if (table === undefined || this.#followed.has(kind)) return;
    this.#followed.add(kind);
    this.#allDirty = true;
    let position = table.changes.written;
    this.#scope.add(
      table.onChange(() => {
        const rows = table.changes.since(position);
        position = table.changes.written;
        if (rows === null) this.#allDirty = true;
        else for (const row of rows) this.#dirty.add(table.clusters[row] as number);
        this.#changed();
      }),
    );
  }
}

function serves(cluster: FleetCluster, kind: string): boolean {
  return cluster.kinds.some((it) => it.id === kind && it.verbs.includes('list'));
}

function named(names: readonly string[]): string {
  const first = names.slice(0, mostNames).join(', ');
  return names.length > mostNames ? `${first} and ${names.length - mostNames} more clusters` : first;
}
