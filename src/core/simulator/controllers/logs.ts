import type { LogSource } from '../cluster.ts';
import { textAt } from '../objects.ts';
import { hash } from '../store/random.ts';

/** When a container's log begins and (for one that is over) ends, milliseconds; undefined when there is none. */
export function containerStart(status: unknown, previous: boolean): { startMs: number; endMs?: number } | undefined {
  const time = (path: string) => Date.parse(textAt(status, path));
  const terminated = previous ? 'lastState.terminated' : 'state.terminated';
  const ended = time(`${terminated}.finishedAt`);
  if (!Number.isNaN(ended)) return { startMs: time(`${terminated}.startedAt`), endMs: ended };
  if (previous) return undefined;
  const started = time('state.running.startedAt');
  if (!Number.isNaN(started)) return { startMs: started };
  // Between two runs of a crash loop the last run's log is the current one.
  const last = time('lastState.terminated.finishedAt');
  return Number.isNaN(last) ? undefined : { startMs: time('lastState.terminated.startedAt'), endMs: last };
}

const routes = ['/', '/healthz', '/api/v1/items', '/api/v1/orders', '/api/v1/session', '/metrics'];

/** One line every two to five seconds, the same ones whenever they are asked for. */
export const plainLogs: LogSource = {
  *lines(pod, container, fromMs, toMs) {
    const seed = hash(`${pod.metadata.uid}/${container}`);
    const periodMs = 2000 + (seed % 3000);
    for (let at = Math.ceil(fromMs / periodMs) * periodMs; at < toMs; at += periodMs) {
      const roll = hash(`${seed}/${at}`);
      const route = routes[roll % routes.length] ?? '/';
      const status = roll % 61 === 0 ? 500 : roll % 17 === 0 ? 404 : 200;
      const level = status === 500 ? 'error' : 'info';
      yield {
        at,
        text: `level=${level} msg="request" method=GET path=${route} status=${status} durationMs=${roll % 180}`,
      };
    }
  },
};
