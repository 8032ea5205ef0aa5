/** Reading of objects whose shape is only known by their kind: what is not there or is something else reads as absent. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of keys; undefined when any of them is missing. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const key of path) {
    if (!isObject(here)) return undefined;
    here = here[key];
  }
  return here;
}

export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = at(value, ...path);
  if (typeof found === 'string') return found;
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : '';
}

export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

export function listAt(value: unknown, ...path: readonly string[]): readonly JsonObject[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isObject) : [];
}

export function textsAt(value: unknown, ...path: readonly string[]): readonly string[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter((each) => typeof each === 'string') : [];
}

/** Keys and values of a map of texts, sorted by key. */
export function entriesAt(value: unknown, ...path: readonly string[]): [string, string][] {
  const found = at(value, ...path);
  if (!isObject(found)) return [];
  return Object.keys(found)
    .sort()
    .map((key) => [key, textAt(found, key)]);
}

/** An instant (RFC 3339) in milliseconds; undefined when it is none. */
export function instantAt(value: unknown, ...path: readonly string[]): number | undefined {
  const ms = Date.parse(textAt(value, ...path));
  return Number.isNaN(ms) ? undefined : ms;
}

/** A Kubernetes quantity (`100m`, `1.5Gi`, `2e3`) as a number in its base unit; undefined when it is none. */
export function quantity(text: string): number | undefined {
  const match = /^([+-]?\d+(?:\.\d*)?|[+-]?\.\d+)(?:([eE][+-]?\d+)|(m|u|n|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei))?$/u.exec(
    text,
  );
  if (match === null) return undefined;
  const number = Number(`${match[1]}${match[2] ?? ''}`);
  const suffix = match[3] ?? '';
  const binary = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].indexOf(suffix);
  if (binary >= 0) return number * 1024 ** (binary + 1);
  const decimal = ['k', 'M', 'G', 'T', 'P', 'E'].indexOf(suffix);
  if (decimal >= 0) return number * 1000 ** (decimal + 1);
  const small = ['m', 'u', 'n'].indexOf(suffix);
  return small >= 0 ? number / 1000 ** (small + 1) : number;
}
