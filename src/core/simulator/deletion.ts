import type { SimulatedCluster } from './cluster.ts';
import { instant, type KubeObject, listAt, numberAt, textAt } from './objects.ts';
import { keyOf } from './store/objectStore.ts';

export type Propagation = 'Background' | 'Foreground' | 'Orphan';

export interface DeletionOptions {
  propagation?: Propagation | undefined;
  /** Seconds; pods only. Default: the pod's own. */
  graceSeconds?: number | undefined;
}

const foreground = 'foregroundDeletion';

/**
 * Deletes an object as the API server does: a running pod gets its grace period, an object with finalizers stays until
 * they are gone, a namespace until it is empty. Returns what is left of it: the object marked as going, or undefined.
 */
export function deleteObject(
  cluster: SimulatedCluster,
  type: string,
  object: KubeObject,
  options: DeletionOptions = {},
): KubeObject | undefined {
  const { store } = cluster;
  const now = cluster.timeline.now();
  if (options.propagation === 'Orphan') orphanDependents(cluster, object);
  let current = store.get(type, keyOf(object.metadata))?.object ?? object;
  if (options.propagation === 'Foreground' && store.ownedBy(object.metadata.uid).length > 0) {
    const finalizers = new Set(current.metadata.finalizers ?? []).add(foreground);
    current = { ...current, metadata: { ...current.metadata, finalizers: [...finalizers] } };
  }
  const graceSeconds = type === 'pods' ? graceOf(current, options.graceSeconds) : 0;
  const held = (current.metadata.finalizers ?? []).length > 0 || listAt(current, 'spec.finalizers').length > 0;
  if (graceSeconds === 0 && !held) {
    store.remove(type, keyOf(object.metadata));
    return undefined;
  }
  const marked = current.metadata.deletionTimestamp !== undefined;
  if (marked && numberAt(current, 'metadata.deletionGracePeriodSeconds') <= graceSeconds) return current;
  const going: KubeObject = {
    ...current,
    ...(type === 'namespaces' ? { status: { phase: 'Terminating' } } : {}),
    metadata: {
      ...current.metadata,
      deletionTimestamp: instant(now + graceSeconds * 1000),
      deletionGracePeriodSeconds: graceSeconds,
      ...(current.metadata.generation === undefined ? {} : { generation: current.metadata.generation + 1 }),
    },
  };
  return store.put(type, going);
}

function graceOf(pod: KubeObject, asked: number | undefined): number {
  const phase = textAt(pod, 'status.phase');
  if (textAt(pod, 'spec.nodeName') === '' || phase === 'Succeeded' || phase === 'Failed') return 0;
  return asked ?? (numberAt(pod, 'spec.terminationGracePeriodSeconds') || 30);
}

/** Removes what was waiting only for finalizers that are gone now. Returns whether it was removed. */
export function finishDeletion(cluster: SimulatedCluster, type: string, object: KubeObject): boolean {
  const { metadata } = object;
  if (metadata.deletionTimestamp === undefined || (metadata.finalizers ?? []).length > 0) return false;
  if ((metadata.deletionGracePeriodSeconds ?? 0) > 0 || listAt(object, 'spec.finalizers').length > 0) return false;
  cluster.store.remove(type, keyOf(metadata));
  return true;
}

function orphanDependents(cluster: SimulatedCluster, owner: KubeObject): void {
  for (const { type, object } of cluster.store.ownedBy(owner.metadata.uid)) {
    const kept = (object.metadata.ownerReferences ?? []).filter((reference) => reference.uid !== owner.metadata.uid);
    const { ownerReferences: _old, ...metadata } = object.metadata;
    cluster.store.put(type, {
      ...object,
      metadata: kept.length === 0 ? metadata : { ...metadata, ownerReferences: kept },
    });
  }
}

/**
 * Deletes what the deleted object owned, and finishes foreground deletions whose dependents are gone. Called by the
 * garbage collector after each deletion.
 */
export function collectGarbage(cluster: SimulatedCluster, deleted: KubeObject): void {
  for (const { type, object } of cluster.store.ownedBy(deleted.metadata.uid)) {
    const others = (object.metadata.ownerReferences ?? []).filter(
      (reference) => reference.uid !== deleted.metadata.uid && ownerLives(cluster, object, reference),
    );
    if (others.length === 0 && object.metadata.deletionTimestamp === undefined) deleteObject(cluster, type, object);
  }
  for (const reference of deleted.metadata.ownerReferences ?? []) {
    const type = cluster.types.findKind(reference.apiVersion, reference.kind);
    if (type === undefined) continue;
    const namespace = type.namespaced ? (deleted.metadata.namespace ?? '') : '';
    const owner = cluster.store.object(type.id, namespace, reference.name);
    if (owner?.metadata.uid === reference.uid) releaseForeground(cluster, type.id, owner);
  }
}

/** Starts or finishes a foreground deletion: dependents first, then the owner. */
export function releaseForeground(cluster: SimulatedCluster, type: string, owner: KubeObject): void {
  const finalizers = owner.metadata.finalizers ?? [];
  if (owner.metadata.deletionTimestamp === undefined || !finalizers.includes(foreground)) return;
  const dependents = cluster.store.ownedBy(owner.metadata.uid);
  for (const { type: dependentType, object } of dependents) {
    if (object.metadata.deletionTimestamp === undefined) {
      deleteObject(cluster, dependentType, object, { propagation: 'Foreground' });
    }
  }
  if (cluster.store.ownedBy(owner.metadata.uid).length > 0) return;
  const released = {
    ...owner,
    metadata: { ...owner.metadata, finalizers: finalizers.filter((finalizer) => finalizer !== foreground) },
  };
  if (!finishDeletion(cluster, type, released)) cluster.store.put(type, released);
}

function ownerLives(
  cluster: SimulatedCluster,
  dependent: KubeObject,
  reference: { apiVersion: string; kind: string; name: string; uid: string },
): boolean {
  const type = cluster.types.findKind(reference.apiVersion, reference.kind);
  if (type === undefined) return false;
  const namespace = type.namespaced ? (dependent.metadata.namespace ?? '') : '';
  return cluster.store.object(type.id, namespace, reference.name)?.metadata.uid === reference.uid;
}
