import { type Fields, isFields } from '../../objects.ts';
import { keysOf } from './fieldSets.ts';
import { sameValue } from './sameValue.ts';

/** RFC 7386: null removes, objects merge, everything else replaces. */
export function mergePatch(document: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const merged: Fields = isFields(document) ? { ...document } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

/** Lists of plain values that are merged as sets. */
const mergedSets = new Set(['finalizers']);

/**
 * Kubernetes' strategic merge: lists of the built-in kinds merge by their keys; `$patch: delete` and `$patch: replace`,
 * `$deleteFromPrimitiveList/…` and `$setElementOrder/…` (the latter only orders, which nothing here depends on).
 */
export function strategicPatch(document: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const { $patch: directive, ...changes } = patch;
  if (directive === 'replace') return changes;
  const merged: Fields = isFields(document) ? { ...document } : {};
  for (const [key, value] of Object.entries(changes)) {
    if (key.startsWith('$setElementOrder/') || key === '$retainKeys') continue;
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const field = key.slice('$deleteFromPrimitiveList/'.length);
      const [list, removed] = [merged[field], Array.isArray(value) ? value : []];
      if (Array.isArray(list)) merged[field] = list.filter((item) => !removed.includes(item));
      continue;
    }
    if (value === null) delete merged[key];
    else if (Array.isArray(value)) merged[key] = mergeList(key, merged[key], value);
    else merged[key] = strategicPatch(merged[key], value);
  }
  return merged;
}

/** Lists that a strategic patch replaces. */
const atomicLists = new Set(['tolerations']);

function mergeList(field: string, existing: unknown, patch: readonly unknown[]): unknown[] {
  const current = Array.isArray(existing) ? existing : [];
  if (patch.some((item) => isFields(item) && item.$patch === 'replace')) {
    return patch.filter((item) => !(isFields(item) && item.$patch === 'replace'));
  }
  if (mergedSets.has(field)) return [...new Set([...current, ...patch])];
  let merged: unknown[] = [...current];
  for (const item of patch) {
    const keys = isFields(item) ? mergeKeys(field, item) : undefined;
    if (!isFields(item) || keys === undefined) return [...patch];
    const { $patch: directive, ...rest } = item;
    const found = merged.find((other) => isFields(other) && keys.every((key) => sameValue(other[key], item[key])));
    if (directive === 'delete') merged = merged.filter((other) => other !== found);
    else if (found === undefined) merged.push(rest);
    else merged[merged.indexOf(found)] = strategicPatch(found, rest);
  }
  return merged;
}

function mergeKeys(field: string, item: Fields): readonly string[] | undefined {
  if (atomicLists.has(field)) return undefined;
  if (field === 'ports') return 'containerPort' in item ? ['containerPort'] : 'port' in item ? ['port'] : undefined;
  return keysOf(field, item, false);
}
