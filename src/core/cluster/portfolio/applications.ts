import type { LiveSource } from '../../kernel/contract.ts';
import { labelValue } from '../../kube/columns/labels.ts';
import type { Tone } from '../../kube/columns/schema.ts';
import type { FleetCluster } from '../fleet/openClusters.ts';
import type { Delivery } from '../gitops/contract.ts';
import type { Release } from '../helm/contract.ts';
import type { Application, By, DeliveredBy, Placement } from './contract.ts';
import { compareVersions, mostFrequent, newestFirst, worse } from './model.ts';
import type { Workload } from './workloads.ts';

/** What else is known of how things come into clusters. */
export interface Delivered {
  releases: readonly Release[];
  deliveries: readonly Delivery[];
}

const helmTones: Record<string, Tone> = { deployed: 'healthy', failed: 'failed', superseded: 'stopped' };

export function byRelease({ cluster, namespace, name, status, chartVersion }: Release): DeliveredBy {
  const tone = helmTones[status] ?? (status.startsWith('pending') ? 'progressing' : 'unknown');
  return { tool: 'helm', kind: 'Release', cluster, namespace, name, status, tone, version: chartVersion ?? '' };
}

export function byDelivery({ engine, kind, object, syncText, sync, tone, version }: Delivery): DeliveredBy {
  const { cluster, namespace, name } = object;
  return { tool: engine, kind, cluster, namespace, name, status: syncText || sync, tone, version };
}

/** Finds who delivered a workload, by the marks that it carries. */
export class Deliverers {
  readonly #releases = new Map<string, Release>();
  readonly #deliveries = new Map<string, Delivery[]>();

  constructor({ releases, deliveries }: Delivered) {
    for (const release of releases) this.#releases.set(release.key, release);
    for (const delivery of deliveries) {
      const others = this.#deliveries.get(delivery.object.name);
      if (others === undefined) this.#deliveries.set(delivery.object.name, [delivery]);
      else others.push(delivery);
    }
  }

  releaseOf({ labels, cluster, namespace, instance }: Workload): Release | undefined {
    const name = instance || (labelValue(labels, 'release') ?? '');
    return name === '' ? undefined : this.#releases.get(`${cluster.id}/${namespace}/${name}`);
  }

