import { type Clock, systemClock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { kubernetesProtobuf } from '../api/protobuf.ts';
import { createCluster, type SimulatedCluster } from '../cluster.ts';
import { asPod, type Pod } from '../controllers/shapes.ts';
import { apiVersionOf } from '../kinds/registry.ts';
import { kubeconfigOf, type ServedCluster } from '../kubeconfig.ts';
import { instant, type KubeObject, type NewObject } from '../objects.ts';
import { administrator, createSimulator, type Simulator } from '../server.ts';
import { createRandom, type Random } from '../store/random.ts';
import { type Model, modelOf, VariantEntry, variantOf } from '../store/variants.ts';
import { fillTemplate } from './scaleTemplate.ts';

export interface ScaleOptions {
  clusters: number;
  /** A cluster. */
  pods: number;
  /** Changes a second, over all clusters together: pods that restart, and pods that are replaced. */
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

const churnPeriodMs = 50;
/** What changes is kept as objects, ten times the size of what is only bytes: it is always among these, a cluster. */
const churningPods = 100;
/** Of the changes, the share that replaces a pod by another. */
const replacedShare = 0.2;

/**
 * Many big clusters for load. All are variants of one: what equals is encoded once, and a hundred clusters of 5,000
 * pods take about the memory of one and of what has changed. Names, uids and owners differ from cluster to cluster.
 */
export async function scale(options: ScaleOptions): Promise<ScaleFleet> {
  const clock = options.clock ?? systemClock;
  const seed = options.seed ?? 'scale';
  const template = createCluster({ name: 'template', random: createRandom(seed), startMs: clock.now() });
  fillTemplate(template, { pods: options.pods, nowMs: clock.now(), random: createRandom(`${seed}/fill`) });
  const models = modelsOf(template);
  const simulators: Simulator[] = [];
  const served: ServedCluster[] = [];
  for (let index = 0; index < options.clusters; index++) {
    const name = `load-${String(index).padStart(3, '0')}`;
    const simulator = createSimulator({ name, clock, seed: `${seed}/${name}`, controllers: false, ringSize: 500 });
    const variant = variantOf(index);
    for (const [type, ofType] of models) {
      const entries = ofType.map((model) => new VariantEntry(model, variant));
      simulator.cluster.store.adopt(type, entries);
    }
    simulator.cluster.create('namespaces', system);
    simulators.push(simulator);
    served.push({ ...(await simulator.listen({ tls: options.tls ?? true })), user: administrator(name) });
  }
  const random = createRandom(`${seed}/churn`);
  let changes = 0;
  let owed = 0;
  const churning = simulators.map(({ cluster }) => churningKeys(cluster));
  const churn = clock.every(churnPeriodMs, () => {
    const now = instant(clock.now());
    owed += (options.churnPerSecond * churnPeriodMs) / 1000;
    for (; owed >= 1; owed--) {
      const which = random.integer(0, simulators.length - 1);
      const simulator = simulators[which];
      const keys = churning[which];
      if (simulator === undefined || keys === undefined || keys.length === 0) continue;
      change(simulator.cluster, { keys, random, now });
      changes++;
    }
  });
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

const system: NewObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'kube-system' },
  status: { phase: 'Active' },
};

function modelsOf(template: SimulatedCluster): Map<string, Model[]> {
  const models = new Map<string, Model[]>();
  for (const id of template.store.types()) {
    const type = template.types.byId(id);
    const encode = (object: KubeObject) => kubernetesProtobuf.encode(apiVersionOf(type), type.kind, object);
    models.set(
      id,
      Array.from(template.store.list(id), (entry) => modelOf(entry, encode)),
    );
  }
  return models;
}

/** Evenly out of all pods. */
function churningKeys({ store }: SimulatedCluster): string[] {
  const all = Array.from(store.list('pods'), (entry) => entry.key);
  const step = Math.max(1, Math.floor(all.length / churningPods));
  return all.filter((_, at) => at % step === 0);
}

/** Changes one of the pods with these keys; a pod that is replaced leaves its place among them to the new one. */
function change(
  cluster: SimulatedCluster,
  { keys, random, now }: { keys: string[]; random: Random; now: string },
): void {
  const at = random.integer(0, keys.length - 1);
  const key = keys[at] ?? '';
  const object = cluster.store.get('pods', key)?.object;
  if (object === undefined) return;
  if (!random.chance(replacedShare)) {
    cluster.store.put('pods', restarted(asPod(object), now));
    return;
  }
  cluster.store.remove('pods', key);
  const { generateName = '', namespace = '' } = object.metadata;
  const name = `${generateName}${random.suffix(5)}`;
  const { uid: _uid, resourceVersion: _version, creationTimestamp: _created, ...metadata } = object.metadata;
  cluster.create('pods', { ...object, metadata: { ...metadata, name } }, random.uid());
  keys[at] = `${namespace}/${name}`;
}

/** The change that a list shows. */
function restarted(pod: Pod, now: string): KubeObject {
  const containerStatuses = (pod.status.containerStatuses ?? []).map((status) => ({
    ...status,
    restartCount: status.restartCount + 1,
    state: { running: { startedAt: now } },
  }));
  return { ...pod, status: { ...pod.status, containerStatuses } };
}
