import { hasGeneration } from '../../cluster.ts';
import { finishDeletion, releaseForeground } from '../../deletion.ts';
import { type Fields, isFields, type KubeObject, type NewObject } from '../../objects.ts';
import { parseFields, parseJson, type ResourceCall, readBody, sendObject } from '../call.ts';
import { badRequest, conflict, notFound, staleVersion, unsupportedMedia } from '../status.ts';
import { check, checkImmutable } from './admission.ts';
import { apply } from './apply.ts';
import { isDryRun, readObject, requireObject } from './create.ts';
import { defaulted } from './defaults.ts';
import { jsonPatch } from './jsonPatch.ts';
import { trackWrite } from './managed.ts';
import { mergePatch, strategicPatch } from './mergePatch.ts';
import { sameValue } from './sameValue.ts';

/** Answers a PUT. */
export async function update(call: ResourceCall): Promise<void> {
  const wanted = requireObject(call, await readObject(call));
  if (wanted.metadata.name !== undefined && wanted.metadata.name !== call.name) {
    throw badRequest(
      `the name of the object (${wanted.metadata.name}) does not match the name on the URL (${call.name})`,
    );
  }
  sendObject(call, 200, replace(call, existing(call), wanted));
}

const patchMedia = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

/** Answers a PATCH of any of the four kinds. */
export async function patch(call: ResourceCall): Promise<void> {
  const media = (call.request.headers['content-type'] ?? '').split(';')[0] ?? '';
  const custom = call.type.custom;
  if (!patchMedia.includes(media) || (custom && media === patchMedia[2])) {
    throw unsupportedMedia(custom ? patchMedia.filter((_, index) => index !== 2) : patchMedia);
  }
  const body = await readBody(call);
  if (media === 'application/apply-patch+yaml') return apply(call, body);
  const before = existing(call);
  let patched: unknown;
  if (media === 'application/json-patch+json') patched = jsonPatch(before, parseJson(body));
  else if (media === 'application/merge-patch+json') patched = mergePatch(before, parseFields(body));
  else patched = strategicPatch(before, parseFields(body));
  if (!isFields(patched)) throw badRequest('the patch does not leave an object');
  sendObject(call, 200, replace(call, before, requireObject(call, patched)));
}

function existing(call: ResourceCall): KubeObject {
  const object = call.cluster.store.object(call.type.id, call.namespace, call.name);
  if (object === undefined) throw notFound(call.type, call.name);
  return object;
}

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
