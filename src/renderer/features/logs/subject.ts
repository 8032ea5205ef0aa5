import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';

/** What a tab of the dock shows: whose logs, and of which run. */
export interface LogSubject {
  objects: readonly ObjectRef[];
  previous: boolean;
}

export function writeSubject(subject: LogSubject): string {
  return JSON.stringify(subject);
}

/** Subjects are written by this feature alone. */
export function readSubject(text: string): LogSubject {
  return JSON.parse(text) as LogSubject;
}

export function subjectName({ objects }: LogSubject): string {
  const [first] = objects;
  if (first === undefined) return '';
  return objects.length === 1 ? first.name : `${first.name} +${objects.length - 1}`;
}
