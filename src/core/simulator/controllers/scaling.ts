import { sameValue } from '../api/write/sameValue.ts';
import type { SimulatedCluster } from '../cluster.ts';
import { instant, type KubeObject, listAt, numberAt, recordAt, textAt } from '../objects.ts';
import { deployments } from './deployments.ts';
import type { EventRecorder } from './events.ts';
import { millicores } from './quantities.ts';
import { asPod, type Condition, isPodReady, withCondition } from './shapes.ts';
import { usageOf } from './usage.ts';

const autoscalers = 'horizontalpodautoscalers.autoscaling';
/** Within this share of the target nothing is scaled: the real controller's tolerance. */
const tolerance = 0.1;
/** The real one looks every 15 s; a fleet on a screen looks alive with less. */
export const scalingPeriodMs = 60_000;
/** While a past is played through, hours pass in milliseconds. */
export const pastScalingPeriodMs = 4 * 60 * 60_000;
/** Usage is estimated from this many pods: all pods of a deployment have the same load. */
const sampledPods = 4;

/** Looks at every autoscaler once: usage over requests of its pods against the target. */
export function scaleAll(cluster: SimulatedCluster, events: EventRecorder): void {
  for (const autoscaler of cluster.store.objects(autoscalers)) scaleOne(cluster, events, autoscaler);
}

function scaleOne(cluster: SimulatedCluster, events: EventRecorder, autoscaler: KubeObject): void {
  const { store, timeline } = cluster;
  const target = store.object(
    deployments,
    autoscaler.metadata.namespace ?? '',
    textAt(autoscaler, 'spec.scaleTargetRef.name'),
  );
  if (target === undefined) return;
  const current = numberAt(target, 'spec.replicas');
  const wantedPercent = numberAt(listAt(autoscaler, 'spec.metrics')[0], 'resource.target.averageUtilization') || 80;
  const percent = utilization(cluster, target);
  const [least, most] = [numberAt(autoscaler, 'spec.minReplicas') || 1, numberAt(autoscaler, 'spec.maxReplicas')];
  let desired = current;
  if (percent !== undefined && Math.abs(percent / wantedPercent - 1) > tolerance)
    desired = Math.ceil((current * percent) / wantedPercent);
  desired = Math.max(least, Math.min(most, desired));
  const now = instant(timeline.now());
  if (desired !== current && current > 0) {
    const way =
      desired > current ? 'cpu resource utilization (percentage of request) above target' : 'All metrics below target';
    events.record(autoscaler, 'Normal', 'SuccessfulRescale', `New size: ${desired}; reason: ${way}`, {
      component: 'horizontal-pod-autoscaler',
    });
    store.put(deployments, {
      ...target,
      metadata: { ...target.metadata, generation: (target.metadata.generation ?? 0) + 1 },
      spec: { ...recordAt(target, 'spec'), replicas: desired },
    });
  }
  let conditions = listAt(autoscaler, 'status.conditions') as Condition[];
  conditions = withCondition(
    conditions,
    {
      type: 'AbleToScale',
      status: 'True',
      reason: 'ReadyForNewScale',
      message: 'recommended size matches current size',
    },
    now,
  );
  conditions = withCondition(
    conditions,
    {
      type: 'ScalingActive',
      status: 'True',
      reason: 'ValidMetricFound',
      message:
        'the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)',
    },
    now,
  );
  const status = {
    observedGeneration: 1,
    ...(desired === current && textAt(autoscaler, 'status.lastScaleTime') === ''
      ? {}
      : { lastScaleTime: desired === current ? textAt(autoscaler, 'status.lastScaleTime') : now }),
    currentReplicas: current,
    desiredReplicas: desired,
    currentMetrics:
      percent === undefined
        ? []
        : [
            {
              type: 'Resource',
              resource: {
                name: 'cpu',
                current: { averageUtilization: Math.round(percent), averageValue: `${Math.round(percent)}m` },
              },
            },
          ],
    conditions,
  };
  // A percent more or less is not news.
  const before = numberAt(listAt(autoscaler, 'status.currentMetrics')[0], 'resource.current.averageUtilization');
  const steady =
    desired === numberAt(autoscaler, 'status.desiredReplicas') &&
    current === numberAt(autoscaler, 'status.currentReplicas');
  if (steady && percent !== undefined && Math.abs(before - percent) < 3) return;
  if (!sameValue(status, autoscaler.status)) store.put(autoscalers, { ...autoscaler, status });
}

/** Percent of the requested CPU that the ready pods of a deployment use; undefined without any. */
function utilization(cluster: SimulatedCluster, target: KubeObject): number | undefined {
  const now = cluster.timeline.now();
  let used = 0;
  let requested = 0;
  let sampled = 0;
  for (const { object: set } of cluster.store.ownedBy(target.metadata.uid)) {
    for (const { object } of cluster.store.ownedBy(set.metadata.uid)) {
      const pod = asPod(object);
      if (!isPodReady(pod)) continue;
      if (sampled++ === sampledPods) return (used / requested) * 100;
      for (const container of pod.spec.containers) {
        used += usageOf(pod, container, now).cpuMillicores;
        requested += millicores(container.resources?.requests?.cpu);
      }
    }
  }
  return requested === 0 ? undefined : (used / requested) * 100;
}
