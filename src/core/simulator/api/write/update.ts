import { isFields, type KubeObject } from '../../objects.ts';
import { parseFields, parseJson, type ResourceCall, readBody, sendObject } from '../call.ts';
import { badRequest, notFound, unsupportedMedia } from '../status.ts';
import { apply } from './apply.ts';
import { readObject, requireObject } from './create.ts';
import { jsonPatch } from './jsonPatch.ts';
import { mergePatch, strategicPatch } from './mergePatch.ts';
import { replace } from './replace.ts';

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
