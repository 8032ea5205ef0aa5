import type { TopologyNode } from '../../../core/cluster/topology/contract.ts';
import type { Box, Layout } from './layout.ts';

/** The graph in both directions. */
export interface Graph {
  byKey: ReadonlyMap<string, TopologyNode>;
  /** Keys of what leads to a node. */
  from: ReadonlyMap<string, readonly string[]>;
}

export function graphOf(rows: readonly TopologyNode[]): Graph {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const from = new Map<string, string[]>();
  for (const { key, edges } of rows) {
    for (const { to } of edges) {
      const known = from.get(to);
      if (known === undefined) from.set(to, [key]);
      else known.push(key);
    }
  }
  return { byKey, from };
}

/** Everything that leads to a node and everything that it leads to, itself included. */
export function pathThrough({ byKey, from }: Graph, key: string): Set<string> {
  const found = new Set([key]);
  const follow = (next: (at: string) => readonly string[]) => {
    const waiting = [key];
    const seen = new Set(waiting);
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      for (const other of next(at)) {
        if (seen.has(other)) continue;
        seen.add(other);
        found.add(other);
        waiting.push(other);
      }
    }
  };
  follow((at) => byKey.get(at)?.edges.map(({ to }) => to) ?? []);
  follow((at) => from.get(at) ?? []);
  // What owns the pods that a service selects is on the way to them, though no edge leads over it.
  for (const at of [...found]) {
    if (byKey.get(at)?.stage !== 'pods') continue;
    for (const owner of from.get(at) ?? []) if (byKey.get(owner)?.stage === 'workload') found.add(owner);
  }
  return found;
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** Where an arrow leads: along an edge to the side where there is one, else to the nearest node in that direction. */
export function stepFrom(graph: Graph, layout: Layout, key: string, direction: Direction): string | undefined {
  const here = layout.nodes.get(key);
  if (here === undefined) return layout.nodes.keys().next().value;
  const sideways = direction === 'left' || direction === 'right';
  if (sideways) {
    const linked = [...(graph.byKey.get(key)?.edges.map(({ to }) => to) ?? []), ...(graph.from.get(key) ?? [])];
    const best = nearest(linked, layout, here, direction);
    if (best !== undefined) return best;
  }
  return nearest([...layout.nodes.keys()], layout, here, direction);
}

function nearest(keys: readonly string[], layout: Layout, here: Box, direction: Direction): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const key of keys) {
    const place = layout.nodes.get(key);
    if (place === undefined || place === here) continue;
    const dx = place.x - here.x;
    const dy = place.y - here.y;
    const ahead = direction === 'left' ? -dx : direction === 'right' ? dx : direction === 'up' ? -dy : dy;
    if (ahead <= 1) continue;
    const aside = direction === 'left' || direction === 'right' ? Math.abs(dy) : Math.abs(dx);
    const cost = ahead + aside * 3;
    if (cost < least) [best, least] = [key, cost];
  }
  return best;
}
