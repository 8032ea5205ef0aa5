import type { Clock } from '../../kernel/clock.ts';
import type { Implementations } from '../../kernel/contract.ts';
import { type Disposable, Scope } from '../../kernel/disposable.ts';
import { userColumnId } from '../../kube/columns/schema.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { UserColumn } from '../../platform/settings/contract.ts';
import type { UserColumns } from '../fleet/index.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import { implement } from './api.ts';
import { ClusterIndex } from './chosenClusters.ts';
import type { resources } from './contract.ts';
import { kindOf } from './kindNames.ts';
import { SearchWatch } from './searchWatch.ts';
import { SharedViews } from './sharedViews.ts';
import { UserValues } from './userValues.ts';

/** What the capability's parts share. */
export interface Sources {
  fleet: OpenClusters;
  tables: Tables;
  clock: Clock;
  clusters: ClusterIndex;
  views: SharedViews;
  userValues: UserValues;
  searchWatch: SearchWatch;
  /** Lets everything else that waits happen, between two turns of long work; absent: the event loop's next round. */
  pause?: (() => Promise<unknown>) | undefined;
  /** Whether the tables hold a user's column of a kind, rather than that it is read object by object. */
  isHeld(kind: string, column: UserColumn): boolean;
  /** Id of the kind that a manifest's `kind` and `apiVersion` name; the version may be '' when it is not known. */
  kindId(cluster: string, kind: string, apiVersion: string): string | undefined;
}

export interface Resources extends Disposable {
  implementation: Implementations<typeof resources>;
  /** Memory is short: values of users' columns are forgotten. */
  forgetValues(): void;
  /** Memory is short: kinds that are watched only to be searched are let go of. */
  endSearch(): void;
}

/** Lists, searches and reads what the open clusters hold. Writes nothing. */
export function createResources(deps: {
  fleet: OpenClusters;
  tables: Tables;
  clock: Clock;
  /** Absent: none is held. */
  userColumns?: UserColumns | undefined;
  pause?: Sources['pause'];
}): Resources {
  const scope = new Scope();
  const clusters = scope.add(new ClusterIndex(deps.fleet));
  const views = scope.add(new SharedViews(deps.clock, clusters.name, clusters.skew));
  const userValues = scope.add(new UserValues(deps.fleet, clusters, deps.clock));
  const searchWatch = scope.add(new SearchWatch(deps));
  const kindId = (cluster: string, kind: string, apiVersion: string) =>
    kindOf(deps.fleet, cluster, { kind, apiVersion })?.id;
  const isHeld = (kind: string, column: UserColumn) => {
    const id = userColumnId(column);
    if ((deps.tables.get(kind)?.column(id) ?? -1) === -1) return false;
    return deps.userColumns?.of(kind).some((known) => userColumnId(known) === id) ?? false;
  };
  const implementation = implement({ ...deps, clusters, views, userValues, searchWatch, isHeld, kindId });
  return {
    implementation,
    forgetValues: () => userValues.forget(),
    endSearch: () => searchWatch.dispose(),
    dispose: () => scope.dispose(),
  };
}
