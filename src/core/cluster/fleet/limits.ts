import type { WatchState } from '../../kube/columns/batch.ts';
import type { DiscoveredKind } from '../../kube/discovery/discovered.ts';
import type { KindState } from './scopeStates.ts';

export interface Limit {
  kind: string;
  verb: string;
  namespace: string;
  message: string;
}

/** What may not be seen of watched kinds, as far as it was tried. */
export function limitsOf(
  watches: readonly {
    kind: DiscoveredKind;
    /** null: all. */
    namespaces: readonly string[] | null;
    scopes: ReadonlyMap<string, WatchState>;
    /** The server's words for the refusal of the whole. */
    refusal: string | undefined;
    state: KindState;
  }[],
): Limit[] {
  const limits: Limit[] = [];
  for (const { kind: discovered, namespaces, scopes, refusal, state } of watches) {
    const { id, kind } = discovered;
    const add = (namespace: string, message: string) => limits.push({ kind: id, verb: 'list', namespace, message });
    if (refusal !== undefined && namespaces !== null) {
      add('', `${kind} objects are shown of ${namespaces.join(', ')} only: you may not list them in all namespaces`);
    } else if (state.state === 'forbidden') {
      add('', `${kind} objects are not shown: you may not list them`);
      continue;
    }
    for (const [namespace, scope] of scopes) {
      if (namespace === '' || scope.state !== 'forbidden') continue;
      add(namespace, `${kind} objects of ${namespace} are not shown: you may not list them there`);
    }
  }
  return limits;
}
