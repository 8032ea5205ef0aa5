import type { Implementations } from '../../kernel/contract.ts';
import type { topology } from './contract.ts';
import { GraphSource } from './graph.ts';
import { HostsSource } from './hosts.ts';
import type { Sources } from './topology.ts';

/** The contract's procedures over the tables. Reads alone: nothing is asked of a cluster but its lists. */
export function topologyApi(sources: Sources): Implementations<typeof topology> {
  return {
    graph: (query) => new GraphSource(sources, query),
    map: (query) => new HostsSource(sources, query),
  };
}
