import { create } from 'zustand';
import type { ActionInfo } from '../../../core/cluster/actions/contract.ts';
import type { Run } from '../../../core/cluster/changes/contract.ts';
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

/** The run that somebody wants to take back and is asked about. */
export const useUndoing = create<{ run: Run | undefined; ask(run: Run | undefined): void }>((set) => ({
  run: undefined,
  ask: (run) => set({ run }),
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
  standing.clear();
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
    .filter((info) => info.when === undefined || isOfUse(info, objects))
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

/** An object's state changes while it is looked at: what is known of it is soon asked again. */
const standingMs = 1_000;
const mostStanding = 200;
const standing = new Map<string, { until: number; useless: ReadonlySet<string> | undefined }>();

/** Whether any of the objects is in the state that the action is for. While that is not known, what most are is taken. */
function isOfUse({ id, when }: ActionInfo, objects: readonly ObjectRef[]): boolean {
  const key = JSON.stringify(objects);
  const known = standing.get(key);
  if (known === undefined || known.until < Date.now()) askStanding(key, objects, known?.useless);
  return known?.useless === undefined ? when === false : !known.useless.has(id);
}

function askStanding(key: string, objects: readonly ObjectRef[], before: ReadonlySet<string> | undefined): void {
  if (client === undefined || objects.some(({ cluster }) => cluster === '')) return;
  for (const old of standing.keys()) {
    if (standing.size < mostStanding) break;
    standing.delete(old);
  }
  standing.set(key, { until: Number.POSITIVE_INFINITY, useless: before });
  client.actions.useless({ objects: objects.slice(0, 1000) }).then(
    ({ actions }) => {
      standing.set(key, { until: Date.now() + standingMs, useless: new Set(actions) });
      if (before === undefined || actions.length !== before.size || actions.some((id) => !before.has(id))) {
        objectActionsChanged();
      }
    },
    // Not known: both are offered, and doing it once more changes nothing.
    () => standing.set(key, { until: Date.now() + standingMs, useless: before ?? new Set() }),
  );
}
