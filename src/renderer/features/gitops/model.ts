import type { Delivery, Part, Source } from '../../../core/cluster/gitops/contract.ts';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { pathOf } from '../../app/router.ts';
import { type Tone, tonesByUrgency } from '../../ui/index.ts';

export const syncTones: Record<Delivery['sync'], Tone> = {
  synced: 'healthy',
  outOfSync: 'warning',
  syncing: 'progressing',
  failed: 'failed',
  unknown: 'unknown',
};

export const healthTones: Record<Delivery['health'], Tone> = {
  healthy: 'healthy',
  progressing: 'progressing',
  degraded: 'failed',
  suspended: 'stopped',
  missing: 'warning',
  unknown: 'unknown',
  unchecked: 'unknown',
};

export function deliveryPath({ cluster, kind, namespace, name }: ObjectRef): string {
  return pathOf('/gitops/:cluster/:kind/:namespace/:name', { cluster, kind, namespace, name });
}

export function objectAddress(object: ObjectRef): string {
  return pathOf('/objects/:cluster/:kind/:namespace/:name', { ...object, namespace: object.namespace || '-' });
}

/** `main@450796d`, `1.2.3`, `450796d`: enough to know a revision by. */
export function shortRevision(revision: string): string {
  const flux = /^(?:(.+)@)?sha(?:1|256|512):([0-9a-f]{7})[0-9a-f]*$/.exec(revision);
  if (flux !== null) return flux[1] === undefined ? (flux[2] ?? '') : `${flux[1]}@${flux[2]}`;
  return /^[0-9a-f]{16,64}$/.test(revision) ? revision.slice(0, 7) : revision;
}

/** `github.com/acme/shop`: without what every address has. */
export function shortRepo(repo: string): string {
  return repo
    .replace(/^[a-z]+:\/\//, '')
    .replace(/^git@([^:]+):/, '$1/')
    .replace(/\.git$/, '');
}

export function sourceText({ repo, path, chart }: Source): string {
  return [shortRepo(repo), chart || path].filter(Boolean).join(' · ');
}

/** What a state chip lets through. */
export const states = ['attention', 'outOfSync', 'syncing', 'suspended'] as const;
export type State = (typeof states)[number];

export function isInState(delivery: Delivery, state: State): boolean {
  switch (state) {
    case 'attention':
      return delivery.tone === 'failed' || delivery.tone === 'warning';
    case 'suspended':
      return delivery.suspended || (delivery.engine === 'argocd' && !delivery.automatic);
    default:
      return delivery.sync === state;
  }
}

export type Column =
  | 'name'
  | 'namespace'
  | 'cluster'
  | 'kind'
  | 'sync'
  | 'health'
  | 'source'
  | 'revision'
  | 'destination'
  | 'updated';

const texts: Record<Exclude<Column, 'updated'>, (delivery: Delivery) => string> = {
  name: ({ object }) => object.name,
  namespace: ({ object }) => object.namespace,
  cluster: ({ clusterName }) => clusterName,
  kind: ({ engine, kind }) => `${engine === 'argocd' ? 'Argo CD' : 'Flux'} ${kind}`,
  sync: ({ sync, syncText }) => `${String(tonesByUrgency.indexOf(syncTones[sync]))} ${syncText}`,
  health: ({ health }) => `${String(tonesByUrgency.indexOf(healthTones[health]))} ${health}`,
  source: ({ sources }) => sources.map(sourceText).join(', '),
  revision: ({ sources, version }) => `${version} ${sources.map(({ deployed }) => deployed).join(', ')}`,
  destination: ({ destination }) => `${destination.clusterName} ${destination.namespace}`,
};

/** Deliveries with all words in what is shown of them, in a state when one is chosen. */
export function findDeliveries(deliveries: readonly Delivery[], text: string, state: State | undefined): Delivery[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return deliveries.filter((delivery) => {
    if (state !== undefined && !isInState(delivery, state)) return false;
    if (words.length === 0) return true;
    const labels = Object.entries(delivery.labels).map(([key, value]) => `${key}=${value}`);
    const shown = [
      ...Object.values(texts).map((of) => of(delivery)),
      delivery.project,
      delivery.message,
      ...delivery.sources.map(({ wanted }) => wanted),
      ...delivery.images,
      ...labels,
    ]
      .join(' ')
      .toLowerCase();
    return words.every((word) => shown.includes(word));
  });
}

/** Without a column: what asks for somebody first, then by name. */
export function sortDeliveries(
  deliveries: readonly Delivery[],
  column: Column | undefined,
  descending: boolean,
): Delivery[] {
  const sorted = [...deliveries].sort((a, b) => {
    if (column === 'updated') return (b.updated ?? 0) - (a.updated ?? 0);
    if (column !== undefined) return collator.compare(texts[column](a), texts[column](b));
    return tonesByUrgency.indexOf(a.tone) - tonesByUrgency.indexOf(b.tone);
  });
  return descending ? sorted.reverse() : sorted;
}

const collator = new Intl.Collator('en', { numeric: true });

/** For a spreadsheet. */
export function deliveryCells(delivery: Delivery): string[] {
  const { object, sources, destination, images, version, syncText, health, suspended, message } = delivery;
  return [
    texts.kind(delivery),
    object.name,
    object.namespace,
    delivery.clusterName,
    syncText,
    health,
    suspended ? 'suspended' : '',
    sources.map(sourceText).join(' '),
    sources.map(({ wanted }) => wanted).join(' '),
    sources.map(({ deployed }) => deployed).join(' '),
    version,
    images.join(' '),
    destination.clusterName,
    destination.namespace,
    delivery.updated === null ? '' : new Date(delivery.updated).toISOString(),
    message,
  ];
}

export const cellTitles: readonly string[] = [
  ...['kind', 'name', 'namespace', 'cluster', 'sync', 'health', 'suspended', 'source', 'wanted', 'deployed'],
  ...['version', 'images', 'destination', 'destination namespace', 'updated', 'message'],
];

export function findParts(parts: readonly Part[], text: string, family: Part['family']): Part[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return parts
    .filter((part) => part.family === family)
    .filter(({ object, kind, clusterName, about, wanted, found, status, message }) => {
      const shown = [object.name, object.namespace, kind, clusterName, about, wanted, found, status, message]
        .join(' ')
        .toLowerCase();
      return words.every((word) => shown.includes(word));
    })
    .sort((a, b) => tonesByUrgency.indexOf(a.tone) - tonesByUrgency.indexOf(b.tone));
}
