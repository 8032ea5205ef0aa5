import { KubeSageError, toErrorValue } from '../../kernel/errors.ts';
import type { FleetCluster, OpenClusters } from '../fleet/openClusters.ts';
import { objectPath } from '../resources/index.ts';
import type { TextDocument } from './documents.ts';
import type { KubeObject, ServedKind, Target } from './model.ts';

interface ResourceList {
  resources?: { name: string; kind: string; namespaced: boolean }[];
}

/** Reads JSON; undefined when it is not there. */
export async function readJson<T>(
  fleet: OpenClusters,
  cluster: string,
  path: string,
  signal: AbortSignal,
): Promise<T | undefined> {
  try {
    const answer = await fleet.request(cluster, { path, headers: { Accept: 'application/json' }, signal });
    return JSON.parse(new TextDecoder().decode(answer.body)) as T;
  } catch (error) {
    if (toErrorValue(error).code === 'notFound') return undefined;
    throw error;
  }
}

/** @throws KubeSageError `notFound` */
export function clusterOf(fleet: OpenClusters, id: string): FleetCluster {
  const cluster = fleet.byId(id);
  if (cluster !== undefined) return cluster;
  throw new KubeSageError('notFound', `There is no cluster ${id}`, { hint: 'It may have been removed.' });
}

/** Where a kind is served now, in exactly this version; undefined when it is not. */
export async function servedKind(
  fleet: OpenClusters,
  cluster: string,
  { apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>,
  signal: AbortSignal,
): Promise<ServedKind | undefined> {
  const [group, version] = splitVersion(apiVersion);
  const known = clusterOf(fleet, cluster).kinds.find(
    (each) => each.group === group && each.version === version && each.kind === kind,
  );
  if (known !== undefined) return known;
  // The fleet knows one version of each kind, and not yet what was defined a moment ago.
  const list = await readJson<ResourceList>(
    fleet,
    cluster,
    group === '' ? `/api/${version}` : `/apis/${group}/${version}`,
    signal,
  );
  const found = list?.resources?.find((each) => each.kind === kind && !each.name.includes('/'));
  if (found === undefined) return undefined;
  const id = group === '' ? found.name : `${found.name}.${group}`;
  return { id, group, version, resource: found.name, namespaced: found.namespaced };
}

export type Placed = { document: TextDocument; target: Target } | { document: TextDocument; error: KubeSageError };

/** Finds where each document goes, in order. */
export async function placeDocuments(
  fleet: OpenClusters,
  input: { cluster: string; namespace: string },
  documents: readonly TextDocument[],
  signal: AbortSignal,
): Promise<Placed[]> {
  const objects = documents.map(({ object }) => object);
  const served = new Map<string, Promise<ServedKind | undefined>>();
  return Promise.all(
    documents.map(async (document): Promise<Placed> => {
      const { object } = document;
      const key = `${object.apiVersion} ${object.kind}`;
      let asked = served.get(key);
      if (asked === undefined) {
        asked = servedKind(fleet, input.cluster, object, signal);
        served.set(key, asked);
      }
      const now = await asked;
      const kind = now ?? comingKind(objects, object);
      if (kind === undefined) {
        const { name } = clusterOf(fleet, input.cluster);
        const error = new KubeSageError('notFound', `${name} does not serve ${object.kind} of ${object.apiVersion}`, {
          hint: 'Check the spelling, or apply the definition (CustomResourceDefinition) first or in the same text.',
        });
        return { document, error };
      }
      return { document, target: targetOf(input, object, kind, now === undefined, objects) };
    }),
  );
}

function targetOf(
  { cluster, namespace: standard }: { cluster: string; namespace: string },
  object: KubeObject,
  served: ServedKind,
  kindComes: boolean,
  all: readonly KubeObject[],
): Target {
  const { metadata } = object;
  const namespace = served.namespaced ? (metadata.namespace ?? standard) : '';
  const name = metadata.name ?? metadata.generateName ?? '';
  const path = objectPath(served, namespace, name);
  return {
    object: served.namespaced ? { ...object, metadata: { ...metadata, namespace } } : object,
    ref: { cluster, kind: served.id, namespace, name },
    served,
    path: metadata.name === undefined ? path.slice(0, path.lastIndexOf('/')) : path,
    kindComes,
    namespaceComes: all.some(
      (each) => each.kind === 'Namespace' && each.apiVersion === 'v1' && each.metadata.name === namespace,
    ),
  };
}

interface Definition {
  group?: string;
  scope?: string;
  names?: { kind?: string; plural?: string };
  versions?: { name?: string }[];
}

/** A kind that a definition in the same text brings. */
function comingKind(all: readonly KubeObject[], { apiVersion, kind }: KubeObject): ServedKind | undefined {
  const [group, version] = splitVersion(apiVersion);
  for (const object of all) {
    if (!isDefinition(object)) continue;
    const spec = object.spec as Definition | undefined;
    const plural = spec?.names?.plural;
    if (spec?.group !== group || spec.names?.kind !== kind || plural === undefined) continue;
    if (!Array.isArray(spec.versions) || !spec.versions.some(({ name }) => name === version)) continue;
    return { id: `${plural}.${group}`, group, version, resource: plural, namespaced: spec.scope !== 'Cluster' };
  }
  return undefined;
}

export function isDefinition({ apiVersion, kind }: KubeObject): boolean {
  return kind === 'CustomResourceDefinition' && apiVersion.startsWith('apiextensions.k8s.io/');
}

function splitVersion(apiVersion: string): [group: string, version: string] {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
}
