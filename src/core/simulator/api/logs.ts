import { containerStart, plainLogs } from '../controllers/logs.ts';
import { isFields, listAt, textAt } from '../objects.ts';
import { flag, headers, type ResourceCall } from './call.ts';
import { badRequest, notFound } from './status.ts';

/** How often a followed log is asked for new lines. */
const followPeriodMs = 1000;
/** Logs before this are rotated away. */
const keptMs = 60 * 60_000;

/** Answers a pod's log: tail, since, timestamps, previous, limit and follow. */
export function podLog(call: ResourceCall): void {
  const { cluster } = call;
  const pod = cluster.store.object('pods', call.namespace, call.name);
  if (pod === undefined) throw notFound(call.type, call.name);
  const containers = [...listAt(pod, 'spec.containers'), ...listAt(pod, 'spec.initContainers')].map((container) =>
    textAt(container, 'name'),
  );
  const container =
    call.query.get('container') ?? (listAt(pod, 'spec.containers').length === 1 ? (containers[0] ?? '') : '');
  if (container === '') {
    throw badRequest(
      `a container name must be specified for pod ${call.name}, choose one of: [${containers.join(' ')}]`,
    );
  }
  if (!containers.includes(container)) throw badRequest(`container ${container} is not valid for pod ${call.name}`);
  const status = listAt(pod, 'status.containerStatuses').find(
    (candidate) => isFields(candidate) && candidate.name === container,
  );
  const previous = flag(call, 'previous');
  const times = containerStart(status, previous);
  if (times === undefined) {
    const waiting = textAt(status, 'state.waiting.reason') || 'ContainerCreating';
    throw badRequest(
      previous
        ? `previous terminated container "${container}" in pod "${call.name}" not found`
        : `container "${container}" in pod "${call.name}" is waiting to start: ${waiting}`,
    );
  }
  const now = cluster.timeline.now();
  const source = cluster.logs ?? plainLogs;
  const since = Math.max(times.startMs, now - keptMs, sinceOf(call, now));
  const until = Math.min(now, times.endMs ?? now);
  const stamps = flag(call, 'timestamps');
  const print = (line: { at: number; text: string }) =>
    stamps ? `${new Date(line.at).toISOString().replace('Z', '000000Z')} ${line.text}\n` : `${line.text}\n`;
  let lines = [...source.lines(pod, container, since, until)];
  const tail = call.query.get('tailLines');
  if (tail !== null) lines = Number(tail) === 0 ? [] : lines.slice(-Number(tail));
  const limit = Number(call.query.get('limitBytes') ?? 0);
  let text = lines.map(print).join('');
  if (limit > 0) text = text.slice(0, limit);
  const { response } = call;
  response.writeHead(200, { ...headers(call), 'content-type': 'text/plain' });
  if (!flag(call, 'follow') || times.endMs !== undefined) {
    response.end(text);
    return;
  }
  if (text === '') response.flushHeaders();
  else response.write(text);
  let last = until;
  const timer = cluster.timeline.every(followPeriodMs, () => {
    const current = cluster.store.object('pods', call.namespace, call.name);
    const at = cluster.timeline.now();
    const fresh = [...source.lines(pod, container, last, at)].map(print).join('');
    last = at;
    if (fresh !== '') response.write(fresh);
    const running = listAt(current, 'status.containerStatuses').find(
      (candidate) => isFields(candidate) && candidate.name === container,
    );
    if (textAt(running, 'state.running.startedAt') === '') response.end();
  });
  response.on('close', () => timer.dispose());
}

function sinceOf(call: ResourceCall, now: number): number {
  const time = call.query.get('sinceTime');
  if (time !== null) return Date.parse(time);
  const seconds = call.query.get('sinceSeconds');
  return seconds === null ? 0 : now - Number(seconds) * 1000;
}
