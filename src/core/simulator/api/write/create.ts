import { stamped } from '../../cluster.ts';
import { apiVersionOf } from '../../kinds/registry.ts';
import { type Fields, instant, isFields, type KubeObject, type NewObject } from '../../objects.ts';
import { flag, parseFields, type ResourceCall, readBody, sendObject } from '../call.ts';
import { alreadyExists, badRequest, unsupportedMedia } from '../status.ts';
import { admitNew } from './admission.ts';
import { trackWrite } from './managed.ts';

/** Answers a POST: a new object. */
export async function create(call: ResourceCall): Promise<void> {
  const object = createFrom(call, requireObject(call, await readObject(call)));
  sendObject(call, 201, object);
}

/** Reads a body that must be JSON. */
export async function readObject(call: ResourceCall): Promise<Fields> {
  const media = call.request.headers['content-type'] ?? 'application/json';
  if (!/json/.test(media)) throw unsupportedMedia(['application/json']);
  return parseFields(await readBody(call));
}

/** A body as an object of the call's kind; another kind is a 400. */
export function requireObject(call: ResourceCall, body: Fields): NewObject {
  const version = apiVersionOf(call.type);
  const metadata = isFields(body.metadata) ? body.metadata : {};
  const given = { apiVersion: String(body.apiVersion ?? version), kind: String(body.kind ?? call.type.kind) };
  if (given.apiVersion !== version || given.kind !== call.type.kind) {
    throw badRequest(
      `${given.kind} in version "${given.apiVersion}" cannot be handled as a ${call.type.kind}: the API version in the data (${given.apiVersion}) does not match the expected API version (${version})`,
    );
  }
  return { ...body, ...given, metadata };
}

/** Admits and stores a new object; used by POST and by an apply of what is not there yet. */
export function createFrom(call: ResourceCall, object: NewObject, managed = true): KubeObject {
  const { cluster, type } = call;
  const admitted = admitNew(cluster, type, call.namespace, object);
  const name = admitted.metadata.name ?? '';
  if (cluster.store.object(type.id, call.namespace, name) !== undefined) throw alreadyExists(type, name);
  const now = instant(cluster.timeline.now());
  const { resourceVersion: _version, uid: _uid, creationTimestamp: _created, ...metadata } = admitted.metadata;
  const made = stamped(type, { ...admitted, metadata }, cluster.random.uid(), now);
  const finished = managed ? trackWrite(call, undefined, made) : made;
  if (isDryRun(call)) return finished;
  const stored = cluster.store.put(type.id, finished);
  if (type.id === 'customresourcedefinitions.apiextensions.k8s.io') cluster.types.addDefinition(stored);
  return stored;
}

export function isDryRun(call: ResourceCall): boolean {
  return call.query.get('dryRun') === 'All' || flag(call, 'dryRun');
}
