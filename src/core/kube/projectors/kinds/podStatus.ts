import type { PodsSpec, PodsStatus } from '../generated/partials.ts';
import { createJoiner } from '../joiner.ts';
import { type ToneIndex, tone } from '../kind.ts';

type ContainerStatus = PodsStatus['containerStatuses'][number];
type Ended = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>;

export interface PodState {
  /** kubectl's word in the STATUS column. */
  status: string;
  /** What explains it: a message of the container, of the scheduler, or of the pod. */
  why: string;
  ready: number;
  total: number;
  restarts: number;
  /** Seconds since the epoch, 0 when none. */
  lastRestart: number;
  /** `OOMKilled (137)` */
  lastReason: string;
}

/** One object for the thread. */
const state: PodState = { status: '', why: '', ready: 0, total: 0, restarts: 0, lastRestart: 0, lastReason: '' };

/**
 * The pod's state as kubectl's printPod computes it (kubernetes/kubernetes, pkg/printers/internalversion/printers.go);
 * where that has a rule, so has this, in its order.
 */
export function computeStatus(spec: PodsSpec | null, status: PodsStatus | null, deleting: boolean): PodState {
  state.status = status === null ? '' : status.reason !== '' ? status.reason : status.phase;
  state.why = status?.message ?? '';
  state.ready = 0;
  state.total = spec?.containers.length ?? 0;
  state.restarts = 0;
  state.lastRestart = 0;
  state.lastReason = '';
  if (spec !== null)
    for (const { restartPolicy } of spec.initContainers) if (restartPolicy === 'Always') state.total += 1;
  if (status === null) {
    if (deleting) state.status = 'Terminating';
    return state;
  }
  let initialized = false;
  let ready = false;
  for (const condition of status.conditions) {
    if (condition.type === 'PodScheduled') {
      if (condition.reason === 'SchedulingGated') state.status = 'SchedulingGated';
      if (condition.status === 'False') state.why = condition.message;
    } else if (condition.type === 'Initialized') initialized = condition.status === 'True';
    else if (condition.type === 'Ready') ready = condition.status === 'True';
  }
  const initializing = status.initContainerStatuses.length > 0 && initStatus(spec, status, initialized);
  if (!initializing || initialized) containersStatus(status, ready);
  if (deleting && status.reason === 'NodeLost') state.status = 'Unknown';
  else if (deleting && status.phase !== 'Succeeded' && status.phase !== 'Failed') state.status = 'Terminating';
  return state;
}

/** Goes through the init containers to the first that is not done; true when there is one. */
function initStatus(spec: PodsSpec | null, status: PodsStatus, initialized: boolean): boolean {
  let sidecarRestarts = 0;
  let sidecarRestart = 0;
  let sidecarReason = '';
  let initializing = false;
  const count = spec?.initContainers.length ?? 0;
  for (const [i, container] of status.initContainerStatuses.entries()) {
    const sidecar = spec !== null && isSidecar(spec, container.name);
    state.restarts += container.restartCount;
    const last = container.lastState?.terminated ?? null;
    noteRestart(last);
    if (sidecar) {
      sidecarRestarts += container.restartCount;
      if (last !== null && last.finishedAt > sidecarRestart) {
        sidecarRestart = last.finishedAt;
        sidecarReason = ending(last);
      }
    }
    const terminated = container.state?.terminated ?? null;
    const waiting = container.state?.waiting ?? null;
    if (terminated !== null && terminated.exitCode === 0) continue;
    if (sidecar && container.started === true) {
      if (container.ready) state.ready += 1;
      continue;
    }
    if (terminated !== null) {
      state.status = `Init:${endWord(terminated)}`;
      state.why = terminated.message;
    } else if (waiting !== null && waiting.reason !== '' && waiting.reason !== 'PodInitializing') {
      state.status = `Init:${waiting.reason}`;
      state.why = waiting.message;
    } else state.status = `Init:${i}/${count}`;
    initializing = true;
    break;
  }
  if (!initializing || initialized) {
    state.restarts = sidecarRestarts;
    state.lastRestart = sidecarRestart;
    state.lastReason = sidecarReason;
  }
  return initializing;
}

function containersStatus(status: PodsStatus, ready: boolean): void {
  let running = false;
  let error = '';
  for (let i = status.containerStatuses.length - 1; i >= 0; i--) {
    const container = status.containerStatuses[i] as ContainerStatus;
    state.restarts += container.restartCount;
    noteRestart(container.lastState?.terminated ?? null);
    if (container.state === null) continue;
    const { waiting, terminated } = container.state;
    if (waiting !== null && waiting.reason !== '') {
      state.status = waiting.reason;
      state.why = waiting.message;
    } else if (terminated !== null) {
      state.status = endWord(terminated);
      state.why = terminated.message;
      if (terminated.exitCode !== 0) error = state.status;
    } else if (container.ready && container.state.running) {
      running = true;
      state.ready += 1;
    }
  }
  if (state.status === 'Completed') {
    if (running && ready) state.status = 'Running';
    else if (error !== '') state.status = error;
    else if (running) state.status = 'NotReady';
  }
}

