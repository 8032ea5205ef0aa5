import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { formatLocation, type Params } from '../../app/router.ts';
import type { SortKey } from '../../ui/table/model.ts';

/** Stands for "no namespace" in a path; no namespace can have this name. */
const noNamespace = '-';

export const detailTabs = ['overview', 'yaml', 'events', 'relations', 'history'] as const;
export type DetailTab = (typeof detailTabs)[number];

/** `cluster/kind/namespace/name`, each part encoded: names of RBAC objects contain colons and slashes. */
export function writeRef(ref: ObjectRef): string {
  return [ref.cluster, ref.kind, ref.namespace === '' ? noNamespace : ref.namespace, ref.name]
    .map(encodeURIComponent)
    .join('/');
}

/** The opposite of `writeRef`; null for anything else. */
export function readRef(text: string | null | undefined): ObjectRef | null {
  const parts = (text ?? '').split('/');
  if (parts.length !== 4) return null;
  try {
    const [cluster = '', kind = '', namespace = '', name = ''] = parts.map(decodeURIComponent);
    if (cluster === '' || kind === '' || name === '') return null;
    return { cluster, kind, namespace: namespace === noNamespace ? '' : namespace, name };
  } catch {
    // A damaged percent encoding: the address names no object.
    return null;
  }
}

export function objectPath(ref: ObjectRef, tab: DetailTab = 'overview'): string {
  return `${objectPathOf(writeRef(ref))}${tab === 'overview' ? '' : `?tab=${tab}`}`;
}

/** The page of an object that is written already. */
export function objectPathOf(written: string): string {
  return `/objects/${written}`;
}

export function sameObject(a: ObjectRef, b: ObjectRef): boolean {
  return a.cluster === b.cluster && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}

export function readTab(text: string | null): DetailTab {
  return detailTabs.find((tab) => tab === text) ?? 'overview';
}

/** What of a list is in its address, so that it can be copied, reopened and sent. */
export interface ListAddress {
  filter: string;
  sort: SortKey[];
  group: string | null;
  /** The object in the drawer, and what of it is shown. */
  show: ObjectRef | null;
  tab: DetailTab;
  /** Id of the saved view that was opened. */
  view: string | null;
}

export function readListAddress(params: Readonly<Record<string, string>>): ListAddress {
  return {
    filter: params.filter ?? '',
    sort: readSort(params.sort ?? null),
    group: params.group ?? null,
    show: readRef(params.show),
    tab: readTab(params.tab ?? null),
    view: params.view ?? null,
  };
}

/** Parameters for the router; what is empty is left out of the address. */
export function listParams(address: Partial<ListAddress>): Params {
  const params: Params = {};
  if ('view' in address) params.view = address.view ?? undefined;
  if ('filter' in address) params.filter = address.filter;
  if ('sort' in address) params.sort = writeSort(address.sort ?? []);
  if ('group' in address) params.group = address.group ?? undefined;
  if ('show' in address) params.show = address.show ? writeRef(address.show) : undefined;
  if ('tab' in address || address.show === null) {
    params.tab = address.show === null || address.tab === 'overview' ? undefined : address.tab;
  }
  return params;
}

export function listPath(kind: string, address: Partial<ListAddress> = {}): string {
  return formatLocation(`/resources/${encodeURIComponent(kind)}`, listParams(address));
}

/** `restarts:desc,name` */
export function writeSort(sort: readonly SortKey[]): string {
  return sort.map((key) => (key.descending ? `${key.column}:desc` : key.column)).join(',');
}

export function readSort(text: string | null): SortKey[] {
  if (text === null || text === '') return [];
  return text
    .split(',')
    .filter((part) => part !== '' && part !== ':desc')
    .map((part) =>
      part.endsWith(':desc') ? { column: part.slice(0, -5), descending: true } : { column: part, descending: false },
    )
    .slice(0, 4);
}
