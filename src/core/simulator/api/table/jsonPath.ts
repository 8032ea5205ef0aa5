import { isFields } from '../../objects.ts';

/** Splits `.status.conditions[?(@.type=="Ready")].status` and the like into steps. */
const stepPattern = /\.((?:[^.[\\]|\\.)+)|\['([^']+)'\]|\[(\d+|\*)\]|\[\?\(@\.([\w.-]+)\s*==\s*["']([^"']*)["']\)\]/g;

/** The first value at a printer column's JSONPath: fields, indexes, `[*]` and equality filters. */
export function jsonPath(value: unknown, path: string): unknown {
  let current: unknown = value;
  for (const step of path.matchAll(stepPattern)) {
    const field = step[1]?.replaceAll('\\.', '.') ?? step[2];
    if (field !== undefined) current = isFields(current) ? current[field] : undefined;
    else if (!Array.isArray(current)) return undefined;
    else if (step[3] !== undefined) current = current[step[3] === '*' ? 0 : Number(step[3])];
    else current = current.find((item) => isFields(item) && String(jsonPath(item, `.${step[4]}`)) === step[5]);
    if (current === undefined) return undefined;
  }
  return current;
}