function isSidecar(spec: PodsSpec, name: string): boolean {
  for (const container of spec.initContainers) if (container.name === name) return container.restartPolicy === 'Always';
  return false;
}

interface Last {
  exitCode: number;
  signal: number;
  reason: string;
  finishedAt: number;
}

function noteRestart(last: Last | null): void {
  if (last === null || last.finishedAt <= state.lastRestart) return;
  state.lastRestart = last.finishedAt;
  state.lastReason = ending(last);
}

function ending({ reason, exitCode, signal }: Last): string {
  if (reason === '') return signal === 0 ? `ExitCode:${exitCode}` : `Signal:${signal}`;
  return reason === 'Completed' ? reason : `${reason} (${exitCode})`;
}

function endWord({ reason, exitCode, signal }: Ended): string {
  if (reason !== '') return reason;
  return signal === 0 ? `ExitCode:${exitCode}` : `Signal:${signal}`;
}

const progressing = new Set(['Pending', 'ContainerCreating', 'PodInitializing']);

/** Green for what runs and is ready, grey for what has ended as it should, red for what needs somebody. */
export function toneOf({ status, why, ready, total }: PodState, phase: string): ToneIndex {
  if (status === 'Running') return ready >= total ? tone.healthy : tone.warning;
  if (status === 'Completed' || status === 'Succeeded' || status === 'Terminating') return tone.stopped;
  if (status === 'SchedulingGated') return tone.stopped;
  if (status === 'Pending' && why !== '') return tone.failed;
  if (progressing.has(status) || /^Init:\d+\/\d+$/.test(status)) return tone.progressing;
  if (status === 'NotReady') return tone.warning;
  if (status === 'Unknown' || status === 'NodeLost' || status === '') return tone.unknown;
  return phase === 'Succeeded' ? tone.stopped : tone.failed;
}

/**
 * One line a container, in the order of the manifest: role (`c` container, `s` sidecar, `i` init container) and state
 * (`r` running and ready, `n` running and not ready, `p` waiting as it should, `f` waiting for a failure or ended with
 * one, `e` ended well, `?` nothing known), a space, the name.
 */
export function containerBricks(spec: PodsSpec | null, status: PodsStatus | null): string {
  if (spec === null) return '';
  let bricks = '';
  for (const container of spec.initContainers) {
    const role = container.restartPolicy === 'Always' ? 's' : 'i';
    bricks = addBrick(
      bricks,
      role,
      container.name,
      status === null ? undefined : statusOf(status.initContainerStatuses, container.name),
    );
  }
  for (const container of spec.containers) {
    bricks = addBrick(
      bricks,
      'c',
      container.name,
      status === null ? undefined : statusOf(status.containerStatuses, container.name),
    );
  }
  return bricks;
}

function statusOf(statuses: PodsStatus['containerStatuses'], name: string): ContainerStatus | undefined {
  for (const status of statuses) if (status.name === name) return status;
  return undefined;
}

type Letter = 'r' | 'n' | 'p' | 'f' | 'e' | '?';
const prefixes = {
  c: { r: 'cr', n: 'cn', p: 'cp', f: 'cf', e: 'ce', '?': 'c?' },
  s: { r: 'sr', n: 'sn', p: 'sp', f: 'sf', e: 'se', '?': 's?' },
  i: { r: 'ir', n: 'in', p: 'ip', f: 'if', e: 'ie', '?': 'i?' },
} as const;
const waitsWell = new Set(['', 'ContainerCreating', 'PodInitializing']);

const lineJoined = createJoiner('\n');
const named = createJoiner(' ');

function addBrick(bricks: string, role: 'c' | 's' | 'i', name: string, status: ContainerStatus | undefined): string {
  let letter: Letter = '?';
  if (status !== undefined && status.state !== null) {
    const { waiting, running, terminated } = status.state;
    if (running) letter = status.ready || role === 'i' ? 'r' : 'n';
    else if (terminated !== null) letter = terminated.exitCode === 0 ? 'e' : 'f';
    else if (waiting !== null) letter = waitsWell.has(waiting.reason) ? 'p' : 'f';
  }
  const brick = named(prefixes[role][letter], name);
  return bricks === '' ? brick : lineJoined(bricks, brick);
}

export function readinessGates(spec: PodsSpec, status: PodsStatus | null): string {
  let met = 0;
  for (const { conditionType } of spec.readinessGates) {
    const condition = status?.conditions.find(({ type }) => type === conditionType);
    if (condition?.status === 'True') met += 1;
  }
  return `${met}/${spec.readinessGates.length}`;
}
