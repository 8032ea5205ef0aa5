import { type Clock, systemClock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { qosClass } from '../api/write/defaults.ts';
import { createCluster } from '../cluster.ts';
import { asPod, type Pod } from '../controllers/shapes.ts';
import { kubeconfigOf, type ServedCluster } from '../kubeconfig.ts';
import { instant, type KubeObject } from '../objects.ts';
import { administrator, createSimulator, type Simulator } from '../server.ts';
import { createRandom } from '../store/random.ts';
import { apps } from './catalog.ts';
import { podTemplate } from './manifests.ts';

export interface ScaleOptions {
  clusters: number;
  /** A cluster. */
  pods: number;
  /** Changes of pods a second, over all clusters together. */
  churnPerSecond: number;
  clock?: Clock;
  seed?: string;
  /** False serves plain HTTP. */
  tls?: boolean;
}

export interface ScaleFleet extends Disposable {
  kubeconfig: string;
  readonly simulators: readonly Simulator[];
  /** Changes so far. */
  readonly changes: number;
}

const podsPerNode = 100;
const churnPeriodMs = 50;

/**
 * Many big clusters for load. All begin with the same objects, encodings included, and differ only by what churns and
 * by the uid of `kube-system`: a hundred clusters of 5,000 pods take the memory of one, and of what has changed.
 */
export async function scale(options: ScaleOptions): Promise<ScaleFleet> {
  const clock = options.clock ?? systemClock;
  const seed = options.seed ?? 'scale';
  const template = createCluster({ name: 'template', random: createRandom(seed), startMs: clock.now() });
  fill(template.create, createRandom(`${seed}/fill`), options.pods, clock.now());
  const simulators: Simulator[] = [];
  const served: ServedCluster[] = [];
  for (let index = 0; index < options.clusters; index++) {
    const name = `load-${String(index).padStart(3, '0')}`;
    const simulator = createSimulator({ name, clock, seed: `${seed}/${name}`, controllers: false, ringSize: 500 });
    for (const type of template.store.types()) simulator.cluster.store.adopt(type, template.store.list(type));
    const system = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'kube-system' },
      status: { phase: 'Active' },
    };
    simulator.cluster.create('namespaces', system);
    simulators.push(simulator);
    served.push({ ...(await simulator.listen({ tls: options.tls ?? true })), user: administrator(name) });
  }
  const random = createRandom(`${seed}/churn`);
  let changes = 0;
  let owed = 0;
  const keys = Array.from(template.store.list('pods'), (entry) => entry.key);
  const churn = clock.every(churnPeriodMs, () => {
    owed += (options.churnPerSecond * churnPeriodMs) / 1000;
    for (; owed >= 1; owed--) {
      change(random.pick(simulators), random.pick(keys));
      changes++;
    }
  });
  const change = ({ cluster }: Simulator, key: string) => {
    const object = cluster.store.get('pods', key)?.object;
    if (object !== undefined) cluster.store.put('pods', changed(asPod(object), instant(clock.now())));
  };
  return {
    kubeconfig: kubeconfigOf(served),
    simulators,
    get changes() {
      return changes;
    },
    dispose() {
      churn.dispose();
      for (const simulator of simulators) simulator.dispose();
    },
  };
}

/** A restart: the change that a list shows. */
function changed(pod: Pod, now: string): KubeObject {
  const containerStatuses = (pod.status.containerStatuses ?? []).map((status) => ({
    ...status,
    restartCount: status.restartCount + 1,
    state: { running: { startedAt: now } },
  }));
  return { ...pod, status: { ...pod.status, containerStatuses } };
}

function fill(
  create: (type: string, object: KubeObject) => KubeObject,
  random: ReturnType<typeof createRandom>,
  pods: number,
  nowMs: number,
): void {
  const shop = apps.filter((app) => app.kind === 'Deployment');
  const templates = shop.map((app) => podTemplate(app, app.versions[0] ?? 'latest'));
  const namespaces = [...new Set(shop.map((app) => app.namespace))];
  const add = (type: string, kind: string, metadata: Partial<KubeObject['metadata']>, rest: object) =>
    create(type, { apiVersion: 'v1', kind, metadata: metadata as KubeObject['metadata'], ...rest });
  for (const name of ['default', ...namespaces])
    add('namespaces', 'Namespace', { name }, { status: { phase: 'Active' } });
  const room = { cpu: '32', memory: '128Gi', pods: '110' };
  const nodes = Math.ceil(pods / podsPerNode);
  for (let index = 0; index < nodes; index++) {
    const conditions = [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }];
    const nodeInfo = {
      kubeletVersion: 'v1.37.2',
      architecture: 'amd64',
      osImage: 'Linux',
      kernelVersion: '6.12.58',
      containerRuntimeVersion: 'containerd://2.2.0',
    };
    add(
      'nodes',
      'Node',
      { name: `node-${index}` },
      { spec: {}, status: { capacity: room, allocatable: room, conditions, nodeInfo } },
    );
  }
  const startedAt = instant(nowMs - 3_600_000);
  for (let index = 0; index < pods; index++) {
    const which = index % shop.length;
    const [app, template] = [shop[which], templates[which]];
    if (app === undefined || template === undefined) return;
    const name = `${app.name}-${random.suffix(9)}-${random.suffix(5)}`;
    const ip = `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
    const containers = Array.isArray(template.spec.containers) ? template.spec.containers : [];
    const containerStatuses = containers.map((container: { name: string; image: string }) => ({
      name: container.name,
      image: container.image,
      imageID: container.image,
      ready: true,
      started: true,
      restartCount: 0,
      lastState: {},
      state: { running: { startedAt } },
    }));
    const conditions = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
      type,
      status: 'True',
      lastTransitionTime: startedAt,
    }));
    add(
      'pods',
      'Pod',
      { name, namespace: app.namespace, labels: template.metadata.labels as Record<string, string> },
      {
        spec: { ...template.spec, nodeName: `node-${index % nodes}` },
        status: {
          phase: 'Running',
          conditions,
          containerStatuses,
          podIP: ip,
          podIPs: [{ ip }],
          startTime: startedAt,
          qosClass: qosClass(template.spec),
        },
      },
    );
  }
}
