import { type Disposable, Scope } from '../../kernel/disposable.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { DiscoveredKind } from '../../kube/discovery/discovered.ts';
import type { FleetCluster } from '../fleet/openClusters.ts';
import type { Sources } from './resources.ts';

/** Who searched searches again: kinds that only the search wants are watched for this long after the last question. */
export const keptMs = 5 * 60_000;
/** Every watch is a connection of its own. Twelve clusters of eighty kinds come below this. */
const mostWatches = 1_000;
/** Objects of one kind in one cluster. At 400 bytes a row, ten such kinds would take 800 MB. */
const mostObjects = 200_000;
const sizesMs = 1_000;

/** They come and go by themselves, in numbers, and name what is found anyway. */
const unsearchedKinds: readonly string[] = ['events', 'events.events.k8s.io', 'leases.coordination.k8s.io'];

/** Why the search does not ask for a kind in a cluster. */
export type NotAsked = 'unsearched' | 'tooLarge' | 'tooMany';

interface Held {
  clusters: ReadonlySet<string>;
  demand: Disposable;
}

/** Keeps every kind of the searched clusters watched, in the background, for as long as there is searching. */
export class SearchWatch implements Disposable {
  readonly #sources: Pick<Sources, 'fleet' | 'clock'> & { tables: Tables };
  /** Searched clusters, and until when their kinds are kept. Milliseconds. */
  readonly #until = new Map<string, number>();
  readonly #held = new Map<string, Held>();
  /** `kind cluster`, for as long as the cluster is searched. */
  readonly #tooLarge = new Set<string>();
  #active: Scope | undefined;

  constructor(sources: Pick<Sources, 'fleet' | 'clock'> & { tables: Tables }) {
    this.#sources = sources;
  }

  /** A search looks through these clusters now. */
  keep(clusters: readonly FleetCluster[]): void {
    const { clock, fleet } = this.#sources;
    for (const cluster of clusters) if (cluster.open) this.#until.set(cluster.id, clock.now() + keptMs);
    this.#update();
    if (this.#active !== undefined || this.#until.size === 0) return;
    const active = new Scope();
    active.add(fleet.onChange(() => this.#update()));
    active.add(clock.every(sizesMs, () => this.#check()));
    this.#active = active;
  }

  /** Undefined when the kind is watched there for the search. */
  whyNot(kind: DiscoveredKind, cluster: string): NotAsked | undefined {
    if (unsearchedKinds.includes(kind.id)) return 'unsearched';
    if (this.#tooLarge.has(`${kind.id} ${cluster}`)) return 'tooLarge';
    return this.#held.get(kind.id)?.clusters.has(cluster) ? undefined : 'tooMany';
  }

  dispose(): void {
    this.#active?.dispose();
    this.#active = undefined;
    for (const { demand } of this.#held.values()) demand.dispose();
    this.#held.clear();
    this.#until.clear();
    this.#tooLarge.clear();
  }

  /** Asks for what is wanted now and is not held, and lets go of what is held and not wanted. */
  #update(): void {
    const { fleet } = this.#sources;
    const wanted = new Map<string, Set<string>>();
    let left = mostWatches;
    // Clusters that were searched first come first, and in each the kinds that everybody knows.
    for (const id of this.#until.keys()) {
      const cluster = fleet.byId(id);
      if (cluster === undefined || !cluster.open) continue;
      for (const custom of [false, true]) {
        for (const kind of cluster.kinds) {
          if (kind.custom !== custom || !isSearchable(kind) || this.#tooLarge.has(`${kind.id} ${id}`)) continue;
          if (left-- <= 0) break;
          const clusters = wanted.get(kind.id);
          if (clusters === undefined) wanted.set(kind.id, new Set([id]));
          else clusters.add(id);
        }
      }
    }
    for (const [kind, clusters] of wanted) {
      const held = this.#held.get(kind);
      if (held !== undefined && isSame(held.clusters, clusters)) continue;
      const demand = fleet.demand(kind, { clusters: [...clusters], priority: 2, linger: false });
      this.#held.set(kind, { clusters, demand });
      // After the new one, so that a watch that both want goes on.
      held?.demand.dispose();
    }
    for (const [kind, held] of this.#held) {
      if (wanted.has(kind)) continue;
      this.#held.delete(kind);
      held.demand.dispose();
    }
  }

  #check(): void {
    const { clock, fleet, tables } = this.#sources;
    let changed = false;
    for (const [id, until] of this.#until) {
      if (until > clock.now()) continue;
      this.#until.delete(id);
      for (const key of this.#tooLarge) if (key.endsWith(` ${id}`)) this.#tooLarge.delete(key);
      changed = true;
    }
    for (const [kind, { clusters }] of this.#held) {
      const table = tables.get(kind);
      if (table === undefined || table.count <= mostObjects) continue;
      for (const id of clusters) {
        if (table.countOf(fleet.byId(id)?.index ?? -1) <= mostObjects) continue;
        this.#tooLarge.add(`${kind} ${id}`);
        changed = true;
      }
    }
    if (changed) this.#update();
    if (this.#until.size > 0) return;
    this.#active?.dispose();
    this.#active = undefined;
  }
}

/** What can be listed once and not be watched, such as measured values, is no object that is kept. */
function isSearchable(kind: DiscoveredKind): boolean {
  return kind.verbs.includes('list') && kind.verbs.includes('watch') && !unsearchedKinds.includes(kind.id);
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.size !== b.size) return false;
  for (const one of a) if (!b.has(one)) return false;
  return true;
}
