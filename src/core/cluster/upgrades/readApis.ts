import { toErrorValue } from '../../kernel/errors.ts';
import type { FleetCluster, OpenClusters } from '../fleet/openClusters.ts';
import { fetchBody, listRevisions, readManifest } from '../helm/index.ts';
import {
  findApi,
  findResource,
  hasOtherVersions,
  readRequested,
  splitApiVersion,
  usesOf,
  type WrittenObject,
} from './apiUse.ts';
import type { Asking } from './asking.ts';
import type { CustomVersion, Use } from './evidence.ts';

/** Objects of one kind that are looked at. */
const mostObjects = 20_000;
/** Releases whose manifests are read. */
const mostReleases = 1_000;
/** Uses that are kept of everything; a cluster with more has the same writers many times. */
export const mostUses = 2_000;
/** Kinds that controllers write by themselves, in whatever version they were built with: nobody can mend an object of them. */
const written = new Set([
  'Event',
  'Lease',
  'LeaseCandidate',
  'EndpointSlice',
  'Endpoints',
  'ReplicaSet',
  'ControllerRevision',
]);
/** Read elsewhere, or no objects at all. */
const told = new Set(['CustomResourceDefinition', 'ComponentStatus']);

export interface ApiReading {
  uses: Use[];
  custom: CustomVersion[];
}

/** A kind, as its objects are asked for. */
export type ReadKind = Pick<FleetCluster['kinds'][number], 'id' | 'group' | 'version' | 'resource' | 'kind'>;

/** What the API server counts of requests for deprecated versions since it was started. */
export async function readMetric(asking: Asking, uses: Use[]): Promise<number> {
  const requested = readRequested(await asking.text('/metrics'));
  for (const { group, version, resource, removed } of requested) {
    const [plain = ''] = resource.split('/');
    const kind = findResource(group, version, plain)?.kind ?? plain;
    const text = `Requests for ${resource}${removed === '' ? '' : `, removed in ${removed}`}`;
    uses.push({ group, version, kind, via: 'metric', text, writer: '', at: null });
  }
  return requested.length;
}

interface Definition {
  metadata: WrittenObject & { name: string };
  spec: {
    group: string;
    names: { kind: string; plural: string };
    versions: { name: string; served: boolean; storage: boolean; deprecated?: boolean; deprecationWarning?: string }[];
  };
  status?: { storedVersions?: string[] };
}

const definitionsPath = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const definitionsKind = 'customresourcedefinitions.apiextensions.k8s.io';

/**
 * Versions of custom kinds that are deprecated, or kept in etcd and no longer the one for new objects.
 * @param kinds is given those whose objects can tell of such a version
 */
export async function readDefinitions(
  asking: Asking,
  into: ApiReading,
  kinds: ReadKind[],
): Promise<{ count: number; whole: boolean }> {
  let count = 0;
  const whole = await asking.each<Definition>(definitionsPath, ({ metadata, spec, status }) => {
    count++;
    const { group, names, versions } = spec;
    const definition = { cluster: asking.cluster, kind: definitionsKind, namespace: '', name: metadata.name };
    into.uses.push(...usesOf(definition, 'CustomResourceDefinition', metadata));
    const storage = versions.find((version) => version.storage)?.name ?? '';
    const stored = status?.storedVersions ?? [];
    const before = into.custom.length;
    for (const { name: version, served, deprecated = false, deprecationWarning = '' } of versions) {
      const kept = stored.includes(version) && version !== storage;
      if (!deprecated && !kept) continue;
      const warning = deprecated ? deprecationWarning || `${group}/${version} ${names.kind} is deprecated` : '';
      into.custom.push({ group, version, kind: names.kind, served, warning, stored: kept, storage, definition });
    }
    for (const version of stored) {
      if (versions.some(({ name }) => name === version)) continue;
      into.custom.push({
        group,
        version,
        kind: names.kind,
        served: false,
        warning: '',
        stored: true,
        storage,
        definition,
      });
    }
    const readable =
      versions.find(({ served, name }) => served && name === storage) ?? versions.find(({ served }) => served);
    if (into.custom.length === before || readable === undefined) return;
    const { plural: resource, kind } = names;
    kinds.push({ id: `${resource}.${group}`, group, version: readable.name, resource, kind });
  });
  for (const { group, version, kind, definition, stored, storage } of into.custom) {
    if (!stored) continue;
    const text = `Objects may be kept in etcd as ${version}; new ones are kept as ${storage}`;
    into.uses.push({ group, version, kind, via: 'stored', object: definition, text, writer: '', at: null });
  }
  return { count, whole };
}

