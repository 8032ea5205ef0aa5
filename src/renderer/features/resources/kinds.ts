import { useMemo } from 'react';
import type { KindRow } from '../../../core/cluster/resources/contract.ts';
import { kindTitle as manyTitle } from '../../app/sections/sections.ts';
import { useLive } from '../../client/index.ts';

export interface Kinds {
  state: 'waiting' | 'live' | 'error';
  rows: readonly KindRow[];
  byId: ReadonlyMap<string, KindRow>;
}

/** Every kind that the open clusters serve. */
export function useKinds(): Kinds {
  const { state, rows } = useLive((client) => client.resources.kinds, {});
  const byId = useMemo(() => new Map(rows.map((row) => [row.id, row])), [rows]);
  return { state, rows, byId };
}

/** The kind that a manifest names by `apiVersion` and `kind`; its version does not matter. */
export function findKind(rows: readonly KindRow[], apiVersion: string, kind: string): KindRow | undefined {
  const slash = apiVersion.lastIndexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  return rows.find((row) => row.kind === kind && row.group === group);
}

/** Whether a kind's rows tell what happened, and not how something is. */
export function isEvents(kind: string): boolean {
  return kind === 'events' || kind === 'events.events.k8s.io';
}

/** The kind of a list's `Kind/name` column, which has no group: a built-in kind goes before a custom one. */
export function findKindByName(rows: readonly KindRow[], kind: string): KindRow | undefined {
  const found = rows.filter((row) => row.kind === kind);
  return found.find((row) => !row.custom) ?? found[0];
}

/** `Deployment`, or the resource's own name while the kind is not known. */
export function kindTitle(kinds: Pick<Kinds, 'byId'>, id: string): string {
  return kinds.byId.get(id)?.kind ?? id.split('.')[0] ?? id;
}

/** `NetworkPolicies`: as people say it of many; the resource's own name while the kind is not known. */
export function pluralTitle(kinds: Pick<Kinds, 'byId'>, id: string): string {
  const row = kinds.byId.get(id);
  if (row !== undefined) return manyTitle(row);
  const resource = id.split('.')[0] ?? id;
  return resource.charAt(0).toUpperCase() + resource.slice(1);
}
