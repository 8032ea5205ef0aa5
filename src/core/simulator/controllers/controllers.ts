import { type Disposable, Scope, toDisposable } from '../../kernel/disposable.ts';
import type { SimulatedCluster } from '../cluster.ts';
import { collectGarbage, deleteObject, finishDeletion } from '../deletion.ts';
import { controllerOf, type KubeObject } from '../objects.ts';
import { type Change, keyOf } from '../store/objectStore.ts';
import { type BehaviourSource, healthy } from './behaviour.ts';
import { createDaemonSetController, daemonSets } from './daemonSets.ts';
import { createDeploymentController, deployments } from './deployments.ts';
import { createDisruptionController } from './disruption.ts';
import { createEventRecorder, type EventRecorder } from './events.ts';
import { createCronJobController, createJobController, cronJobs, jobs } from './jobs.ts';
import { createKubelet, type Kubelet } from './kubelet.ts';
import { createEndpointController, servicesOf } from './network.ts';
import { createReplicaSetController, replicaSets } from './replicaSets.ts';
import { pastScalingPeriodMs, scaleAll, scalingPeriodMs } from './scaling.ts';
import { createScheduler } from './scheduler.ts';
import { asPod, isPodReady } from './shapes.ts';
import { createStatefulSetController, statefulSets } from './statefulSets.ts';
import { createVolumeController, releaseClaim } from './storage.ts';
import { createWorkQueue } from './workQueue.ts';

export interface ControllerOptions {
  /** Events before this instant (milliseconds) would be forgotten anyway, and are not written at all. */
  eventsFromMs?: number;
  behaviour?: BehaviourSource;
}

export interface Controllers extends Disposable {
  readonly kubelet: Kubelet;
  readonly events: EventRecorder;
}

