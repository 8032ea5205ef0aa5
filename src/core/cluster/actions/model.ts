import { KubeSageError } from '../../kernel/errors.ts';
import type { DiscoveredKind } from '../../kube/discovery/discovered.ts';
import type { StepContext } from '../changes/index.ts';
import type { ObjectRef } from '../resources/contract.ts';
import type { Field, FieldValue } from './contract.ts';

/** An object as JSON. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { kind: string; name: string; uid: string; controller?: boolean }[];
    finalizers?: string[];
    deletionTimestamp?: string;
  };
  // Its kind says what is in it: each action reads what it knows.
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  data?: unknown;
}

/** What a user must be allowed in the cluster. */
export interface Need {
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
  /** Absent: that of the object. */
  namespace?: string;
}

/** One object with the means to work on it. */
export interface Subject {
  ref: ObjectRef;
  kind: DiscoveredKind;
  /** Its path at the API server. */
  path: string;
  /** Reads any path; rejects as the fleet's requests do. */
  get<T = KubeObject>(path: string, signal?: AbortSignal): Promise<T>;
  /** Path of an object of another kind in the same cluster; throws `notFound` where the cluster does not serve it. */
  pathOf(kindId: string, namespace: string, name?: string): string;
}

export type Values = Readonly<Record<string, FieldValue>>;

export interface Action {
  id: string;
  title: string;
  /** Kind ids; absent for every kind that the server lets be changed. */
  kinds?: readonly string[];
  bulk: boolean;
  danger?: boolean;
  /** In which state of an object it is of use, by a flag's column in the list of its kind; absent: in any. */
  when?: { column: Readonly<Record<string, string>>; is: boolean };
  needs(kind: DiscoveredKind): readonly Need[];
  /** Absent: it asks for nothing. The object is given when there is one only. */
  fields?(subject: Subject, object: KubeObject | undefined): readonly Field[] | Promise<readonly Field[]>;
  /** What should be known before it is done. */
  notes?(subject: Subject, object: KubeObject | undefined): readonly string[];
  /** `Scale web to 3`. */
  describe(name: string, values: Values): string;
  /** Does it with one object; `context.dryRun` says that nothing is to be waited for. */
  perform(subject: Subject, values: Values, context: StepContext): Promise<string | undefined>;
}

/** @throws KubeSageError `invalid` */
export function integerOf(values: Values, id: string, range: { min: number; max: number }): number {
  const value = values[id];
  if (typeof value === 'number' && Number.isInteger(value) && value >= range.min && value <= range.max) return value;
  throw new KubeSageError('invalid', `${id} must be a whole number from ${range.min} to ${range.max}`);
}

/** @throws KubeSageError `invalid` when it is absent or empty */
export function textOf(values: Values, id: string): string {
  const value = values[id];
  if (typeof value === 'string' && value !== '') return value;
  throw new KubeSageError('invalid', `${id} is missing`);
}

export function pairsOf(values: Values, id: string): Record<string, string | null> {
  const value = values[id];
  if (typeof value === 'object') return value;
  throw new KubeSageError('invalid', `${id} must be keys with values`);
}

/** Sent as a merge patch, recorded and taken back by its difference. */
export async function mergePatch(subject: Subject, context: StepContext, body: unknown): Promise<void> {
  await context.send({
    object: subject.ref,
    request: {
      method: 'PATCH',
      path: `${subject.path}?fieldManager=kubesage`,
      contentType: 'application/merge-patch+json',
      body,
    },
  });
}

/** A value inside of an object, or undefined where the way there is not. */
export function at(object: unknown, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>(
    (inside, key) => (inside as Record<string | number, unknown> | undefined | null)?.[key],
    object,
  );
}
