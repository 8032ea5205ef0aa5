import { type Disposable, Scope } from '../../kernel/disposable.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { DiscoveredKind } from '../../kube/discovery/discovered.ts';
import type { FleetCluster } from '../fleet/openClusters.ts';
import type { Sources } from './resources.ts';
import { latenessOf } from './wanted.ts';

/** Who searched searches again: kinds that only the search wants are watched for this long after the last question. */
export const keptMs = 5 * 60_000;
/** Every watch is a connection of its own. Twelve clusters of eighty kinds come below this. */
const mostWatches = 1_000;
/** Objects of one kind in one cluster. At 400 bytes a row, ten such kinds would take 800 MB. */
const mostObjects = 200_000;
const sizesMs = 1_000;
/** Watches that are asked for in one turn, and in one cluster of them; all of a thousand within some seconds. */
const startsPerTurn = 8;
const startsPerCluster = 2;
const turnMs = 32;

/** They come and go by themselves, in numbers, and name what is found anyway. */
const unsearchedKinds: readonly string[] = ['events', 'events.events.k8s.io', 'leases.coordination.k8s.io'];

/** Why the search does not ask for a kind in a cluster. */
export type NotAsked = 'unsearched' | 'tooLarge' | 'tooMany';

/** Keeps every kind of the searched clusters watched, in the background, for as long as there is searching. */
export class SearchWatch implements Disposable {
  readonly #sources: Pick<Sources, 'fleet' | 'clock'> & { tables: Tables };
  /** Searched clusters, and until when their kinds are kept. Milliseconds. */
  readonly #until = new Map<string, number>();
  /** `kind cluster`: what is asked for now. */
  readonly #held = new Map<string, { kind: string; cluster: string; demand: Disposable }>();
  /** The same of what has its turn yet to come, nearest first. */
  #waiting = new Map<string, { kind: string; cluster: string }>();
  /** `kind cluster`, for as long as the cluster is searched. */
  readonly #tooLarge = new Set<string>();
  #active: Scope | undefined;
  #turn: Disposable | undefined;
  /** The fleet changed since it was looked at. */
  #isOld = false;

  constructor(sources: Pick<Sources, 'fleet' | 'clock'> & { tables: Tables }) {
    this.#sources = sources;
  }

  /** A search looks through these clusters now. */
  keep(clusters: readonly FleetCluster[]): void {
    const { clock, fleet } = this.#sources;
    let isNew = this.#active === undefined;
    for (const cluster of clusters) {
      if (!cluster.open) continue;
      isNew ||= !this.#until.has(cluster.id);
      this.#until.set(cluster.id, clock.now() + keptMs);
    }
    // What changed since is heard of: letters that are typed need not look again.
    if (isNew) this.#update();
    if (this.#active !== undefined || this.#until.size === 0) return;
    const active = new Scope();
    active.add(
      fleet.onChange(() => {
        this.#isOld = true;
        this.#later();
      }),
    );
    active.add(clock.every(sizesMs, () => this.#check()));
    this.#active = active;
  }

  /** Undefined when the kind is watched there for the search, or will be in its turn. */
  whyNot(kind: DiscoveredKind, cluster: string): NotAsked | undefined {
    if (unsearchedKinds.includes(kind.id)) return 'unsearched';
    const key = `${kind.id} ${cluster}`;
    if (this.#tooLarge.has(key)) return 'tooLarge';
    return this.#held.has(key) || this.#waiting.has(key) ? undefined : 'tooMany';
  }

  /** Lets go of all of them; the next search asks for them again. */
  dispose(): void {
    this.#active?.dispose();
    this.#active = undefined;
    this.#turn?.dispose();
    this.#turn = undefined;
    for (const { demand } of this.#held.values()) demand.dispose();
    this.#held.clear();
    this.#waiting.clear();
    this.#until.clear();
    this.#tooLarge.clear();
  }

  /** Looks what is wanted now, and asks for a few of what is not asked for yet. */
  #update(): void {
    this.#isOld = false;
    const wanted = this.#wanted();
    this.#waiting = new Map([...wanted].filter(([key]) => !this.#held.has(key)));
    for (const [key, { demand }] of this.#held) {
      if (wanted.has(key)) continue;
      this.#held.delete(key);
      demand.dispose();
    }
    this.#ask();
  }

  /** Each watch costs its start, a list and rows: hundreds at once would leave no time for the answers. */
  #ask(): void {
    const { fleet } = this.#sources;
    const asked = new Map<string, number>();
    let left = startsPerTurn;
    for (const [key, { kind, cluster }] of this.#waiting) {
      if (left === 0) break;
      const here = asked.get(cluster) ?? 0;
      if (here === startsPerCluster) continue;
      asked.set(cluster, here + 1);
      left--;
      this.#waiting.delete(key);
      const demand = fleet.demand(kind, { clusters: [cluster], priority: 2, linger: false });
      this.#held.set(key, { kind, cluster, demand });
    }
    if (this.#waiting.size > 0) this.#later();
  }

  /** Once a turn, however much changed. */
  #later(): void {
    this.#turn ??= this.#sources.clock.after(turnMs, () => {
      this.#turn = undefined;
      if (this.#until.size === 0) return;
      if (this.#isOld) this.#update();
      else this.#ask();
    });
  }

  /** In every cluster the kinds that are wanted most come first, then those of all clusters that are less so. */
  #wanted(): Map<string, { kind: string; cluster: string }> {
    const { fleet } = this.#sources;
    const pairs: { kind: string; cluster: string; late: number }[] = [];
    for (const cluster of fleet.all()) {
      if (!cluster.open || !this.#until.has(cluster.id)) continue;
      for (const kind of cluster.kinds) {
        if (!isSearchable(kind) || this.#tooLarge.has(`${kind.id} ${cluster.id}`)) continue;
        pairs.push({ kind: kind.id, cluster: cluster.id, late: latenessOf(kind.id) + (kind.custom ? 1 : 0) });
      }
    }
    pairs.sort((a, b) => a.late - b.late);
    return new Map(
      pairs.slice(0, mostWatches).map(({ kind, cluster }) => [`${kind} ${cluster}`, { kind, cluster }] as const),
    );
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
    for (const [key, { kind, cluster }] of this.#held) {
      const table = tables.get(kind);
      if (table === undefined || table.count <= mostObjects) continue;
      if (table.countOf(fleet.byId(cluster)?.index ?? -1) <= mostObjects) continue;
      this.#tooLarge.add(key);
      changed = true;
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
