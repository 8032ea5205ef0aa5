import type { KindRow } from '../../../core/cluster/resources/contract.ts';
import { groupBy } from '../../ui/groups.ts';

/** Sections of the navigation in the order that the field is used to. */
export const sectionOrder = ['Workloads', 'Network', 'Config', 'Storage', 'Access', 'Cluster', 'Policy'];

export interface KindSection {
  /** Name of the section, or an API group of custom resources. */
  name: string;
  custom: boolean;
  kinds: readonly KindRow[];
}

/** Kinds by section; custom resources by API group, after the built-in ones. */
export function sectionsOf(kinds: readonly KindRow[]): KindSection[] {
  const builtIn = groupBy(
    kinds.filter((kind) => !kind.custom),
    (kind) => kind.section,
  );
  const custom = groupBy(
    kinds.filter((kind) => kind.custom),
    (kind) => kind.group,
  );
  const place = (name: string) => {
    const index = sectionOrder.indexOf(name);
    return index < 0 ? sectionOrder.length : index;
  };
  return [
    ...[...builtIn]
      .map(([name, rows]) => ({ name, custom: false, kinds: rows }))
      .sort((a, b) => place(a.name) - place(b.name) || a.name.localeCompare(b.name)),
    ...[...custom]
      .map(([name, rows]) => ({ name, custom: true, kinds: [...rows].sort((a, b) => a.kind.localeCompare(b.kind)) }))
      .sort((a, b) => a.name.localeCompare(b.name)),
  ];
}

/** A kind's name as people say it of many: `Pods`, `Network Policies`, `Ingresses`. */
export function kindTitle(kind: Pick<KindRow, 'kind' | 'resource'>): string {
  const words = kind.kind.replace(/([a-z0-9])([A-Z])/gu, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/gu, '$1 $2');
  // The resource is the plural in lower case: it decides between `Endpoints` and `Endpointss`.
  const one = kind.kind.toLowerCase();
  if (kind.resource === one) return words;
  if (kind.resource === `${one}s`) return `${words}s`;
  if (kind.resource === `${one}es`) return `${words}es`;
  if (one.endsWith('y') && kind.resource === `${one.slice(0, -1)}ies`) return `${words.slice(0, -1)}ies`;
  return words;
}

/** Whether a kind may be listed in none of the clusters that serve it, and why. */
export function forbiddenReason(kind: KindRow): string | undefined {
  if (kind.clusters.length === 0 || kind.forbidden.length === 0) return undefined;
  const forbidden = new Set(kind.forbidden.map((entry) => entry.cluster));
  if (!kind.clusters.every((cluster) => forbidden.has(cluster))) return undefined;
  return kind.forbidden[0]?.reason;
}
