import { type Clock, sleep } from '../../kernel/clock.ts';
import { KubeSageError, toErrorValue } from '../../kernel/errors.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { FleetCluster, OpenClusters } from '../fleet/openClusters.ts';
import { isAddon } from './addons.ts';
import { type Asking, askCluster } from './asking.ts';
import type { NodeGroup, Reading } from './contract.ts';
import type { CustomVersion, Evidence, Use } from './evidence.ts';
import { Hazards } from './hazards.ts';
import { findOverflow } from './packing.ts';
import { kindsToRead, mostUses, readDefinitions, readMetric, readObjects, readReleases } from './readApis.ts';
import {
  readApiServices,
  readBudgets,
  readGates,
  readNamespaces,
  readVolumes,
  readWebhooks,
  readWorkloads,
} from './readHazards.ts';
import { findBarePods, imagesOf, nodeGroups, packed } from './readTables.ts';
import { isComponent } from './skew.ts';

export interface Progress {
  what: string;
  done: number;
  of: number;
  objects: number;
}

export interface CheckDeps {
  fleet: OpenClusters;
  tables: Tables;
  clock: Clock;
  pause(): Promise<void>;
}

/** Lists of nodes and pods that are not there after this are told as missing. */
const listsMs = 60_000;
const listsStepMs = 100;
/** Groups of like nodes of which one kubelet is asked for its cgroup version. */
const mostAsked = 12;

/**
 * Reads what a report is made of, one request at a time. What may not be read is told, and the rest goes on. Rejects only
 * when the cluster cannot be asked at all, or when `signal` ends it.
 */
