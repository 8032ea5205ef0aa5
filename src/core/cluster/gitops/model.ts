import type { ObjectRef, Tone } from '../resources/contract.ts';
import type { Delivery, GitopsCondition } from './contract.ts';

/** An object as JSON, as far as every kind has it. */
export interface KubeObject {
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    generation?: number;
    resourceVersion?: string;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { kind: string; name: string; controller?: boolean }[];
  };
  spec?: unknown;
  status?: unknown;
  operation?: unknown;
}

export interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
  at: number | null;
  /** Generation that it was found in; -1 where it is not said. */
  observed: number;
}

/** A value inside of an object, or undefined where the way there is not. */
export function at(object: unknown, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>(
    (inside, key) => (inside as Record<string | number, unknown> | undefined | null)?.[key],
    object,
  );
}

/** A text inside of an object, '' where there is none; numbers as they are written. */
export function textAt(object: unknown, ...keys: readonly (string | number)[]): string {
  const value = at(object, ...keys);
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export function listAt(object: unknown, ...keys: readonly (string | number)[]): readonly unknown[] {
  const value = at(object, ...keys);
  return Array.isArray(value) ? value : [];
}

export function textsAt(object: unknown, ...keys: readonly (string | number)[]): string[] {
  return listAt(object, ...keys).filter((value) => typeof value === 'string');
}

export function timeAt(object: unknown, ...keys: readonly (string | number)[]): number | null {
  const time = Date.parse(textAt(object, ...keys));
  return Number.isNaN(time) ? null : time;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function conditionsOf(object: KubeObject): Condition[] {
  return listAt(object.status, 'conditions').map((each) => {
    const observed = at(each, 'observedGeneration');
    return {
      type: textAt(each, 'type'),
      status: textAt(each, 'status'),
      reason: textAt(each, 'reason'),
      message: textAt(each, 'message'),
      at: timeAt(each, 'lastTransitionTime'),
      observed: typeof observed === 'number' ? observed : -1,
    };
  });
}

/** Conditions as they are shown. Those of Argo CD have no status: that they are there is what they say. */
export function shownConditions(object: KubeObject, toneOf: (condition: Condition) => Tone): GitopsCondition[] {
  return conditionsOf(object).map((condition) => {
    const { observed: _, ...rest } = condition;
    return { ...rest, tone: toneOf(condition) };
  });
}

const healthTones: Record<Delivery['health'], Tone> = {
  healthy: 'healthy',
  progressing: 'progressing',
  degraded: 'failed',
  suspended: 'stopped',
  missing: 'warning',
  unknown: 'unknown',
  unchecked: 'healthy',
};
const syncTones: Record<Delivery['sync'], Tone> = {
  synced: 'healthy',
  outOfSync: 'warning',
  syncing: 'progressing',
  failed: 'failed',
  unknown: 'unknown',
};
const urgency: readonly Tone[] = ['failed', 'warning', 'unknown', 'progressing', 'stopped', 'healthy'];

/** What asks more for somebody: how it is delivered, or how it fares. What is left alone on purpose asks for nobody. */
export function toneOf({ sync, health, suspended }: Pick<Delivery, 'sync' | 'health' | 'suspended'>): Tone {
  const tones = [syncTones[sync], healthTones[health]];
  const worst = urgency.find((tone) => tones.includes(tone)) ?? 'unknown';
  return suspended && worst !== 'failed' ? 'stopped' : worst;
}

/** The first characters of a commit or digest; a version as it is. `main@sha1:45079…` is `main@450796d`. */
export function shortRevision(revision: string): string {
  const flux = /^(?:(.+)@)?sha(?:1|256|512):([0-9a-f]{7})[0-9a-f]*$/.exec(revision);
  if (flux !== null) return flux[1] === undefined ? (flux[2] ?? '') : `${flux[1]}@${flux[2]}`;
  return /^[0-9a-f]{40,64}$/.test(revision) ? revision.slice(0, 7) : revision;
}

/** The part of an image's name that says its version: `6.5.4`, or the digest in short. */
export function imageVersion(image: string): string {
  const [name = '', digest] = image.split('@');
  const tag = name.slice(name.lastIndexOf('/') + 1).split(':')[1];
  return tag ?? (digest === undefined ? '' : shortRevision(digest));
}

export function keyOf({ cluster, kind, namespace, name }: ObjectRef): string {
  return `${cluster}/${kind}/${namespace}/${name}`;
}
