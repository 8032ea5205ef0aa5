import { sameValue } from '../api/write/sameValue.ts';
import type { SimulatedCluster } from '../cluster.ts';
import { deleteObject } from '../deletion.ts';
import { instant, ownerReference } from '../objects.ts';
import { keyOf } from '../store/objectStore.ts';
import { hash } from '../store/random.ts';
import type { EventRecorder } from './events.ts';
import { replicaSets } from './replicaSets.ts';
import { asWorkload, type Condition, type Workload, withCondition } from './shapes.ts';
import { createWorkQueue, type WorkQueue } from './workQueue.ts';

export const deployments = 'deployments.apps';
const revisionKey = 'deployment.kubernetes.io/revision';
const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** The `pod-template-hash` of a template. */
export function templateHash(template: unknown): string {
  let value = hash(JSON.stringify(template));
  let text = '';
  for (let index = 0; index < 9; index++) {
    text += letters[value % letters.length];
    value = hash(`${value}${index}`);
  }
  return text;
}

/** Rolls deployments out over replica sets, within maxSurge and maxUnavailable. */
export function createDeploymentController(cluster: SimulatedCluster, events: EventRecorder): WorkQueue {
  const { store, timeline } = cluster;
  const from = { component: 'deployment-controller' };
  const hashes = new WeakMap<object, string>();

  const queue = createWorkQueue(timeline, 30, (key) => {
    const object = store.get(deployments, key)?.object;
    if (object === undefined || object.metadata.deletionTimestamp !== undefined) return;
    const deployment = asWorkload(object);
    const owned = store
      .ownedBy(deployment.metadata.uid)
      .filter((candidate) => candidate.type === replicaSets)
      .map((candidate) => asWorkload(candidate.object))
      .filter((set) => set.metadata.deletionTimestamp === undefined);
    let suffix = hashes.get(deployment.spec.template);
    if (suffix === undefined) {
      suffix = templateHash(deployment.spec.template);
      hashes.set(deployment.spec.template, suffix);
    }
    let current = owned.find((set) => set.metadata.labels?.['pod-template-hash'] === suffix);
    if (deployment.spec.paused !== true) {
      current = current === undefined ? createSet(deployment, owned, suffix) : promoteSet(current, owned);
      roll(deployment, current, owned);
      cleanUp(deployment, current, owned);
    }
    writeStatus(key, current?.metadata.uid);
  });

  function revisionOf(set: Workload): number {
    return Number(set.metadata.annotations?.[revisionKey] ?? 0);
  }

  function nextRevision(owned: readonly Workload[]): string {
    return String(Math.max(0, ...owned.map(revisionOf)) + 1);
  }

  function createSet(deployment: Workload, owned: readonly Workload[], suffix: string): Workload {
    const { template, selector } = deployment.spec;
    const label = { 'pod-template-hash': suffix };
    const first = owned.length === 0;
    const replicas = deployment.spec.replicas ?? 1;
    const set = cluster.create(replicaSets, {
      kind: 'ReplicaSet',
      apiVersion: 'apps/v1',
      metadata: {
        name: `${deployment.metadata.name}-${suffix}`,
        namespace: deployment.metadata.namespace,
        labels: { ...template.metadata.labels, ...label },
        annotations: {
          'deployment.kubernetes.io/desired-replicas': String(replicas),
          'deployment.kubernetes.io/max-replicas': String(replicas + surge(deployment)),
          [revisionKey]: nextRevision(owned),
        },
        ownerReferences: [ownerReference(deployment)],
      },
      spec: {
        replicas: 0,
        selector: { matchLabels: { ...selector.matchLabels, ...label } },
        template: {
          ...template,
          metadata: { ...template.metadata, labels: { ...template.metadata.labels, ...label } },
        },
      },
      status: { replicas: 0 },
    });
    return first ? scaleSet(deployment, asWorkload(set), replicas) : asWorkload(set);
  }

  /** A template that was rolled back to becomes the newest revision. */
  function promoteSet(set: Workload, owned: readonly Workload[]): Workload {
    if (owned.every((other) => other === set || revisionOf(other) < revisionOf(set))) return set;
    const annotations = { ...set.metadata.annotations, [revisionKey]: nextRevision(owned) };
    return asWorkload(store.put(replicaSets, { ...set, metadata: { ...set.metadata, annotations } }));
  }

  function scaleSet(deployment: Workload, set: Workload, replicas: number): Workload {
    const before = set.spec.replicas ?? 0;
    if (before === replicas) return set;
    const scaled = {
      ...set,
      metadata: { ...set.metadata, generation: (set.metadata.generation ?? 0) + 1 },
      spec: { ...set.spec, replicas },
    };
    const way = replicas > before ? 'up' : 'down';
    const message = `Scaled ${way} replica set ${set.metadata.name} from ${before} to ${replicas}`;
    events.record(deployment, 'Normal', 'ScalingReplicaSet', message, from);
    return asWorkload(store.put(replicaSets, scaled));
  }

  function roll(deployment: Workload, current: Workload, owned: readonly Workload[]): void {
    const wanted = deployment.spec.replicas ?? 1;
    const old = owned.filter((set) => set.metadata.uid !== current.metadata.uid && (set.spec.replicas ?? 0) > 0);
    const have = current.spec.replicas ?? 0;
    if (old.length === 0) {
      scaleSet(deployment, current, wanted);
      return;
    }
    if (deployment.spec.strategy?.type === 'Recreate') {
      for (const set of old) scaleSet(deployment, set, 0);
      if (old.every((set) => (set.status.replicas ?? 0) === 0)) scaleSet(deployment, current, wanted);
      return;
    }
    const total = have + old.reduce((sum, set) => sum + (set.spec.replicas ?? 0), 0);
    let newCount = have;
    if (have > wanted) newCount = wanted;
    else newCount = have + Math.max(0, Math.min(wanted - have, wanted + surge(deployment) - total));
    scaleSet(deployment, current, newCount);
    const minimum = wanted - unavailable(deployment);
    const available =
      (current.status.availableReplicas ?? 0) + old.reduce((sum, set) => sum + (set.status.availableReplicas ?? 0), 0);
    // Old pods that are not available cost nothing to lose; available ones only while enough are left.
    const healthyRoom = Math.max(0, available - minimum);
    let budget = healthyRoom;
    for (const set of old) {
      const replicas = set.spec.replicas ?? 0;
      const broken = Math.max(0, replicas - (set.status.availableReplicas ?? 0));
      const cut = Math.min(
        replicas,
        Math.min(broken, Math.max(0, total - minimum)) + Math.min(budget, replicas - broken),
      );
      budget -= Math.max(0, cut - broken);
      scaleSet(deployment, set, replicas - cut);
    }
  }

  function cleanUp(deployment: Workload, current: Workload, owned: readonly Workload[]): void {
    const idle = owned.filter(
      (set) =>
        set.metadata.uid !== current.metadata.uid && (set.spec.replicas ?? 0) === 0 && (set.status.replicas ?? 0) === 0,
    );
    const surplus = idle.length - (deployment.spec.revisionHistoryLimit ?? 10);
    if (surplus <= 0) return;
    const oldest = [...idle].sort((a, b) => revisionOf(a) - revisionOf(b)).slice(0, surplus);
    for (const set of oldest) deleteObject(cluster, replicaSets, set);
  }

  function writeStatus(key: string, currentUid: string | undefined): void {
    const object = store.get(deployments, key)?.object;
    if (object === undefined) return;
    const deployment = asWorkload(object);
    const sets = store.ownedBy(deployment.metadata.uid).map((owned) => asWorkload(owned.object));
    const sum = (field: 'replicas' | 'readyReplicas' | 'availableReplicas') =>
      sets.reduce((total, set) => total + (set.status[field] ?? 0), 0);
    const current = sets.find((set) => set.metadata.uid === currentUid);
    const wanted = deployment.spec.replicas ?? 1;
    const [replicas, ready, available] = [sum('replicas'), sum('readyReplicas'), sum('availableReplicas')];
    const updated = current?.status.replicas ?? 0;
    const missing = Math.max(0, Math.max(wanted, replicas) - available);
    const conditions = conditionsOf(deployment, current, { replicas, updated, available, wanted });
    const status = {
      observedGeneration: deployment.metadata.generation ?? 1,
      ...(replicas === 0 ? {} : { replicas }),
      ...(updated === 0 ? {} : { updatedReplicas: updated }),
      ...(ready === 0 ? {} : { readyReplicas: ready }),
      ...(available === 0 ? {} : { availableReplicas: available }),
      ...(missing === 0 ? {} : { unavailableReplicas: missing }),
      conditions,
    };
    const revision = current?.metadata.annotations?.[revisionKey];
    const annotations =
      revision === undefined
        ? deployment.metadata.annotations
        : { ...deployment.metadata.annotations, [revisionKey]: revision };
    // Looked at again when the deadline may have passed; asked for each time, since an earlier look replaces a later one.
    const deadline = (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
    if (updated < wanted || available < wanted || replicas > updated)
      queue.add(keyOf(deployment.metadata), deadline + 1000);
    if (sameValue(status, deployment.status) && sameValue(annotations, deployment.metadata.annotations)) return;
    store.put(deployments, { ...deployment, metadata: { ...deployment.metadata, annotations }, status });
  }

  function conditionsOf(
    deployment: Workload,
    current: Workload | undefined,
    count: { replicas: number; updated: number; available: number; wanted: number },
  ): Condition[] {
    const nowMs = timeline.now();
    const now = instant(nowMs);
    const enough = count.available >= count.wanted - unavailable(deployment);
    let conditions = withCondition(
      deployment.status.conditions,
      enough
        ? {
            type: 'Available',
            status: 'True',
            reason: 'MinimumReplicasAvailable',
            message: 'Deployment has minimum availability.',
          }
        : {
            type: 'Available',
            status: 'False',
            reason: 'MinimumReplicasUnavailable',
            message: 'Deployment does not have minimum availability.',
          },
      now,
    );
    const name = current?.metadata.name ?? '';
    const before = deployment.status.conditions?.find((condition) => condition.type === 'Progressing');
    const complete =
      count.updated >= count.wanted && count.available >= count.wanted && count.replicas === count.updated;
    const changed =
      before === undefined ||
      !before.message?.includes(`"${name}"`) ||
      count.available !== (deployment.status.availableReplicas ?? 0) ||
      count.updated !== (deployment.status.updatedReplicas ?? 0);
    const touched = changed ? now : (before.lastUpdateTime ?? now);
    const deadlineMs = (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
    let progressing: Condition;
    if (complete) {
      const kept = before?.reason === 'NewReplicaSetAvailable' ? (before.lastUpdateTime ?? now) : now;
      progressing = {
        type: 'Progressing',
        status: 'True',
        reason: 'NewReplicaSetAvailable',
        message: `ReplicaSet "${name}" has successfully progressed.`,
        lastUpdateTime: kept,
      };
    } else if (before?.reason === 'NewReplicaSetAvailable' && before.message?.includes(`"${name}"`)) {
      // A finished rollout stays finished, also when pods die later.
      progressing = before;
    } else if (nowMs - Date.parse(touched) >= deadlineMs) {
      progressing = {
        type: 'Progressing',
        status: 'False',
        reason: 'ProgressDeadlineExceeded',
        message: `ReplicaSet "${name}" has timed out progressing.`,
        lastUpdateTime: touched,
      };
    } else {
      progressing = {
        type: 'Progressing',
        status: 'True',
        reason: 'ReplicaSetUpdated',
        message: `ReplicaSet "${name}" is progressing.`,
        lastUpdateTime: touched,
      };
    }
    conditions = withCondition(conditions, progressing, now);
    return conditions;
  }

  return queue;
}

function share(value: number | string | undefined, of: number, round: (x: number) => number): number {
  if (typeof value === 'number') return value;
  const percent = Number.parseFloat(value ?? '25%');
  return round((percent / 100) * of);
}

function surge(deployment: Workload): number {
  return share(deployment.spec.strategy?.rollingUpdate?.maxSurge, deployment.spec.replicas ?? 1, Math.ceil);
}

function unavailable(deployment: Workload): number {
  const most = share(
    deployment.spec.strategy?.rollingUpdate?.maxUnavailable,
    deployment.spec.replicas ?? 1,
    Math.floor,
  );
  return most === 0 && surge(deployment) === 0 ? 1 : most;
}
