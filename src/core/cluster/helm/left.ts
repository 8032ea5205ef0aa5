import { toErrorValue } from '../../kernel/errors.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import type { Left, ReleaseName } from './contract.ts';
import { isRecord } from './hidden.ts';
import { type ManifestObject, readManifest } from './model.ts';
import { placeOf } from './objects.ts';
import type { ReleaseBody } from './sources/body.ts';

const mostLeft = 200;

/**
 * What stays in the cluster when a release is uninstalled: objects whose chart asks for it, hooks that were left there,
 * the volumes of StatefulSets, and definitions of the chart, which helm never takes away.
 */
export async function leftBehind(
  fleet: OpenClusters,
  wanted: ReleaseName,
  body: ReleaseBody,
  signal: AbortSignal,
): Promise<Left[]> {
  const objects = readManifest(body.manifest);
  const [hooks, claims] = await Promise.all([
    hooksThere(fleet, wanted, body, signal),
    claimsOf(fleet, wanted, objects, signal),
  ]);
  const definitions = body.chart.files
    .filter(({ name }) => name.startsWith('crds/'))
    .flatMap(({ data }) => readManifest(Buffer.from(data, 'base64').toString('utf8')));
  return [
    ...objects.filter(isKept).map((object) => left(wanted, object, 'keepPolicy')),
    ...hooks.map((object) => left(wanted, object, 'hook')),
    ...claims,
    ...definitions.map((object) => ({ ...left(wanted, object, 'definition'), namespace: '' })),
  ].slice(0, mostLeft);
}

function left(wanted: ReleaseName, { kind, namespace, name }: ManifestObject, why: Left['why']): Left {
  return { kind, namespace: namespace || wanted.namespace, name, why };
}

function isKept({ object }: { object: Record<string, unknown> }): boolean {
  const { metadata } = object;
  const annotations = isRecord(metadata) ? metadata.annotations : undefined;
  return isRecord(annotations) && annotations['helm.sh/resource-policy'] === 'keep';
}

async function hooksThere(
  fleet: OpenClusters,
  wanted: ReleaseName,
  { hooks }: ReleaseBody,
  signal: AbortSignal,
): Promise<ManifestObject[]> {
  // A hook of the uninstallation itself is made anew by it, and stays unless its policy says otherwise.
  const objects = hooks.flatMap(({ manifest }) => readManifest(manifest));
  const there = await Promise.all(objects.map((object) => isThere(fleet, wanted, object, signal)));
  return objects.filter((_, at) => there[at]);
}

async function isThere(
  fleet: OpenClusters,
  wanted: ReleaseName,
  object: ManifestObject,
  signal: AbortSignal,
): Promise<boolean> {
  const { known, path } = placeOf(fleet.byId(wanted.cluster), object, wanted.namespace);
  if (known === undefined) return false;
  try {
    await fleet.request(wanted.cluster, { path, headers: { Accept: 'application/json' }, signal });
    return true;
  } catch (error) {
    const { code } = toErrorValue(error);
    if (code === 'notFound' || code === 'forbidden') return false;
    throw error;
  }
}

/** Claims that StatefulSets made out of their templates, unless they say that those go with them. */
async function claimsOf(
  fleet: OpenClusters,
  wanted: ReleaseName,
  objects: readonly ManifestObject[],
  signal: AbortSignal,
): Promise<Left[]> {
  const found: Left[] = [];
  for (const { kind, name, namespace: written, object } of objects) {
    const spec = isRecord(object.spec) ? object.spec : {};
    const policy = isRecord(spec.persistentVolumeClaimRetentionPolicy) ? spec.persistentVolumeClaimRetentionPolicy : {};
    const templates = Array.isArray(spec.volumeClaimTemplates) ? spec.volumeClaimTemplates : [];
    if (kind !== 'StatefulSet' || policy.whenDeleted === 'Delete' || templates.length === 0) continue;
    const namespace = written || wanted.namespace;
    const beginnings = templates.map((template) => `${metadataName(template)}-${name}-`);
    for (const claim of await claimsIn(fleet, wanted.cluster, namespace, signal)) {
      if (!beginnings.some((beginning) => claim.startsWith(beginning) && /^\d+$/.test(claim.slice(beginning.length))))
        continue;
      found.push({ kind: 'PersistentVolumeClaim', namespace, name: claim, why: 'volumeClaim' });
    }
  }
  return found;
}

function metadataName(object: unknown): string {
  const metadata = isRecord(object) && isRecord(object.metadata) ? object.metadata : {};
  return String(metadata.name ?? '');
}

async function claimsIn(
  fleet: OpenClusters,
  cluster: string,
  namespace: string,
  signal: AbortSignal,
): Promise<string[]> {
  try {
    const answer = await fleet.request(cluster, {
      path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/persistentvolumeclaims`,
      headers: { Accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' },
      signal,
    });
    const { items = [] } = JSON.parse(new TextDecoder().decode(answer.body)) as { items?: unknown[] };
    return items.map(metadataName);
  } catch (error) {
    // Who may not list them is not told of them.
    if (toErrorValue(error).code === 'forbidden') return [];
    throw error;
  }
}
