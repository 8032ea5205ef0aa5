import type { SimulatedCluster } from '../cluster.ts';
import { instant, type KubeObject, type NewObject, numberAt } from '../objects.ts';
import { keyOf } from '../store/objectStore.ts';

export interface EventRecorder {
  /** Tells about an object; the same news about the same object is counted up. */
  record(about: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string, from: EventSource): void;
}

export interface EventSource {
  component: string;
  host?: string | undefined;
  fieldPath?: string | undefined;
}

/** The API server keeps events for an hour. */
const keptMs = 60 * 60_000;

export function createEventRecorder(cluster: SimulatedCluster, fromMs: number): EventRecorder {
  const { store, timeline } = cluster;
  const random = cluster.random.fork('events');
  const recent = new Map<string, string>();

  const forget = (correlation: string, key: string) => {
    const last = store.get('events', key)?.object;
    const seen = last === undefined ? 0 : Date.parse(String(last.lastTimestamp));
    const rest = seen + keptMs - timeline.now();
    if (last !== undefined && rest > 0) {
      timeline.after(rest, () => forget(correlation, key));
      return;
    }
    store.remove('events', key);
    recent.delete(correlation);
  };

  return {
    record(about, type, reason, message, from) {
      if (timeline.now() < fromMs) return;
      const { name, uid } = about.metadata;
      const namespace = about.metadata.namespace ?? 'default';
      const correlation = `${uid} ${reason} ${message} ${from.component} ${from.fieldPath ?? ''}`;
      const now = instant(timeline.now());
      const known = recent.get(correlation);
      const counted = known === undefined ? undefined : store.get('events', known)?.object;
      if (counted !== undefined) {
        store.put('events', { ...counted, count: numberAt(counted, 'count') + 1, lastTimestamp: now });
        return;
      }
      const event: NewObject = {
        kind: 'Event',
        apiVersion: 'v1',
        metadata: { name: `${name}.${random.uid().replaceAll('-', '').slice(0, 16)}`, namespace },
        involvedObject: {
          kind: about.kind,
          ...(about.metadata.namespace === undefined ? {} : { namespace: about.metadata.namespace }),
          name,
          uid,
          apiVersion: about.apiVersion,
          resourceVersion: about.metadata.resourceVersion,
          ...(from.fieldPath === undefined ? {} : { fieldPath: from.fieldPath }),
        },
        reason,
        message,
        source: { component: from.component, ...(from.host === undefined ? {} : { host: from.host }) },
        firstTimestamp: now,
        lastTimestamp: now,
        count: 1,
        type,
        eventTime: null,
        reportingComponent: from.component,
        reportingInstance: from.host ?? '',
      };
      const key = keyOf(cluster.create('events', event, random.uid()).metadata);
      recent.set(correlation, key);
      timeline.after(keptMs, () => forget(correlation, key));
    },
  };
}
