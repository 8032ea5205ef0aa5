import { type Fields, isFields, type KubeObject, numberAt, recordAt } from '../../objects.ts';
import { parseFields, parseJson, type ResourceCall, readBody, sendJson } from '../call.ts';
import { badRequest, conflict, notAllowed, notFound } from '../status.ts';
import { jsonPatch } from '../write/jsonPatch.ts';
import { mergePatch } from '../write/mergePatch.ts';
import { replace } from '../write/replace.ts';

/** Answers the scale subresource: the replicas alone. */
export async function scale(call: ResourceCall): Promise<void> {
  const object = call.cluster.store.object(call.type.id, call.namespace, call.name);
  if (object === undefined) throw notFound(call.type, call.name);
  if (call.method === 'GET') return sendJson(call, 200, scaleOf(object));
  if (call.method !== 'PUT' && call.method !== 'PATCH') throw notAllowed();
  const body = await readBody(call);
  const json = (call.request.headers['content-type'] ?? '').startsWith('application/json-patch');
  let wanted: unknown = parseJson(body);
  if (call.method === 'PATCH') {
    wanted = json ? jsonPatch(scaleOf(object), wanted) : mergePatch(scaleOf(object), parseFields(body));
  }
  const version = isFields(wanted) ? recordAt(wanted, 'metadata').resourceVersion : undefined;
  if (version !== undefined && version !== object.metadata.resourceVersion) {
    throw conflict(call.type, call.name, 'the object has been modified');
  }
  const replicas = numberAt(wanted, 'spec.replicas');
  if (replicas < 0) throw badRequest('spec.replicas: Invalid value: must be greater than or equal to 0');
  // The new replicas are a change of the object itself, owned by the caller under this subresource.
  const next = { ...object, spec: { ...recordAt(object, 'spec'), replicas } };
  sendJson(call, 200, scaleOf(replace(call, object, next)));
}

function scaleOf(object: KubeObject): Fields {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const labels = Object.entries(recordAt(object, 'spec.selector.matchLabels'));
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), uid, resourceVersion, creationTimestamp },
    spec: { replicas: numberAt(object, 'spec.replicas') },
    status: {
      replicas: numberAt(object, 'status.replicas'),
      selector: labels.map(([key, value]) => `${key}=${value}`).join(','),
    },
  };
}
