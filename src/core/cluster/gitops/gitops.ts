import type { Clock } from '../../kernel/clock.ts';
import type { LiveSource } from '../../kernel/contract.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import type { ReleaseObject } from '../helm/contract.ts';
import type { ObjectRef } from '../resources/contract.ts';
import { objectPath } from '../resources/index.ts';
import type { FindCluster } from './argo.ts';
import type { Delivery, DeliveryDetail, DeliveryDiff, GitopsScope, Part, Promotion } from './contract.ts';
import { detailOf, readRow } from './detail.ts';
import { diffDelivery } from './diff.ts';
import { application, helmRelease, kustomization } from './kinds.ts';
import type { KubeObject } from './model.ts';
import { GitopsObjects } from './objects.ts';
import { promotionsOf } from './promotion.ts';
import { GitopsLive, GitopsRows } from './rows.ts';
import { readTree, type Tree } from './tree.ts';

/** What was read stays at hand for so long after the last one looked. Milliseconds. */
const lingerMs = 30_000;

interface Wanted {
  clusters: readonly string[];
  namespaces: readonly string[];
}

type Rows<R extends { key: string }> = LiveSource<{ scopes: GitopsScope[] }, R>;

export interface Gitops extends Disposable {
  deliveries(wanted: Wanted): Rows<Delivery>;
  parts(wanted: Wanted): Rows<Part>;
  promotions(wanted: Wanted & { label?: string | undefined }): Rows<Promotion>;
  delivery(object: ObjectRef, signal: AbortSignal): Promise<DeliveryDetail>;
  tree(object: ObjectRef, signal: AbortSignal): Promise<Tree>;
  diff(object: ObjectRef, signal: AbortSignal): Promise<DeliveryDiff>;
}

export interface GitopsDeps {
  fleet: OpenClusters;
  tables: Tables;
  clock: Clock;
  /** Address of a cluster's API server, as the user's kubeconfig has it. */
  serverOf(cluster: string): string | undefined;
  /** The objects of a Helm release with their drift. */
  releaseObjects(
    release: { cluster: string; namespace: string; name: string },
    signal: AbortSignal,
  ): Promise<ReleaseObject[]>;
}

/** A delivery as it is in its cluster now. */
export interface ReadDelivery {
  ref: ObjectRef;
  object: KubeObject;
  delivery: Delivery;
}

/** Argo CD and Flux by what stands in their own resources: no login at either of them. */
export function createGitops(deps: GitopsDeps): Gitops {
  const { fleet, clock } = deps;
  const find: FindCluster = ({ server, name }) => {
    const wanted = addressOf(server);
    const found = fleet
      .all()
      .find(
        ({ id, name: known }) =>
          (name !== '' && known === name) || (wanted !== undefined && addressOf(deps.serverOf(id) ?? '') === wanted),
      );
    return found === undefined ? undefined : { id: found.id, name: found.name };
  };

  let held: { objects: GitopsObjects; rows: GitopsRows; users: number } | undefined;
  let leaving: Disposable | undefined;
  function hold() {
    leaving?.dispose();
    leaving = undefined;
    if (held === undefined) {
      const objects = new GitopsObjects(deps);
      held = { objects, rows: new GitopsRows({ fleet, find }, objects), users: 0 };
    }
    held.users++;
    return held;
  }
  function release(): void {
    if (held === undefined || --held.users > 0) return;
    leaving = clock.after(lingerMs, () => {
      held?.objects.dispose();
      held = undefined;
    });
  }

  function follow<R extends { key: string }>(wanted: Wanted, rowsOf: (rows: GitopsRows) => R[]): Rows<R> {
    const { objects, rows } = hold();
    return new GitopsLive(objects, () => ({ scopes: objects.scopes(wanted.clusters), rows: rowsOf(rows) }), release);
  }
  const isWanted =
    ({ clusters, namespaces }: Wanted) =>
    ({ object }: { object: ObjectRef }) =>
      (clusters.length === 0 || clusters.includes(object.cluster)) &&
      (namespaces.length === 0 || object.namespace === '' || namespaces.includes(object.namespace));
  /** An application stands in Argo CD's namespace, and where it leads to is what people look for. */
  const isDelivered = (wanted: Wanted) => {
    const own = isWanted(wanted);
    return (delivery: Delivery) =>
      own(delivery) ||
      own({
        object: {
          ...delivery.object,
          cluster: delivery.destination.cluster ?? delivery.object.cluster,
          namespace: delivery.destination.namespace || delivery.object.namespace,
        },
      });
  };

  async function read(ref: ObjectRef, signal: AbortSignal): Promise<ReadDelivery> {
    const cluster = fleet.byId(ref.cluster);
    const kind = cluster?.kinds.find(({ id }) => id === ref.kind);
    if (cluster === undefined || kind === undefined || ![application, kustomization, helmRelease].includes(ref.kind)) {
      throw new KubeSageError('notFound', `${cluster?.name ?? ref.cluster} has no ${ref.kind}`, {
        hint: 'Argo CD or Flux may have been removed there, or the cluster is not open.',
      });
    }
    const answer = await fleet.request(ref.cluster, {
      path: objectPath(kind, ref.namespace, ref.name),
      headers: { Accept: 'application/json' },
      signal,
    });
    const object = JSON.parse(new TextDecoder().decode(answer.body)) as KubeObject;
    return { ref, object, delivery: await readRow({ fleet, find }, ref, object, signal) };
  }

  return {
    deliveries: (wanted) => follow(wanted, (rows) => rows.deliveries().filter(isDelivered(wanted))),
    parts: (wanted) => follow(wanted, (rows) => rows.parts().filter(isWanted(wanted))),
    promotions: (wanted) =>
      follow(wanted, (rows) => promotionsOf(rows.deliveries().filter(isDelivered(wanted)), wanted.label)),
    delivery: async (ref, signal) => detailOf(await read(ref, signal)),
    tree: async (ref, signal) => readTree(deps, await read(ref, signal), signal),
    diff: async (ref, signal) => diffDelivery(deps, await read(ref, signal), signal),
    dispose() {
      leaving?.dispose();
      held?.objects.dispose();
      held = undefined;
    },
  };
}

/** Host and port of an address; undefined for what is none. */
function addressOf(server: string): string | undefined {
  try {
    const { hostname, port, protocol } = new URL(server);
    return `${hostname}:${port || (protocol === 'http:' ? '80' : '443')}`;
  } catch {
    return undefined;
  }
}
