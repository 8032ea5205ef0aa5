import type { FieldChange } from '../../platform/audit/contract.ts';
import type { ChangeRequest } from './model.ts';
import { patchBack } from './patch.ts';

interface KubeObject {
  metadata?: Record<string, unknown>;
  status?: unknown;
}

/** Fields that a server refuses or sets itself when an object is created. */
const ownFields = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'managedFields', 'selfLink'];

/** How a request is taken back, from the object before and after it; null when nothing changed or it cannot be. */
export function inverseOf(
  path: string,
  before: unknown,
  after: unknown,
  changes: readonly FieldChange[],
): ChangeRequest | null {
  if (before === null && after === null) return null;
  if (before === null) {
    const { uid } = (after as KubeObject).metadata ?? {};
    return { method: 'DELETE', path, body: { preconditions: { uid }, propagationPolicy: 'Background' } };
  }
  if (after === null) return { method: 'POST', path: path.replace(/\/[^/]+$/, ''), body: asNew(before) };
  if (changes.length === 0) return null;
  return { method: 'PATCH', path, contentType: 'application/json-patch+json', body: patchBack(changes) };
}

function asNew(object: unknown): unknown {
  const { status: _, ...rest } = object as KubeObject;
  const metadata = Object.fromEntries(
    Object.entries(rest.metadata ?? {}).filter(([key]) => !ownFields.includes(key) && !key.startsWith('deletion')),
  );
  return { ...rest, metadata };
}
