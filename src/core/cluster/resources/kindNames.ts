import type { DiscoveredKind } from '../../kube/discovery/discovered.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';

/**
 * The kind that is meant by an id (`deployments.apps`), or by what people type: a plural or singular name, a short
 * name (`deploy`). An id wins over names; among equal names, the built-in kind wins.
 */
export function findKind(fleet: OpenClusters, text: string): DiscoveredKind | undefined {
  const wanted = text.toLowerCase();
  let best: DiscoveredKind | undefined;
  for (const cluster of fleet.all()) {
    for (const kind of cluster.kinds) {
      if (kind.id === text) return kind;
      const named = kind.resource === wanted || kind.kind.toLowerCase() === wanted || kind.shortNames.includes(wanted);
      if (named && (best === undefined || (best.custom && !kind.custom))) best = kind;
    }
  }
  return best;
}

/** The kind that a manifest or a reference means; among several groups without a version, the built-in one. */
export function kindOf(
  fleet: OpenClusters,
  cluster: string,
  named: { kind: string; apiVersion: string },
): DiscoveredKind | undefined {
  const { kind, apiVersion } = named;
  const cut = apiVersion.indexOf('/');
  const group = cut === -1 ? '' : apiVersion.slice(0, cut);
  let best: DiscoveredKind | undefined;
  for (const candidate of fleet.byId(cluster)?.kinds ?? []) {
    if (candidate.kind !== kind) continue;
    if (apiVersion !== '' && candidate.group === group) return candidate;
    if (apiVersion === '' && (best === undefined || (best.custom && !candidate.custom))) best = candidate;
  }
  return best;
}
