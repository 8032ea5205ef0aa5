import type { SimulatedCluster } from '../cluster.ts';
import type { Behaviour, BehaviourSource } from '../controllers/behaviour.ts';
import type { Controllers } from '../controllers/controllers.ts';
import { asPod, asWorkload, type Condition, type Pod, withCondition } from '../controllers/shapes.ts';
import { deleteObject } from '../deletion.ts';
import { type Fields, instant, type KubeObject, listAt, recordAt, textAt } from '../objects.ts';
import type { Random } from '../store/random.ts';
import { labelsOf, podTemplate } from './manifests.ts';
import { type Deployed, typeOf } from './populate.ts';

/** What is wrong with an app: with every pod of it, or with those of one version. */
export interface Fault {
  app: string;
  /** Absent: in every namespace. */
  namespace?: string | undefined;
  /** Absent: every version. */
  version?: string | undefined;
  behaviour: Behaviour;
}

/** The words of a story: what can be made to happen in a cluster. Everything happens through the cluster's own writes. */
export interface Stage {
  readonly cluster: SimulatedCluster;
  readonly deployed: readonly Deployed[];
  readonly random: Random;
  /** Runs later, at an exact moment of the cluster's time. */
  after(delayMs: number, act: () => void): void;
  /** Rolls an app to its next version, or to the named one. Returns the version. */
  rollout(target: Deployed, version?: string): string;
  versionOf(target: Deployed): string;
  /** From now on pods of the app behave so, until the returned function is called. */
  fault(fault: Fault): () => void;
  /** Ends a container of a running pod of the app. */
  crash(target: Deployed, exitCode: number, reason?: string): void;
  /** Short of memory: the condition and its taint, evictions, and back. */
  memoryPressure(node: string, pressed: boolean): void;
  /** The kubelet of a node falls silent, or comes back. */
  nodeReady(node: string, ready: boolean): void;
  scale(target: Deployed, replicas: number): void;
  nodes(pool: string): string[];
}

/** Pods ask their stage how to behave; the stage is set up after the controllers. */
export interface StageBehaviour {
  source: BehaviourSource;
  faults: Fault[];
  runMs: Map<string, number>;
}

export function createStageBehaviour(random: Random): StageBehaviour {
  const faults: Fault[] = [];
  const runMs = new Map<string, number>();
  const source: BehaviourSource = (pod) => {
    const name = pod.metadata.labels?.['app.kubernetes.io/name'] ?? '';
    const version = pod.metadata.labels?.['app.kubernetes.io/version'];
    const found = faults.find(
      (fault) =>
        fault.app === name &&
        (fault.namespace === undefined || fault.namespace === pod.metadata.namespace) &&
        (fault.version === undefined || fault.version === version),
    );
    if (found !== undefined) return found.behaviour;
    const duration = runMs.get(name);
    if (duration === undefined) return {};
    const afterMs = duration * (0.7 + random.next() * 0.6);
    return { readyAfterMs: 1000, exit: { afterMs, exitCode: random.chance(0.03) ? 1 : 0 } };
  };
  return { source, faults, runMs };
}

