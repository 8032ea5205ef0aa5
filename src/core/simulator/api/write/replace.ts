import { hasGeneration } from '../../cluster.ts';
import { finishDeletion, releaseForeground } from '../../deletion.ts';
import type { Fields, KubeObject, NewObject } from '../../objects.ts';
import type { ResourceCall } from '../call.ts';
import { conflict, staleVersion } from '../status.ts';
import { check, checkImmutable } from './admission.ts';
import { isDryRun } from './create.ts';
import { defaulted } from './defaults.ts';
import { trackWrite } from './managed.ts';
import { sameValue } from './sameValue.ts';

/** Stores a new version of an object, and what follows: generation, ownership, the end of a deletion. */
export function replace(call: ResourceCall, before: KubeObject, wanted: NewObject, managed = true): KubeObject {
  const { cluster, type } = call;
  const { resourceVersion, uid } = wanted.metadata;
  if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== before.metadata.resourceVersion) {
    throw staleVersion(type, call.name);
  }
  if (uid !== undefined && uid !== '' && uid !== before.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata.uid}`;
    throw conflict(type, call.name, why);
  }
  let after = withServerFields(call, before, wanted);
  if (sameValue(withoutManaged(before), withoutManaged(after))) {
    if (managed || sameValue(before, after)) return before;
  }
  checkImmutable(type, before, after);
  check(type, after);
  if (managed) after = trackWrite(call, before, after);
  if (isDryRun(call)) return after;
  if (finishDeletion(cluster, type.id, after)) return after;
  const stored = cluster.store.put(type.id, after);
  releaseForeground(cluster, type.id, stored);
  if (type.id === 'customresourcedefinitions.apiextensions.k8s.io') cluster.types.addDefinition(stored);
  return stored;
}

/** What a client may not set: identity, times, status (or everything but it, through the status subresource). */
function withServerFields(call: ResourceCall, before: KubeObject, wanted: NewObject): KubeObject {
  const { type } = call;
  const { metadata } = before;
  const identity = {
    name: metadata.name,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    creationTimestamp: metadata.creationTimestamp,
    ...(metadata.generation === undefined ? {} : { generation: metadata.generation }),
    ...(metadata.deletionTimestamp === undefined ? {} : { deletionTimestamp: metadata.deletionTimestamp }),
    ...(metadata.deletionGracePeriodSeconds === undefined
      ? {}
      : { deletionGracePeriodSeconds: metadata.deletionGracePeriodSeconds }),
  };
  const head = { kind: before.kind, apiVersion: before.apiVersion };
  if (call.subresource === 'status') {
    const { status: _old, ...rest } = before;
    return { ...rest, ...(wanted.status === undefined ? {} : { status: wanted.status }) };
  }
  const completed = defaulted(call.cluster, type, wanted);
  const { kind: _kind, apiVersion: _version, metadata: wantedMetadata, status: _status, ...fields } = completed;
  const keepsStatus = type.subresources.includes('status');
  const status = keepsStatus ? before.status : completed.status;
  const after: KubeObject = {
    ...head,
    metadata: { ...withoutEmpty(wantedMetadata), ...identity },
    ...fields,
    ...(status === undefined ? {} : { status }),
  };
  if (hasGeneration(type) && !sameValue(specOf(before), specOf(after))) {
    after.metadata.generation = (metadata.generation ?? 0) + 1;
  }
  return after;
}

/** The server leaves out what is empty. */
export function withoutEmpty(metadata: NewObject['metadata']): NewObject['metadata'] {
  const kept = Object.entries(metadata).filter(
    ([, value]) => value !== null && (typeof value !== 'object' || Object.keys(value).length > 0),
  );
  return Object.fromEntries(kept);
}

function specOf(object: KubeObject): Fields {
  const { metadata: _metadata, status: _status, ...rest } = object;
  return rest;
}

function withoutManaged(object: KubeObject): Fields {
  const { managedFields: _managed, ...metadata } = object.metadata;
  return { ...object, metadata };
}
