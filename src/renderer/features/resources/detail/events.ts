import type { Event } from '../../../../core/cluster/resources/contract.ts';

/** Events that say the same, as one: the kubelet repeats itself under new names. */
export interface EventGroup {
  key: string;
  type: string;
  reason: string;
  message: string;
  count: number;
  first: number;
  last: number;
  source: string;
}

/** Groups by type, reason, message and source; newest first. */
export function groupEvents(events: readonly Event[]): EventGroup[] {
  const groups = new Map<string, EventGroup>();
  for (const event of events) {
    const key = JSON.stringify([event.type, event.reason, event.message, event.source]);
    const group = groups.get(key);
    if (group === undefined) {
      const { type, reason, message, count, first, last, source } = event;
      groups.set(key, { key, type, reason, message, count, first, last, source });
    } else {
      group.count += event.count;
      group.first = Math.min(group.first, event.first);
      group.last = Math.max(group.last, event.last);
    }
  }
  return [...groups.values()].sort((a, b) => b.last - a.last);
}
