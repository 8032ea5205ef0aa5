import { isDeepStrictEqual } from 'node:util';
import type { FieldChange } from '../../platform/audit/contract.ts';

/** RFC 6902. */
export interface PatchOperation {
  op: 'test' | 'add' | 'remove' | 'replace';
  path: string;
  value?: unknown;
}

/** What servers write by themselves: no part of what somebody changed. */
const serverFields = new Set([
  '/metadata/managedFields',
  '/metadata/resourceVersion',
  '/metadata/generation',
  '/metadata/uid',
  '/metadata/creationTimestamp',
  '/metadata/selfLink',
  '/metadata/deletionTimestamp',
  '/metadata/deletionGracePeriodSeconds',
  '/metadata/annotations/deployment.kubernetes.io~1revision',
  '/status',
]);

/**
 * What differs, as leaves: objects are compared key by key, lists and everything else as a whole. With null for an object
 * that was or is not there, one entry at the root.
 */
export function differences(before: unknown, after: unknown): FieldChange[] {
  const found: FieldChange[] = [];
  compare(before, after, '', found);
  return found;
}

function compare(before: unknown, after: unknown, path: string, found: FieldChange[]): void {
  if (serverFields.has(path) || isDeepStrictEqual(before, after)) return;
  if (isRecord(before) && isRecord(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(before[key], after[key], `${path}/${escapePointer(key)}`, found);
    }
    return;
  }
  found.push({ path, ...(before != null && { before }), ...(after != null && { after }) });
}

/** From the state after back to the one before. Every value is tested first: it fails where somebody changed it since. */
export function patchBack(changes: readonly FieldChange[]): PatchOperation[] {
  return changes.flatMap(({ path, before, after }): PatchOperation[] => {
    // What is absent cannot be tested: there, whatever is put in meanwhile would be replaced; `add` does that, too.
    const test: PatchOperation[] = after === undefined ? [] : [{ op: 'test', path, value: after }];
    if (before === undefined) return [...test, { op: 'remove', path }];
    return [...test, { op: after === undefined ? 'add' : 'replace', path, value: before }];
  });
}

export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
