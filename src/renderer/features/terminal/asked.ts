import { create } from 'zustand';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { objectActionsChanged } from '../../app/objectActions.ts';
import type { KubeSageClient } from '../../client/index.ts';

/** The dialog that is open: for a debug container of a pod, or a shell on a node. */
export const useAsked = create<{ asked: ObjectRef | undefined; ask(asked: ObjectRef | undefined): void }>((set) => ({
  asked: undefined,
  ask: (asked) => set({ asked }),
}));

type Allowed = Awaited<ReturnType<KubeSageClient['terminal']['allowed']>>;

/** Rights change seldom; the engine keeps them for a minute, too. */
const keptMs = 60_000;
const known = new Map<string, { until: number; answer: Allowed | undefined }>();
const asking = new Set<string>();
let client: KubeSageClient | undefined;

export function askWith(from: KubeSageClient): void {
  client = from;
  known.clear();
}

/** Why this user may not, as far as it is known; what is not known is asked, and menus are then made anew. */
export function reasonAgainst(
  what: 'exec' | 'attach' | 'debug' | 'node',
  objects: readonly ObjectRef[],
): string | undefined {
  for (const { cluster, namespace } of objects) {
    const key = JSON.stringify([cluster, namespace]);
    const found = known.get(key);
    if (found === undefined || found.until < Date.now()) learn(key, cluster, namespace);
    const permission = found?.answer?.[what];
    if (permission?.allowed === false) return permission.reason;
  }
  return undefined;
}

function learn(key: string, cluster: string, namespace: string): void {
  if (client === undefined || cluster === '' || asking.has(key)) return;
  asking.add(key);
  const keep = (answer: Allowed | undefined) => {
    known.set(key, { until: Date.now() + keptMs, answer });
    asking.delete(key);
    if (answer !== undefined) objectActionsChanged();
  };
  // Not known: nothing is disabled, and the API server refuses what may not be.
  client.terminal.allowed({ cluster, namespace }).then(keep, () => keep(undefined));
}
