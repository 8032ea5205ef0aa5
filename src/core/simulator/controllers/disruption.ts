import { matchesLabels } from '../api/selectors.ts';
import { sameValue } from '../api/write/sameValue.ts';
import type { SimulatedCluster } from '../cluster.ts';
import { at, numberAt } from '../objects.ts';
import { asPod, isPodReady } from './shapes.ts';
import { createWorkQueue, type WorkQueue } from './workQueue.ts';

const delayMs = 500;
/** Nobody saw the budgets of the past between two looks. */
const pastDelayMs = 20_000;
const budgets = 'poddisruptionbudgets.policy';

/** Counts what each disruption budget of a namespace still allows. Keys are namespaces. */
export function createDisruptionController(cluster: SimulatedCluster): WorkQueue {
  const { store, timeline } = cluster;
  return createWorkQueue(
    timeline,
    () => (timeline.live ? delayMs : pastDelayMs),
    (namespace) => {
      for (const budget of store.objects(budgets, namespace)) {
        const pods = store
          .objects('pods', namespace)
          .filter((pod) => matchesLabels(at(budget, 'spec.selector'), pod.metadata.labels))
          .map(asPod);
        const healthy = pods.filter((pod) => isPodReady(pod) && pod.metadata.deletionTimestamp === undefined).length;
        const least = at(budget, 'spec.minAvailable');
        const percent =
          typeof least === 'string' ? Math.ceil((Number.parseFloat(least) / 100) * pods.length) : undefined;
        const desired =
          percent ?? (least === undefined ? pods.length - numberAt(budget, 'spec.maxUnavailable') : Number(least));
        const status = {
          disruptionsAllowed: Math.max(0, healthy - desired),
          currentHealthy: healthy,
          desiredHealthy: desired,
          expectedPods: pods.length,
          observedGeneration: budget.metadata.generation ?? 1,
        };
        if (!sameValue(status, budget.status)) store.put(budgets, { ...budget, status });
      }
    },
  );
}
