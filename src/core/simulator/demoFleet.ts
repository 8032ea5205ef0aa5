import type { Clock } from '../kernel/clock.ts';
import { systemClock } from '../kernel/clock.ts';
import { everything, type SimulatedUser } from './api/access.ts';
import { kubeconfigOf, type ServedCluster } from './kubeconfig.ts';
import { type ClusterPlan, clusterPlans } from './scenario/clusters.ts';
import { populate } from './scenario/populate.ts';
import { administrator, createSimulator, type Simulator } from './server.ts';

export interface DemoFleetOptions {
  clock?: Clock;
  /** Another seed is another fleet; the same one at the same moment is the same fleet. */
  seed?: string;
}

export interface DemoFleet {
  /** One context a cluster. */
  kubeconfig: string;
  dispose(): void;
}

const dayMs = 24 * 60 * 60_000;
/** How long the fleet has lived when it appears. */
export const pastMs = 14 * dayMs;

/** Starts five clusters on loopback that have lived for two weeks and go on living. */
export async function createDemoFleet(options: DemoFleetOptions = {}): Promise<DemoFleet> {
  const clock = options.clock ?? systemClock;
  const seed = options.seed ?? 'acorn';
  const simulators: Simulator[] = [];
  const served: ServedCluster[] = [];
  const dispose = () => {
    for (const simulator of simulators) simulator.dispose();
  };
  try {
    for (const plan of clusterPlans) {
      const user = userOf(plan);
      const simulator = createSimulator({
        name: plan.name,
        clock,
        seed: `${seed}/${plan.name}`,
        version: plan.version,
        startMs: clock.now() - pastMs,
        users: [user, administrator(plan.name)],
      });
      simulators.push(simulator);
      populate(simulator.cluster, plan);
      simulator.cluster.timeline.playTo(clock.now());
      const authority = await simulator.listen();
      served.push({ ...authority, namespace: plan.namespaces?.[0] });
    }
  } catch (error) {
    dispose();
    throw error;
  }
  return { kubeconfig: kubeconfigOf(served), dispose };
}

/** Who the demo's user is in a cluster: nearly everything, or some namespaces only. */
function userOf(plan: ClusterPlan): SimulatedUser {
  if (plan.namespaces === undefined) return { ...administrator(plan.name), name: 'demo' };
  return {
    name: 'demo',
    groups: ['checkout-developers'],
    token: `${plan.name}-demo-token`,
    rules:
      plan.namespaces.length === 0
        ? everything
        : [{ verbs: ['*'], groups: ['*'], resources: ['*'], namespaces: plan.namespaces }],
  };
}
