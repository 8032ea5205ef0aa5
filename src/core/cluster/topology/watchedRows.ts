import type { LiveSource, LiveState } from '../../kernel/contract.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { Emitter, type Event } from '../../kernel/emitter.ts';
import type { FleetCluster } from '../fleet/openClusters.ts';
import { chosenClusters } from '../resources/index.ts';
import type { Sources } from './topology.ts';
import { Watched } from './watched.ts';

/** Changes within it are one picture. Milliseconds. */
const shortest = 250;
/** Making pictures takes at most a tenth of the time. */
const share = 10;
const longest = 5_000;

/** What is made of the tables. */
export interface WatchedPicture<H, R> {
  /** Kinds that are kept watched while somebody looks, where they are served. */
  kinds: readonly string[];
  /** Cluster ids; undefined for all open ones. */
  clusters: readonly string[] | undefined;
  /** `dirty` are the numbers of the clusters in which something changed since the last time, null for all. */
  look(at: {
    clusters: readonly FleetCluster[];
    dirty: ReadonlySet<number> | null;
    loading: boolean;
    problems: string[];
  }): { head: H; rows: readonly R[] };
  /** Besides the tables: something that it is made of changed. */
  onOther?: readonly Event<unknown>[];
}

/** Rows that are made of whole tables, anew when these change and not more often than a tenth of the time allows. */
export class WatchedRows<H, R extends { key: string }> implements LiveSource<H, R> {
  readonly #sources: Sources;
  readonly #picture: WatchedPicture<H, R>;
  readonly #watched: Watched;
  readonly #changed = new Emitter<void>();
  readonly #subscriptions: Disposable[];
  #rows = new Map<string, { text: string; row: R }>();
  #timer: Disposable | undefined;
  #took = 0;
  #state: LiveState<H, R> | undefined;

  constructor(sources: Sources, picture: WatchedPicture<H, R>) {
    this.#sources = sources;
    this.#picture = picture;
    this.#watched = new Watched(sources, picture.clusters, () => this.#later());
    this.#subscriptions = (picture.onOther ?? []).map((event) => event(() => this.#later()));
    this.#look();
  }

  get onChange(): Event<void> {
    return this.#changed.event;
  }

  read(): LiveState<H, R> {
    return this.#state ?? this.#look();
  }

  dispose(): void {
    this.#timer?.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#watched.dispose();
    this.#changed.dispose();
  }

  #later(): void {
    this.#timer ??= this.#sources.clock.after(Math.min(longest, Math.max(shortest, this.#took * share)), () => {
      this.#timer = undefined;
      this.#look();
      this.#changed.fire();
    });
  }

  #look(): LiveState<H, R> {
    const started = performance.now();
    for (const kind of this.#picture.kinds) this.#watched.want(kind);
    const dirty = this.#watched.takeDirty();
    const clusters = chosenClusters(this.#sources.fleet, this.#picture.clusters);
    const { head, rows } = this.#picture.look({ clusters, dirty, ...this.#watched.standing(clusters) });
    const before = this.#rows;
    this.#rows = new Map();
    const kept = rows.map((row) => this.#keep(row, before.get(row.key)));
    this.#state = { rev: (this.#state?.rev ?? 0) + 1, head, rows: kept };
    this.#took = performance.now() - started;
    return this.#state;
  }

  /** The same object for the same row. */
  #keep(row: R, known: { text: string; row: R } | undefined): R {
    if (known?.row === row) {
      this.#rows.set(row.key, known);
      return row;
    }
    const text = JSON.stringify(row);
    const kept = known?.text === text ? known : { text, row };
    this.#rows.set(row.key, kept);
    return kept.row;
  }
}
