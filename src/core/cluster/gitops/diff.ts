import { toErrorValue } from '../../kernel/errors.ts';
import type { FieldChange } from '../../platform/audit/contract.ts';
import { differences } from '../changes/index.ts';
import type { FleetCluster, OpenClusters } from '../fleet/openClusters.ts';
import { fieldsThatDiffer } from '../helm/index.ts';
import { hiddenValue, objectPath } from '../resources/index.ts';
import type { DeliveryDiff, ObjectDiff } from './contract.ts';
import type { GitopsDeps, ReadDelivery } from './gitops.ts';
import { helmRelease } from './kinds.ts';
import { at, isRecord, listAt, textAt, timeAt } from './model.ts';
import { ask, destinationCluster, isKind, type Listed, listedObjects, releaseOf } from './tree.ts';

const mostObjects = 300;
const requestsAtOnce = 8;
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
/** Fields by which the dry run names itself; nothing is stored of it. */
const asker = 'kubesage-drift';
/** Who writes what was delivered. */
const engines = /^(argocd-|argocd$|kustomize-controller$|helm-controller$|flux)/;
/** Who only carries out what is written: no drift. */
const controllers = /^(kube-controller-manager|kubelet|kube-scheduler|k3s|cloud-controller-manager|.*-operator)$/;

type Judged = ObjectDiff | 'same' | 'unjudged';

/** Where the cluster is otherwise than what was delivered, by what is kept in the cluster of it. */
export async function diffDelivery(deps: GitopsDeps, read: ReadDelivery, signal: AbortSignal): Promise<DeliveryDiff> {
  const { fleet } = deps;
  const { cluster, why } = destinationCluster(fleet, read.delivery);
  if (cluster === undefined) {
    const objects = listedObjects(read).flatMap((each) => byEngine(each) ?? []);
    return { objects, same: 0, unjudged: listedObjects(read).length - objects.length, notes: [why] };
  }
  if (read.ref.kind === helmRelease) return diffRelease(deps, read, cluster, signal);
  const listed = listedObjects(read);
  const judged: Judged[] = [];
  const waiting = listed.slice(0, mostObjects);
  const worker = async () => {
    for (let each = waiting.shift(); each !== undefined; each = waiting.shift()) {
      judged.push(await judge(fleet, cluster, each, signal));
    }
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, worker));
  const more = listed.length - mostObjects;
  return {
    objects: judged.filter((each) => typeof each === 'object').sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1)),
    same: judged.filter((each) => each === 'same').length,
    unjudged: judged.filter((each) => each === 'unjudged').length + Math.max(0, more),
    notes: [
      read.delivery.engine === 'argocd' ? argoNote : fluxNote,
      ...(more > 0 ? [`The first ${mostObjects} of ${listed.length} objects were compared.`] : []),
    ],
  };
}

const argoNote =
  'What the repository says now is known to Argo CD alone. Compared is what was applied last, as it is kept with each object, with the object as it is; which objects are out of sync is what Argo CD found.';
const fluxNote =
  'Flux keeps the names of what it applied, and not its content. Compared is what was applied last where the object keeps it; elsewhere, who has written which fields since.';

/** A release's manifest is stored by Helm: it is compared whole. */
async function diffRelease(
  { releaseObjects }: GitopsDeps,
  { ref, object, delivery }: ReadDelivery,
  cluster: FleetCluster,
  signal: AbortSignal,
): Promise<DeliveryDiff> {
  const release = releaseOf(object, delivery);
  if (release === undefined) {
    return { objects: [], same: 0, unjudged: 0, notes: [`Flux has not installed ${ref.name} yet.`] };
  }
  const { namespace, name } = release;
  let found: Awaited<ReturnType<typeof releaseObjects>>;
  try {
    found = await releaseObjects({ cluster: cluster.id, namespace, name }, signal);
  } catch (error) {
    signal.throwIfAborted();
    const { message, hint = '' } = toErrorValue(error);
    return {
      objects: [],
      same: 0,
      unjudged: 0,
      notes: [`The release ${name} in ${namespace} cannot be read: ${message}. ${hint}`.trim()],
    };
  }
  const objects = found.flatMap((each): ObjectDiff[] => {
    const shared = {
      kind: each.kind,
      namespace: each.namespace,
      name: each.name,
      writers: [],
      ...(each.object && { object: each.object }),
    };
    if (each.state === 'missing') return [{ ...shared, finding: 'missing', changes: [], message: each.message }];
    if (each.state !== 'present') return [{ ...shared, finding: 'unread', changes: [], message: each.message }];
    if (each.drift.length === 0) return [];
    return [{ ...shared, finding: 'drift', changes: each.drift, message: '' }];
  });
  return {
    objects,
    same: found.length - objects.length,
    unjudged: 0,
    notes: [`Compared is the manifest of the release ${name}, as Helm stored it, with the objects as they are.`],
  };
}

/** What the engine itself says of an object, where that is all there is. */
function byEngine(each: Listed): ObjectDiff | undefined {
  const { kind, namespace, name, message } = each;
  const shared = { kind, namespace, name, changes: [], writers: [] };
  if (each.surplus) return { ...shared, finding: 'surplus', message: 'It is not in the source any more' };
  if (each.health === 'Missing') return { ...shared, finding: 'missing', message };
  if (each.sync === 'OutOfSync') return { ...shared, finding: 'outOfSync', message };
  return undefined;
}

