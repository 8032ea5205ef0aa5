import type { Disposable } from '../../kernel/disposable.ts';
import type { FleetCluster, OpenClusters } from '../fleet/openClusters.ts';

/** The clusters that a question is about: the named ones that are known, or all that are open or of which rows are there. */
export function chosenClusters(fleet: OpenClusters, ids: readonly string[] | undefined): readonly FleetCluster[] {
  if (ids === undefined) return fleet.all().filter((cluster) => cluster.open || cluster.known);
  return fleet.all().filter((cluster) => ids.includes(cluster.id));
}

/** Clusters by their number in the tables. */
export class ClusterIndex implements Disposable {
  readonly #fleet: OpenClusters;
  readonly #subscription: Disposable;
  #byIndex: Map<number, FleetCluster> | undefined;

  constructor(fleet: OpenClusters) {
    this.#fleet = fleet;
    this.#subscription = fleet.onChange(() => {
      this.#byIndex = undefined;
    });
  }

  get(index: number): FleetCluster | undefined {
    this.#byIndex ??= new Map(this.#fleet.all().map((cluster) => [cluster.index, cluster]));
    return this.#byIndex.get(index);
  }

  /** '' when it is not known any more. */
  readonly id = (index: number): string => this.get(index)?.id ?? '';

  readonly name = (index: number): string => this.get(index)?.name ?? '';

  /** Milliseconds by which the cluster's clock is ahead of ours. */
  readonly skew = (index: number): number => this.get(index)?.clockSkewMs ?? 0;

  dispose(): void {
    this.#subscription.dispose();
  }
}
