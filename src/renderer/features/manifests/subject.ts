import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import type { NewObject } from '../../state/newObject.ts';

/** What a tab edits: an object of a cluster, a text that is yet to become objects, or a folder of texts. */
export type EditSubject = { object: ObjectRef } | NewObject | { folder: number };

export function writeSubject(subject: EditSubject): string {
  if (!('object' in subject)) return JSON.stringify(subject);
  const { cluster, kind, namespace, name } = subject.object;
  return JSON.stringify({ object: { cluster, kind, namespace, name } });
}

/** Reads what `writeSubject` wrote. */
export function readSubject(text: string): EditSubject {
  return JSON.parse(text) as EditSubject;
}