async function judge(fleet: OpenClusters, cluster: FleetCluster, each: Listed, signal: AbortSignal): Promise<Judged> {
  const { kind, namespace, name } = each;
  const known = cluster.kinds.find(isKind(each));
  const shared = { kind, namespace, name, changes: [], writers: [] };
  if (known === undefined) return { ...shared, finding: 'unread', message: `${cluster.name} serves no ${kind}` };
  const object = { cluster: cluster.id, kind: known.id, namespace, name };
  const path = objectPath(known, namespace, name);
  let live: unknown;
  try {
    live = await ask(fleet, cluster.id, path, signal);
  } catch (error) {
    signal.throwIfAborted();
    const { code, message } = toErrorValue(error);
    if (code === 'notFound') return { ...shared, finding: 'missing', message: 'It is not in the cluster' };
    return { ...shared, object, finding: 'unread', message };
  }
  const kept = textAt(live, 'metadata', 'annotations', lastApplied);
  const changes = kept === '' ? [] : hidden(kind, await compare(fleet, cluster.id, path, live, kept, signal));
  const writers = writersOf(live);
  const said = byEngine(each);
  if (changes.length > 0 || writers.length > 0) {
    return { ...shared, object, finding: said?.finding ?? 'drift', changes, writers, message: said?.message ?? '' };
  }
  if (said !== undefined) {
    const message =
      said.finding === 'outOfSync'
        ? 'The repository has it otherwise; in which fields is known to Argo CD alone'
        : said.message;
    return { ...said, object, message };
  }
  return kept === '' && each.sync === '' && !hasEngine(live) ? 'unjudged' : 'same';
}

/** From what was applied last to what is: as the API server would store it, or field by field where it may not be asked. */
async function compare(
  fleet: OpenClusters,
  cluster: string,
  path: string,
  live: unknown,
  kept: string,
  signal: AbortSignal,
): Promise<FieldChange[]> {
  let applied: unknown;
  try {
    applied = JSON.parse(kept);
  } catch {
    // Somebody wrote something else there: nothing to compare with.
    return [];
  }
  if (!isRecord(applied) || !isRecord(live)) return [];
  try {
    const would = await ask(fleet, cluster, `${path}?dryRun=All&force=true&fieldManager=${asker}`, signal, applied);
    return differences(would, live);
  } catch (error) {
    signal.throwIfAborted();
    if (toErrorValue(error).code === 'notFound') return [];
    return fieldsThatDiffer(applied, live);
  }
}

function hidden(kind: string, changes: readonly FieldChange[]): FieldChange[] {
  const shown = changes.filter(({ path }) => !path.includes('last-applied-configuration'));
  if (kind !== 'Secret') return shown;
  return shown.map(({ path, before, after }) => ({
    path,
    ...(before !== undefined && { before: hiddenValue }),
    ...(after !== undefined && { after: hiddenValue }),
  }));
}

interface Manager {
  manager: string;
  at: number | null;
  fields: string[];
}

function managersOf(live: unknown): Manager[] {
  return listAt(live, 'metadata', 'managedFields')
    .filter((each) => textAt(each, 'subresource') !== 'status')
    .map((each) => ({
      manager: textAt(each, 'manager'),
      at: timeAt(each, 'time'),
      fields: fieldPaths(at(each, 'fieldsV1')).filter((path) => !path.startsWith('status') && !ownMarks.test(path)),
    }));
}

const ownMarks =
  /^metadata\.(annotations(\.(deployment\.kubernetes\.io|kubectl\.kubernetes\.io)\/|$)|finalizers|ownerReferences)/;

function hasEngine(live: unknown): boolean {
  return managersOf(live).some(({ manager }) => engines.test(manager));
}

/** Who wrote what since the engine did: the fields that somebody else holds now. */
function writersOf(live: unknown): Manager[] {
  const managers = managersOf(live);
  const delivered = managers
    .filter(({ manager }) => engines.test(manager))
    .reduce((newest, each) => Math.max(newest, each.at ?? 0), 0);
  if (delivered === 0) return [];
  return managers.filter(
    ({ manager, at: when, fields }) =>
      !engines.test(manager) && !controllers.test(manager) && fields.length > 0 && (when ?? 0) >= delivered,
  );
}

/** `spec.replicas`, `spec.template.spec.containers[main].image`; at most 40. */
function fieldPaths(fields: unknown, before = '', found: string[] = []): string[] {
  if (!isRecord(fields) || found.length >= 40) return found;
  for (const [key, inside] of Object.entries(fields)) {
    if (key === '.' || found.length >= 40) continue;
    const name = key.startsWith('f:') ? key.slice(2) : `[${nameIn(key)}]`;
    const path = before === '' ? name : key.startsWith('f:') ? `${before}.${name}` : `${before}${name}`;
    const deeper = isRecord(inside) && Object.keys(inside).some((each) => each !== '.');
    if (deeper) fieldPaths(inside, path, found);
    else found.push(path);
  }
  return found;
}

function nameIn(key: string): string {
  const named = /"(?:name|key|type|containerPort|port|ip)":"?([^",}]*)/.exec(key);
  return named?.[1] ?? key.slice(2);
}

function textOf({ kind, namespace, name }: ObjectDiff): string {
  return `${kind} ${namespace} ${name}`;
}
