import { KubeSageError, toErrorValue } from '../../../kernel/errors.ts';
import type { OpenClusters } from '../../fleet/openClusters.ts';
import type { ReleaseName } from '../contract.ts';
import { type ReleaseBody, readBody } from './body.ts';

/** One stored revision, by its metadata alone. */
export interface StoredRevision {
  cluster: string;
  namespace: string;
  name: string;
  storage: 'secret' | 'configmap';
  revision: number;
  status: string;
  /** Milliseconds; null when nothing is written. */
  updated: number | null;
  /** Path of the secret or configmap. */
  path: string;
  /** Changes whenever it is written. */
  stamp: string;
}

interface Metadata {
  name: string;
  namespace: string;
  uid: string;
  resourceVersion: string;
  creationTimestamp?: string;
  labels?: Record<string, string>;
}

const kinds = { secret: 'secrets', configmap: 'configmaps' } as const;
const pageRows = 500;
const metadataOnly = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

export interface Wanted {
  /** The whole cluster when absent. */
  namespace?: string | undefined;
  /** All releases when absent. */
  name?: string | undefined;
  /** Without revisions that a later one has replaced. */
  current?: boolean;
}

/** Lists stored revisions without their bodies. Rejects as the fleet's requests do. */
export async function listRevisions(
  fleet: OpenClusters,
  cluster: string,
  wanted: Wanted,
  signal?: AbortSignal,
): Promise<StoredRevision[]> {
  const secrets = await listKind(fleet, cluster, 'secret', wanted, signal);
  // Hardly anybody stores releases in configmaps: where those may not be read, the others are still told.
  const configmaps = await listKind(fleet, cluster, 'configmap', wanted, signal).catch((error: unknown) => {
    if (toErrorValue(error).code === 'forbidden') return [];
    throw error;
  });
  return [...secrets, ...configmaps];
}

async function listKind(
  fleet: OpenClusters,
  cluster: string,
  storage: 'secret' | 'configmap',
  { namespace, name, current = false }: Wanted,
  signal: AbortSignal | undefined,
): Promise<StoredRevision[]> {
  const place = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const root = `/api/v1${place}/${kinds[storage]}`;
  const labels = [
    'owner=helm',
    ...(name === undefined ? [] : [`name=${name}`]),
    ...(current ? ['status!=superseded'] : []),
  ];
  const found: StoredRevision[] = [];
  let next = '';
  do {
    const query = new URLSearchParams({
      labelSelector: labels.join(','),
      limit: String(pageRows),
      ...(storage === 'secret' && { fieldSelector: 'type=helm.sh/release.v1' }),
      ...(next !== '' && { continue: next }),
    });
    const answer = await fleet.request(cluster, {
      path: `${root}?${query}`,
      headers: { Accept: metadataOnly },
      ...(signal !== undefined && { signal }),
    });
    const list = parse(answer.body) as { metadata?: { continue?: string }; items?: { metadata: Metadata }[] };
    for (const { metadata } of list.items ?? []) {
      const stored = readMetadata(cluster, storage, metadata);
      if (stored !== undefined) found.push(stored);
    }
    next = list.metadata?.continue ?? '';
  } while (next !== '');
  return found;
}

function readMetadata(
  cluster: string,
  storage: 'secret' | 'configmap',
  metadata: Metadata,
): StoredRevision | undefined {
  const { labels = {}, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const revision = Number(labels.version);
  if (labels.name === undefined || !Number.isSafeInteger(revision)) return undefined;
  const seconds = Number(labels.modifiedAt ?? labels.createdAt);
  const created = creationTimestamp === undefined ? null : Date.parse(creationTimestamp);
  return {
    cluster,
    namespace,
    name: labels.name,
    storage,
    revision,
    status: labels.status ?? 'unknown',
    updated: seconds > 0 ? seconds * 1000 : created,
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/${kinds[storage]}/${encodeURIComponent(metadata.name)}`,
    stamp: `${uid}/${resourceVersion}`,
  };
}

/** Reads one revision whole: its values may be secret, so it is kept by nobody. */
export async function fetchBody(
  fleet: OpenClusters,
  stored: StoredRevision,
  signal?: AbortSignal,
): Promise<ReleaseBody> {
  const answer = await fleet.request(stored.cluster, {
    path: stored.path,
    headers: { Accept: 'application/json' },
    ...(signal !== undefined && { signal }),
  });
  const { data } = parse(answer.body) as { data?: { release?: string } };
  const release = data?.release ?? '';
  return readBody(stored.storage === 'secret' ? Buffer.from(release, 'base64').toString('utf8') : release);
}

/** All revisions of one release, newest first. Rejects with `notFound` when there is none. */
export async function revisionsOf(
  fleet: OpenClusters,
  { cluster, namespace, name }: ReleaseName,
  signal?: AbortSignal,
): Promise<[StoredRevision, ...StoredRevision[]]> {
  const found = await listRevisions(fleet, cluster, { namespace, name }, signal);
  const [newest, ...rest] = found.sort((a, b) => b.revision - a.revision);
  if (newest !== undefined) return [newest, ...rest];
  throw new KubeSageError('notFound', `There is no release ${name} in ${namespace}`, {
    hint: 'It may have been uninstalled meanwhile.',
  });
}

function parse(body: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(body));
}
