import type { LiveState } from './contract.ts';

/**
 * A change of keyed, ordered rows, as a value. Applying it removes `remove`, then puts `upsert`: a row whose key is
 * there takes its place, a new one is appended. With `order`, the rows that it names then come first, in that order.
 * The head is replaced by `head`, or else has the fields of `patch` put in and those of `unset` taken out.
 * All functions here are total: what a change names and the state lacks is ignored.
 */
export interface LiveChange<H, R extends { key: string }> {
  rev: number;
  /** The whole head. Absent when it did not change, and when only some of its fields did. */
  head?: H;
  /** Fields of the head that changed: a list's head is mostly its columns, and what changes is a few counts. */
  patch?: Partial<H>;
  /** Fields that the head no longer has. */
  unset?: readonly string[];
  /** Every key in order; absent when the order follows from removing and appending. */
  order?: readonly string[];
  upsert: readonly R[];
  remove: readonly string[];
}

/** True when applying it would change nothing but the revision. */
export function isEmpty(change: LiveChange<unknown, { key: string }>): boolean {
  return !changesHead(change) && !changesRows(change);
}

function changesHead(change: LiveChange<unknown, { key: string }>): boolean {
  return Object.hasOwn(change, 'head') || change.patch !== undefined || change.unset !== undefined;
}

function changesRows({ upsert, remove, order }: LiveChange<unknown, { key: string }>): boolean {
  return upsert.length > 0 || remove.length > 0 || order !== undefined;
}

/** What turns `before` into `after`. Of rows with the same key the first counts. O(rows), without copying any. */
export function diff<H, R extends { key: string }>(before: LiveState<H, R>, after: LiveState<H, R>): LiveChange<H, R> {
  const change: LiveChange<H, R> = { rev: after.rev, ...diffHead(before.head, after.head), upsert: [], remove: [] };
  if (before.rows === after.rows) return change;

  const old = byKey(before.rows);
  const fresh = byKey(after.rows);
  const upsert: R[] = [];
  const remove: string[] = [];
  const derived: string[] = [];
  for (const key of old.keys()) {
    if (fresh.has(key)) derived.push(key);
    else remove.push(key);
  }
  for (const [key, row] of fresh) {
    const was = old.get(key);
    if (was === undefined) derived.push(key);
    if (was === undefined || !isSame(was, row)) upsert.push(row);
  }
  change.upsert = upsert;
  change.remove = remove;
  let position = 0;
  for (const key of fresh.keys()) {
    if (derived[position++] !== key) {
      change.order = [...fresh.keys()];
      break;
    }
  }
  return change;
}

type HeadChange<H> = Pick<LiveChange<H, { key: string }>, 'head' | 'patch' | 'unset'>;

function diffHead<H>(before: H, after: H): HeadChange<H> {
  if (before === after) return {};
  if (!isRecord(before) || !isRecord(after)) return isSame(before, after) ? {} : { head: after };
  const set = Object.entries(after).filter(
    ([field, value]) => value !== undefined && !isSame(Object.hasOwn(before, field) ? before[field] : undefined, value),
  );
  const unset = Object.keys(before).filter(
    (field) => before[field] !== undefined && (!Object.hasOwn(after, field) || after[field] === undefined),
  );
  const change: HeadChange<H> = {};
  if (set.length > 0) change.patch = Object.fromEntries(set) as Partial<H>;
  if (unset.length > 0) change.unset = unset;
  return change;
}

/** Fields that the change does not name keep their identity. */
function applyHead<H>(head: H, change: HeadChange<H>): H {
  if (Object.hasOwn(change, 'head')) return change.head as H;
  if (change.patch === undefined && change.unset === undefined) return head;
  const merged: Record<string, unknown> = { ...head, ...change.patch };
  for (const field of change.unset ?? []) delete merged[field];
  return merged as H;
}

function squashHead<H>(first: HeadChange<H>, second: HeadChange<H>): HeadChange<H> {
  if (Object.hasOwn(second, 'head')) return { head: second.head as H };
  if (Object.hasOwn(first, 'head')) return { head: applyHead(first.head as H, second) };
  const unsetLater = new Set(second.unset);
  const setLater = second.patch ?? {};
  const set = Object.entries({ ...first.patch, ...setLater }).filter(([field]) => !unsetLater.has(field));
  const unset = (first.unset ?? []).filter((field) => !Object.hasOwn(setLater, field) && !unsetLater.has(field));
  const all = [...unset, ...unsetLater];
  return {
    ...(set.length > 0 ? { patch: Object.fromEntries(set) as Partial<H> } : {}),
    ...(all.length > 0 ? { unset: all } : {}),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One change that does what `first` and then `second` do. An `order` must name only rows that its change leaves. */
export function squash<H, R extends { key: string }>(
  first: LiveChange<H, R>,
  second: LiveChange<H, R>,
): LiveChange<H, R> {
  const removedLater = new Set(second.remove);
  // A row that was put by both keeps the place it got first, unless it was removed in between.
  const upsert = new Map<string, R>();
  for (const row of first.upsert) if (!removedLater.has(row.key)) upsert.set(row.key, row);
  for (const row of second.upsert) upsert.set(row.key, row);
  const change: LiveChange<H, R> = {
    rev: second.rev,
    ...squashHead(first, second),
    upsert: [...upsert.values()],
    remove: [...new Set([...first.remove, ...second.remove])],
  };
  if (first.order !== undefined || second.order !== undefined) {
    const order = new Set(second.order);
    for (const key of first.order ?? []) if (!removedLater.has(key)) order.add(key);
    change.order = [...order];
  }
  return change;
}

/** The state after the change. Rows that it does not name keep their identity, and so does `rows` when none changed. */
export function apply<H, R extends { key: string }>(state: LiveState<H, R>, change: LiveChange<H, R>): LiveState<H, R> {
  const head = applyHead(state.head, change);
  if (!changesRows(change)) return { rev: change.rev, head, rows: state.rows };
  const rows = byKey(state.rows);
  for (const key of change.remove) rows.delete(key);
  for (const row of change.upsert) rows.set(row.key, row);
  if (change.order === undefined) return { rev: change.rev, head, rows: [...rows.values()] };
  const ordered: R[] = [];
  for (const key of change.order) {
    const row = rows.get(key);
    if (row === undefined) continue;
    ordered.push(row);
    rows.delete(key);
  }
  for (const row of rows.values()) ordered.push(row);
  return { rev: change.rev, head, rows: ordered };
}

/** The change that makes a state from nothing. */
export function snapshotOf<H, R extends { key: string }>(state: LiveState<H, R>): LiveChange<H, R> {
  return { rev: state.rev, head: state.head, upsert: [...byKey(state.rows).values()], remove: [] };
}

function byKey<R extends { key: string }>(rows: readonly R[]): Map<string, R> {
  const map = new Map<string, R>();
  for (const row of rows) if (!map.has(row.key)) map.set(row.key, row);
  return map;
}

/** Equality of JSON values. A property that is absent equals one that is undefined, as they do in JSON. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let index = 0; index < a.length; index++) if (!isSame(a[index], b[index])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  for (const key of Object.keys(left))
    if (!isSame(left[key], Object.hasOwn(right, key) ? right[key] : undefined)) return false;
  for (const key of Object.keys(right)) if (right[key] !== undefined && !Object.hasOwn(left, key)) return false;
  return true;
}
