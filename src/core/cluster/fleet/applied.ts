import type { Clock } from '../../kernel/clock.ts';
import { Emitter } from '../../kernel/emitter.ts';
import type { WatchMessage } from '../../kube/columns/batch.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { Watchers } from '../../kube/reflector/watchers.ts';

/** What the tables could not take in: messages of the watcher before it were lost or reordered. */
export interface Lost {
  cluster: number;
  kind: string;
  error: Error;
  /** Times since the start, of all kinds and clusters. */
  count: number;
}

/** Pause before a kind is listed anew: none the first time, and longer for one that fails again and again. */
const firstPauseMs = 1_000;
const lastPauseMs = 60_000;

/**
 * Watchers whose messages are in the tables before anybody hears of them. What the tables refuse nobody hears of, nor
 * of anything else that this watch says until `resync` has started it anew: a list that lost rows must not be called
 * complete.
 */
export function createApplied(options: {
  watchers: Watchers;
  tables: Tables;
  clock: Clock;
  /** Watches the kind from nothing; called outside of any message. */
  resync(cluster: number, kind: string): void;
  onLost(lost: Lost): void;
}): Watchers {
  const { watchers, tables, clock, resync, onLost } = options;
  const applied = new Emitter<WatchMessage>();
  /** `cluster kind` of watches that are not listened to. */
  const deaf = new Set<string>();
  const failures = new Map<string, number>();
  let count = 0;

  const lose = (key: string, lost: Lost) => {
    deaf.add(key);
    const before = failures.get(key) ?? 0;
    failures.set(key, before + 1);
    const pauseMs = before === 0 ? 0 : Math.min(lastPauseMs, firstPauseMs * 2 ** (before - 1));
    // Not within the message: the watcher that sent it is in the middle of its own work.
    clock.after(pauseMs, () => {
      deaf.delete(key);
      resync(lost.cluster, lost.kind);
    });
    onLost(lost);
  };

  const subscription = watchers.onMessage((message) => {
    const cluster = message.type === 'rows' ? message.batch.cluster : message.cluster;
    const kind = message.type === 'rows' ? message.batch.kind : message.kind;
    const key = `${cluster} ${kind}`;
    if (deaf.has(key)) return;
    try {
      tables.apply(message);
    } catch (error) {
      lose(key, { cluster, kind, error: error instanceof Error ? error : new Error(String(error)), count: ++count });
      return;
    }
    if (message.type === 'listed') failures.delete(key);
    applied.fire(message);
  });

  return {
    onMessage: applied.event,
    connect: (...args) => watchers.connect(...args),
    disconnect: (...args) => watchers.disconnect(...args),
    watch: (...args) => watchers.watch(...args),
    unwatch: (...args) => watchers.unwatch(...args),
    retry: (...args) => watchers.retry(...args),
    shed: () => watchers.shed(),
    dispose() {
      subscription.dispose();
      applied.dispose();
      watchers.dispose();
    },
  };
}
