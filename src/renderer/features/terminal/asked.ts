import { create } from 'zustand';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { objectActionsChanged } from '../../app/objectActions.ts';
import type { KubeSageClient } from '../../client/index.ts';

interface Asked {
  /** The dialog that is open: for a debug container of a pod, or a shell on a node. */
  asked: ObjectRef | undefined;
  /** Which cluster a shell on this computer is for is being asked. */
  choosing: boolean;
  ask(asked: ObjectRef | undefined): void;
  choose(choosing: boolean): void;
}

export const useAsked = create<Asked>((set) => ({
  asked: undefined,
  choosing: false,
  ask: (asked) => set({ asked }),
  choose: (choosing) => set({ choosing }),
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
