import type { Pod } from './shapes.ts';

/** How a pod's containers behave when they run. Times are milliseconds from the container's start. */
export interface Behaviour {
  /** Pulling the image fails with this message. */
  pullError?: string | undefined;
  /** Until the containers are ready. Default 2–6 s. */
  readyAfterMs?: number | undefined;
  /** Never ready: the readiness probe's message. */
  unready?: string | undefined;
  /** The first container ends by itself. */
  exit?: { afterMs: number; exitCode: number; reason?: string | undefined } | undefined;
}

/** Decides how a pod behaves, asked at each container start. */
export type BehaviourSource = (pod: Pod, nowMs: number, restarts: number) => Behaviour;

export const healthy: BehaviourSource = () => ({});