export function createStage(
  cluster: SimulatedCluster,
  controllers: Controllers,
  deployed: readonly Deployed[],
  behaviour: StageBehaviour,
): Stage {
  const { store, timeline } = cluster;
  const random = cluster.random.fork('story');
  for (const { app } of deployed) if (app.runMs !== undefined) behaviour.runMs.set(app.name, app.runMs);

  const workloadOf = ({ app, namespace }: Deployed) => store.object(typeOf(app), namespace, app.name);
  const podsOf = ({ app, namespace }: Deployed): Pod[] =>
    store
      .objects('pods', namespace)
      .filter((pod) => pod.metadata.labels?.['app.kubernetes.io/name'] === app.name)
      .map(asPod);
  const versionOf = (target: Deployed) => {
    const labels = workloadOf(target)?.metadata.labels;
    return labels?.['app.kubernetes.io/version'] ?? target.app.versions[0] ?? 'latest';
  };
  const onNode = (node: string) =>
    store
      .objects('pods')
      .filter((pod) => textAt(pod, 'spec.nodeName') === node)
      .map(asPod);

  function setNode(name: string, change: (node: KubeObject) => { conditions: Condition[]; taints: Fields[] }): void {
    const node = store.object('nodes', '', name);
    if (node === undefined) return;
    const { conditions, taints } = change(node);
    const { taints: _taints, ...spec } = recordAt(node, 'spec');
    store.put('nodes', {
      ...node,
      spec: taints.length === 0 ? spec : { ...spec, taints },
      status: { ...recordAt(node, 'status'), conditions },
    });
  }
  const taintsWithout = (node: KubeObject, key: string) =>
    listAt(node, 'spec.taints').filter((taint): taint is Fields => textAt(taint, 'key') !== key);

  return {
    cluster,
    deployed,
    random,
    after: (delayMs, act) => void timeline.after(delayMs, act),
    versionOf,
    rollout(target, version) {
      const { app } = target;
      const current = versionOf(target);
      const next = version ?? app.versions[(app.versions.indexOf(current) + 1) % app.versions.length] ?? current;
      const object = workloadOf(target);
      if (object === undefined) return current;
      const template = podTemplate(app, next);
      const spec = recordAt(object, 'spec');
      const changed =
        app.kind === 'CronJob'
          ? {
              ...spec,
              jobTemplate: {
                ...recordAt(spec, 'jobTemplate'),
                spec: { ...recordAt(spec, 'jobTemplate.spec'), template },
              },
            }
          : { ...spec, template };
      store.put(typeOf(app), {
        ...object,
        metadata: {
          ...object.metadata,
          labels: labelsOf(app, next),
          generation: (object.metadata.generation ?? 0) + 1,
          annotations: {
            ...object.metadata.annotations,
            'kubernetes.io/change-cause': `release ${next} by ${app.team}`,
          },
        },
        spec: changed,
      });
      return next;
    },
    fault(fault) {
      behaviour.faults.push(fault);
      return () => {
        const index = behaviour.faults.indexOf(fault);
        if (index >= 0) behaviour.faults.splice(index, 1);
      };
    },
    crash(target, exitCode, reason) {
      const running = podsOf(target).filter((pod) => pod.status.phase === 'Running');
      if (running.length > 0) controllers.kubelet.crash(random.pick(running), exitCode, reason);
    },
    memoryPressure(name, pressed) {
      const now = instant(timeline.now());
      const key = 'node.kubernetes.io/memory-pressure';
      setNode(name, (node) => ({
        conditions: withCondition(
          asConditions(node),
          pressed
            ? {
                type: 'MemoryPressure',
                status: 'True',
                reason: 'KubeletHasInsufficientMemory',
                message: 'kubelet has insufficient memory available',
              }
            : {
                type: 'MemoryPressure',
                status: 'False',
                reason: 'KubeletHasSufficientMemory',
                message: 'kubelet has sufficient memory available',
              },
          now,
        ),
        taints: [...taintsWithout(node, key), ...(pressed ? [{ key, effect: 'NoSchedule' }] : [])],
      }));
      const node = store.object('nodes', '', name);
      if (node === undefined || !pressed) return;
      const from = { component: 'kubelet', host: name };
      controllers.events.record(
        node,
        'Normal',
        'NodeHasInsufficientMemory',
        `Node ${name} status is now: NodeHasInsufficientMemory`,
        from,
      );
      controllers.events.record(node, 'Warning', 'EvictionThresholdMet', 'Attempting to reclaim memory', from);
      const victims = onNode(name).filter(
        (pod) => pod.metadata.ownerReferences?.[0]?.kind === 'ReplicaSet' && pod.status.phase === 'Running',
      );
      for (const pod of victims.slice(0, 2)) evict(pod, from);
    },
    nodeReady(name, ready) {
      const now = instant(timeline.now());
      const key = 'node.kubernetes.io/unreachable';
      setNode(name, (node) => ({
        conditions: withCondition(
          asConditions(node),
          ready
            ? { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }
            : {
                type: 'Ready',
                status: 'Unknown',
                reason: 'NodeStatusUnknown',
                message: 'Kubelet stopped posting node status.',
              },
          now,
        ),
        taints: [
          ...taintsWithout(node, key),
          ...(ready
            ? []
            : [
                { key, effect: 'NoSchedule', timeAdded: now },
                { key, effect: 'NoExecute', timeAdded: now },
              ]),
        ],
      }));
      const node = store.object('nodes', '', name);
      if (node === undefined) return;
      const status = ready ? 'NodeReady' : 'NodeNotReady';
      controllers.events.record(node, 'Normal', status, `Node ${name} status is now: ${status}`, {
        component: 'node-controller',
      });
      for (const pod of onNode(name)) {
        if (pod.status.phase !== 'Running') continue;
        const conditions = withCondition(
          pod.status.conditions,
          ready ? { type: 'Ready', status: 'True' } : { type: 'Ready', status: 'False', reason: 'NodeNotReady' },
          now,
        );
        store.put('pods', { ...pod, status: { ...pod.status, conditions } });
      }
    },
    scale(target, replicas) {
      const object = workloadOf(target);
      if (object === undefined) return;
      const workload = asWorkload(object);
      const metadata = { ...workload.metadata, generation: (workload.metadata.generation ?? 0) + 1 };
      store.put(typeOf(target.app), { ...workload, metadata, spec: { ...workload.spec, replicas } });
    },
    nodes: (pool) =>
      store
        .objects('nodes')
        .filter((node) => node.metadata.labels?.pool === pool)
        .map((node) => node.metadata.name),
  };

  /** As the kubelet evicts: the pod stays as a failed one, its owner makes another. */
  function evict(pod: Pod, from: { component: string; host: string }): void {
    const container = pod.spec.containers[0]?.name ?? '';
    const message = `The node was low on resource: memory. Threshold quantity: 100Mi, available: 71320Ki. Container ${container} was using 486292Ki, request is 256Mi, has larger consumption of memory. `;
    controllers.events.record(pod, 'Warning', 'Evicted', message, from);
    const evicted = store.put('pods', {
      ...pod,
      status: { ...pod.status, phase: 'Failed', reason: 'Evicted', message, containerStatuses: [] },
    });
    // The collector of finished pods clears them away in the end.
    timeline.after(6 * 60 * 60_000, () => {
      const current = store.object('pods', pod.metadata.namespace ?? '', pod.metadata.name);
      if (current?.metadata.uid === evicted.metadata.uid) deleteObject(cluster, 'pods', current, { graceSeconds: 0 });
    });
  }
}

function asConditions(node: KubeObject): Condition[] {
  return listAt(node, 'status.conditions') as Condition[];
}
