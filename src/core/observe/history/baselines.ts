import { toErrorValue } from '../../kernel/errors.ts';
import type { Store } from '../../platform/store/index.ts';

/** What was recorded of one kind in one cluster before this run looked at it. */
export interface Baseline {
  /** What was last recorded of each object, by uid; an object found again leaves the map. */
  known: Map<string, number>;
  ready: boolean;
}

/** The baselines, each loaded once, when it is first asked for. */
export class Baselines {
  readonly #store: Store;
  readonly #onProblem: (message: string) => void;
  /** By cluster and kind: asked for with every row that is read. */
  readonly #baselines = new Map<string, Map<string, Baseline>>();
  readonly #loading = new Map<string, Promise<void>>();
  /** By cluster: when its past has been told. */
  readonly #held = new Map<string, Promise<unknown>>();

  constructor(store: Store, onProblem: (message: string) => void) {
    this.#store = store;
    this.#onProblem = onProblem;
  }

  /** Loads nothing of a cluster until its past has been told. */
  async hold(cluster: string, told: Promise<void>): Promise<void> {
    this.#held.set(
      cluster,
      told.catch(() => undefined),
    );
    try {
      await told;
    } finally {
      this.#held.delete(cluster);
    }
  }

  isHeld(cluster: string): boolean {
    return this.#held.has(cluster);
  }

  get(cluster: string, kind: string): Baseline | undefined {
    return this.#baselines.get(cluster)?.get(kind);
  }

  /** Whether it is loaded; if not, that begins. */
  isReady(cluster: string, kind: string): boolean {
    const baseline = this.get(cluster, kind);
    if (baseline === undefined) void this.load(cluster, kind);
    return baseline?.ready === true;
  }

  load(cluster: string, kind: string): Promise<void> {
    const key = keyOf(cluster, kind);
    let loading = this.#loading.get(key);
    if (loading === undefined) {
      const baseline: Baseline = { known: new Map(), ready: false };
      const ofCluster = this.#baselines.get(cluster) ?? new Map<string, Baseline>();
      this.#baselines.set(cluster, ofCluster.set(kind, baseline));
      loading = this.#load(cluster, kind, baseline);
      this.#loading.set(key, loading);
    }
    return loading;
  }

  /** Resolves when those are loaded that were asked for. Those that wait for a past take too long for who asks. */
  async loaded(): Promise<void> {
    const clusterOf = (key: string) => key.slice(0, key.indexOf('\n'));
    await Promise.all([...this.#loading].filter(([key]) => !this.isHeld(clusterOf(key))).map(([, loading]) => loading));
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

export function keyOf(cluster: string, kind: string): string {
  return `${cluster}\n${kind}`;
}
