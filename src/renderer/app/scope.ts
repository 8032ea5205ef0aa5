import { useMemo } from 'react';
import { useLive } from '../client/index.ts';
import { listParam, listText, setParams, useLocation } from './router.ts';

/** What part of the fleet is looked at: undefined is all open clusters, all namespaces. Part of every address. */
export interface Scope {
  clusters: string[] | undefined;
  namespaces: string[] | undefined;
}

export function useScope(): Scope {
  const { params } = useLocation();
  return useMemo(
    () => ({ clusters: listParam(params.clusters), namespaces: listParam(params.namespaces) }),
    [params.clusters, params.namespaces],
  );
}

export function setScope(change: Partial<Scope>): void {
  setParams({
    ...('clusters' in change && { clusters: listText(change.clusters) }),
    ...('namespaces' in change && { namespaces: listText(change.namespaces) }),
  });
}

/** Every known cluster, by id. */
export function useClusters() {
  const clusters = useLive((client) => client.fleet.clusters, {});
  const byId = useMemo(() => new Map(clusters.rows.map((row) => [row.key, row])), [clusters.rows]);
  return { ...clusters, byId };
}
