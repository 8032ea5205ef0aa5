import type { Clock } from '../../kernel/clock.ts';
import type { KubeObject } from '../objects.ts';
import type { Change } from '../store/objectStore.ts';
import { type ClusterPlan, clusterPlans } from './clusters.ts';
import { createLivedCluster, pastMs } from './fleet.ts';

/** One change of the fleet's past. */
export interface PastVersion {
  /** Name of the cluster, which is also its context. */
  cluster: string;
  /** Milliseconds. */
  at: number;
  change: 'added' | 'modified' | 'deleted';
  /** The kind's id, such as `deployments.apps`. */
  type: string;
  object: KubeObject;
}

export interface PastOptions {
  /** The moment and the seed of the fleet whose past it is. */
  nowMs: number;
  seed?: string;
  clusters?: readonly string[];
  /** Only these types; default all. */
  types?: readonly string[];
}

const stepMs = 15 * 60_000;
/** In the first hour everything starts. */
const firstStepMs = 60_000;
const firstStepsMs = 60 * 60_000;
const words = { ADDED: 'added', MODIFIED: 'modified', DELETED: 'deleted' } as const;

/**
 * The two weeks before `nowMs`, change by change, in order of time within a cluster. Nothing of it is stored: the same
 * seed and moment live the same life again, some minutes at a time, so that it may be read slowly or in part.
 */
export function* pastVersions(options: PastOptions): Generator<PastVersion> {
  for (const step of pastSteps(options)) yield* step;
}

/** The same, what some minutes brought at a time: nothing, often. To be read with pauses. */
export function* pastSteps(options: PastOptions): Generator<readonly PastVersion[]> {
  const { nowMs } = options;
  for (const plan of clusterPlans) {
    if (options.clusters !== undefined && !options.clusters.includes(plan.name)) continue;
    yield* pastOf(plan, nowMs, options);
  }
}

function* pastOf(plan: ClusterPlan, nowMs: number, options: PastOptions): Generator<readonly PastVersion[]> {
  const seed = options.seed ?? 'acorn';
  let fresh: PastVersion[] = [];
  const simulator = createLivedCluster({ plan, clock: standing(nowMs), seed, nowMs, allEvents: true });
  const { store, timeline } = simulator.cluster;
  const keep = (type: string, change: Change) => {
    if (options.types !== undefined && !options.types.includes(type)) return;
    const { object } = change.entry;
    fresh.push({ cluster: plan.name, at: timeline.now(), change: words[change.type], type, object });
  };
  try {
    // What stood on the first day was made before anybody could listen.
    const first = nowMs - pastMs;
    for (const type of store.types()) {
      if (options.types !== undefined && !options.types.includes(type)) continue;
      for (const object of store.objects(type))
        fresh.push({ cluster: plan.name, at: first, change: 'added', type, object });
    }
    store.subscribeAll(keep);
    for (let end = first; end < nowMs; ) {
      yield fresh;
      fresh = [];
      end = Math.min(end + (end - first < firstStepsMs ? firstStepMs : stepMs), nowMs);
      timeline.playTo(end);
    }
    yield fresh;
  } finally {
    simulator.dispose();
  }
}

/** A clock that is only asked for the time. */
function standing(nowMs: number): Clock {
  const never = () => ({ dispose() {} });
  return { now: () => nowMs, steady: () => nowMs, after: never, every: never };
}
