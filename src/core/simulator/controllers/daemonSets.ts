import { sameValue } from '../api/write/sameValue.ts';
import type { SimulatedCluster } from '../cluster.ts';
import { deleteObject } from '../deletion.ts';
import { type KubeObject, listAt, textAt } from '../objects.ts';
import { templateHash } from './deployments.ts';
import type { EventRecorder } from './events.ts';
import { createPod } from './podFactory.ts';
import { tolerates } from './scheduler.ts';
import { asPod, asWorkload, isPodReady, type Pod, type Workload } from './shapes.ts';
import { createWorkQueue, type WorkQueue } from './workQueue.ts';

export const daemonSets = 'daemonsets.apps';
const hashLabel = 'controller-revision-hash';

/** One pod on every node that takes it, replaced one after the other. */
export function createDaemonSetController(cluster: SimulatedCluster, events: EventRecorder): WorkQueue {
  const { store, timeline } = cluster;
  const random = cluster.random.fork('daemonsets');
  const from = { component: 'daemonset-controller' };
  const hashes = new WeakMap<object, string>();

  return createWorkQueue(timeline, 40, (key) => {
    const object = store.get(daemonSets, key)?.object;
    if (object === undefined || object.metadata.deletionTimestamp !== undefined) return;
    const set = asWorkload(object);
    let suffix = hashes.get(set.spec.template);
    if (suffix === undefined) {
      suffix = templateHash(set.spec.template);
      hashes.set(set.spec.template, suffix);
    }
    const byNode = new Map<string, Pod[]>();
    for (const { type, object: owned } of store.ownedBy(set.metadata.uid)) {
      if (type !== 'pods') continue;
      const node = textAt(owned, 'spec.nodeName');
      byNode.set(node, [...(byNode.get(node) ?? []), asPod(owned)]);
    }
    const nodes = store.objects('nodes').filter((node) => takes(node, set));
    for (const node of nodes) {
      if ((byNode.get(node.metadata.name) ?? []).length > 0) continue;
      const generateName = `${set.metadata.name}-`;
      const name = `${generateName}${random.suffix(5)}`;
      const labels = { [hashLabel]: suffix };
      const pod = createPod(cluster, set, set.spec.template, {
        name,
        generateName,
        labels,
        nodeName: node.metadata.name,
      });
      events.record(set, 'Normal', 'SuccessfulCreate', `Created pod: ${name}`, from);
      byNode.set(node.metadata.name, [asPod(pod)]);
    }
    const names = new Set(nodes.map((node) => node.metadata.name));
    const pods: Pod[] = [];
    for (const [node, onNode] of byNode) {
      for (const pod of onNode) {
        if (names.has(node)) pods.push(pod);
        else if (pod.metadata.deletionTimestamp === undefined) deleteObject(cluster, 'pods', pod);
      }
    }
    replaceOne(pods, suffix);
    const ready = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && isPodReady(pod)).length;
    const status = {
      currentNumberScheduled: names.size,
      numberMisscheduled: 0,
      desiredNumberScheduled: names.size,
      numberReady: ready,
      observedGeneration: set.metadata.generation ?? 1,
      updatedNumberScheduled: pods.filter((pod) => pod.metadata.labels?.[hashLabel] === suffix).length,
      ...(ready === 0 ? {} : { numberAvailable: ready }),
      ...(ready === names.size ? {} : { numberUnavailable: names.size - ready }),
    };
    const current = store.get(daemonSets, key)?.object;
    if (current !== undefined && !sameValue(status, current.status)) store.put(daemonSets, { ...current, status });
  });

  /** Ends one outdated pod, once all others are ready. */
  function replaceOne(pods: readonly Pod[], suffix: string): void {
    if (!pods.every((pod) => pod.metadata.deletionTimestamp === undefined && isPodReady(pod))) return;
    const outdated = pods.find((pod) => pod.metadata.labels?.[hashLabel] !== suffix);
    if (outdated !== undefined) deleteObject(cluster, 'pods', outdated);
  }
}

function takes(node: KubeObject, set: Workload): boolean {
  const { spec } = set.spec.template;
  for (const [key, value] of Object.entries(spec.nodeSelector ?? {})) {
    if (node.metadata.labels?.[key] !== value) return false;
  }
  // The controller adds the tolerations of not-ready and unschedulable nodes by itself.
  const taints = listAt(node, 'spec.taints').filter((taint) => !textAt(taint, 'key').startsWith('node.kubernetes.io/'));
  return taints.every((taint) => tolerates(spec.tolerations, taint));
}
