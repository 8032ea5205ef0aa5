import { at, type Fields, isFields, type KubeObject, listAt, numberAt, textAt } from '../../objects.ts';
import { ageOf, humanDuration } from './age.ts';
import type { KindTable } from './cells.ts';

/**
 * A pod's status word and restarts, as the API server's own printer computes them
 * (kubernetes/kubernetes `pkg/printers/internalversion/printers.go`, printPod).
 */
function podState(pod: KubeObject, now: number): { ready: number; total: number; reason: string; restarts: string } {
  const specs = listAt(pod, 'spec.containers');
  const initSpecs = listAt(pod, 'spec.initContainers').filter(isFields);
  const sidecar = (name: unknown) => initSpecs.some((spec) => spec.name === name && spec.restartPolicy === 'Always');
  const phase = textAt(pod, 'status.phase');
  let reason = textAt(pod, 'status.reason') || phase;
  let total = specs.length;
  let ready = 0;
  let restarts = 0;
  let lastRestart = 0;
  let initRestarts = 0;
  let initializing = false;

  for (const condition of listAt(pod, 'status.conditions')) {
    if (textAt(condition, 'type') === 'PodScheduled' && textAt(condition, 'reason') === 'SchedulingGated')
      reason = 'SchedulingGated';
  }
  const finishedAt = (status: unknown) => Date.parse(textAt(status, 'lastState.terminated.finishedAt')) || 0;
  const initStatuses = listAt(pod, 'status.initContainerStatuses').filter(isFields);
  total += initSpecs.filter((spec) => spec.restartPolicy === 'Always').length;
  initStatuses.every((status, index) => {
    initRestarts += numberAt(status, 'restartCount');
    lastRestart = Math.max(lastRestart, finishedAt(status));
    const terminated = at(status, 'state.terminated');
    if (isFields(terminated) && terminated.exitCode === 0) return true;
    if (sidecar(status.name) && status.started === true) {
      if (status.ready === true) ready++;
      restarts += numberAt(status, 'restartCount');
      return true;
    }
    initializing = true;
    if (isFields(terminated)) reason = `Init:${terminated.reason || exitReason(terminated)}`;
    else {
      const waiting = textAt(status, 'state.waiting.reason');
      reason =
        waiting !== '' && waiting !== 'PodInitializing' ? `Init:${waiting}` : `Init:${index}/${initSpecs.length}`;
    }
    return false;
  });

  if (initializing) restarts = initRestarts;
  else {
    let running = false;
    const statuses = listAt(pod, 'status.containerStatuses').filter(isFields);
    for (const status of statuses.reverse()) {
      restarts += numberAt(status, 'restartCount');
      lastRestart = Math.max(lastRestart, finishedAt(status));
      const terminated = at(status, 'state.terminated');
      const waiting = textAt(status, 'state.waiting.reason');
      if (waiting !== '') reason = waiting;
      else if (isFields(terminated)) reason = String(terminated.reason || exitReason(terminated));
      else if (status.ready === true && at(status, 'state.running') !== undefined) {
        running = true;
        ready++;
      }
    }
    if (reason === 'Completed' && running) reason = isReady(pod) ? 'Running' : 'NotReady';
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (textAt(pod, 'status.reason') === 'NodeLost') reason = 'Unknown';
    else if (phase !== 'Failed' && phase !== 'Succeeded') reason = 'Terminating';
  }
  const ago = restarts > 0 && lastRestart > 0 ? ` (${humanDuration(now - lastRestart)} ago)` : '';
  return { ready, total, reason, restarts: `${restarts}${ago}` };
}

function exitReason(terminated: Fields): string {
  return terminated.signal === undefined || terminated.signal === 0
    ? `ExitCode:${terminated.exitCode}`
    : `Signal:${terminated.signal}`;
}

function isReady(pod: KubeObject): boolean {
  return listAt(pod, 'status.conditions').some(
    (condition) => textAt(condition, 'type') === 'Ready' && textAt(condition, 'status') === 'True',
  );
}

export const podTable: KindTable = {
  columns: ['Name', 'Ready', 'Status', 'Restarts', 'Age', '+IP', '+Node', '+Nominated Node', '+Readiness Gates'],
  cells(pod, now) {
    const state = podState(pod, now);
    return [
      pod.metadata.name,
      `${state.ready}/${state.total}`,
      state.reason,
      state.restarts,
      ageOf(pod.metadata.creationTimestamp, now),
      textAt(pod, 'status.podIP') || '<none>',
      textAt(pod, 'spec.nodeName') || '<none>',
      textAt(pod, 'status.nominatedNodeName') || '<none>',
      '<none>',
    ];
  },
};
