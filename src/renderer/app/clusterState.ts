import type { ClusterState } from '../../core/cluster/fleet/contract.ts';
import type { Tone } from '../ui/index.ts';

/** How the connection is doing, which is not how the cluster is doing. */
export const stateTones: Record<ClusterState, Tone> = {
  idle: 'stopped',
  needsConsent: 'warning',
  connecting: 'progressing',
  live: 'healthy',
  stale: 'warning',
  forbidden: 'warning',
  unauthenticated: 'failed',
  unreachable: 'failed',
};
