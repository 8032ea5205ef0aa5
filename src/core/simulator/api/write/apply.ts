import { parse } from 'yaml';
import { apiVersionOf } from '../../kinds/registry.ts';
import {
  type Fields,
  type FieldTree,
  instant,
  isFields,
  type KubeObject,
  type ManagedFieldsEntry,
} from '../../objects.ts';
import { flag, type ResourceCall, sendObject } from '../call.ts';
import { ApiError, badRequest } from '../status.ts';
import { createFrom, requireObject } from './create.ts';
import {
  fieldsOf,
  findItem,
  fromLeaves,
  hasLeaf,
  isEmpty,
  isSet,
  itemPath,
  keysOf,
  leaves,
  printPath,
  subtract,
  valueAt,
} from './fieldSets.ts';
import { replace } from './replace.ts';
import { sameValue } from './sameValue.ts';

/**
 * Answers a server-side apply: the applied fields become the manager's, fields that it applied before and does not any
 * more go away unless somebody else has them, and a field that another manager set to another value is a conflict.
 */
export function apply(call: ResourceCall, body: Buffer): void {
  const manager = call.query.get('fieldManager') ?? '';
  if (manager === '') {
    throw new ApiError(
      400,
      'BadRequest',
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  }
  const parsed: unknown = parse(body.toString());
  if (!isFields(parsed)) throw badRequest('error decoding YAML: the body is not an object');
  const config = requireObject(call, parsed);
  if ('managedFields' in config.metadata) throw badRequest('metadata.managedFields must be nil');
  const { custom } = call.type;
  const applied = fieldsOf(config, custom);
  const live = call.cluster.store.object(call.type.id, call.namespace, call.name);
  if (live === undefined) {
    const metadata = { ...config.metadata, name: call.name, managedFields: [entryOf(call, manager, applied)] };
    sendObject(call, 201, createFrom(call, { ...config, metadata }, false));
    return;
  }
  const entries = startingEntries(call, live);
  const isMine = (entry: ManagedFieldsEntry) =>
    entry.manager === manager && entry.operation === 'Apply' && entry.subresource === call.subresource;
  const conflicts = findConflicts(
    entries.filter((entry) => !isMine(entry)),
    applied,
    live,
    config,
  );
  if (conflicts.length > 0 && !flag(call, 'force')) throw conflictError(conflicts);

  const lost = fromLeaves(conflicts.map((found) => found.path));
  const others = entries
    .filter((entry) => !isMine(entry))
    .map((entry) => ({ ...entry, fieldsV1: subtract(entry.fieldsV1, lost) }))
    .filter((entry) => !isEmpty(entry.fieldsV1));
  let merged = merge('', live, config, custom);
  const before = entries.find(isMine);
  if (before !== undefined) {
    const dropped = subtract(before.fieldsV1, applied);
    const orphaned = [...leaves(dropped)].filter((path) => !others.some((entry) => hasLeaf(entry.fieldsV1, path)));
    for (const path of orphaned) merged = without(merged, path);
  }
  if (!isFields(merged)) throw badRequest('the applied configuration does not leave an object');
  const next = requireObject(call, merged);
  // The same configuration again changes nothing, not even the time of the entry.
  const mine = before !== undefined && sameValue(before.fieldsV1, applied) ? before : entryOf(call, manager, applied);
  const managedFields = [...others, mine].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  next.metadata = { ...next.metadata, managedFields };
  sendObject(call, 200, replace(call, live, next, false));
}

/** Applies before updates, then by name: the same owners are always in the same order. */
function orderOf(entry: ManagedFieldsEntry): string {
  return `${entry.operation} ${entry.manager} ${entry.subresource ?? ''}`;
}

function entryOf(call: ResourceCall, manager: string, fieldsV1: FieldTree): ManagedFieldsEntry {
  return {
    manager,
    operation: 'Apply',
    apiVersion: apiVersionOf(call.type),
    time: instant(call.cluster.timeline.now()),
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...(call.subresource === undefined ? {} : { subresource: call.subresource }),
  };
}

/** The owners so far. What was written before anybody counted belongs to `before-first-apply`. */
function startingEntries(call: ResourceCall, live: KubeObject): readonly ManagedFieldsEntry[] {
  if (live.metadata.managedFields !== undefined) return live.metadata.managedFields;
  const { status: _status, ...rest } = live;
  const fieldsV1 = fieldsOf(rest, call.type.custom);
  return [{ ...entryOf(call, 'before-first-apply', fieldsV1), operation: 'Update' }];
}

interface Conflict {
  entry: ManagedFieldsEntry;
  path: string[];
}

function findConflicts(
  others: readonly ManagedFieldsEntry[],
  applied: FieldTree,
  live: KubeObject,
  config: Fields,
): Conflict[] {
  const found: Conflict[] = [];
  for (const path of leaves(applied)) {
    const [current, wanted] = [valueAt(live, path), valueAt(config, path)];
    if (sameValue(current, wanted)) continue;
    for (const entry of others) if (hasLeaf(entry.fieldsV1, path)) found.push({ entry, path });
  }
  return found;
}

function conflictError(conflicts: readonly Conflict[]): ApiError {
  const who = (entry: ManagedFieldsEntry) =>
    `"${entry.manager}"${entry.subresource === undefined ? '' : ` with subresource "${entry.subresource}"`}${entry.operation === 'Update' ? ` using ${entry.apiVersion}` : ''}`;
  const byOwner = new Map<string, string[]>();
  for (const { entry, path } of conflicts) {
    const owner = who(entry);
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), printPath(path)]);
  }
  const texts = [...byOwner].map(([owner, paths]) =>
    paths.length === 1 ? `conflict with ${owner}: ${paths[0]}` : `conflicts with ${owner}:\n- ${paths.join('\n- ')}`,
  );
  const count = `${conflicts.length} conflict${conflicts.length === 1 ? '' : 's'}`;
  return new ApiError(409, 'Conflict', `Apply failed with ${count}: ${texts.join('\n')}`, {
    causes: conflicts.map(({ entry, path }) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${who(entry)}`,
      field: printPath(path),
    })),
  });
}

/** The live value with the configuration laid over it; lists with keys are merged item by item. */
function merge(field: string, live: unknown, config: unknown, custom: boolean): unknown {
  if (isSet(field, config)) return [...new Set([...(Array.isArray(live) ? live : []), ...config])];
  if (Array.isArray(config)) {
    const keys = config.map((item) => keysOf(field, item, custom));
    if (!Array.isArray(live) || config.length === 0 || keys.includes(undefined)) return config;
    const merged: unknown[] = [...live];
    config.forEach((item: Fields, index) => {
      const itemKeys = keys[index] ?? [];
      const step = itemPath(item, itemKeys);
      const existing = findItem(merged, step);
      if (existing === undefined) merged.push(item);
      else merged[merged.indexOf(existing)] = merge('', existing, item, custom);
    });
    return merged;
  }
  if (!isFields(config) || !isFields(live)) return config;
  const merged: Fields = { ...live };
  for (const [key, value] of Object.entries(config)) merged[key] = merge(key, live[key], value, custom);
  return merged;
}

/** A copy without the value at a path; a list item goes as a whole with its own mark (`.`). */
function without(value: unknown, path: readonly string[]): unknown {
  const [step = '', ...rest] = path;
  if (step.startsWith('f:')) {
    if (!isFields(value)) return value;
    const key = step.slice(2);
    const { [key]: child, ...others } = value;
    if (child === undefined) return value;
    return rest.length === 0 ? others : { ...value, [key]: without(child, rest) };
  }
  if (!Array.isArray(value)) return value;
  const item = findItem(value, step);
  if (item === undefined) return value;
  if (rest.length === 0 || rest[0] === '.') return value.filter((other) => other !== item);
  return value.map((other) => (other === item ? without(item, rest) : other));
}
