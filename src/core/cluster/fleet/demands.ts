import type { Clock } from '../../kernel/clock.ts';
import { type Disposable, toDisposable } from '../../kernel/disposable.ts';

interface Demand {
  clusters: ReadonlySet<string> | null;
  priority: 0 | 1 | 2;
}

/** Which kinds are wanted where. Counts demands, and keeps a kind for a while after its last one. */
export interface Demands extends Disposable {
  /** @param options.linger false: nobody comes back to it */
  add(kind: string, options?: { clusters?: readonly string[]; priority?: 0 | 1 | 2; linger?: boolean }): Disposable;
  /** The most urgent priority at which a cluster is wanted to watch a kind; undefined when it is not. */
  priorityOf(kind: string, cluster: string): 0 | 1 | 2 | undefined;
  kinds(): string[];
  /** Ends at once what nobody looks at any more. */
  endLingering(): void;
}

/**
 * @param lingerMs how long a kind is kept after its last demand
 * @param changed called with the kind whose demand may have changed, and where: null for every cluster
 */
export function createDemands(
  clock: Clock,
  lingerMs: () => number,
  changed: (kind: string, clusters: ReadonlySet<string> | null) => void,
): Demands {
  const demands = new Map<string, Set<Demand>>();
  const lingering = new Map<() => void, Disposable>();

  return {
    add(kind, options = {}) {
      const demand: Demand = {
        clusters: options.clusters === undefined ? null : new Set(options.clusters),
        priority: options.priority ?? 0,
      };
      const { clusters } = demand;
      const ofKind = demands.get(kind) ?? new Set();
      demands.set(kind, ofKind.add(demand));
      changed(kind, clusters);
      const end = () => {
        lingering.get(end)?.dispose();
        lingering.delete(end);
        ofKind.delete(demand);
        if (ofKind.size === 0) demands.delete(kind);
        changed(kind, clusters);
      };
      return toDisposable(() => {
        const lingers = options.linger === false ? 0 : lingerMs();
        if (lingers === 0) return end();
        // What lingers is nobody's screen any more.
        demand.priority = 2;
        lingering.set(end, clock.after(lingers, end));
      });
    },
    priorityOf(kind, cluster) {
      let found: 0 | 1 | 2 | undefined;
      for (const demand of demands.get(kind) ?? []) {
        if (demand.clusters !== null && !demand.clusters.has(cluster)) continue;
        if (found === undefined || demand.priority < found) found = demand.priority;
      }
      return found;
    },
    kinds: () => [...demands.keys()],
    endLingering() {
      for (const end of [...lingering.keys()]) end();
    },
    dispose() {
      for (const timer of lingering.values()) timer.dispose();
      lingering.clear();
      demands.clear();
    },
  };
}
