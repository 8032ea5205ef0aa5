import type { Clock } from '../../kernel/clock.ts';
import { type Disposable, toDisposable } from '../../kernel/disposable.ts';

/** Who leaves a list often comes back to it: a watch outlives its last demand by this. */
export const lingerMs = 60_000;

interface Demand {
  kind: string;
  clusters: ReadonlySet<string> | null;
  priority: 0 | 1 | 2;
}

/** Which kinds are wanted where. Counts demands, and keeps a kind for a minute after its last one. */
export interface Demands extends Disposable {
  /** @param options.linger false: nobody comes back to it */
  add(kind: string, options?: { clusters?: readonly string[]; priority?: 0 | 1 | 2; linger?: boolean }): Disposable;
  /** The most urgent priority at which a cluster is wanted to watch a kind; undefined when it is not. */
  priorityOf(kind: string, cluster: string): 0 | 1 | 2 | undefined;
  kinds(): string[];
}

/** @param changed called with the kind whose demand may have changed. */
export function createDemands(clock: Clock, changed: (kind: string) => void): Demands {
  const demands = new Set<Demand>();
  const lingering = new Set<Disposable>();

  return {
    add(kind, options = {}) {
      const demand: Demand = {
        kind,
        clusters: options.clusters === undefined ? null : new Set(options.clusters),
        priority: options.priority ?? 0,
      };
      demands.add(demand);
      changed(kind);
      return toDisposable(() => {
        if (options.linger === false) {
          demands.delete(demand);
          changed(kind);
          return;
        }
        // What lingers is nobody's screen any more.
        demand.priority = 2;
        const timer = clock.after(lingerMs, () => {
          lingering.delete(timer);
          demands.delete(demand);
          changed(kind);
        });
        lingering.add(timer);
      });
    },
    priorityOf(kind, cluster) {
      let found: 0 | 1 | 2 | undefined;
      for (const demand of demands) {
        if (demand.kind !== kind || (demand.clusters !== null && !demand.clusters.has(cluster))) continue;
        if (found === undefined || demand.priority < found) found = demand.priority;
      }
      return found;
    },
    kinds: () => [...new Set([...demands].map((demand) => demand.kind))],
    dispose() {
      for (const timer of lingering) timer.dispose();
      lingering.clear();
      demands.clear();
    },
  };
}
