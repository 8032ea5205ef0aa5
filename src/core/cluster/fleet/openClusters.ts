import type { Disposable } from '../../kernel/disposable.ts';
import type { Event } from '../../kernel/emitter.ts';
import type { DiscoveredKind } from '../../kube/discovery/discovered.ts';
import type { StreamRequest, Upgraded, UpgradeRequest } from '../../kube/transport/index.ts';
import type { ScopeState } from '../resources/contract.ts';
import type { ClusterState } from './contract.ts';

/** One known cluster, as other capabilities need it. */
export interface FleetCluster {
  /** Cluster id, as in the contract. */
  id: string;
  /** Its number in tables and watchers; never used again for another cluster. */
  index: number;
  name: string;
  state: ClusterState;
  since: number;
  reason: string | undefined;
  hint: string | undefined;
  /** Opened by the user (or pinned): takes part in lists, live or not. */
  open: boolean;
  /** Not open, and rows of it are there, from before it was closed or from an earlier run: it takes part as stale. */
  known: boolean;
  /** Milliseconds by which its server's clock is ahead of ours; absent while they agree. */
  clockSkewMs?: number;
  /** Guarded by the user: what changes it asks for its name. */
  protected?: boolean;
  /** The kubeconfig's name of the user. */
  user?: string;
  /** What its API server serves; empty before the first contact. */
  kinds: readonly DiscoveredKind[];
}

export interface ApiRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with query, such as `/api/v1/namespaces/default/pods/web-0`. */
  path: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  signal?: AbortSignal;
}

export interface ApiResponse {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** What the fleet offers to the capabilities built on it. */
export interface OpenClusters {
  all(): readonly FleetCluster[];
  byId(id: string): FleetCluster | undefined;
  /** A cluster appeared, went, changed its state or its kinds. */
  readonly onChange: Event<void>;
  /**
   * Keeps a kind watched in these clusters (all open ones when absent, later ones included) until disposed. Watches
   * are shared, and end some time after the last demand (at once after one with `linger: false`).
   */
  demand(kind: string, options?: { clusters?: readonly string[]; priority?: 0 | 1 | 2; linger?: boolean }): Disposable;
  /** Where the lists of a kind stand, a row a cluster that is open. */
  scopes(kind: string): readonly ScopeState[];
  /** Fires when `scopes` of any kind may have changed. */
  readonly onScopeChange: Event<string>;
  /**
   * Sends one request. Rejects with KubeSageError: `unreachable`, `unauthenticated`, `forbidden`, `notFound`,
   * `conflict`, `timeout`, with the server's own message. Never contacts a cluster that is not open.
   */
  request(cluster: string, request: ApiRequest): Promise<ApiResponse>;
}

/** Long answers and two-way connections of open clusters: for logs, terminals and forwarded ports. */
export interface ClusterStreams {
  /** Streams an answer's body; resolves at its end. Rejects as `OpenClusters.request` does. */
  stream(cluster: string, request: StreamRequest): Promise<void>;
  /** Opens a WebSocket. Rejects as `OpenClusters.request` does. */
  upgrade(cluster: string, request: UpgradeRequest): Promise<Upgraded>;
}
