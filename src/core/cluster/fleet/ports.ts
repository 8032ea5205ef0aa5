import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import type { Authenticator, ConnectionSpec, CredentialSource } from '../../kube/auth/index.ts';
import type { SnapshotFolder } from '../../kube/columns/snapshotFolder.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { DiscoveredKind } from '../../kube/discovery/discovered.ts';
import type { Kubeconfig } from '../../kube/kubeconfig/index.ts';
import type { Watchers } from '../../kube/reflector/watchers.ts';
import type { StreamRequest, Upgraded, UpgradeRequest } from '../../kube/transport/index.ts';
import type { Documents } from '../../platform/settings/index.ts';
import type { ApiRequest, ApiResponse } from './openClusters.ts';
import type { UserColumns } from './userColumns.ts';

/** The way to one API server, as kube/transport makes it. Answers of 400 and above reject with KubeSageError. */
export interface ClusterTransport extends Disposable {
  request(request: ApiRequest & { timeoutMs?: number | undefined }): Promise<ApiResponse>;
  stream(request: StreamRequest): Promise<void>;
  upgrade(request: UpgradeRequest): Promise<Upgraded>;
  /** Milliseconds by which the server's clock is ahead. */
  readonly skewMs: number;
}

export interface DiscoveryListener {
  /** The complete list, at first and whenever it changed. */
  onKinds(kinds: readonly DiscoveredKind[]): void;
  /** What could not be discovered; what is known stays. */
  onProblem(error: unknown): void;
}

/** Follows what a server serves until disposed; kinds may come and go. */
export type FollowDiscovery<T extends ClusterTransport> = (
  transport: T,
  listener: DiscoveryListener,
) => Disposable & {
  /** Looks again soon: a custom resource definition changed. */
  refresh(): void;
};

/** Where what is known of the clusters outlives the process. */
export interface FleetSnapshots {
  folder: SnapshotFolder;
  /** This program's version: another one may compute cells otherwise. */
  program: string;
  /** Lets the event loop take its turn, between pieces of work. */
  pause(): Promise<void>;
  /** Tells the user; a notice replaces the one with the same key, null takes it back. */
  notify(key: string, notice: { message: string; hint: string } | null): void;
}

export interface FleetOptions<T extends ClusterTransport = ClusterTransport> {
  kubeconfig: Kubeconfig;
  authenticator: Authenticator;
  /** Its messages are applied to `tables` by whoever made both, before the fleet hears of them. */
  watchers: Watchers;
  tables: Tables;
  documents: Documents;
  /** Absent: nothing is kept. */
  snapshots?: FleetSnapshots | undefined;
  /** Absent: none. */
  userColumns?: UserColumns | undefined;
  clock: Clock;
  createTransport(spec: ConnectionSpec, credentials: CredentialSource): T;
  followDiscovery: FollowDiscovery<T>;
  /** Between 0 and 1; decides about pauses. Math.random when absent. */
  random?: () => number;
}
