import type { SimulatedCluster } from '../cluster.ts';
import { at, instant, type KubeObject, listAt, textAt } from '../objects.ts';
import { type Change, keyOf } from '../store/objectStore.ts';
import type { EventRecorder } from './events.ts';
import { millicores, quantity } from './quantities.ts';
import { asPod, type Pod, type PodSpec, type Toleration, withCondition } from './shapes.ts';
import { createWorkQueue } from './workQueue.ts';

interface Room {
  cpuMillicores: number;
  memoryBytes: number;
  pods: number;
}

/** Pods that found no node are tried again this often (as the real one does), and whenever room appears. */
const retryMs = 300_000;

/** Binds pods to the node with the most free room that takes them. */
export function createScheduler(cluster: SimulatedCluster, events: EventRecorder) {
  const { store, timeline } = cluster;
  const taken = new Map<string, Room>();
  const counted = new Map<string, { node: string; room: Room }>();
  const waiting = new Set<string>();
  let nodes: KubeObject[] | undefined;

  const queue = createWorkQueue(timeline, 40, (key) => {
    const object = store.get('pods', key)?.object;
    if (object === undefined) return;
    const pod = asPod(object);
    if ((pod.spec.nodeName ?? '') === '' && pod.metadata.deletionTimestamp === undefined) place(key, pod);
  });

  /** Room appeared somewhere. In a past that is played through, whoever waits can wait longer. */
  function retryWaiting(): void {
    const delayMs = timeline.live ? 2000 : 20 * 60_000;
    for (const key of waiting) queue.add(key, delayMs);
  }

  function place(key: string, pod: Pod): void {
    const need = requestsOf(pod.spec);
    const reasons = new Map<string, number>();
    let best: { name: string; score: number } | undefined;
    nodes ??= store.objects('nodes');
    for (const node of nodes) {
      const reason = refuses(node, pod, need);
      if (reason !== undefined) {
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
        continue;
      }
      const score = freeShare(node, need);
      if (best === undefined || score > best.score) best = { name: node.metadata.name, score };
    }
    if (best !== undefined) {
      bind(pod, best.name);
      return;
    }
    const why = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
    const message = `0/${nodes.length} nodes are available: ${why.join(', ')}. preemption: 0/${nodes.length} nodes are available: ${nodes.length} No preemption victims found for incoming pod.`;
    waiting.add(key);
    queue.add(key, retryMs);
    events.record(pod, 'Warning', 'FailedScheduling', message, { component: 'default-scheduler' });
    const now = instant(timeline.now());
    const unscheduled = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message } as const;
    const known = pod.status.conditions?.find((condition) => condition.type === 'PodScheduled');
    if (known?.message === message) return;
    store.put('pods', {
      ...pod,
      status: { ...pod.status, conditions: withCondition(pod.status.conditions, unscheduled, now) },
    });
  }

  function refuses(node: KubeObject, pod: Pod, need: Room): string | undefined {
    const untolerated = listAt(node, 'spec.taints').find((taint) => !tolerates(pod.spec.tolerations, taint));
    if (at(node, 'spec.unschedulable') === true) return 'node(s) were unschedulable';
    if (untolerated !== undefined) {
      return `node(s) had untolerated taint {${textAt(untolerated, 'key')}: ${textAt(untolerated, 'value')}}`;
    }
    for (const [key, value] of Object.entries(pod.spec.nodeSelector ?? {})) {
      if (node.metadata.labels?.[key] !== value) return "node(s) didn't match Pod's node affinity/selector";
    }
    const has = roomOf(node);
    const used = taken.get(node.metadata.name) ?? emptyRoom;
    if (used.pods + 1 > has.pods) return 'Too many pods';
    if (used.cpuMillicores + need.cpuMillicores > has.cpuMillicores) return 'Insufficient cpu';
    if (used.memoryBytes + need.memoryBytes > has.memoryBytes) return 'Insufficient memory';
    return undefined;
  }

  /** The share that is left of the scarcer resource, with a little weight on few pods. */
  function freeShare(node: KubeObject, need: Room): number {
    const has = roomOf(node);
    const used = taken.get(node.metadata.name) ?? emptyRoom;
    const cpu = 1 - (used.cpuMillicores + need.cpuMillicores) / has.cpuMillicores;
    const memory = 1 - (used.memoryBytes + need.memoryBytes) / has.memoryBytes;
    return Math.min(cpu, memory) + 0.2 * (1 - used.pods / has.pods);
  }

  function bind(pod: Pod, node: string): void {
    waiting.delete(keyOf(pod.metadata));
    const scheduled = { type: 'PodScheduled', status: 'True' } as const;
    const conditions = withCondition(pod.status.conditions, scheduled, instant(timeline.now()));
    // A reason and a message of an earlier failure go with it.
    const bound = store.put('pods', {
      ...pod,
      spec: { ...pod.spec, nodeName: node },
      status: { ...pod.status, conditions },
    });
    const { namespace, name } = pod.metadata;
    const message = `Successfully assigned ${namespace}/${name} to ${node}`;
    events.record(bound, 'Normal', 'Scheduled', message, { component: 'default-scheduler' });
  }

  function count(uid: string, pod: Pod | undefined): void {
    const before = counted.get(uid);
    const node = pod?.spec.nodeName ?? '';
    const over = pod === undefined || pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed' || node === '';
    if (before !== undefined && !over && before.node === node) return;
    if (before !== undefined) {
      addRoom(taken, before.node, before.room, -1);
      counted.delete(uid);
      retryWaiting();
    }
    if (over || pod === undefined) return;
    const room = requestsOf(pod.spec);
    counted.set(uid, { node, room });
    addRoom(taken, node, room, 1);
  }

  return {
    observe(type: string, change: Change): void {
      const { object } = change.entry;
      if (type === 'nodes') {
        nodes = undefined;
        if (change.type === 'ADDED' || at(change.previous?.object, 'spec') !== object.spec) {
          retryWaiting();
        }
        return;
      }
      const pod = asPod(object);
      if (change.type === 'DELETED') {
        waiting.delete(change.entry.key);
        count(pod.metadata.uid, undefined);
        return;
      }
      count(pod.metadata.uid, pod);
      if (change.type === 'ADDED' && (pod.spec.nodeName ?? '') === '') queue.add(change.entry.key);
    },
    /** What the pods on a node request. */
    takenOn: (node: string): Room => taken.get(node) ?? emptyRoom,
  };
}