/** Starts everything that acts on a cluster by itself. All of it runs on the cluster's timeline. */
export function startControllers(cluster: SimulatedCluster, options: ControllerOptions = {}): Controllers {
  const { store, timeline } = cluster;
  const scope = new Scope();
  const events = createEventRecorder(cluster, options.eventsFromMs ?? 0);
  const kubelet = createKubelet(cluster, events, options.behaviour ?? healthy);
  const scheduler = createScheduler(cluster, events);
  const sets = createReplicaSetController(cluster, events);
  const rollouts = createDeploymentController(cluster, events);
  const ordinals = createStatefulSetController(cluster, events);
  const daemons = createDaemonSetController(cluster, events);
  const runs = createJobController(cluster, events);
  const schedules = createCronJobController(cluster, events);
  const endpoints = createEndpointController(cluster);
  const volumes = createVolumeController(cluster, events);
  const budgets = createDisruptionController(cluster);
  const scale = () => {
    scaling = timeline.after(timeline.live ? scalingPeriodMs : pastScalingPeriodMs, scale);
    scaleAll(cluster, events);
  };
  let scaling = timeline.after(scalingPeriodMs, scale);
  scope.add(toDisposable(() => scaling.dispose()));
  const namespaces = createWorkQueue(timeline, 300, (name) => emptyNamespace(cluster, name.slice(1)));

  const podOwners: Readonly<Record<string, typeof sets>> = {
    ReplicaSet: sets,
    StatefulSet: ordinals,
    DaemonSet: daemons,
    Job: runs,
  };
  const ownerKey = (object: KubeObject, kind: string): string | undefined => {
    const owner = controllerOf(object);
    return owner?.kind === kind ? `${object.metadata.namespace ?? ''}/${owner.name}` : undefined;
  };

  const observe = (type: string, change: Change) => {
    const { object, key } = change.entry;
    if (change.type === 'DELETED') timeline.after(20, () => collectGarbage(cluster, object));
    switch (type) {
      case 'pods': {
        scheduler.observe(type, change);
        kubelet.observe(change);
        const owner = controllerOf(object);
        const queue = owner === undefined ? undefined : podOwners[owner.kind];
        if (owner !== undefined) queue?.add(`${object.metadata.namespace ?? ''}/${owner.name}`);
        if (!endpointChanged(change)) break;
        for (const service of servicesOf(cluster, object)) endpoints.add(service);
        budgets.add(object.metadata.namespace ?? '');
        break;
      }
      case 'nodes':
        scheduler.observe(type, change);
        if (change.type !== 'MODIFIED')
          for (const daemon of store.objects(daemonSets)) daemons.add(keyOf(daemon.metadata));
        break;
      case replicaSets: {
        sets.add(key);
        const deployment = ownerKey(object, 'Deployment');
        if (deployment !== undefined) rollouts.add(deployment);
        break;
      }
      case deployments:
        rollouts.add(key);
        break;
      case statefulSets:
        ordinals.add(key);
        break;
      case daemonSets:
        daemons.add(key);
        break;
      case jobs: {
        runs.add(key);
        const cron = ownerKey(object, 'CronJob');
        if (cron !== undefined) schedules.add(cron);
        break;
      }
      case cronJobs:
        schedules.add(key);
        break;
      case 'services':
        if (change.type !== 'DELETED') endpoints.add(key);
        break;
      case 'persistentvolumeclaims':
        if (change.type !== 'DELETED') volumes.add(key);
        if (object.metadata.deletionTimestamp !== undefined && change.type === 'MODIFIED') {
          timeline.after(100, () => releaseClaim(cluster, object.metadata.namespace ?? '', object.metadata.name));
        }
        break;
      case 'poddisruptionbudgets.policy':
        if (change.type === 'ADDED') budgets.add(object.metadata.namespace ?? '');
        break;
      case 'namespaces':
        if (object.metadata.deletionTimestamp !== undefined && change.type !== 'DELETED') namespaces.add(key);
        break;
      case 'customresourcedefinitions.apiextensions.k8s.io':
        if (change.type === 'DELETED') removeInstances(cluster, object);
        break;
    }
    const home = object.metadata.namespace;
    if (change.type === 'DELETED' && home !== undefined) {
      if (store.object('namespaces', '', home)?.metadata.deletionTimestamp !== undefined) namespaces.add(`/${home}`);
    }
  };
  for (const type of store.types()) {
    for (const entry of store.list(type))
      observe(type, { revision: entry.revision, type: 'ADDED', entry, previous: undefined });
  }
  scope.add(store.subscribeAll(observe));
  return { kubelet, events, dispose: () => scope.dispose() };
}

/** Whether a pod appeared in, left or changed its place behind services and budgets. */
function endpointChanged(change: Change): boolean {
  const [before, after] = [change.previous?.object, change.entry.object];
  if (change.type !== 'MODIFIED' || before === undefined) return true;
  return (
    before.metadata.deletionTimestamp !== after.metadata.deletionTimestamp ||
    before.metadata.labels !== after.metadata.labels ||
    asPod(before).status.podIP !== asPod(after).status.podIP ||
    isPodReady(asPod(before)) !== isPodReady(asPod(after))
  );
}

/** Deletes what a namespace holds; the namespace itself goes when nothing is left. */
function emptyNamespace(cluster: SimulatedCluster, name: string): void {
  const { store } = cluster;
  const namespace = store.object('namespaces', '', name);
  if (namespace?.metadata.deletionTimestamp === undefined) return;
  let left = 0;
  for (const type of store.types()) {
    for (const object of store.objects(type, name)) {
      if (object.metadata.deletionTimestamp === undefined) deleteObject(cluster, type, object);
    }
    left += store.objects(type, name).length;
  }
  if (left > 0) return;
  const released = { ...namespace, spec: {} };
  if (!finishDeletion(cluster, 'namespaces', released)) store.put('namespaces', released);
}

/** A definition takes its objects along. */
function removeInstances(cluster: SimulatedCluster, definition: KubeObject): void {
  const type = definition.metadata.name;
  for (const object of cluster.store.objects(type)) deleteObject(cluster, type, object);
  cluster.types.removeDefinition(definition);
}
