import type { KubeSageClient } from '../../client/index.ts';
import { useDock } from '../../state/dock.ts';
import { writeTarget } from './target.ts';

/** Tabs that take up a terminal that goes on, by the tab's id. */
const sessions = new Map<string, string>();

/** The terminal that a tab was opened to take up. Told once: opened again, it is a new one. */
export function adopted(tab: string): string | undefined {
  const session = sessions.get(tab);
  sessions.delete(tab);
  return session;
}

/** After the page was loaded again: a tab for each terminal that goes on without a screen. Rejects when nobody says. */
export async function restore(client: KubeSageClient): Promise<void> {
  const { sessions: found } = await client.terminal.sessions({});
  const { active } = useDock.getState();
  for (const { session, target, attached, over } of found) {
    if (attached || over) continue;
    sessions.set(useDock.getState().show('terminal', writeTarget(target), true), session);
  }
  if (active !== undefined) useDock.getState().activate(active);
}
