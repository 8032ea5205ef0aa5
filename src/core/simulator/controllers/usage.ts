import { at, type Fields, type KubeObject, recordAt, textAt } from '../objects.ts';
import { hash } from '../store/random.ts';
import { millicores, quantity } from './quantities.ts';

export interface Usage {
  cpuMillicores: number;
  memoryBytes: number;
}

const dayMs = 24 * 60 * 60_000;

/**
 * The load of an hour, 0.35 at four in the morning to 1 in the afternoon (UTC): business traffic as a sum of a day's
 * and a half day's wave, less at the weekend.
 */
export function loadAt(nowMs: number): number {
  const hour = ((nowMs % dayMs) / dayMs) * 2 * Math.PI;
  const day = 0.5 - 0.5 * Math.cos(hour - (4 / 24) * 2 * Math.PI);
  const lunch = 0.08 * Math.sin(2 * hour);
  const weekday = new Date(nowMs).getUTCDay();
  const weekend = weekday === 0 || weekday === 6 ? 0.6 : 1;
  return Math.max(0.2, (0.35 + 0.6 * day + lunch) * weekend);
}

/**
 * What a container uses at a moment: its request, scaled by the hour's load, its own character and a slow wobble. A
 * function of the time alone, so that nothing has to be kept or ticked.
 */
export function usageOf(pod: KubeObject, container: Fields, nowMs: number): Usage {
  const requests = recordAt(container, 'resources.requests');
  const cpuRequest = millicores(textAt(requests, 'cpu') || undefined) || 50;
  const memoryRequest = quantity(textAt(requests, 'memory') || undefined) || 64 * 1024 * 1024;
  const character = hash(`${pod.metadata.uid}/${String(container.name)}`);
  const leaning = 0.35 + ((character & 255) / 255) * 0.5;
  // Periods of 7 to 22 minutes, different for every container.
  const periodMs = (7 + ((character >>> 8) & 15)) * 60_000;
  const wobble = 1 + 0.15 * Math.sin((nowMs / periodMs) * 2 * Math.PI + (character >>> 16));
  const started = Date.parse(String(at(pod, 'status.startTime') ?? '')) || nowMs;
  // A process fills its memory over its first half hour.
  const filled = Math.min(1, 0.55 + (nowMs - started) / (4 * 30 * 60_000));
  return {
    cpuMillicores: cpuRequest * leaning * loadAt(nowMs) * wobble,
    memoryBytes: memoryRequest * (0.5 + leaning * 0.5) * filled * (1 + (wobble - 1) / 6),
  };
}
