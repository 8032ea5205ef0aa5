import type { SimulatedCluster } from '../cluster.ts';
import { usageOf } from '../controllers/usage.ts';
import { type Fields, instant, isFields, type KubeObject, listAt, textAt } from '../objects.ts';
import { type ResourceCall, sendJson } from './call.ts';
import { selection } from './list.ts';
import { notFound } from './status.ts';

const group = 'metrics.k8s.io/v1beta1';

/** Answers metrics.k8s.io: computed at the moment of asking, from the load of that moment. */
export function metrics(call: ResourceCall): void {
  const nodes = call.type.resource === 'nodes';
  const kind = nodes ? 'NodeMetrics' : 'PodMetrics';
  const measure = nodes ? nodeMetrics : podMetrics;
  const { store } = call.cluster;
  const source = nodes ? 'nodes' : 'pods';
  if (call.name !== '') {
    const object = store.object(source, call.namespace, call.name);
    const measured = object === undefined ? undefined : measure(call.cluster, object);
    if (measured === undefined) throw notFound(call.type, call.name);
    sendJson(call, 200, { kind, apiVersion: group, ...measured });
    return;
  }
  const wanted = selection(call);
  const items: Fields[] = [];
  for (const { object } of store.list(source, call.namespace === '' ? undefined : call.namespace)) {
    if (wanted !== undefined && !wanted(object)) continue;
    const measured = measure(call.cluster, object);
    if (measured !== undefined) items.push(measured);
  }
  sendJson(call, 200, { kind: `${kind}List`, apiVersion: group, metadata: {}, items });
}

function cpu(millicores: number): string {
  return `${Math.round(millicores * 1e6)}n`;
}

function memory(bytes: number): string {
  return `${Math.round(bytes / 1024)}Ki`;
}

/** Only running pods are measured, as by the metrics server. */
function podMetrics(cluster: SimulatedCluster, pod: KubeObject): Fields | undefined {
  if (textAt(pod, 'status.phase') !== 'Running') return undefined;
  const now = cluster.timeline.now();
  const containers = listAt(pod, 'spec.containers')
    .filter(isFields)
    .map((container) => {
      const usage = usageOf(pod, container, now);
      return { name: container.name, usage: { cpu: cpu(usage.cpuMillicores), memory: memory(usage.memoryBytes) } };
    });
  return { metadata: metadataOf(pod), timestamp: instant(now), window: '15s', containers };
}

function nodeMetrics(cluster: SimulatedCluster, node: KubeObject): Fields | undefined {
  const now = cluster.timeline.now();
  // What the system itself takes.
  let cpuMillicores = 80;
  let memoryBytes = 600 * 1024 * 1024;
  for (const { object: pod } of cluster.store.list('pods')) {
    if (textAt(pod, 'spec.nodeName') !== node.metadata.name || textAt(pod, 'status.phase') !== 'Running') continue;
    for (const container of listAt(pod, 'spec.containers').filter(isFields)) {
      const usage = usageOf(pod, container, now);
      cpuMillicores += usage.cpuMillicores;
      memoryBytes += usage.memoryBytes;
    }
  }
  return {
    metadata: metadataOf(node),
    timestamp: instant(now),
    window: '15s',
    usage: { cpu: cpu(cpuMillicores), memory: memory(memoryBytes) },
  };
}

function metadataOf(object: KubeObject): Fields {
  const { name, namespace, labels, creationTimestamp } = object.metadata;
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    creationTimestamp,
    ...(labels === undefined ? {} : { labels }),
  };
}
