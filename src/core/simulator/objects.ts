/** The shapes of Kubernetes objects as far as the simulator itself reads them; every other field is carried along. */

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean | undefined;
  blockOwnerDeletion?: boolean | undefined;
}

export interface ManagedFieldsEntry {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  time?: string | undefined;
  fieldsType: 'FieldsV1';
  fieldsV1: FieldTree;
  subresource?: string | undefined;
}

/** A set of fields as server-side apply writes it: `f:name`, `k:{"name":"x"}`, `v:"x"`, and `.` for the item itself. */
export interface FieldTree {
  [path: string]: FieldTree;
}

export interface ObjectMeta {
  name: string;
  generateName?: string | undefined;
  namespace?: string | undefined;
  uid: string;
  resourceVersion: string;
  generation?: number | undefined;
  creationTimestamp: string;
  deletionTimestamp?: string | undefined;
  deletionGracePeriodSeconds?: number | undefined;
  labels?: Record<string, string> | undefined;
  annotations?: Record<string, string> | undefined;
  ownerReferences?: OwnerReference[] | undefined;
  finalizers?: string[] | undefined;
  managedFields?: ManagedFieldsEntry[] | undefined;
}

/** Any object. Objects in the store are never changed in place: a new version is a new value that shares unchanged parts. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** An object on its way in: what the server sets may be absent. */
export interface NewObject {
  apiVersion: string;
  kind: string;
  metadata: Partial<ObjectMeta>;
  [field: string]: unknown;
}

export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Paths are literals of this code, nearly always: there are few, and they are read very often. */
const splitPaths = new Map<string, string[]>();

/** The value at a path such as `status.phase`, or undefined. */
export function at(value: unknown, path: string): unknown {
  let steps = splitPaths.get(path);
  if (steps === undefined) {
    steps = path.split('.');
    if (splitPaths.size < 2000) splitPaths.set(path, steps);
  }
  let current = value;
  for (const part of steps) {
    if (!isFields(current)) return undefined;
    current = current[part];
  }
  return current;
}

export function textAt(value: unknown, path: string): string {
  const found = at(value, path);
  return found === undefined || found === null ? '' : String(found);
}

export function numberAt(value: unknown, path: string): number {
  const found = at(value, path);
  return typeof found === 'number' ? found : 0;
}

export function listAt(value: unknown, path: string): unknown[] {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
}

export function recordAt(value: unknown, path: string): Fields {
  const found = at(value, path);
  return isFields(found) ? found : {};
}

/** Kubernetes' instants: RFC 3339 in whole seconds. */
export function instant(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastInstant = `${new Date(second * 1000).toISOString().slice(0, 19)}Z`;
  }
  return lastInstant;
}

/** Many things happen within one second, and formatting is what they would mostly do. */
let lastSecond = Number.NaN;
let lastInstant = '';

/** The reference of the controlling owner, if there is one. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

export function ownerReference(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}
