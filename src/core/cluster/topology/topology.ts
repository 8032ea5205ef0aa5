import type { Clock } from '../../kernel/clock.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';

/** What the capability is made from. */
export interface Sources {
  fleet: OpenClusters;
  tables: Tables;
  clock: Clock;
  /** Lets everything else that waits happen, between two turns of long work; absent: it is done in one. */
  pause?: (() => Promise<unknown>) | undefined;
}
