import { qosClass } from '../api/write/defaults.ts';
import { changedFields } from '../api/write/fieldSets.ts';
import type { SimulatedCluster } from '../cluster.ts';
import {
  type Fields,
  type FieldTree,
  instant,
  type KubeObject,
  type NewObject,
  ownerReference,
  recordAt,
} from '../objects.ts';
import type { Random } from '../store/random.ts';
import { marks } from '../store/variants.ts';
import { type App, apps } from './catalog.ts';
import { companions, workload } from './manifests.ts';
import { make } from './populate.ts';

const podsPerNode = 50;
const podsPerWorkload = 12;
const hourMs = 3_600_000;
/** Of every so many workloads, one does not come up: enough to look at, few enough to stand out. */
const brokenOne = 60;

/** How the pods of a workload are. */
type Condition = 'running' | 'crashing' | 'pulling';

/**
 * One cluster of many equal ones: namespaces, nodes, and Deployments with their ReplicaSets, Services and pods, as real
 * ones are about seven kilobytes each with what field managers own. What must differ between clusters has marks.
 */
export function fillTemplate(
  cluster: SimulatedCluster,
  options: { pods: number; nowMs: number; random: Random },
): void {
  const { pods, nowMs, random } = options;
  const startedAt = instant(nowMs - hourMs);
  /** Uids that differ between clusters by their first eight digits. */
  const uid = () => marks.uid + random.uid().slice(marks.uid.length);
  const create = (type: string, object: NewObject) => cluster.create(type, object, uid());
  const shop = apps.filter((app) => app.kind === 'Deployment');
  const workloads = Math.ceil(pods / podsPerWorkload);
  const placed = Array.from({ length: workloads }, (_, index) => placedApp(shop, index));
  for (const name of new Set(['default', ...placed.map((app) => app.namespace)])) {
    create('namespaces', namespace(name));
  }
  const nodes = Math.max(1, Math.ceil(pods / podsPerNode));
  for (let index = 0; index < nodes; index++) create('nodes', node(index, startedAt));
  for (const [index, app] of placed.entries()) {
    const replicas = Math.min(podsPerWorkload, pods - index * podsPerWorkload);
    const condition: Condition =
      index % brokenOne === 7 ? 'crashing' : index % brokenOne === 31 ? 'pulling' : 'running';
    for (const { type, object } of companions(app, app.namespace, 1)) make(cluster, type, object);
    const version = app.versions[index % app.versions.length] ?? 'latest';
    const deployment = create('deployments.apps', {
      ...workload(app, version, app.namespace, replicas),
      status: workloadStatus(replicas, condition, startedAt),
    });
    const hash = `${marks.name}${random.suffix(5)}`;
    const template = recordAt(deployment, 'spec.template');
    const labels = { ...(recordAt(template, 'metadata.labels') as Record<string, string>), 'pod-template-hash': hash };
    const {
      conditions: _conditions,
      updatedReplicas: _updated,
      ...counts
    } = workloadStatus(replicas, condition, startedAt);
    const replicaSet = create('replicasets.apps', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${app.name}-${hash}`,
        namespace: app.namespace,
        labels,
        ownerReferences: [ownerReference(deployment)],
      },
      spec: {
        replicas,
        selector: { matchLabels: { 'app.kubernetes.io/name': app.name, 'pod-template-hash': hash } },
        template: { ...template, metadata: { labels } },
      },
      status: counts,
    });
    let managed: FieldTree | undefined;
    for (let ordinal = 0; ordinal < replicas; ordinal++) {
      const at = index * podsPerWorkload + ordinal;
      const made = pod({
        owner: replicaSet,
        name: `${app.name}-${hash}-${random.suffix(5)}`,
        labels,
        spec: { ...recordAt(template, 'spec'), nodeName: nodeName(at % nodes) },
        condition,
        ip: `10.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}`,
        startedAt,
      });
      managed ??= changedFields(
        undefined,
        { ...made, metadata: { ...made.metadata, uid: '', resourceVersion: '', creationTimestamp: '' } } as KubeObject,
        false,
      );
      const managedFields = [
        {
          manager: 'kube-controller-manager',
          operation: 'Update' as const,
          apiVersion: 'v1',
          time: startedAt,
          fieldsType: 'FieldsV1' as const,
          fieldsV1: managed,
        },
      ];
      create('pods', { ...made, metadata: { ...made.metadata, managedFields } });
    }
  }
}

/** The app as the workload of this number runs it: the first of a name without a number, in one of four namespaces. */
function placedApp(shop: readonly App[], index: number): App {
  const app = shop[index % shop.length] as App;
  const round = Math.floor(index / shop.length);
  if (round === 0) return app;
  const { host: _host, ...rest } = app;
  return { ...rest, name: `${app.name}-${round}`, namespace: `${app.namespace}-${round % 4}` };
}

function namespace(name: string): NewObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    status: { phase: 'Active' },
  };
}

function nodeName(index: number): string {
  return `pool-${marks.name}-${String(index).padStart(3, '0')}`;
}

function node(index: number, since: string): NewObject {
  const room = { cpu: '32', memory: '128Gi', pods: '110', 'ephemeral-storage': '200Gi' };
  const name = nodeName(index);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/os': 'linux',
        pool: 'general',
      },
    },
    spec: { podCIDR: `10.${index >> 8}.${index & 255}.0/24` },
    status: {
      capacity: room,
      allocatable: { ...room, cpu: '31500m' },
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', lastTransitionTime: since }],
      addresses: [{ type: 'InternalIP', address: `10.200.${index >> 8}.${index & 255}` }],
      nodeInfo: {
        kubeletVersion: 'v1.37.2',
        architecture: 'amd64',
        osImage: 'Linux',
        kernelVersion: '6.12.58',
        containerRuntimeVersion: 'containerd://2.2.0',
      },
    },
  };
}

function workloadStatus(replicas: number, condition: Condition, since: string): Fields {
  const ready = condition === 'running' ? replicas : 0;
  const available = ready === replicas;
  return {
    observedGeneration: 1,
    replicas,
    updatedReplicas: replicas,
    ...(ready === 0 ? { unavailableReplicas: replicas } : { readyReplicas: ready, availableReplicas: ready }),
    conditions: [
      {
        type: 'Available',
        status: available ? 'True' : 'False',
        reason: available ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
        lastTransitionTime: since,
        lastUpdateTime: since,
      },
    ],
  };
}

function pod(about: {
  owner: KubeObject;
  name: string;
  labels: Record<string, string>;
  spec: Fields;
  condition: Condition;
  ip: string;
  startedAt: string;
}): NewObject {
  const { owner, name, labels, spec, condition, ip, startedAt } = about;
  const ready = condition === 'running';
  const containers = Array.isArray(spec.containers) ? (spec.containers as { name: string; image: string }[]) : [];
  const containerStatuses = containers.map((container) => ({
    name: container.name,
    image: container.image,
    imageID: condition === 'pulling' ? '' : `${container.image.split(':')[0]}@sha256:${'5f3c'.repeat(16)}`,
    ready,
    started: ready,
    restartCount: condition === 'crashing' ? 14 : 0,
    ...states[condition](startedAt),
  }));
  const conditions = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(
    (type) => ({
      type,
      status: ready || (type !== 'Ready' && type !== 'ContainersReady') ? 'True' : 'False',
      ...(ready || !type.endsWith('Ready') ? {} : { reason: 'ContainersNotReady' }),
      lastTransitionTime: startedAt,
    }),
  );
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: name.slice(0, -5),
      namespace: owner.metadata.namespace,
      labels,
      ownerReferences: [ownerReference(owner)],
    },
    spec,
    status: {
      phase: condition === 'pulling' ? 'Pending' : 'Running',
      conditions,
      containerStatuses,
      hostIP: '10.200.0.1',
      podIP: ip,
      podIPs: [{ ip }],
      startTime: startedAt,
      qosClass: qosClass(spec),
    },
  };
}

const states: Record<Condition, (startedAt: string) => Fields> = {
  running: (startedAt) => ({ lastState: {}, state: { running: { startedAt } } }),
  crashing: (startedAt) => ({
    lastState: { terminated: { exitCode: 1, reason: 'Error', startedAt, finishedAt: startedAt, containerID: '' } },
    state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' } },
  }),
  pulling: () => ({
    lastState: {},
    state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } },
  }),
};