export async function runCheck(
  deps: CheckDeps,
  cluster: FleetCluster,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Evidence> {
  const { fleet, tables, clock } = deps;
  const progress: Progress = { what: '', done: 0, of: 0, objects: 0 };
  const asking = askCluster(
    fleet,
    cluster.id,
    (items) => {
      progress.objects += items;
      tell({ ...progress });
    },
    signal,
  );
  const { gitVersion: version = '' } = await asking.json<{ gitVersion?: string }>('/version');
  const uses: Use[] = [];
  const custom: CustomVersion[] = [];
  const into = { uses, custom };
  const hazards = new Hazards(cluster.id);
  const readings: Reading[] = [];
  const rows = { tables, cluster: cluster.id, index: cluster.index };
  let nodes: NodeGroup[] = [];

  const step = async (what: string, read: () => Promise<{ count: number; whole?: boolean; message?: string }>) => {
    progress.what = what;
    tell({ ...progress });
    try {
      const { count, whole = true, message = '' } = await read();
      readings.push({
        what,
        state: whole ? 'read' : 'partly',
        count,
        message: whole ? message : message || 'There are more than are read',
      });
    } catch (error) {
      signal.throwIfAborted();
      const { code, message } = toErrorValue(error);
      const state = code === 'forbidden' ? 'forbidden' : code === 'notFound' ? 'skipped' : 'failed';
      readings.push({
        what,
        state,
        count: 0,
        message: state === 'skipped' ? 'The cluster does not serve it' : message,
      });
    }
    progress.done++;
    tell({ ...progress });
  };

  progress.of = 13;
  const demands = [
    fleet.demand('nodes', { clusters: [cluster.id], priority: 1 }),
    fleet.demand('pods', { clusters: [cluster.id], priority: 1 }),
  ];
  try {
    await step('Requests for deprecated versions (metrics)', async () => {
      const count = await readMetric(asking, uses);
      return { count, message: 'As counted by the API server that answered, since it was started' };
    });
    const kinds = kindsToRead(cluster);
    await step('Definitions of custom kinds', () => readDefinitions(asking, into, kinds));
    progress.of += kinds.length;
    for (const kind of kinds) await step(`Writers of ${kind.id}`, () => readObjects(asking, kind, into));
    await step('Manifests of Helm releases', async () => {
      const { count, whole, unreadable } = await readReleases(fleet, asking, into, (done, of) => {
        progress.what = `Manifests of Helm releases: ${done} of ${of}`;
        tell({ ...progress });
      });
      const message = unreadable > 0 ? `${unreadable} could not be read` : '';
      return { count, whole: whole && unreadable === 0, message };
    });
    await step('Disruption budgets', () => readBudgets(asking, hazards));
    await step('Deployments and StatefulSets', () => readWorkloads(asking, hazards));
    await step('Admission webhooks', () => readWebhooks(asking, hazards));
    await step('Aggregated APIs', () => readApiServices(asking, hazards));
    await step('Namespaces', () => readNamespaces(asking, hazards));
    await step('Persistent volumes', () => readVolumes(asking, hazards));
    await step('Flags of the control plane', () => readGates(asking, hazards));
    await step('Nodes', async () => {
      await listed(deps, cluster.id, 'nodes', signal);
      nodes = nodeGroups(rows) ?? [];
      return { count: nodes.reduce((sum, { count }) => sum + count, 0) };
    });
    await step('Pods', async () => {
      await listed(deps, cluster.id, 'pods', signal);
      return { count: findBarePods(rows, hazards) };
    });
    await step('Room for drained pods', async () => {
      const { nodes: places, pods } = packed(rows);
      for (const { node, moving, homeless } of await findOverflow(places, pods, deps.pause)) {
        const object = { cluster: cluster.id, kind: 'nodes', namespace: '', name: node };
        hazards.add('room', { object, text: `${homeless} of ${moving} pods that would move find no room` });
      }
      return { count: places.length };
    });
    await step('cgroup versions (kubelets)', () => readCgroups(asking, nodes));
  } finally {
    for (const demand of demands) demand.dispose();
  }
  return {
    at: clock.now(),
    version,
    uses: uses.slice(0, mostUses),
    custom,
    // Others tell nothing of an upgrade.
    images: imagesOf(rows).filter(({ image }) => isComponent(image) || isAddon(image)),
    nodes,
    hazards: hazards.findings,
    readings,
  };
}

/** Waits until a kind's list of a cluster stands. Rejects with what keeps it from it. */
async function listed({ fleet, clock }: CheckDeps, cluster: string, kind: string, signal: AbortSignal): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += listsStepMs) {
    const scope = fleet.scopes(kind).find((each) => each.cluster === cluster);
    if (scope?.state === 'live') return;
    if (scope?.state === 'forbidden') {
      throw new KubeSageError('forbidden', scope.reason ?? `You may not list ${kind}`, { hint: scope.hint });
    }
    if (waitedMs >= listsMs) throw new KubeSageError('timeout', scope?.reason ?? `The list of ${kind} did not come`);
    await sleep(clock, listsStepMs, signal);
  }
}

/** Asks one kubelet of each group: a kubelet tells its metrics through the API server to who may proxy to nodes. */
async function readCgroups(
  asking: Asking,
  nodes: readonly NodeGroup[],
): Promise<{ count: number; whole: boolean; message: string }> {
  let count = 0;
  let problem = '';
  const asked = nodes.slice(0, mostAsked);
  for (const group of asked) {
    const [name] = group.names;
    if (name === undefined) continue;
    try {
      const metrics = await asking.text(`/api/v1/nodes/${encodeURIComponent(name)}/proxy/metrics`);
      const [, version] = /^kubelet_cgroup_version(?:\{[^}]*\})? (\d)/m.exec(metrics) ?? [];
      if (version === undefined) problem = `The kubelet of ${name} does not tell it`;
      else group.cgroup = Number(version);
      if (version !== undefined) count++;
    } catch (error) {
      asking.signal.throwIfAborted();
      const { code, message } = toErrorValue(error);
      // Who may not ask one may not ask any; a kubelet that is away says nothing of the others.
      if (code === 'forbidden') throw error;
      problem = `${name}: ${message}`;
    }
  }
  return { count, whole: count === asked.length, message: problem };
}
