import { meta } from '../../kube/columns/schema.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import type { ObjectRef } from '../resources/contract.ts';
import type { Action } from './model.ts';

/**
 * Ids of the actions that would change nothing on any of these objects: what is paused is not paused again. Told by the lists
 * that are followed; an object that stands in none of them counts as one that the action is for.
 */
export function useless(
  { tables, fleet }: { tables: Tables; fleet: OpenClusters },
  catalog: readonly Action[],
  objects: readonly ObjectRef[],
): string[] {
  const stateful = catalog.filter(({ when }) => when !== undefined);
  const standing = new Map<string, Map<string, boolean | null>>();
  const columns = new Map(
    stateful.flatMap(({ when }) => Object.entries(when?.column ?? {}).map(([kind, column]) => [kind, column] as const)),
  );
  for (const [kind, column] of columns) standing.set(kind, flagsOf({ tables, fleet }, kind, column, objects));
  return stateful
    .filter(({ when }) => {
      const known = objects.map(({ kind, ...object }) =>
        when?.column[kind] === undefined ? null : (standing.get(kind)?.get(keyOf(object)) ?? null),
      );
      return known.length > 0 && known.every((flag) => flag !== null && flag !== when?.is);
    })
    .map(({ id }) => id);
}

/** Whether each of the objects is in a state, by its column; only of the objects that stand in the list. */
function flagsOf(
  { tables, fleet }: { tables: Tables; fleet: OpenClusters },
  kind: string,
  column: string,
  objects: readonly ObjectRef[],
): Map<string, boolean | null> {
  const found = new Map<string, boolean | null>();
  const table = tables.get(kind);
  if (table === undefined) return found;
  const at = table.column(column);
  const wanted = new Map<string, Set<string>>();
  for (const object of objects) {
    if (object.kind !== kind) continue;
    wanted.set(object.cluster, (wanted.get(object.cluster) ?? new Set()).add(keyOf(object)));
  }
  for (const [cluster, keys] of wanted) {
    const index = fleet.byId(cluster)?.index;
    if (index === undefined) continue;
    for (const row of table.rowsOf(index)) {
      const key = keyOf({ cluster, namespace: table.text(row, meta.namespace), name: table.text(row, meta.name) });
      if (!keys.has(key)) continue;
      const value = table.cell(row, at);
      found.set(key, value === null ? null : Number(value) !== 0);
    }
  }
  return found;
}

function keyOf({ cluster, namespace, name }: Omit<ObjectRef, 'kind'>): string {
  return `${cluster}\n${namespace}\n${name}`;
}