/** Kinds of Kubernetes itself whose objects can tell of an old version. */
export function kindsToRead({ kinds }: FleetCluster): ReadKind[] {
  return kinds.filter(
    ({ group, kind, verbs, custom }) =>
      verbs.includes('list') && !custom && !written.has(kind) && !told.has(kind) && hasOtherVersions(group, kind),
  );
}

/** Reads the metadata of a kind's objects. Returns how many there were, and whether that were all. */
export async function readObjects(
  asking: Asking,
  { id, group, version, resource, kind }: ReadKind,
  into: ApiReading,
): Promise<{ count: number; whole: boolean }> {
  let count = 0;
  const path = `${group === '' ? '/api' : `/apis/${group}`}/${version}/${resource}`;
  const whole = await asking.each<{ metadata: WrittenObject & { name: string; namespace?: string } }>(
    path,
    ({ metadata }) => {
      count++;
      const object = { cluster: asking.cluster, kind: id, namespace: metadata.namespace ?? '', name: metadata.name };
      if (into.uses.length < mostUses) into.uses.push(...usesOf(object, kind, metadata, into.custom));
    },
    { metadataOnly: true, most: mostObjects },
  );
  return { count, whole };
}

/** Reads the manifests of the newest revisions that helm stored. Nothing of them is kept but kinds, versions and names. */
export async function readReleases(
  fleet: OpenClusters,
  asking: Asking,
  into: ApiReading,
  progress: (done: number, of: number) => void,
): Promise<{ count: number; whole: boolean; unreadable: number }> {
  const { cluster, signal } = asking;
  const stored = await listRevisions(fleet, cluster, { current: true }, signal);
  const newest = new Map<string, (typeof stored)[number]>();
  for (const each of stored) {
    const key = `${each.namespace}/${each.name}`;
    if ((newest.get(key)?.revision ?? -1) < each.revision) newest.set(key, each);
  }
  const releases = [...newest.values()];
  let count = 0;
  let unreadable = 0;
  for (const release of releases.slice(0, mostReleases)) {
    progress(++count, releases.length);
    try {
      const { manifest, info } = await fetchBody(fleet, release, signal);
      const at = Date.parse(info.last_deployed);
      for (const { apiVersion, kind, name, namespace } of readManifest(manifest)) {
        const { group, version } = splitApiVersion(apiVersion);
        const isOld =
          findApi(group, version, kind) !== undefined ||
          into.custom.some((each) => each.group === group && each.version === version && each.kind === kind);
        if (!isOld || into.uses.length >= mostUses) continue;
        const text = `${kind} ${namespace === '' ? '' : `${namespace}/`}${name} of release ${release.namespace}/${release.name}`;
        const writer = `helm release ${release.namespace}/${release.name}, revision ${release.revision}`;
        into.uses.push({ group, version, kind, via: 'helm', text, writer, at: Number.isNaN(at) ? null : at });
      }
    } catch (error) {
      signal.throwIfAborted();
      // It went meanwhile, or is damaged: the others are still told, and how many could not be read.
      if (toErrorValue(error).code !== 'notFound') unreadable++;
    }
  }
  return { count, whole: releases.length <= mostReleases, unreadable };
}
