import type { Clock } from '../kernel/clock.ts';
import { systemClock } from '../kernel/clock.ts';
import { kubeconfigOf, type ServedCluster } from './kubeconfig.ts';
import { clusterPlans } from './scenario/clusters.ts';
import { createLivedCluster } from './scenario/fleet.ts';
import type { Simulator } from './server.ts';

export interface DemoFleetOptions {
  clock?: Clock;
  /** Another seed is another fleet; the same one at the same moment is the same fleet. */
  seed?: string;
}

export interface DemoFleet {
  /** One context a cluster. */
  kubeconfig: string;
  /** Of whose past `pastRows` tells. */
  readonly seed: string;
  /** Where its past ended and its life began, milliseconds. */
  readonly bornMs: number;
  dispose(): void;
}

/** Starts five clusters on loopback that have lived for two weeks and go on living. */
export async function createDemoFleet(options: DemoFleetOptions = {}): Promise<DemoFleet> {
  const clock = options.clock ?? systemClock;
  const seed = options.seed ?? 'acorn';
  const bornMs = clock.now();
  const simulators: Simulator[] = [];
  const served: ServedCluster[] = [];
  const dispose = () => {
    for (const simulator of simulators) simulator.dispose();
  };
  try {
    for (const plan of clusterPlans) {
      const simulator = createLivedCluster({ plan, clock, seed, nowMs: bornMs });
      simulators.push(simulator);
      simulator.cluster.timeline.playTo(clock.now());
      served.push({ ...(await simulator.listen()), namespace: plan.namespaces?.[0] });
    }
  } catch (error) {
    dispose();
    throw error;
  }
  return { kubeconfig: kubeconfigOf(served), seed, bornMs, dispose };
}
