import { sameValue } from '../api/write/sameValue.ts';
import type { SimulatedCluster } from '../cluster.ts';
import { at, type Fields, type KubeObject, listAt, ownerReference, recordAt, textAt } from '../objects.ts';
import { keyOf } from '../store/objectStore.ts';
import { asPod, isPodReady, type Pod } from './shapes.ts';
import { createWorkQueue, type WorkQueue } from './workQueue.ts';

const slices = 'endpointslices.discovery.k8s.io';
/** The real controller also waits a moment, so that a rollout costs few slices. */
const delayMs = 300;
/** Nobody connects in the past, and a rollout costs one slice. */
const pastDelayMs = 20_000;

/** Keeps one endpoint slice a service: the ready pods that its selector chooses. */
export function createEndpointController(cluster: SimulatedCluster): WorkQueue {
  const { store, timeline } = cluster;
  const random = cluster.random.fork('slices');

  return createWorkQueue(
    timeline,
    () => (timeline.live ? delayMs : pastDelayMs),
    (key) => {
      const service = store.get('services', key)?.object;
      const selector = Object.entries(recordAt(service, 'spec.selector'));
      if (service === undefined || selector.length === 0) return;
      const namespace = service.metadata.namespace ?? '';
      const pods: Pod[] = [];
      for (const object of store.objects('pods', namespace)) {
        if (!selector.every(([name, value]) => object.metadata.labels?.[name] === value)) continue;
        if (textAt(object, 'status.podIP') !== '' && textAt(object, 'status.phase') === 'Running')
          pods.push(asPod(object));
      }
      const endpoints = pods.map((pod) => endpointOf(pod));
      const ports = listAt(service, 'spec.ports').map((port) => ({
        name: textAt(port, 'name'),
        port: targetPort(port, pods[0]),
        protocol: textAt(port, 'protocol') || 'TCP',
      }));
      const existing = store.ownedBy(service.metadata.uid).find((owned) => owned.type === slices)?.object;
      if (existing === undefined) {
        cluster.create(slices, {
          apiVersion: 'discovery.k8s.io/v1',
          kind: 'EndpointSlice',
          metadata: {
            name: `${service.metadata.name}-${random.suffix(5)}`,
            generateName: `${service.metadata.name}-`,
            namespace,
            labels: {
              ...service.metadata.labels,
              'kubernetes.io/service-name': service.metadata.name,
              'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
            },
            ownerReferences: [ownerReference(service)],
          },
          addressType: 'IPv4',
          endpoints,
          ports,
        });
      } else if (!sameValue(existing.endpoints, endpoints) || !sameValue(existing.ports, ports)) {
        store.put(slices, { ...existing, endpoints, ports });
      }
    },
  );
}

function endpointOf(pod: Pod): Fields {
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const ready = isPodReady(pod) && !terminating;
  return {
    addresses: [pod.status.podIP],
    conditions: { ready, serving: isPodReady(pod), terminating },
    nodeName: pod.spec.nodeName,
    targetRef: { kind: 'Pod', namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid },
  };
}

function targetPort(port: unknown, pod: Pod | undefined): number {
  const target = at(port, 'targetPort');
  if (typeof target === 'number') return target;
  for (const container of pod?.spec.containers ?? []) {
    for (const offered of listAt(container, 'ports')) {
      if (textAt(offered, 'name') === target) return Number(textAt(offered, 'containerPort'));
    }
  }
  return Number(textAt(port, 'port'));
}

/** The services of a namespace that choose a pod. */
export function servicesOf(cluster: SimulatedCluster, pod: KubeObject): string[] {
  const keys: string[] = [];
  for (const object of cluster.store.objects('services', pod.metadata.namespace)) {
    const selector = Object.entries(recordAt(object, 'spec.selector'));
    if (selector.length > 0 && selector.every(([name, value]) => pod.metadata.labels?.[name] === value))
      keys.push(keyOf(object.metadata));
  }
  return keys;
}
