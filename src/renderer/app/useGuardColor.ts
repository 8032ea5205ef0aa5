import { listParam, matchPath, useLocation } from './router.ts';
import { useClusters } from './scope.ts';

/** The colour that frames the window: that of the protected cluster which is looked at, if there is one. */
export function useGuardColor(): string | undefined {
  const { path, params } = useLocation();
  const { rows } = useClusters();
  const parts = matchPath('/clusters/:cluster', path) ?? matchPath('/objects/:cluster/:kind/:namespace/:name', path);
  // In an address with one cluster of its own, that one counts and not the scope.
  const looked = parts?.cluster === undefined ? listParam(params.clusters) : [parts.cluster];
  if (looked === undefined) return undefined;
  return rows.find((cluster) => cluster.protected && looked.includes(cluster.key))?.color;
}
