import { toErrorValue } from '../../kernel/errors.ts';
import type { FieldChange } from '../../platform/audit/contract.ts';
import { differences } from '../changes/index.ts';
import type { FleetCluster, OpenClusters } from '../fleet/openClusters.ts';
import type { ReleaseName, ReleaseObject } from './contract.ts';
import { fieldsThatDiffer, hideFields, isSecret, type ManifestObject, readManifest } from './model.ts';
import { hiddenTexts } from './release.ts';
import { fetchBody, revisionsOf } from './sources/storage.ts';
import { statusOf } from './status.ts';

const objectsAtOnce = 8;
/** Fields by which the dry run names itself; nothing is stored of it. */
const asker = 'kubesage-drift';

interface Found {
  live: Record<string, unknown>;
  path: string;
}

/** The objects of a release's manifest, each as it is in the cluster, with the fields in which it differs. */
export async function readObjects(
  fleet: OpenClusters,
  wanted: ReleaseName,
  signal: AbortSignal,
): Promise<ReleaseObject[]> {
  const [newest] = await revisionsOf(fleet, wanted, signal);
  const body = await fetchBody(fleet, newest, signal);
  const texts = hiddenTexts(body);
  const wantedObjects = readManifest(body.manifest);
  const results: ReleaseObject[] = new Array(wantedObjects.length);
  const waiting = wantedObjects.map((object, at) => ({ object, at }));
  const cluster = fleet.byId(wanted.cluster);
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      results[next.at] = await readObject(fleet, cluster, wanted, next.object, texts, signal);
    }
  };
  await Promise.all(Array.from({ length: objectsAtOnce }, worker));
  return results;
}

async function readObject(
  fleet: OpenClusters,
  cluster: FleetCluster | undefined,
  wanted: ReleaseName,
  each: ManifestObject,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<ReleaseObject> {
  const { apiVersion, kind, name } = each;
  const { known, namespace, path } = placeOf(cluster, each, wanted.namespace);
  const row: ReleaseObject = {
    apiVersion,
    kind,
    namespace,
    name,
    state: 'failed',
    tone: 'unknown',
    status: '',
    drift: [],
    judgedBy: 'nobody',
    message: '',
  };
  if (known === undefined) {
    return { ...row, state: 'unknownKind', tone: 'failed', message: `The cluster serves no ${kind} of ${apiVersion}` };
  }
  const shown = { ...row, object: { cluster: wanted.cluster, kind: known.id, namespace, name } };
  let live: Record<string, unknown>;
  try {
    live = await ask(fleet, wanted.cluster, { path }, signal);
  } catch (error) {
    signal.throwIfAborted();
    const { code, message } = toErrorValue(error);
    if (code === 'notFound') return { ...shown, state: 'missing', tone: 'failed', message };
    return { ...shown, state: code === 'forbidden' ? 'forbidden' : 'failed', tone: 'unknown', message };
  }
  const { changes, judgedBy, message } = await judge(fleet, wanted.cluster, each, { live, path }, namespace, signal);
  const drift = hideFields(changes, isSecret(each), texts);
  return { ...shown, state: 'present', ...statusOf(kind, live), drift, judgedBy, message };
}

/** Where an object of a manifest is in a cluster; `path` is of no use where the cluster serves no such kind. */
export function placeOf(
  cluster: FleetCluster | undefined,
  { apiVersion, kind, name, namespace: written }: Omit<ManifestObject, 'object'>,
  releaseNamespace: string,
): { known: FleetCluster['kinds'][number] | undefined; namespace: string; path: string } {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const known = cluster?.kinds.find((other) => other.kind === kind && other.group === group);
  const namespace = known?.namespaced === false ? '' : written || releaseNamespace;
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const place = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return { known, namespace, path: `${root}${place}/${known?.resource}/${encodeURIComponent(name)}` };
}

/**
 * What differs from the manifest. The API server is asked what it would store if the manifest were applied: it knows
 * defaults, quantities and webhooks. Who may not even ask that gets a comparison field by field.
 */
async function judge(
  fleet: OpenClusters,
  cluster: string,
  { object }: ManifestObject,
  { live, path }: Found,
  namespace: string,
  signal: AbortSignal,
): Promise<{ changes: FieldChange[]; judgedBy: 'server' | 'fields'; message: string }> {
  const metadata = { ...(object.metadata as Record<string, unknown>), ...(namespace !== '' && { namespace }) };
  try {
    const applied = await ask(
      fleet,
      cluster,
      {
        method: 'PATCH',
        path: `${path}?dryRun=All&force=true&fieldManager=${asker}`,
        contentType: 'application/apply-patch+yaml',
        body: JSON.stringify({ ...object, metadata }),
      },
      signal,
    );
    // From what the manifest would make of it to what it is.
    return { changes: differences(applied, live), judgedBy: 'server', message: '' };
  } catch (error) {
    signal.throwIfAborted();
    const { message } = toErrorValue(error);
    return { changes: fieldsThatDiffer(object, live), judgedBy: 'fields', message };
  }
}

async function ask(
  fleet: OpenClusters,
  cluster: string,
  request: { method?: 'PATCH'; path: string; contentType?: string; body?: string },
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const { contentType, ...rest } = request;
  const answer = await fleet.request(cluster, {
    ...rest,
    headers: { Accept: 'application/json', ...(contentType !== undefined && { 'Content-Type': contentType }) },
    signal,
  });
  return JSON.parse(new TextDecoder().decode(answer.body)) as Record<string, unknown>;
}