const emptyRoom: Room = { cpuMillicores: 0, memoryBytes: 0, pods: 0 };

function addRoom(taken: Map<string, Room>, node: string, room: Room, sign: 1 | -1): void {
  const before = taken.get(node) ?? emptyRoom;
  taken.set(node, {
    cpuMillicores: before.cpuMillicores + sign * room.cpuMillicores,
    memoryBytes: before.memoryBytes + sign * room.memoryBytes,
    pods: before.pods + sign,
  });
}

const requestCache = new WeakMap<readonly unknown[], Room>();

/** What a pod asks for; its containers are shared by all pods of a template, so is the sum. */
export function requestsOf(spec: PodSpec): Room {
  const known = requestCache.get(spec.containers);
  if (known !== undefined) return known;
  let cpuMillicores = 0;
  let memoryBytes = 0;
  for (const { resources } of spec.containers) {
    cpuMillicores += millicores(resources?.requests?.cpu);
    memoryBytes += quantity(resources?.requests?.memory);
  }
  const room = { cpuMillicores, memoryBytes, pods: 1 };
  requestCache.set(spec.containers, room);
  return room;
}

const roomCache = new WeakMap<object, Room>();

function roomOf(node: KubeObject): Room {
  const allocatable = at(node, 'status.allocatable');
  if (typeof allocatable !== 'object' || allocatable === null) return { ...emptyRoom, pods: 110 };
  let room = roomCache.get(allocatable);
  if (room === undefined) {
    room = {
      cpuMillicores: millicores(textAt(allocatable, 'cpu')),
      memoryBytes: quantity(textAt(allocatable, 'memory')),
      pods: Number(textAt(allocatable, 'pods')),
    };
    roomCache.set(allocatable, room);
  }
  return room;
}

export function tolerates(tolerations: readonly Toleration[] | undefined, taint: unknown): boolean {
  const effect = textAt(taint, 'effect');
  if (effect === 'PreferNoSchedule') return true;
  return (tolerations ?? []).some(
    (toleration) =>
      (toleration.effect === undefined || toleration.effect === effect) &&
      (toleration.key === undefined || toleration.key === textAt(taint, 'key')) &&
      (toleration.operator === 'Exists' || (toleration.value ?? '') === textAt(taint, 'value')),
  );
}
