import type { Disposable } from '../../kernel/disposable.ts';
import type { Event } from '../../kernel/emitter.ts';
import type { ConnectionSpec, CredentialSource } from '../auth/connection.ts';
import type { WatchMessage } from '../columns/batch.ts';
import type { KindSchema } from '../columns/schema.ts';

/** One kind of one cluster to be kept up to date. */
export interface WatchTarget {
  schema: KindSchema;
  /** Lists are limited to these namespaces; null for all. A 403 for all of them is reported, not retried at once. */
  namespaces: readonly string[] | null;
  /** Version to resume from (out of a snapshot), by scope; a server that no longer has it causes one fresh list. */
  resume?: Readonly<Record<string, string>> | undefined;
  /** Custom kinds are asked for as JSON. */
  custom: boolean;
  /** Smaller is more urgent: 0 is on screen, 1 is needed by the fleet's health, 2 is background. */
  priority: 0 | 1 | 2;
}

/**
 * The watchers of all clusters, sharded over worker threads. Messages of one (cluster, kind, scope) arrive in order.
 * A watcher never gives up: it backs off and reports its state, until `unwatch` or `disconnect`.
 */
export interface Watchers extends Disposable {
  readonly onMessage: Event<WatchMessage>;
  /** Clusters are numbered by the caller; a number is not used again for another cluster. */
  connect(cluster: number, spec: ConnectionSpec, credentials: CredentialSource): void;
  disconnect(cluster: number): void;
  watch(cluster: number, target: WatchTarget): void;
  /** After this, no more messages for that kind and cluster arrive. */
  unwatch(cluster: number, kind: string): void;
  /** Ends every pause of that cluster's watches: the user asked, the network came back, the machine woke up. */
  retry(cluster: number): void;
  /** Memory is short: caches that only save work are emptied. */
  shed(): void;
}
