import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { sameObject } from './address.ts';

/** The objects that were looked at in the drawer, like a browser's history; `at` is the one that is shown. */
export interface Trail {
  refs: readonly ObjectRef[];
  at: number;
}

export const emptyTrail: Trail = { refs: [], at: -1 };
const longest = 50;

/** Another object is shown. One that is a step away is gone to, any other one replaces what was ahead. */
export function visitTrail(trail: Trail, object: ObjectRef): Trail {
  for (const at of [trail.at, trail.at - 1, trail.at + 1]) {
    const ref = trail.refs[at];
    if (ref !== undefined && sameObject(ref, object)) return at === trail.at ? trail : { refs: trail.refs, at };
  }
  const refs = [...trail.refs.slice(0, trail.at + 1), object].slice(-longest);
  return { refs, at: refs.length - 1 };
}

/** One step back or ahead; the same trail when there is none. */
export function stepTrail(trail: Trail, by: 1 | -1): Trail {
  const at = trail.at + by;
  return at < 0 || at >= trail.refs.length ? trail : { refs: trail.refs, at };
}
