import { toErrorValue } from '../../kernel/errors.ts';
import type { DiscoveredKind } from '../../kube/discovery/discovered.ts';
import type { FleetCluster, OpenClusters } from '../fleet/openClusters.ts';
import { statusOf } from '../helm/index.ts';
import { objectPath } from '../resources/index.ts';
import { applicationObjects } from './argo.ts';
import type { Delivery, ManagedObject } from './contract.ts';
import { fluxObjects } from './flux.ts';
import type { GitopsDeps, ReadDelivery } from './gitops.ts';
import { helmRelease } from './kinds.ts';
import { type KubeObject, listAt, textAt } from './model.ts';

const mostObjects = 1000;
const requestsAtOnce = 8;
/** From so many objects of a kind in a namespace on, the kind is listed there. */
const listedFrom = 8;
const pageSize = 500;

export type Listed = ReturnType<typeof listedObjects>[number];
type Live = Pick<ManagedObject, 'state' | 'tone' | 'status' | 'message'>;

/** What the engine says that it manages, without the cluster's word. */
export function listedObjects({ object, delivery }: Pick<ReadDelivery, 'object' | 'delivery'>) {
  return delivery.engine === 'argocd' ? applicationObjects(object) : fluxObjects(object);
}

export interface Tree {
  objects: ManagedObject[];
  /** Objects beyond those. */
  more: number;
  notes: string[];
}

/** The objects that a delivery manages, each as it is in the cluster now. */
export async function readTree(deps: GitopsDeps, read: ReadDelivery, signal: AbortSignal): Promise<Tree> {
  const { fleet } = deps;
  const listed = listedObjects(read);
  if (listed.length === 0 && read.ref.kind === helmRelease) return readRelease(deps, read, signal);
  const shown = listed.slice(0, mostObjects);
  const { cluster, why } = destinationCluster(fleet, read.delivery);
  const rows = shown.map((each) => ({ each, kind: cluster?.kinds.find(isKind(each)) }));
  const live = new Map<Listed, Live>();
  if (cluster !== undefined) await readLive(fleet, cluster, rows, live, signal);
  return {
    objects: rows.map(({ each, kind }) => {
      const known = live.get(each);
      const state: Live =
        cluster === undefined
          ? { state: 'elsewhere', tone: healthTone(each.health), status: each.health, message: each.message }
          : (known ?? {
              state: 'unknownKind',
              tone: 'failed',
              status: '',
              message: `${cluster.name} serves no ${each.kind}`,
            });
      return {
        ...each,
        ...(cluster !== undefined &&
          kind !== undefined && {
            object: { cluster: cluster.id, kind: kind.id, namespace: each.namespace, name: each.name },
          }),
        ...state,
        message: state.message || each.message,
      };
    }),
    more: listed.length - shown.length,
    notes: [...(why === '' ? [] : [why]), ...(listed.length === 0 ? [emptyNote(read.delivery)] : [])],
  };
}

/** Where a delivery leads to, when it is an open cluster of ours. */
export function destinationCluster(
  fleet: OpenClusters,
  { destination }: Delivery,
): { cluster: FleetCluster | undefined; why: string } {
  const cluster = destination.cluster === null ? undefined : fleet.byId(destination.cluster);
  if (cluster?.state === 'live') return { cluster, why: '' };
  const why =
    cluster === undefined
      ? `It is delivered to ${destination.server}, which is no cluster known here: what the engine says is all that is shown.`
      : `${cluster.name} is not connected: what the engine says is all that is shown.`;
  return { cluster: undefined, why };
}

export function isKind({ kind, group }: Listed): (known: DiscoveredKind) => boolean {
  return (known) => known.kind === kind && known.group === group;
}

function emptyNote({ engine }: Delivery): string {
  if (engine === 'argocd') return 'Argo CD has not compared it yet, or its source has no objects.';
  return 'Nothing is applied yet.';
}

/** The release that a HelmRelease keeps, as Helm stored it; undefined before the first. */
export function releaseOf(
  { status }: KubeObject,
  { destination }: Delivery,
): { namespace: string; name: string } | undefined {
  const [newest] = listAt(status, 'history');
  if (newest === undefined) return undefined;
  const namespace = textAt(status, 'storageNamespace') || textAt(newest, 'namespace') || destination.namespace;
  return { namespace, name: textAt(newest, 'name') };
}

