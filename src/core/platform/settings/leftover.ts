/**
 * What a newer version of the product wrote and this one does not know must survive being saved by this one. `leftover`
 * takes from the raw JSON what parsing dropped; `withLeftover` puts it back beneath the value that is saved.
 * Objects are compared by field, lists of objects that have an `id` by that id; other lists are taken as a whole.
 */
export type Leftover =
  | { type: 'fields'; extra: Record<string, unknown>; inside: Record<string, Leftover> }
  | { type: 'items'; byId: Record<string, Leftover> };

export function leftover(raw: unknown, parsed: unknown): Leftover | undefined {
  if (isObject(raw) && isObject(parsed)) {
    const extra: Record<string, unknown> = {};
    const inside: Record<string, Leftover> = {};
    for (const [field, value] of Object.entries(raw)) {
      if (!Object.hasOwn(parsed, field)) {
        extra[field] = value;
        continue;
      }
      const deeper = leftover(value, parsed[field]);
      if (deeper !== undefined) inside[field] = deeper;
    }
    return Object.keys(extra).length + Object.keys(inside).length === 0 ? undefined : { type: 'fields', extra, inside };
  }
  if (Array.isArray(raw) && Array.isArray(parsed)) {
    const byId: Record<string, Leftover> = {};
    for (const item of raw) {
      const id = idOf(item);
      if (id === undefined) continue;
      const deeper = leftover(
        item,
        parsed.find((other) => idOf(other) === id),
      );
      if (deeper !== undefined) byId[id] = deeper;
    }
    return Object.keys(byId).length === 0 ? undefined : { type: 'items', byId };
  }
  return undefined;
}

export function withLeftover(value: unknown, rest: Leftover | undefined): unknown {
  if (rest === undefined) return value;
  if (rest.type === 'fields' && isObject(value)) {
    const merged: Record<string, unknown> = { ...rest.extra, ...value };
    for (const [field, deeper] of Object.entries(rest.inside)) {
      if (Object.hasOwn(value, field)) merged[field] = withLeftover(value[field], deeper);
    }
    return merged;
  }
  if (rest.type === 'items' && Array.isArray(value)) {
    return value.map((item) => {
      const id = idOf(item);
      return id === undefined ? item : withLeftover(item, rest.byId[id]);
    });
  }
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function idOf(value: unknown): string | undefined {
  return isObject(value) && typeof value.id === 'string' ? value.id : undefined;
}
