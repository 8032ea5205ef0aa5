import { create } from 'zustand';
import type { ActionInfo } from '../../../core/cluster/actions/contract.ts';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { objectActionsChanged } from '../../app/objectActions.ts';
import type { KubeSageClient } from '../../client/index.ts';

type Allowed = Awaited<ReturnType<KubeSageClient['actions']['allowed']>>['actions'];

/** What an action is asked for: the dialog that is open. */
export interface Asked {
  action: ActionInfo;
  objects: readonly ObjectRef[];
  /** Filled in already. */
  values?: Readonly<Record<string, string | number | boolean>>;
}

export const useAsked = create<{ asked: Asked | undefined; ask(asked: Asked | undefined): void }>((set) => ({
  asked: undefined,
  ask: (asked) => set({ asked }),
}));

/** Rights change seldom; the engine keeps them for a minute, too. */
const keptMs = 60_000;

let client: KubeSageClient | undefined;
let infos: readonly ActionInfo[] = [];
const allowed = new Map<string, { until: number; actions: Allowed }>();
const asking = new Set<string>();

/** Reads what the engine can do. Rejects as the engine does. */
export async function loadCatalog(from: KubeSageClient): Promise<void> {
  client = from;
  allowed.clear();
  infos = (await from.actions.catalog({})).actions;
  objectActionsChanged();
}

/** Opens an action with values filled in; nothing for one that the engine does not have. */
export function askWith(id: string, objects: readonly ObjectRef[], values: NonNullable<Asked['values']>): void {
  const action = infos.find((info) => info.id === id);
  if (action !== undefined) useAsked.getState().ask({ action, objects, values });
}

/** The actions for these objects, each with the reason why it is not allowed, as far as known. */
export function actionsFor(objects: readonly ObjectRef[]): { info: ActionInfo; reason: string | undefined }[] {
  return infos
    .filter((info) => objects.length === 1 || info.bulk)
    .filter((info) => info.kinds.length === 0 || objects.every(({ kind }) => info.kinds.includes(kind)))
    .map((info) => ({ info, reason: reasonAgainst(info.id, objects) }));
}

function reasonAgainst(action: string, objects: readonly ObjectRef[]): string | undefined {
  const places = new Map(objects.map((object) => [keyOf(object), object]));
  for (const [key, object] of places) {
    const known = allowed.get(key);
    if (known === undefined || known.until < Date.now()) ask(key, object);
    const found = known?.actions.find(({ id }) => id === action);
    if (found?.allowed === false) return found.reason;
  }
  return undefined;
}

function keyOf({ cluster, kind, namespace }: ObjectRef): string {
  return JSON.stringify([cluster, kind, namespace]);
}

function ask(key: string, { cluster, kind, namespace }: ObjectRef): void {
  if (client === undefined || cluster === '' || asking.has(key)) return;
  asking.add(key);
  client.actions
    .allowed({ cluster, kind, namespace })
    .then(
      ({ actions }) => {
        allowed.set(key, { until: Date.now() + keptMs, actions });
        objectActionsChanged();
      },
      // Not known: nothing is disabled, and the engine refuses what may not be.
      () => allowed.set(key, { until: Date.now() + keptMs, actions: [] }),
    )
    .finally(() => asking.delete(key));
}
