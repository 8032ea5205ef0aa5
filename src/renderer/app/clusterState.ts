import type { Cluster, ClusterState } from '../../core/cluster/fleet/contract.ts';
import type { Tone } from '../ui/index.ts';

/** How the connection is shown: what its user has closed is not stale. */
export type ShownState = ClusterState | 'closed';

export function shownState(cluster: Pick<Cluster, 'state' | 'closed'>): ShownState {
  return cluster.closed === true ? 'closed' : cluster.state;
}

/** How the connection is doing, which is not how the cluster is doing. */
export const stateTones: Record<ShownState, Tone> = {
  idle: 'stopped',
  closed: 'stopped',
  needsConsent: 'warning',
  connecting: 'progressing',
  live: 'healthy',
  stale: 'warning',
  forbidden: 'warning',
  unauthenticated: 'failed',
  unreachable: 'failed',
};
