import { isDeepStrictEqual } from 'node:util';

/** A step into an object: a key, or the element of a list that has this name. */
type Step = string | { name: string };

/** A place where two objects differ. `undefined` is: not there. */
export interface Edit {
  path: readonly Step[];
  before: unknown;
  after: unknown;
}

type Fields = Record<string, unknown>;

/** What servers write by themselves: no part of what somebody changed. */
const serverWritten: readonly string[] = [
  'metadata.managedFields',
  'metadata.resourceVersion',
  'metadata.generation',
  'metadata.uid',
  'metadata.creationTimestamp',
  'metadata.selfLink',
  'metadata.deletionTimestamp',
  'metadata.deletionGracePeriodSeconds',
  'metadata.annotations.deployment.kubernetes.io/revision',
  'status',
];

/**
 * Where two objects differ, as leaves. Lists whose elements have names (containers, ports, env) are compared element by
 * element; other lists as a whole. Fields that servers write are left out.
 */
export function editsBetween(before: unknown, after: unknown): Edit[] {
  const found: Edit[] = [];
  compare(before, after, [], found);
  return found;
}

function compare(before: unknown, after: unknown, path: readonly Step[], found: Edit[]): void {
  if (serverWritten.includes(path.join('.')) || isDeepStrictEqual(before, after)) return;
  if (isFields(before) && isFields(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(before[key], after[key], [...path, key], found);
    }
    return;
  }
  const old = namesOf(before);
  const next = namesOf(after);
  if (old !== undefined && next !== undefined && sameOrder(old, next)) {
    for (const name of new Set([...old, ...next])) {
      compare(named(before, name), named(after, name), [...path, { name }], found);
    }
    return;
  }
  found.push({ path, before, after });
}

/**
 * `theirs` with the edits made in it; it is not changed itself. What an edit needs and is not there, is made; an element
 * of a list that was taken out meanwhile is put back with the edit's parts alone.
 */
export function applyEdits(theirs: unknown, edits: readonly Edit[]): unknown {
  const root = { object: structuredClone(theirs) };
  for (const { path, after } of edits) put(root, ['object', ...path], after);
  return root.object;
}

function put(inside: Fields, path: readonly Step[], value: unknown): void {
  const [key, next, ...rest] = path as [string, ...Step[]];
  if (next === undefined) {
    if (value === undefined) delete inside[key];
    else inside[key] = structuredClone(value);
    return;
  }
  if (typeof next === 'string') {
    if (!isFields(inside[key])) {
      // Nothing is to be taken out of what is not there.
      if (value === undefined) return;
      inside[key] = {};
    }
    put(inside[key] as Fields, [next, ...rest], value);
    return;
  }
  if (!Array.isArray(inside[key])) inside[key] = [];
  const list = inside[key] as unknown[];
  const at = list.findIndex((element) => isFields(element) && element.name === next.name);
  if (rest.length === 0) {
    if (value === undefined) list.splice(at, at === -1 ? 0 : 1);
    else if (at === -1) list.push(structuredClone(value));
    else list[at] = structuredClone(value);
    return;
  }
  if (at === -1 && value === undefined) return;
  const holder: Fields = { element: at === -1 ? { name: next.name } : list[at] };
  put(holder, ['element', ...rest], value);
  if (at === -1) list.push(holder.element);
  else list[at] = holder.element;
}

/** The merge patch (RFC 7386) that makes `after` of `before`. Fields that servers write are left out. */
export function mergePatchOf(before: Fields, after: Fields): Fields {
  const patch: Fields = {};
  fill(before, after, [], patch);
  return patch;
}

function fill(before: Fields, after: Fields, path: readonly string[], patch: Fields): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const inner = [...path, key];
    const [old, next] = [before[key], after[key]];
    if (serverWritten.includes(inner.join('.')) || isDeepStrictEqual(old, next)) continue;
    if (isFields(old) && isFields(next)) {
      const part: Fields = {};
      fill(old, next, inner, part);
      if (Object.keys(part).length > 0) patch[key] = part;
    } else patch[key] = next === undefined ? null : next;
  }
}

/** Whether two edits of the same object cannot both hold. */
export function contest(mine: Edit, theirs: Edit): boolean {
  const shared = Math.min(mine.path.length, theirs.path.length);
  const meets = mine.path.slice(0, shared).every((step, at) => isDeepStrictEqual(step, theirs.path[at]));
  if (!meets) return false;
  return mine.path.length !== theirs.path.length || !isDeepStrictEqual(mine.after, theirs.after);
}

/** JSON pointer; elements of lists by their name in brackets, as kubectl's words have them. */
export function pointerOf(path: readonly Step[]): string {
  return path
    .map((step) =>
      typeof step === 'string' ? `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}` : `[${step.name}]`,
    )
    .join('');
}

/** The names of a list's elements; undefined when it is no list, or not every element has a name of its own. */
function namesOf(list: unknown): string[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const names = list.map((element) => (isFields(element) ? element.name : undefined));
  if (!names.every((name) => typeof name === 'string') || new Set(names).size !== names.length) return undefined;
  return names as string[];
}

/** What is in both stands in the same order: new elements are at the end, which is where they are put. */
function sameOrder(before: readonly string[], after: readonly string[]): boolean {
  const kept = before.filter((name) => after.includes(name));
  return kept.every((name, at) => after[at] === name);
}

function named(list: unknown, name: string): unknown {
  return (list as Fields[]).find((element) => element.name === name);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
