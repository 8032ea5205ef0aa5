import { apiVersionOf } from '../../kinds/registry.ts';
import { instant, type KubeObject, type ManagedFieldsEntry } from '../../objects.ts';
import type { ResourceCall } from '../call.ts';
import { changedFields, isEmpty, subtract, union } from './fieldSets.ts';

/** Who writes: the query's `fieldManager`, else the first word of the User-Agent, as in the real server. */
export function managerOf(call: ResourceCall): string {
  const named = call.query.get('fieldManager') ?? '';
  if (named !== '') return named;
  const agent = call.request.headers['user-agent'] ?? '';
  return agent.split('/')[0] || 'unknown';
}

/** Records that this call's manager now owns the fields that it changed; others lose them. */
export function trackWrite(call: ResourceCall, before: KubeObject | undefined, after: KubeObject): KubeObject {
  const changed = changedFields(before, after, call.type.custom);
  const manager = managerOf(call);
  const previous = before?.metadata.managedFields ?? [];
  const mine = (entry: ManagedFieldsEntry) =>
    entry.manager === manager && entry.operation === 'Update' && entry.subresource === call.subresource;
  const entries: ManagedFieldsEntry[] = [];
  for (const entry of previous) {
    if (mine(entry)) continue;
    const left = subtract(entry.fieldsV1, changed);
    if (!isEmpty(left)) entries.push({ ...entry, fieldsV1: left });
  }
  const owned = union(previous.find(mine)?.fieldsV1 ?? {}, changed);
  if (!isEmpty(owned)) {
    entries.push({
      manager,
      operation: 'Update',
      apiVersion: apiVersionOf(call.type),
      time: instant(call.cluster.timeline.now()),
      fieldsType: 'FieldsV1',
      fieldsV1: owned,
      ...(call.subresource === undefined ? {} : { subresource: call.subresource }),
    });
  }
  const { managedFields: _old, ...metadata } = after.metadata;
  return { ...after, metadata: entries.length === 0 ? metadata : { ...metadata, managedFields: entries } };
}
