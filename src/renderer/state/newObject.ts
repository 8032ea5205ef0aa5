import { useDock } from './dock.ts';

/** An object that is yet to be created, as the tab that edits it is opened with it. */
export interface NewObject {
  /** Tells tabs apart. */
  created: number;
  cluster?: string | undefined;
  namespace?: string | undefined;
  /** What it begins with. */
  text?: string | undefined;
  /** Or of which kind it is: it begins with a template of that kind, or with the least that its schema asks for. */
  kind?: { apiVersion: string; kind: string } | undefined;
  /** Shown as a form at first. */
  form?: boolean | undefined;
}

let created = 0;

/** Opens a tab in which an object is written and created. */
export function createFrom(start: Omit<NewObject, 'created'> = {}): void {
  // Numbers of an earlier run may name texts that are kept.
  created = Math.max(created + 1, Date.now());
  useDock.getState().show('edit', JSON.stringify({ created, ...start }));
}
