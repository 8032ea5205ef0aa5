import type { Tone } from '../../kube/columns/schema.ts';
import type { ObjectRef } from '../resources/contract.ts';
import type { EdgeKind, Stage } from './contract.ts';

/** Worst first: what an aggregate is as a whole. */
export const byUrgency: readonly Tone[] = ['failed', 'warning', 'progressing', 'unknown', 'healthy', 'stopped'];
const urgencies = Object.fromEntries(byUrgency.map((tone, at) => [tone, at])) as Record<Tone, number>;

/** 0 is the worst. */
export function urgency(tone: Tone): number {
  return urgencies[tone];
}

export function worse(a: Tone, b: Tone): Tone {
  return urgencies[a] <= urgencies[b] ? a : b;
}

export type ToneCounts = Record<Tone, number>;

export function noTones(): ToneCounts {
  return { healthy: 0, progressing: 0, warning: 0, failed: 0, unknown: 0, stopped: 0 };
}

export function addTones(to: ToneCounts, more: ToneCounts): void {
  for (const tone of byUrgency) to[tone] += more[tone];
}

export function worstOf(tones: ToneCounts): Tone {
  return byUrgency.find((tone) => tones[tone] > 0) ?? 'unknown';
}

/** Something of one cluster, before levels of detail: an object, or the pods of one workload. */
export interface Part {
  key: string;
  stage: Stage;
  form: 'object' | 'pods';
  kind: string;
  kindName: string;
  namespace: string;
  name: string;
  object: ObjectRef | undefined;
  tone: Tone;
  status: string;
  tones: ToneCounts;
  count: number;
  /** Application by its labels; '' when they tell none. */
  app: string;
  /** Argo CD or Flux say that it is of that application. */
  managed: boolean;
  /** `Kind/name` lines that it names and that are not drawn. */
  refs: Set<string> | undefined;
  filter: string | undefined;
  /** The filter of the question lets it through, or one of its pods. */
  matched: boolean;
  edges: { to: Part; kind: EdgeKind; count: number }[];
}

/** Everything of one cluster. */
export interface ClusterParts {
  cluster: string;
  clusterName: string;
  parts: Part[];
}
