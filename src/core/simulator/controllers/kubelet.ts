import type { SimulatedCluster } from '../cluster.ts';
import { instant, type KubeObject, textAt } from '../objects.ts';
import { type Change, keyOf } from '../store/objectStore.ts';
import { hash } from '../store/random.ts';
import type { Behaviour, BehaviourSource } from './behaviour.ts';
import type { EventRecorder } from './events.ts';
import { asPod, type Condition, type ContainerStatus, type Pod, type PodStatus, withCondition } from './shapes.ts';

/** The kubelet's back-off: 10 s, doubled at each crash, five minutes at most, forgotten after ten good minutes. */
const backoffFirstMs = 10_000;
const backoffLimitMs = 300_000;
const backoffForgetMs = 600_000;

/**
 * Runs pods on all nodes: pulls, starts, watches and ends their containers, and writes what becomes of them into their
 * status. `observe` is called with every change of a pod.
 */
export function createKubelet(cluster: SimulatedCluster, events: EventRecorder, behaviourOf: BehaviourSource) {
  const { store, timeline } = cluster;
  const random = cluster.random.fork('kubelet');
  /** Pods that are being looked after, with the number of the run that their timers belong to. */
  const runs = new Map<string, { run: number; ending: boolean; crashes: number }>();
  const pulled = new Set<string>();
  let addresses = 0;

  const find = (key: string, uid: string): Pod | undefined => {
    const object = store.get('pods', key)?.object;
    return object?.metadata.uid === uid ? asPod(object) : undefined;
  };
  /** Does something to a pod later, unless it is gone, going or in another run by then. */
  const later = (pod: Pod, delayMs: number, act: (pod: Pod) => void) => {
    const key = keyOf(pod.metadata);
    const { uid } = pod.metadata;
    const run = runs.get(uid)?.run;
    timeline.after(delayMs, () => {
      const current = find(key, uid);
      if (current === undefined || runs.get(uid)?.run !== run || runs.get(uid)?.ending === true) return;
      act(current);
    });
  };
  const host = (pod: Pod) => ({ component: 'kubelet', host: pod.spec.nodeName });
  const onContainer = (pod: Pod, name: string) => ({ ...host(pod), fieldPath: `spec.containers{${name}}` });
  const write = (pod: Pod, status: PodStatus) => asPod(store.put('pods', { ...pod, status }));

  const nodeAddress = (name: string) => {
    const node = store.object('nodes', '', name);
    const found = (node?.status as { addresses?: { type: string; address: string }[] } | undefined)?.addresses;
    return found?.find((address) => address.type === 'InternalIP')?.address ?? '10.0.0.1';
  };

  function accept(pod: Pod): void {
    const now = instant(timeline.now());
    runs.set(pod.metadata.uid, { run: 1, ending: false, crashes: 0 });
    const hostIP = nodeAddress(pod.spec.nodeName ?? '');
    let conditions: Condition[] = pod.status.conditions ?? [];
    conditions = withCondition(conditions, { type: 'PodReadyToStartContainers', status: 'False' }, now);
    conditions = withCondition(conditions, { type: 'Initialized', status: 'True' }, now);
    const unready = { reason: 'ContainersNotReady', message: `containers with unready status: [${names(pod)}]` };
    conditions = withCondition(conditions, { type: 'Ready', status: 'False', ...unready }, now);
    conditions = withCondition(conditions, { type: 'ContainersReady', status: 'False', ...unready }, now);
    const waiting = pod.spec.containers.map((container) => containerWaiting(container, 'ContainerCreating'));
    const started = write(pod, {
      ...pod.status,
      phase: 'Pending',
      conditions,
      hostIP,
      hostIPs: [{ ip: hostIP }],
      startTime: now,
      containerStatuses: waiting,
    });
    later(started, random.integer(150, 600), pull);
  }

  function pull(pod: Pod): void {
    const behaviour = behaviourOf(pod, timeline.now(), 0);
    const first = pod.spec.containers[0];
    if (first === undefined) return;
    const image = `${pod.spec.nodeName} ${first.image}`;
    if (behaviour.pullError !== undefined) {
      failPull(pod, first.name, first.image, behaviour.pullError, 0);
      return;
    }
    if (pulled.has(image)) {
      const present = `Container image "${first.image}" already present on machine`;
      events.record(pod, 'Normal', 'Pulled', present, onContainer(pod, first.name));
      later(pod, random.integer(200, 700), (current) => start(current, 0));
      return;
    }
    events.record(pod, 'Normal', 'Pulling', `Pulling image "${first.image}"`, onContainer(pod, first.name));
    const tookMs = random.integer(800, 5000);
    later(pod, tookMs, (current) => {
      pulled.add(image);
      const done = `Successfully pulled image "${first.image}" in ${tookMs / 1000}s (${tookMs / 1000}s including waiting). Image size: ${20_000_000 + (hash(first.image) % 180_000_000)} bytes.`;
      events.record(current, 'Normal', 'Pulled', done, onContainer(current, first.name));
      start(current, 0);
    });
  }

  function failPull(pod: Pod, name: string, image: string, message: string, attempt: number): void {
    const text = `Failed to pull image "${image}": ${message}`;
    events.record(pod, 'Warning', 'Failed', text, onContainer(pod, name));
    events.record(pod, 'Warning', 'Failed', 'Error: ErrImagePull', onContainer(pod, name));
    const failed = write(pod, withWaiting(pod, { reason: 'ErrImagePull', message: text }));
    later(failed, random.integer(9_000, 14_000), (current) => {
      const backoff = `Back-off pulling image "${image}"`;
      events.record(current, 'Normal', 'BackOff', backoff, onContainer(current, name));
      const waiting = write(current, withWaiting(current, { reason: 'ImagePullBackOff', message: backoff }));
      const delay = Math.min(backoffFirstMs * 2 ** attempt, backoffLimitMs);
      later(waiting, delay, (again) => {
        const behaviour = behaviourOf(again, timeline.now(), 0);
        if (behaviour.pullError === undefined) pull(again);
        else failPull(again, name, image, behaviour.pullError, attempt + 1);
      });
    });
  }

  function start(pod: Pod, restarts: number): void {
    const nowMs = timeline.now();
    const behaviour = behaviourOf(pod, nowMs, restarts);
    for (const container of pod.spec.containers) {
      events.record(pod, 'Normal', 'Created', `Created container: ${container.name}`, onContainer(pod, container.name));
      events.record(pod, 'Normal', 'Started', `Started container ${container.name}`, onContainer(pod, container.name));
    }
    const running = write(pod, runningStatus(pod, nowMs));
    const exit = behaviour.exit;
    if (exit !== undefined) later(running, exit.afterMs, (current) => end(current, exit));
    if (behaviour.unready !== undefined) {
      const message = behaviour.unready;
      const name = pod.spec.containers[0]?.name ?? '';
      later(running, 10_000, (current) => {
        events.record(
          current,
          'Warning',
          'Unhealthy',
          `Readiness probe failed: ${message}`,
          onContainer(current, name),
        );
      });
      return;
    }
    const readyAfterMs = behaviour.readyAfterMs ?? random.integer(2000, 6000);
    if (exit === undefined || exit.afterMs > readyAfterMs) later(running, readyAfterMs, markReady);
  }

  function runningStatus(pod: Pod, nowMs: number): PodStatus {
    const now = instant(nowMs);
    const address =
      pod.status.podIP ?? (pod.spec.hostNetwork === true ? pod.status.hostIP : undefined) ?? podAddress(++addresses);
    const statuses = pod.spec.containers.map((container, index): ContainerStatus => {
      const before = pod.status.containerStatuses?.[index];
      // Only the container that ended starts again.
      if (before?.state.running !== undefined) return before;
      const restarted = before?.state.terminated ?? before?.lastState.terminated;
      return {
        name: container.name,
        state: { running: { startedAt: now } },
        lastState: restarted === undefined ? {} : { terminated: restarted },
        ready: false,
        restartCount: (before?.restartCount ?? 0) + (restarted === undefined ? 0 : 1),
        image: container.image,
        imageID: `${container.image.split(':')[0]}@sha256:${digest(container.image)}`,
        containerID: `containerd://${digest(`${pod.metadata.uid}/${container.name}/${nowMs}`)}`,
        started: true,
      };
    });
    const conditions = withCondition(pod.status.conditions, { type: 'PodReadyToStartContainers', status: 'True' }, now);
    return {
      ...pod.status,
      phase: 'Running',
      conditions,
      podIP: address,
      podIPs: [{ ip: address }],
      containerStatuses: statuses,
    };
  }

  function markReady(pod: Pod): void {
    const now = instant(timeline.now());
    const statuses = (pod.status.containerStatuses ?? []).map((status) => ({ ...status, ready: true }));
    let conditions = withCondition(pod.status.conditions, { type: 'Ready', status: 'True' }, now);
    conditions = withCondition(conditions, { type: 'ContainersReady', status: 'True' }, now);
    write(pod, { ...pod.status, conditions, containerStatuses: statuses });
  }

  function end(pod: Pod, exit: NonNullable<Behaviour['exit']>): void {
    const nowMs = timeline.now();
    const now = instant(nowMs);
    const [first, ...rest] = pod.status.containerStatuses ?? [];
    if (first === undefined) return;
    const reason = exit.reason ?? (exit.exitCode === 0 ? 'Completed' : 'Error');
    const startedAt = first.state.running?.startedAt ?? now;
    const terminated = {
      exitCode: exit.exitCode,
      reason,
      startedAt,
      finishedAt: now,
      containerID: first.containerID ?? '',
    };
    const ended: ContainerStatus = { ...first, state: { terminated }, ready: false, started: false };
    const policy = pod.spec.restartPolicy ?? 'Always';
    const final = policy === 'Never' || (policy === 'OnFailure' && exit.exitCode === 0);
    const unready = final && exit.exitCode === 0 ? 'PodCompleted' : 'ContainersNotReady';
    let conditions = withCondition(pod.status.conditions, { type: 'Ready', status: 'False', reason: unready }, now);
    conditions = withCondition(conditions, { type: 'ContainersReady', status: 'False', reason: unready }, now);
    if (final) {
      const phase = exit.exitCode === 0 ? 'Succeeded' : 'Failed';
      const others = rest.map((status) => ({ ...status, ready: false, started: false }));
      write(pod, { ...pod.status, phase, conditions, containerStatuses: [ended, ...others] });
      runs.delete(pod.metadata.uid);
      return;
    }
    const life = runs.get(pod.metadata.uid);
    if (life === undefined) return;
    const good = nowMs - Date.parse(startedAt) > backoffForgetMs;
    const delay = good || life.crashes === 0 ? 0 : Math.min(backoffFirstMs * 2 ** (life.crashes - 1), backoffLimitMs);
    runs.set(pod.metadata.uid, { ...life, run: life.run + 1, crashes: good ? 1 : life.crashes + 1 });
    const crashed = write(pod, { ...pod.status, conditions, containerStatuses: [ended, ...rest] });
    if (delay === 0) {
      later(crashed, 1000, (current) => start(current, first.restartCount + 1));
      return;
    }
    later(crashed, 2000, (current) => {
      const label = `${current.metadata.name}_${current.metadata.namespace}(${current.metadata.uid})`;
      const message = `back-off ${backoffText(delay)} restarting failed container=${first.name} pod=${label}`;
      events.record(
        current,
        'Warning',
        'BackOff',
        `Back-off restarting failed container ${first.name} in pod ${label}`,
        onContainer(current, first.name),
      );
      const waiting = { reason: 'CrashLoopBackOff', message };
      const [status, ...others] = current.status.containerStatuses ?? [];
      if (status === undefined) return;
      const backing = { ...status, state: { waiting }, lastState: { terminated } };
      const held = write(current, { ...current.status, containerStatuses: [backing, ...others] });
      later(held, delay, (again) => start(again, first.restartCount + 1));
    });
  }

  function terminate(pod: Pod): void {
    const life = runs.get(pod.metadata.uid) ?? { run: 0, ending: false, crashes: 0 };
    if (life.ending) return;
    runs.set(pod.metadata.uid, { ...life, ending: true });
    for (const container of pod.spec.containers) {
      events.record(pod, 'Normal', 'Killing', `Stopping container ${container.name}`, onContainer(pod, container.name));
    }
    const key = keyOf(pod.metadata);
    const { uid } = pod.metadata;
    timeline.after(random.integer(700, 3500), () => {
      const current = find(key, uid);
      if (current === undefined) return;
      if ((current.metadata.finalizers ?? []).length > 0) {
        store.put('pods', { ...current, metadata: { ...current.metadata, deletionGracePeriodSeconds: 0 } });
      } else store.remove('pods', key);
    });
  }

  return {
    observe(change: Change): void {
      const pod = asPod(change.entry.object);
      if (change.type === 'DELETED') {
        runs.delete(pod.metadata.uid);
        return;
      }
      if (pod.spec.nodeName === undefined || pod.spec.nodeName === '') return;
      if (pod.metadata.deletionTimestamp !== undefined) terminate(pod);
      else if (!runs.has(pod.metadata.uid) && textAt(pod, 'status.startTime') === '') accept(pod);
    },
    /** Ends the first container of a running pod now, as a crash or the kernel would. */
    crash(pod: KubeObject, exitCode: number, reason?: string): void {
      const current = find(keyOf(pod.metadata), pod.metadata.uid);
      if (current?.status.phase === 'Running' && current.metadata.deletionTimestamp === undefined) {
        end(current, { afterMs: 0, exitCode, reason });
      }
    },
  };
}

export type Kubelet = ReturnType<typeof createKubelet>;

function containerWaiting(container: { name: string; image: string }, reason: string): ContainerStatus {
  return {
    name: container.name,
    state: { waiting: { reason } },
    lastState: {},
    ready: false,
    restartCount: 0,
    image: container.image,
    imageID: '',
    started: false,
  };
}

function withWaiting(pod: Pod, waiting: { reason: string; message: string }): PodStatus {
  const [first, ...rest] = pod.status.containerStatuses ?? [];
  return first === undefined
    ? pod.status
    : { ...pod.status, containerStatuses: [{ ...first, state: { waiting } }, ...rest] };
}

function names(pod: Pod): string {
  return pod.spec.containers.map((container) => container.name).join(' ');
}

function backoffText(ms: number): string {
  const seconds = ms / 1000;
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

function digest(image: string): string {
  return Array.from({ length: 8 }, (_, index) => hash(`${image}/${index}`).toString(16).padStart(8, '0')).join('');
}

/** Addresses of 10.128.0.0/9, each used once. */
function podAddress(count: number): string {
  return `10.${128 + ((count >> 16) & 127)}.${(count >> 8) & 255}.${count & 255}`;
}
