import type { Implementations } from '../../kernel/contract.ts';
import { CausesSource } from './causes.ts';
import { chosenClusters } from './chosenClusters.ts';
import type { resources } from './contract.ts';
import { EventsSource } from './events.ts';
import { readObject } from './get.ts';
import { findKind } from './kindNames.ts';
import { KindsSource } from './kinds.ts';
import { ListSource } from './list.ts';
import { exportAll, queryOnce } from './once.ts';
import { suggest } from './query/suggest.ts';
import { RelationsSource } from './relations.ts';
import type { Sources } from './resources.ts';
import { search } from './search.ts';

/** The contract's procedures over the capability's parts. */
export function implement(sources: Sources): Implementations<typeof resources> {
  return {
    kinds: ({ clusters }) => new KindsSource(sources, clusters),
    list: (query) => new ListSource(sources, query),
    query: (query, { signal }) => queryOnce(sources, query, signal),
    export: ({ query, format }, { signal }) => exportAll(sources, query, { format, signal }),
    get: ({ object, managedFields }, { signal }) => readObject(sources, object, { managedFields, signal }),
    events: ({ object, limit }) => new EventsSource(sources, object, limit),
    relations: ({ object }) => new RelationsSource(sources, object),
    causes: (question) => new CausesSource(sources, question),
    search: (question, { signal }) => search(sources, question, signal),
    suggest: ({ kind, filter, cursor }) => {
      const known = findKind(sources.fleet, kind);
      const table = sources.tables.get(known?.id ?? kind);
      if (table === undefined) return { start: cursor, end: cursor, items: [] };
      const clusters = chosenClusters(sources.fleet, undefined).map((cluster) => cluster.index);
      return suggest(table, filter, { cursor, clusters, clusterNames: sources.clusters.name });
    },
  };
}
