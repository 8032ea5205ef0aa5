import type { Clock } from '../../kernel/clock.ts';
import type { SimulatedUser } from '../api/access.ts';
import { administrator, createSimulator, type Simulator } from '../server.ts';
import { createRandom } from '../store/random.ts';
import type { ClusterPlan } from './clusters.ts';
import { populate } from './populate.ts';
import { keepReleases } from './releases.ts';
import { createStage, createStageBehaviour } from './stage.ts';
import { tell } from './story.ts';

const hourMs = 60 * 60_000;
const dayMs = 24 * 60 * 60_000;
/** How long a cluster has lived when it appears. */
export const pastMs = 14 * dayMs;

export interface LivedClusterOptions {
  plan: ClusterPlan;
  clock: Clock;
  seed: string;
  /** Where its past ends, milliseconds. */
  nowMs: number;
  /** Writes events of the whole past too, for a history; the cluster at the end is the same. */
  allEvents?: boolean;
}

/** A cluster of the demo fleet on its first day, with its story before it: `playTo` lets it live. */
export function createLivedCluster({ plan, clock, seed, nowMs, ...options }: LivedClusterOptions): Simulator {
  const behaviour = createStageBehaviour(createRandom(`${seed}/${plan.name}/behaviour`));
  const simulator = createSimulator({
    name: plan.name,
    clock,
    seed: `${seed}/${plan.name}`,
    version: plan.version,
    startMs: nowMs - pastMs,
    users: [userOf(plan), administrator(plan.name)],
    controllers: { behaviour: behaviour.source, eventsFromMs: options.allEvents === true ? 0 : nowMs - hourMs },
  });
  const { cluster, controllers } = simulator;
  if (controllers === undefined) throw new TypeError('A lived cluster has controllers');
  cluster.store.keepsChanges = false;
  const deployed = populate(cluster, plan);
  const stage = createStage(cluster, controllers, deployed, behaviour);
  tell(stage, plan, nowMs);
  keepReleases(stage, plan, nowMs);
  return simulator;
}

/** Who the demo's user is in a cluster: nearly everything, or some namespaces only. */
function userOf(plan: ClusterPlan): SimulatedUser {
  const administrates = administrator(plan.name);
  if (plan.namespaces === undefined) return { ...administrates, name: 'demo', token: `${plan.name}-demo-token` };
  const rules = [{ verbs: ['*'], groups: ['*'], resources: ['*'], namespaces: plan.namespaces }];
  return { name: 'demo', groups: ['checkout-developers'], token: `${plan.name}-demo-token`, rules };
}
