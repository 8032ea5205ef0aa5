import { sameValue } from '../api/write/sameValue.ts';
import type { SimulatedCluster } from '../cluster.ts';
import { deleteObject } from '../deletion.ts';
import { listAt, type NewObject, ownerReference, recordAt, textAt } from '../objects.ts';
import { templateHash } from './deployments.ts';
import type { EventRecorder } from './events.ts';
import { createPod } from './podFactory.ts';
import { asPod, asWorkload, isPodReady, type Pod, type PodSpec, type Workload } from './shapes.ts';
import { createWorkQueue, type WorkQueue } from './workQueue.ts';

export const statefulSets = 'statefulsets.apps';
const hashLabel = 'controller-revision-hash';

/** Numbered pods with volumes of their own: made in order, replaced from the last to the first, one at a time. */
export function createStatefulSetController(cluster: SimulatedCluster, events: EventRecorder): WorkQueue {
  const { store, timeline } = cluster;
  const from = { component: 'statefulset-controller' };
  const hashes = new WeakMap<object, string>();

  const podsOf = (set: Workload): Map<number, Pod> => {
    const pods = new Map<number, Pod>();
    for (const { type, object } of store.ownedBy(set.metadata.uid)) {
      if (type === 'pods') pods.set(Number(object.metadata.name.split('-').at(-1)), asPod(object));
    }
    return pods;
  };

  return createWorkQueue(timeline, 40, (key) => {
    const object = store.get(statefulSets, key)?.object;
    if (object === undefined || object.metadata.deletionTimestamp !== undefined) return;
    const set = asWorkload(object);
    const revision = revisionOf(set);
    const wanted = set.spec.replicas ?? 1;
    const parallel = set.spec.podManagementPolicy === 'Parallel';
    let pods = podsOf(set);
    for (let ordinal = 0; ordinal < wanted; ordinal++) {
      const pod = pods.get(ordinal);
      if (pod === undefined) createOrdinal(set, ordinal, revision);
      if ((pod === undefined || !isPodReady(pod)) && !parallel) break;
    }
    const beyond = [...pods.keys()].filter((ordinal) => ordinal >= wanted).sort((a, b) => b - a);
    const last = pods.get(beyond[0] ?? -1);
    if (last !== undefined && last.metadata.deletionTimestamp === undefined) remove(set, last);
    else if (last === undefined) replaceOutdated(set, pods, revision);
    pods = podsOf(set);
    writeStatus(set, [...pods.values()], revision);
  });

  function revisionOf(set: Workload): string {
    let suffix = hashes.get(set.spec.template);
    if (suffix === undefined) {
      suffix = templateHash(set.spec.template);
      hashes.set(set.spec.template, suffix);
    }
    const name = `${set.metadata.name}-${suffix}`;
    const type = 'controllerrevisions.apps';
    const namespace = set.metadata.namespace ?? '';
    if (store.object(type, namespace, name) === undefined) {
      const owned = store.ownedBy(set.metadata.uid).filter((candidate) => candidate.type === type);
      cluster.create(type, {
        apiVersion: 'apps/v1',
        kind: 'ControllerRevision',
        metadata: { name, namespace, labels: set.spec.selector.matchLabels, ownerReferences: [ownerReference(set)] },
        data: { spec: { template: { ...set.spec.template, $patch: 'replace' } } },
        revision: owned.length + 1,
      });
    }
    return name;
  }

  function createOrdinal(set: Workload, ordinal: number, revision: string): void {
    const name = `${set.metadata.name}-${ordinal}`;
    const volumes = listAt(set, 'spec.volumeClaimTemplates').map((template) => {
      const volume = textAt(template, 'metadata.name');
      const claimName = `${volume}-${name}`;
      createClaim(set, claimName, recordAt(template, 'spec'));
      return { name: volume, persistentVolumeClaim: { claimName } };
    });
    const spec: Partial<PodSpec> = {
      hostname: name,
      subdomain: set.spec.serviceName,
      ...(volumes.length === 0 ? {} : { volumes: [...(set.spec.template.spec.volumes ?? []), ...volumes] }),
    };
    const labels = {
      [hashLabel]: revision,
      'statefulset.kubernetes.io/pod-name': name,
      'apps.kubernetes.io/pod-index': String(ordinal),
    };
    createPod(cluster, set, set.spec.template, { name, generateName: `${set.metadata.name}-`, labels, spec });
    const message = `create Pod ${name} in StatefulSet ${set.metadata.name} successful`;
    events.record(set, 'Normal', 'SuccessfulCreate', message, from);
  }

  function createClaim(set: Workload, name: string, spec: Record<string, unknown>): void {
    const namespace = set.metadata.namespace ?? '';
    if (store.object('persistentvolumeclaims', namespace, name) !== undefined) return;
    const claim: NewObject = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name,
        namespace,
        labels: set.spec.selector.matchLabels,
        finalizers: ['kubernetes.io/pvc-protection'],
      },
      spec: { volumeMode: 'Filesystem', ...spec },
      status: { phase: 'Pending' },
    };
    cluster.create('persistentvolumeclaims', claim);
    const message = `create Claim ${name} Pod ${set.metadata.name} in StatefulSet ${set.metadata.name} success`;
    events.record(set, 'Normal', 'SuccessfulCreate', message, from);
  }

  function replaceOutdated(set: Workload, pods: Map<number, Pod>, revision: string): void {
    if (recordAt(set, 'spec.updateStrategy').type === 'OnDelete') return;
    for (const [, pod] of [...pods].sort(([a], [b]) => b - a)) {
      if (pod.metadata.deletionTimestamp !== undefined) return;
      if (pod.metadata.labels?.[hashLabel] !== revision) {
        remove(set, pod);
        return;
      }
      if (!isPodReady(pod)) return;
    }
  }

  function remove(set: Workload, pod: Pod): void {
    deleteObject(cluster, 'pods', pod);
    const message = `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`;
    events.record(set, 'Normal', 'SuccessfulDelete', message, from);
  }

  function writeStatus(set: Workload, pods: readonly Pod[], revision: string): void {
    const ready = pods.filter(isPodReady).length;
    const updated = pods.filter((pod) => pod.metadata.labels?.[hashLabel] === revision).length;
    const done = updated === pods.length && ready === (set.spec.replicas ?? 1);
    const before = textAt(set, 'status.currentRevision');
    const status = {
      observedGeneration: set.metadata.generation ?? 1,
      replicas: pods.length,
      availableReplicas: ready,
      ...(ready === 0 ? {} : { readyReplicas: ready }),
      ...(done || updated === 0 ? {} : { updatedReplicas: updated }),
      ...(done ? { updatedReplicas: updated, currentReplicas: pods.length } : {}),
      currentRevision: done || before === '' ? revision : before,
      updateRevision: revision,
      collisionCount: 0,
    };
    if (!sameValue(status, set.status)) store.put(statefulSets, { ...set, status });
  }
}
