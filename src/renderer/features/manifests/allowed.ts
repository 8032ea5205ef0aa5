import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { objectActionsChanged } from '../../app/objectActions.ts';
import type { KubeSageClient } from '../../client/index.ts';

/** Rights change seldom; the engine keeps them for a minute, too. */
const keptMs = 60_000;

let client: KubeSageClient | undefined;
const known = new Map<string, { until: number; reason: string | undefined }>();
const asking = new Set<string>();

export function askWith(next: KubeSageClient): void {
  client = next;
}

/** Why objects of this kind may not be edited there, as far as known. Editing labels asks for the same right: to patch. */
export function reasonAgainst({ cluster, kind, namespace }: ObjectRef): string | undefined {
  const key = JSON.stringify([cluster, kind, namespace]);
  const found = known.get(key);
  const old = found === undefined || found.until < Date.now();
  if (old && client !== undefined && cluster !== '' && !asking.has(key)) {
    asking.add(key);
    client.actions
      .allowed({ cluster, kind, namespace })
      .then(({ actions }) => actions.find(({ id }) => id === 'labels')?.reason)
      // Not known: nothing is disabled, and the cluster refuses what may not be.
      .catch(() => undefined)
      .then((reason) => {
        known.set(key, { until: Date.now() + keptMs, reason });
        asking.delete(key);
        objectActionsChanged();
      });
  }
  return found?.reason;
}
