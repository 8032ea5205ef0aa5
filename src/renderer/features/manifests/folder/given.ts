import { useDock } from '../../../state/dock.ts';
import { writeSubject } from '../subject.ts';
import type { GivenFolder } from './readFiles.ts';

/** What a new tab begins with, by its number; it is taken once. */
const given = new Map<number, GivenFolder>();
let opened = 0;

/** Opens a tab for a folder; without one the tab asks for it. */
export function openFolder(folder?: GivenFolder): void {
  const number = ++opened;
  if (folder !== undefined) given.set(number, folder);
  useDock.getState().show('folder', writeSubject({ folder: number }));
}

export function takeGiven(number: number): GivenFolder | undefined {
  const folder = given.get(number);
  given.delete(number);
  return folder;
}