  deliveriesOf(workload: Workload): Delivery[] {
    const { labels, cluster, namespace, instance, images } = workload;
    const found: Delivery[] = [];
    for (const [tool, kind] of [
      ['kustomize', 'Kustomization'],
      ['helm', 'HelmRelease'],
    ] as const) {
      const name = labelValue(labels, `${tool}.toolkit.fluxcd.io/name`);
      const space = labelValue(labels, `${tool}.toolkit.fluxcd.io/namespace`) ?? '';
      const flux = (this.#deliveries.get(name ?? '') ?? []).find(
        (each) => each.kind === kind && each.object.namespace === space && leadsTo(each, cluster),
      );
      if (flux !== undefined) found.push(flux);
    }
    for (const name of new Set([labelValue(labels, 'argocd.argoproj.io/instance') ?? '', instance])) {
      const argo = (this.#deliveries.get(name) ?? []).find(
        (each) =>
          each.kind === 'Application' &&
          leadsTo(each, cluster) &&
          (each.destination.namespace === '' || each.destination.namespace === namespace),
      );
      if (argo !== undefined) found.push(argo);
    }
    if (found.length > 0 || images.length === 0) return found;
    // Argo CD's newer versions mark objects by an annotation, which lists do not carry: what it says of its images tells.
    for (const each of [...this.#deliveries.values()].flat()) {
      const fits = each.kind === 'Application' && leadsTo(each, cluster) && each.destination.namespace === namespace;
      if (fits && images.every((image) => each.images.includes(image))) return [each];
    }
    return found;
  }
}

function leadsTo({ destination }: Delivery, { id }: FleetCluster): boolean {
  return destination.cluster === id;
}

interface Draft {
  cluster: FleetCluster;
  namespace: string;
  instance: string;
  workloads: Workload[];
  delivered: DeliveredBy[];
  chart: string;
  releaseVersion: string;
}

/** Applications out of workloads, with what delivered them; by name. */
export function applicationsOf(workloads: readonly Workload[], delivered: Delivered, by: By): Application[] {
  const deliverers = new Deliverers(delivered);
  const drafts = new Map<string, Map<string, Draft>>();
  for (const workload of workloads) {
    const places = drafts.get(workload.application) ?? new Map<string, Draft>();
    drafts.set(workload.application, places);
    const { cluster, namespace } = workload;
    // A whole is one thing in a namespace, whatever its components' instances are called.
    const instance = by === 'name' ? workload.instance : '';
    const key = `${cluster.id}/${namespace}/${instance}`;
    let draft = places.get(key);
    if (draft === undefined) {
      draft = { cluster, namespace, instance, workloads: [], delivered: [], chart: '', releaseVersion: '' };
      places.set(key, draft);
    }
    draft.workloads.push(workload);
    const release = deliverers.releaseOf(workload);
    if (release !== undefined) {
      addDelivered(draft, byRelease(release));
      draft.releaseVersion = release.appVersion ?? '';
      if (release.chart) draft.chart = `${release.chart} ${release.chartVersion ?? ''}`.trim();
    }
    for (const delivery of deliverers.deliveriesOf(workload)) addDelivered(draft, byDelivery(delivery));
    if (draft.chart === '') draft.chart = workload.chart;
  }
  return [...drafts]
    .map(([name, places]) => applicationOfPlaces(name, [...places.values()]))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function addDelivered(draft: Draft, by: DeliveredBy): void {
  const same = draft.delivered.some(
    ({ tool, kind, namespace, name }) =>
      tool === by.tool && kind === by.kind && namespace === by.namespace && name === by.name,
  );
  if (!same) draft.delivered.push(by);
}

function applicationOfPlaces(name: string, drafts: readonly Draft[]): Application {
  const placements = drafts
    .map(placementOf)
    .sort(
      (a, b) =>
        a.clusterName.localeCompare(b.clusterName) ||
        a.namespace.localeCompare(b.namespace) ||
        a.instance.localeCompare(b.instance),
    );
  const counts = new Map<string, number>();
  for (const { versions } of placements) for (const each of versions) counts.set(each, (counts.get(each) ?? 0) + 1);
  const ordered = newestFirst(counts.keys());
  const [newest] = ordered;
  for (const placement of placements) {
    const own = placement.versions[0];
    placement.behind =
      newest !== undefined && own !== undefined && own !== '' && (compareVersions(own, newest) ?? 0) < 0;
  }
  const workloads = drafts.flatMap((draft) => draft.workloads);
  return {
    key: name,
    partOf: mostFrequent(workloads.map(({ partOf }) => partOf)),
    owner: mostFrequent(workloads.map(({ owner }) => owner)),
    tone: placements.map(({ tone }) => tone).reduce(worse),
    versions: ordered.map((version) => ({ version, count: counts.get(version) ?? 0 })),
    placements,
    ready: placements.reduce((sum, { ready }) => sum + ready, 0),
    wanted: placements.reduce((sum, { wanted }) => sum + wanted, 0),
    workloads: workloads.length,
    tools: [...new Set(placements.flatMap(({ delivered }) => delivered.map(({ tool }) => tool)))].sort(),
  };
}

function placementOf(draft: Draft): Placement {
  const { cluster, namespace, instance, workloads, delivered, chart, releaseVersion } = draft;
  const [first] = workloads;
  const worst = workloads.reduce((a, b) => (a.tone !== b.tone && worse(a.tone, b.tone) === b.tone ? b : a));
  const { versions, versionFrom } = versionsOf(workloads, releaseVersion);
  return {
    key: `${cluster.id}/${namespace}/${instance}/${first?.application ?? ''}`,
    cluster: cluster.id,
    clusterName: cluster.name,
    namespace,
    instance,
    versions,
    versionFrom,
    behind: false,
    chart,
    images: [...new Set(workloads.flatMap(({ images }) => images))].sort(),
    tone: worst.tone,
    status: worst.status,
    ready: workloads.reduce((sum, { ready }) => sum + ready, 0),
    wanted: workloads.reduce((sum, { wanted }) => sum + wanted, 0),
    workloads: workloads.length,
    owner: mostFrequent(workloads.map(({ owner }) => owner)),
    delivered,
  };
}

/** By label where all that have one tell it, else by release, else by image. */
function versionsOf(
  workloads: readonly Workload[],
  releaseVersion: string,
): Pick<Placement, 'versions' | 'versionFrom'> {
  const labelled = workloads.flatMap((each) => (each.labelled === '' ? [] : [each.labelled]));
  if (labelled.length > 0) return { versions: newestFirst(labelled), versionFrom: 'label' };
  if (releaseVersion !== '') return { versions: [releaseVersion], versionFrom: 'release' };
  const tagged = workloads.flatMap((each) => (each.tagged === '' ? [] : [each.tagged]));
  if (tagged.length > 0) return { versions: newestFirst(tagged), versionFrom: 'image' };
  return { versions: [], versionFrom: 'none' };
}

/** The rows of a source that may not be there. */
export function rowsOf<R extends { key: string }>(source: LiveSource<unknown, R> | undefined): readonly R[] {
  return source?.read().rows ?? [];
}
