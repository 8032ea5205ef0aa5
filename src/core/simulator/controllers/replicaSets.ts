import { sameValue } from '../api/write/sameValue.ts';
import type { SimulatedCluster } from '../cluster.ts';
import { deleteObject } from '../deletion.ts';
import type { EventRecorder } from './events.ts';
import { createPod } from './podFactory.ts';
import { asPod, asWorkload, isActive, isPodReady, type Pod } from './shapes.ts';
import { createWorkQueue, type WorkQueue } from './workQueue.ts';

export const replicaSets = 'replicasets.apps';

/** Keeps as many pods of each replica set as it asks for. */
export function createReplicaSetController(cluster: SimulatedCluster, events: EventRecorder): WorkQueue {
  const { store, timeline } = cluster;
  const random = cluster.random.fork('replicasets');
  const from = { component: 'replicaset-controller' };

  return createWorkQueue(timeline, 25, (key) => {
    const object = store.get(replicaSets, key)?.object;
    if (object === undefined) return;
    const set = asWorkload(object);
    const pods = store
      .ownedBy(set.metadata.uid)
      .filter((owned) => owned.type === 'pods')
      .map((owned) => asPod(owned.object));
    const active = pods.filter(isActive);
    const wanted = set.spec.replicas ?? 1;
    if (set.metadata.deletionTimestamp === undefined) {
      for (let count = active.length; count < wanted; count++) {
        const generateName = `${set.metadata.name}-`;
        const name = `${generateName}${random.suffix(5)}`;
        const pod = createPod(cluster, set, set.spec.template, { name, generateName });
        events.record(set, 'Normal', 'SuccessfulCreate', `Created pod: ${name}`, from);
        active.push(asPod(pod));
      }
      for (const pod of surplus(active, active.length - wanted)) {
        deleteObject(cluster, 'pods', pod);
        events.record(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`, from);
      }
    }
    const counted = store
      .ownedBy(set.metadata.uid)
      .map((owned) => asPod(owned.object))
      .filter(isActive);
    const ready = counted.filter(isPodReady).length;
    const status = {
      replicas: counted.length,
      ...(counted.length === 0 ? {} : { fullyLabeledReplicas: counted.length }),
      ...(ready === 0 ? {} : { readyReplicas: ready, availableReplicas: ready }),
      observedGeneration: set.metadata.generation ?? 1,
    };
    const current = store.get(replicaSets, key)?.object;
    if (current !== undefined && !sameValue(current.status, status)) store.put(replicaSets, { ...current, status });
  });
}

/** The pods to delete first, as the real controller ranks them: unscheduled, pending, not ready, youngest. */
function surplus(pods: readonly Pod[], count: number): readonly Pod[] {
  if (count <= 0) return [];
  const rank = (pod: Pod) =>
    ((pod.spec.nodeName ?? '') === '' ? 0 : 4) + (pod.status.phase === 'Pending' ? 0 : 2) + (isPodReady(pod) ? 1 : 0);
  const sorted = [...pods].sort(
    (a, b) => rank(a) - rank(b) || (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1),
  );
  return sorted.slice(0, count);
}
