/** What stands for a value that is not shown. */
export const hiddenValue = '(hidden)';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

interface ObjectParts {
  kind?: unknown;
  metadata?: { annotations?: Record<string, unknown>; managedFields?: unknown };
  data?: Record<string, unknown>;
  stringData?: Record<string, unknown>;
}

/**
 * Takes out what must not be shown: the values of a Secret, in whose place their sizes stand (as `kubectl describe`
 * says them), and the copy of them that `kubectl apply` leaves in an annotation. Returns what was taken out, as paths;
 * the keys stay readable.
 */
export function redact(object: unknown, isSecret: boolean): { object: unknown; redacted: string[] } {
  if (!isSecret || typeof object !== 'object' || object === null) return { object, redacted: [] };
  const redacted: string[] = [];
  const copy = structuredClone(object) as ObjectParts;
  for (const part of ['data', 'stringData'] as const) {
    const values = copy[part];
    if (typeof values !== 'object' || values === null) continue;
    for (const key of Object.keys(values)) {
      values[key] = sizeMark(values[key], part === 'data');
      redacted.push(`${part}.${key}`);
    }
  }
  const annotations = copy.metadata?.annotations;
  if (annotations?.[lastApplied] !== undefined) {
    annotations[lastApplied] = hiddenValue;
    redacted.push(`metadata.annotations["${lastApplied}"]`);
  }
  return { object: copy, redacted };
}

/** `24 bytes`: of the value itself, not of its base64. Nothing is decoded. */
function sizeMark(value: unknown, isBase64: boolean): string {
  if (typeof value !== 'string') return hiddenValue;
  const bytes = isBase64 ? Math.floor((value.replace(/[=\s]+/gu, '').length * 3) / 4) : Buffer.byteLength(value);
  return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
}

/** Who wrote which field: longer than the rest of the object, and only looked at on purpose. */
export function withoutManagedFields(object: unknown): unknown {
  const { metadata } = (object ?? {}) as ObjectParts;
  if (metadata?.managedFields === undefined) return object;
  const { managedFields: _, ...rest } = metadata;
  return { ...(object as ObjectParts), metadata: rest };
}