/** Older helm-controllers keep no inventory: the objects are those of the manifest that Helm stored. */
async function readRelease(
  { fleet, releaseObjects }: GitopsDeps,
  { object, delivery }: ReadDelivery,
  signal: AbortSignal,
): Promise<Tree> {
  const { cluster, why } = destinationCluster(fleet, delivery);
  const release = releaseOf(object, delivery);
  if (cluster === undefined || release === undefined) {
    return { objects: [], more: 0, notes: [cluster === undefined ? why : 'Nothing is installed yet.'] };
  }
  try {
    const found = await releaseObjects({ cluster: cluster.id, ...release }, signal);
    return {
      objects: found.slice(0, mostObjects).map(({ apiVersion, drift: _, judgedBy: __, ...each }) => {
        const slash = apiVersion.indexOf('/');
        return {
          ...each,
          group: slash < 0 ? '' : apiVersion.slice(0, slash),
          version: apiVersion.slice(slash + 1),
          sync: '',
          health: '',
          surplus: false,
          hook: false,
          wave: 0,
        };
      }),
      more: Math.max(0, found.length - mostObjects),
      notes: [`These are the objects of the release ${release.name}, as Helm stored it.`],
    };
  } catch (error) {
    signal.throwIfAborted();
    const { message } = toErrorValue(error);
    return {
      objects: [],
      more: 0,
      notes: [`The release ${release.name} in ${release.namespace} cannot be read: ${message}.`],
    };
  }
}

function healthTone(health: string): Live['tone'] {
  const tones: Record<string, Live['tone']> = {
    Healthy: 'healthy',
    Progressing: 'progressing',
    Degraded: 'failed',
    Missing: 'warning',
    Suspended: 'stopped',
  };
  return tones[health] ?? 'unknown';
}

async function readLive(
  fleet: OpenClusters,
  cluster: FleetCluster,
  rows: readonly { each: Listed; kind: DiscoveredKind | undefined }[],
  live: Map<Listed, Live>,
  signal: AbortSignal,
): Promise<void> {
  const groups = new Map<string, { kind: DiscoveredKind; objects: Listed[] }>();
  for (const { each, kind } of rows) {
    if (kind === undefined) continue;
    const key = `${kind.id} ${each.namespace}`;
    const group = groups.get(key) ?? { kind, objects: [] };
    group.objects.push(each);
    groups.set(key, group);
  }
  const tasks = [...groups.values()].flatMap(({ kind, objects }) =>
    objects.length >= listedFrom
      ? [() => readListed(fleet, cluster.id, kind, objects, live, signal)]
      : objects.map((each) => async () => {
          live.set(each, await readOne(fleet, cluster.id, kind, each, signal));
        }),
  );
  const worker = async () => {
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) await task();
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, worker));
}

async function readListed(
  fleet: OpenClusters,
  cluster: string,
  kind: DiscoveredKind,
  objects: readonly Listed[],
  live: Map<Listed, Live>,
  signal: AbortSignal,
): Promise<void> {
  const byName = new Map(objects.map((each) => [each.name, each]));
  const path = objectPath(kind, objects[0]?.namespace ?? '', 'x').slice(0, -2);
  let next = '';
  try {
    do {
      const list = await ask(fleet, cluster, `${path}?limit=${pageSize}${next}`, signal);
      for (const found of listAt(list, 'items')) {
        const each = byName.get(textAt(found, 'metadata', 'name'));
        if (each === undefined) continue;
        live.set(each, { state: 'present', ...statusOf(kind.kind, found as Record<string, unknown>), message: '' });
        byName.delete(each.name);
      }
      const token = textAt(list, 'metadata', 'continue');
      next = token === '' ? '' : `&continue=${encodeURIComponent(token)}`;
    } while (next !== '' && byName.size > 0);
    for (const each of byName.values()) live.set(each, missing(each));
  } catch (error) {
    signal.throwIfAborted();
    for (const each of byName.values()) live.set(each, failed(error));
  }
}

async function readOne(
  fleet: OpenClusters,
  cluster: string,
  kind: DiscoveredKind,
  each: Listed,
  signal: AbortSignal,
): Promise<Live> {
  try {
    const found = await ask(fleet, cluster, objectPath(kind, each.namespace, each.name), signal);
    return { state: 'present', ...statusOf(kind.kind, found as Record<string, unknown>), message: '' };
  } catch (error) {
    signal.throwIfAborted();
    return toErrorValue(error).code === 'notFound' ? missing(each) : failed(error);
  }
}

function missing({ kind, name }: Listed): Live {
  return { state: 'missing', tone: 'failed', status: '', message: `${kind} ${name} is not in the cluster` };
}

function failed(error: unknown): Live {
  const { code, message } = toErrorValue(error);
  return { state: code === 'forbidden' ? 'forbidden' : 'failed', tone: 'unknown', status: '', message };
}

export async function ask(
  fleet: OpenClusters,
  cluster: string,
  path: string,
  signal: AbortSignal,
  patch?: unknown,
): Promise<unknown> {
  const answer = await fleet.request(cluster, {
    path,
    ...(patch !== undefined && { method: 'PATCH', body: JSON.stringify(patch) }),
    headers: {
      Accept: 'application/json',
      ...(patch !== undefined && { 'Content-Type': 'application/apply-patch+yaml' }),
    },
    signal,
  });
  return JSON.parse(new TextDecoder().decode(answer.body));
}
