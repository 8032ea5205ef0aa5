import { deleteObject, type Propagation } from '../../deletion.ts';
import { type KubeObject, numberAt, textAt } from '../../objects.ts';
import { parseFields, type ResourceCall, readBody, sendJson, sendObject } from '../call.ts';
import { inVersion } from '../encoding.ts';
import { selection } from '../list.ts';
import { badRequest, conflict, notFound } from '../status.ts';
import { isDryRun } from './create.ts';

interface Options {
  propagation: Propagation | undefined;
  graceSeconds: number | undefined;
  uid: string;
  resourceVersion: string;
  dryRun: boolean;
}

/** Answers a DELETE of one object. */
export async function remove(call: ResourceCall): Promise<void> {
  const options = await readOptions(call);
  const object = call.cluster.store.object(call.type.id, call.namespace, call.name);
  if (object === undefined) throw notFound(call.type, call.name);
  const { uid, resourceVersion } = object.metadata;
  const precondition = (what: string, asked: string, is: string) =>
    conflict(
      call.type,
      call.name,
      `Precondition failed: ${what} in precondition: ${asked}, ${what} in object meta: ${is}`,
    );
  if (options.uid !== '' && options.uid !== uid) {
    const why = `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
    throw conflict({ group: '', resource: call.type.kind }, call.name, why);
  }
  if (options.resourceVersion !== '' && options.resourceVersion !== resourceVersion) {
    throw precondition('ResourceVersion', options.resourceVersion, resourceVersion);
  }
  const left = options.dryRun ? object : removeObject(call, object, options);
  // Core kinds that are gone at once answer with a Status, all that linger (and pods) with the object.
  if (left !== undefined) return sendObject(call, 200, inVersion(left, call.type));
  if (call.type.id === 'pods') return sendObject(call, 200, object);
  const { group, resource } = call.type;
  sendJson(call, 200, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name: call.name, ...(group === '' ? {} : { group }), kind: resource, uid },
  });
}

/** Answers a DELETE of a collection, or of what the selectors choose of it. */
export async function removeCollection(call: ResourceCall): Promise<void> {
  const options = await readOptions(call);
  const wanted = selection(call);
  const namespace = call.namespace === '' ? undefined : call.namespace;
  const chosen = call.cluster.store.objects(call.type.id, namespace).filter((object) => wanted?.(object) ?? true);
  if (!options.dryRun) for (const object of chosen) removeObject(call, object, options);
  sendJson(call, 200, {
    kind: `${call.type.kind}List`,
    apiVersion: chosen[0]?.apiVersion ?? 'v1',
    metadata: { resourceVersion: String(call.cluster.store.revision) },
    items: chosen,
  });
}

function removeObject(call: ResourceCall, object: KubeObject, options: Options): KubeObject | undefined {
  const { cluster, type } = call;
  return deleteObject(cluster, type.id, object, {
    propagation: options.propagation,
    graceSeconds: options.graceSeconds,
  });
}

async function readOptions(call: ResourceCall): Promise<Options> {
  const bytes = await readBody(call);
  const body = bytes.length === 0 ? {} : parseFields(bytes);
  const propagation = textAt(body, 'propagationPolicy') || (call.query.get('propagationPolicy') ?? '');
  if (!['', 'Background', 'Foreground', 'Orphan'].includes(propagation)) {
    throw badRequest(`invalid propagation policy ${propagation}`);
  }
  const grace = call.query.get('gracePeriodSeconds');
  return {
    propagation: propagation === '' ? undefined : (propagation as Propagation),
    graceSeconds:
      body.gracePeriodSeconds !== undefined
        ? numberAt(body, 'gracePeriodSeconds')
        : grace === null
          ? undefined
          : Number(grace),
    uid: textAt(body, 'preconditions.uid'),
    resourceVersion: textAt(body, 'preconditions.resourceVersion'),
    dryRun: isDryRun(call) || JSON.stringify(body.dryRun ?? []) === '["All"]',
  };
}
