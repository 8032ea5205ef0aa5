import type { WatchState } from '../../kube/columns/batch.ts';

/** Where the watch of one kind in one cluster stands, over all its scopes (namespaces, or '' for all). */
export interface KindState {
  state: 'listing' | 'live' | 'stale' | 'forbidden' | 'absent' | 'stopped';
  /** Milliseconds. */
  since: number;
  reason: string | undefined;
  /** Error code of a stale one. */
  code: string | undefined;
  /** Namespaces that are watched, when not all are; null for all. */
  namespaces: string[] | null;
}

/**
 * One state out of those of the scopes: what needs attention first. Namespaces that may not be read do not make the kind
 * forbidden while others may.
 */
export function combineScopes(scopes: ReadonlyMap<string, WatchState>): KindState | undefined {
  const states = [...scopes];
  if (states.length === 0) return undefined;
  const allowed = states.filter(([, state]) => state.state !== 'forbidden' && state.state !== 'stopped');
  const namespaces = scopes.has('') ? null : allowed.map(([namespace]) => namespace).sort();
  const of = (wanted: WatchState['state']) =>
    states.map(([, state]) => state).filter((state) => state.state === wanted);
  const first = (found: readonly WatchState[]) => found.reduce((a, b) => (b.since < a.since ? b : a));

  const stale = of('stale');
  if (stale.length > 0) return summary(first(stale), namespaces);
  const listing = of('listing');
  if (listing.length > 0) return summary(first(listing), namespaces);
  const live = of('live');
  const absent = of('absent');
  if (live.length > 0 && absent.length > 0) {
    // A kind is served in all namespaces or in none: what this one was told is old, and asked again.
    return { ...summary(first(absent), namespaces), state: 'stale', code: 'notFound' };
  }
  if (live.length > 0) {
    const latest = live.reduce((a, b) => (b.since > a.since ? b : a));
    return summary(latest, namespaces);
  }
  const forbidden = of('forbidden');
  if (forbidden.length > 0) return summary(first(forbidden), namespaces);
  return summary(first(states.map(([, state]) => state)), namespaces);
}

function summary(state: WatchState, namespaces: string[] | null): KindState {
  return {
    state: state.state,
    since: state.since,
    reason: 'reason' in state ? state.reason : undefined,
    code: 'code' in state ? state.code : undefined,
    namespaces,
  };
}
