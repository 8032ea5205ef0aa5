import type { ObjectRef } from '../resources/contract.ts';
import type { TextDocument } from './documents.ts';

/** An object as JSON, as far as every kind has it. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name?: string;
    generateName?: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { kind: string; name: string; controller?: boolean }[];
    managedFields?: ManagedFields[];
  };
  [field: string]: unknown;
}

/** `metadata.managedFields`: who wrote which field. */
export interface ManagedFields {
  manager?: string;
  operation?: string;
  time?: string;
  subresource?: string;
  fieldsV1?: Record<string, unknown>;
}

/** Where a kind is served. */
export interface ServedKind {
  /** Kind id: `deployments.apps`. */
  id: string;
  group: string;
  version: string;
  resource: string;
  namespaced: boolean;
}

/** One document of a text, with where it goes. */
export interface Target {
  object: KubeObject;
  ref: ObjectRef;
  served: ServedKind;
  /** Its path at the API server; of one with `generateName` the path of the collection. */
  path: string;
  /** Its kind comes with a CustomResourceDefinition of the same text. */
  kindComes: boolean;
  /** Its namespace is created by the same text. */
  namespaceComes: boolean;
}

/** A document on its way into a cluster. */
export interface Job {
  document: TextDocument;
  target: Target;
  /** As it was opened, of the document that edits it. */
  opened: KubeObject | undefined;
}

export interface WriteOptions {
  cluster: string;
  /** Takes over others' fields, and overwrites what was changed since an object was opened. */
  force: boolean;
}
