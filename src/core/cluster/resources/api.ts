import type { Implementations } from '../../kernel/contract.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { resources } from './contract.ts';
import { KindsSource } from './kinds.ts';
import { ListSource } from './list.ts';
import { queryOnce } from './once.ts';
import type { Sources } from './resources.ts';

const later = (what: string) => {
  throw new KubeSageError('unsupported', `${what} is not there yet`);
};

/** The contract's procedures over the capability's parts. */
export function implement(sources: Sources): Implementations<typeof resources> {
  return {
    kinds: ({ clusters }) => new KindsSource(sources, clusters),
    list: (query) => new ListSource(sources, query),
    query: (query, { signal }) => queryOnce(sources, query, signal),
    export: () => later('Export'),
    get: () => later('Reading an object'),
    events: () => later('Events'),
    relations: () => later('Relations'),
    search: () => later('Search'),
    suggest: () => later('Completion'),
  };
}
