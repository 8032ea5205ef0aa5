import { negotiate, type ResourceCall, sendJson, sendObject } from './call.ts';
import { inVersion, partialMetadata } from './encoding.ts';
import { notFound } from './status.ts';
import { tableOf } from './table/table.ts';

/** Answers one object in the negotiated form. */
export function get(call: ResourceCall): void {
  const object = call.cluster.store.object(call.type.id, call.namespace, call.name);
  if (object === undefined) throw notFound(call.type, call.name);
  switch (negotiate(call, call.type)) {
    case 'table':
      sendJson(call, 200, tableOf(call, [object], { resourceVersion: object.metadata.resourceVersion }));
      return;
    case 'partial':
      sendJson(call, 200, partialMetadata(object));
      return;
    default:
      sendObject(call, 200, inVersion(object, call.type));
      return;
  }
}
