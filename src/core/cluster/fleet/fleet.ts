import { isDeepStrictEqual } from 'node:util';
import { type Disposable, Scope } from '../../kernel/disposable.ts';
import { Emitter, type Event } from '../../kernel/emitter.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { KubeContext } from '../../kube/kubeconfig/index.ts';
import type { StreamRequest, Upgraded, UpgradeRequest } from '../../kube/transport/index.ts';
import type { Document } from '../../platform/settings/index.ts';
import { type ClusterSettings, FleetMemory, FleetSettings } from './clusterSettings.ts';
import { type ConsentGroup, groupConsents } from './consents.ts';
import type { Cluster } from './contract.ts';
import { createDemands, type Demands } from './demands.ts';
import { Entries } from './entries.ts';
import { type Kept, readKept, rowsOfAll } from './kept.ts';
import type { ApiRequest, ApiResponse, ClusterStreams, FleetCluster, OpenClusters } from './openClusters.ts';
import type { ClusterTransport, FleetOptions } from './ports.ts';
import { type ClusterEntry, clusterRow, scopeOf, standingOf } from './rows.ts';
import { Session } from './session.ts';
import { createSlots, type Slots } from './slots.ts';
import { createTotals, type Totals } from './totals.ts';

/** All known clusters: which are open, how they stand, and what the capabilities above need of them. */
export interface Fleet extends OpenClusters, ClusterStreams, Disposable {
  /**
   * Shows what was known at the end of the last run, and opens the pinned clusters. To be called once, when whoever wants
   * to hear of the rows has subscribed. After each cluster's rows it lets others have the thread with `pause`; without
   * one, all is done when this returns.
   */
  start(pause?: () => Promise<void>): Promise<void>;
  /** Resolves when what is known is written, or could not be (then a notice says so). */
  flush(): Promise<void>;
  /** Rows of the contract, in order; an unchanged cluster is the same object as before. */
  rows(): readonly Cluster[];
  /** Fires at most four times a second when `rows` or the problems may have changed. */
  readonly onRows: Event<void>;
  /** Contacts clusters; one that is open is tried again at once. Rejects with `notFound`. */
  open(clusters: readonly string[]): void;
  close(clusters: readonly string[]): void;
  approve(cluster: string, hash: string): Promise<void>;
  approveAll(consents: readonly { cluster: string; hash: string }[]): Promise<void>;
  /** Plugins that wait for consent, or would once their cluster is opened. Looks at files, runs nothing. */
  consents(): Promise<ConsentGroup[]>;
  /** Lists a kind from nothing: changes of it were lost on their way. By the cluster's number. */
  resync(cluster: number, kind: string): void;
  /** Memory is short: kinds that nobody looks at any more are not watched on for a while. */
  endLingering(): void;
  update(cluster: string, change: ClusterSettings): Promise<void>;
  settings(): Pick<FleetSettings, 'lingerSeconds'>;
  /** What is absent stays. */
  configure(change: { lingerSeconds?: number | undefined }): Promise<void>;
}

/** A screen has no use for more. */
const rowsPauseMs = 250;
/** Servers that are contacted for the first time at once: a fleet of hundreds must not flood the machine's network. */
const contactsAtOnce = 8;
/** One that takes longer does not keep the others waiting: behind a VPN that is down, all of them take long. */
const contactMs = 3_000;
const pulseMs = 5_000;
/** The clock jumped by more than this between two pulses: the machine slept. */
const sleptMs = 30_000;

/** Contacts no cluster before `start`. */
export async function createFleet<T extends ClusterTransport>(options: FleetOptions<T>): Promise<Fleet> {
  const settings = await options.documents.open('clusters', FleetSettings);
  const memory = await options.documents.open('clusters-seen', FleetMemory);
  const kept = options.snapshots === undefined ? [] : await readKept(options.snapshots);
  return new ClusterFleet(options, { settings, memory, kept });
}

class ClusterFleet<T extends ClusterTransport> implements Fleet {
  readonly #options: FleetOptions<T>;
  readonly #settings: Document<FleetSettings>;
  readonly #scope = new Scope();
  readonly #changed = this.#scope.add(new Emitter<void>());
  readonly #scopeChanged = this.#scope.add(new Emitter<string>());
  readonly #rowsChanged = this.#scope.add(new Emitter<void>());
  readonly #demands: Demands;
  readonly #totals: Totals;
  readonly #slots: Slots;
  readonly #entries: Entries<T>;
  #kept: readonly Kept[];
  readonly onChange = this.#changed.event;
  readonly onScopeChange = this.#scopeChanged.event;
  readonly onRows = this.#rowsChanged.event;
  #rowsTimer: Disposable | undefined;
  #lastPulse: number;

  constructor(
    options: FleetOptions<T>,
    stored: { settings: Document<FleetSettings>; memory: Document<FleetMemory>; kept: readonly Kept[] },
  ) {
    const { settings, memory, kept } = stored;
    this.#options = options;
    this.#settings = settings;
    this.#entries = this.#scope.add(new Entries(options, { memory, nameOf: (entry) => this.#nameOf(entry) }));
    this.#kept = kept;
    this.#slots = createSlots(contactsAtOnce, { clock: options.clock, holdMs: contactMs });
    const { clock, kubeconfig, tables } = options;
    this.#demands = this.#scope.add(
      createDemands(
        clock,
        () => settings.value.lingerSeconds * 1000,
        (kind, clusters) => {
          for (const id of clusters ?? this.#entries.ids()) this.#entries.get(id)?.session?.demandChanged(kind);
          this.#scopeChanged.fire(kind);
        },
      ),
    );
    this.#totals = this.#scope.add(createTotals(tables, () => this.#rowsLater()));
    this.#scope.add(kubeconfig.onChange(() => this.#readContexts()));
    this.#scope.add(settings.onChange(() => this.#rowsLater()));
    const { userColumns } = options;
    if (userColumns !== undefined) {
      this.#scope.add(
        userColumns.onChange((kind) => {
          for (const entry of this.#entries) entry.session?.columnsChanged(kind);
        }),
      );
    }
    this.#lastPulse = clock.now();
    this.#scope.add(clock.every(pulseMs, () => this.#pulse()));
    this.#readContexts();
  }

  async start(pause?: () => Promise<void>): Promise<void> {
    const toCome = rowsOfAll(this.#kept);
    for (const kept of this.#kept) {
      this.#entries.restore(kept, toCome);
      if (pause !== undefined) await pause();
    }
    // The bytes are in the tables now.
    this.#kept = [];
    for (const entry of this.#entries) if (this.#of(entry).pinned && !entry.removed) this.#start(entry);
    this.#fire();
  }

  async flush(): Promise<void> {
    await this.#entries.flush();
  }

  dispose(): void {
    this.#rowsTimer?.dispose();
    for (const entry of this.#entries) entry.session?.dispose();
    this.#scope.dispose();
  }

  rows(): readonly Cluster[] {
    const rows: Cluster[] = [];
    for (const entry of this.#entries) {
      const row = clusterRow(entry, this.#of(entry), this.#totals);
      if (!isDeepStrictEqual(row, entry.row)) entry.row = row;
      rows.push(entry.row ?? row);
    }
    return rows;
  }

  all(): readonly FleetCluster[] {
    return [...this.#entries].map((entry) => this.#describe(entry));
  }

  byId(id: string): FleetCluster | undefined {
    const entry = this.#entries.get(id);
    return entry === undefined ? undefined : this.#describe(entry);
  }

  demand(kind: string, options?: Parameters<OpenClusters['demand']>[1]): Disposable {
    return this.#demands.add(kind, options);
  }

  scopes(kind: string) {
    const count = (index: number) => this.#options.tables.get(kind)?.countOf(index) ?? 0;
    return [...this.#entries]
      .filter((entry) => entry.open || entry.known)
      .map((entry) => scopeOf(entry, kind, count(entry.index)));
  }

  async request(cluster: string, request: ApiRequest): Promise<ApiResponse> {
    return this.#connected(cluster).request(request);
  }

  async stream(cluster: string, request: StreamRequest): Promise<void> {
    return this.#connected(cluster).stream(request);
  }

  async upgrade(cluster: string, request: UpgradeRequest): Promise<Upgraded> {
    return this.#connected(cluster).upgrade(request);
  }

  #connected(cluster: string): T {
    const { session, context } = this.#entry(cluster);
    if (session !== undefined) return session.connected();
    throw new KubeSageError('unreachable', `${context.context} is not open`, {
      hint: 'Open it first: KubeSage contacts no cluster by itself.',
    });
  }

  open(clusters: readonly string[]): void {
    for (const entry of clusters.map((id) => this.#entry(id))) {
      if (entry.removed) {
        throw new KubeSageError('notFound', `${entry.context.context} is no longer in ${entry.context.source}`, {
          hint: 'What was known of it can be looked at. To open it, add its kubeconfig again.',
        });
      }
      this.#options.authenticator.forgive(entry.context);
      if (entry.session === undefined) this.#start(entry);
      else entry.session.retry();
    }
  }

  close(clusters: readonly string[]): void {
    for (const entry of clusters.map((id) => this.#entry(id))) {
      if (entry.removed) {
        this.#entries.forget(entry);
        continue;
      }
      if (!entry.open) continue;
      this.#end(entry);
      entry.open = false;
      entry.known = this.#entries.hasRows(entry);
      entry.ended = {
        state: 'stale',
        since: this.#options.clock.now(),
        reason: 'Closed: what is shown is what was known then',
        hint: 'Open it to see it live.',
      };
    }
    this.#fire();
  }

  endLingering(): void {
    this.#demands.endLingering();
  }

  resync(cluster: number, kind: string): void {
    for (const entry of this.#entries) if (entry.index === cluster) entry.session?.resync(kind);
  }

  async approve(cluster: string, hash: string): Promise<void> {
    await this.approveAll([{ cluster, hash }]);
  }

  consents(): Promise<ConsentGroup[]> {
    const { authenticator } = this.#options;
    return groupConsents(
      authenticator,
      [...this.#entries].map((entry) => ({
        context: entry.context,
        name: this.#nameOf(entry),
        waits: entry.session?.standing.state === 'needsConsent',
      })),
    );
  }

  async approveAll(consents: readonly { cluster: string; hash: string }[]): Promise<void> {
    await this.#options.authenticator.approveAll(
      consents.map(({ cluster, hash }) => ({ context: this.#entry(cluster).context, hash })),
    );
    // The same plugin may be what other clusters wait for.
    for (const other of this.#entries) {
      if (other.session?.standing.state !== 'needsConsent') continue;
      this.#options.authenticator.forgive(other.context);
      other.session.retry();
    }
  }

  async update(cluster: string, change: ClusterSettings): Promise<void> {
    const entry = this.#entry(cluster);
    const before = this.#of(entry).namespaces ?? null;
    const present = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const written = this.#settings.update((value) => ({
      ...value,
      clusters: { ...value.clusters, [entry.context.id]: { ...value.clusters[entry.context.id], ...present } },
    }));
    if (!isDeepStrictEqual(before, this.#of(entry).namespaces ?? null) && entry.session !== undefined) {
      this.#end(entry);
      // Rows of namespaces that are out of the limit would stay for ever otherwise.
      this.#entries.dropRows(entry);
      this.#start(entry);
    }
    this.#fire();
    await written;
  }

  settings(): Pick<FleetSettings, 'lingerSeconds'> {
    return { lingerSeconds: this.#settings.value.lingerSeconds };
  }

  async configure({ lingerSeconds }: { lingerSeconds?: number | undefined }): Promise<void> {
    if (lingerSeconds !== undefined) await this.#settings.update((value) => ({ ...value, lingerSeconds }));
  }

  #entry(id: string): ClusterEntry<T> {
    const entry = this.#entries.get(id);
    if (entry !== undefined) return entry;
    throw new KubeSageError('notFound', `There is no cluster ${id}`, { hint: 'It may have left the kubeconfig.' });
  }

  #of(entry: ClusterEntry<T>): ClusterSettings {
    return this.#settings.value.clusters[entry.context.id] ?? {};
  }

  #nameOf(entry: ClusterEntry<T>): string {
    return this.#of(entry).alias || entry.context.context;
  }

  #describe(entry: ClusterEntry<T>): FleetCluster {
    const { state, since, reason, hint } = standingOf(entry);
    const { protected: guarded } = this.#of(entry);
    return {
      id: entry.context.id,
      index: entry.index,
      name: this.#nameOf(entry),
      state,
      since,
      reason,
      hint,
      open: entry.open,
      known: entry.known,
      protected: guarded === true,
      user: entry.context.user,
      ...(entry.session === undefined || entry.session.skewMs === 0 ? {} : { clockSkewMs: entry.session.skewMs }),
      kinds: entry.session?.kinds ?? entry.kinds,
    };
  }

  #start(entry: ClusterEntry<T>): void {
    const { index, context } = entry;
    entry.open = true;
    entry.known = false;
    entry.ended = undefined;
    const session = new Session<T>({
      fleet: this.#options,
      index,
      context,
      namespaces: this.#of(entry).namespaces ?? null,
      turn: (task, signal) => this.#slots.take(task, signal),
      priorityOf: (kind) => this.#demands.priorityOf(kind, context.id),
      rowColumns: entry.rowColumns,
      hasRows: () => entry.seen.size > 0 || this.#entries.hasRows(entry),
      identified: (uid, isFirst) => this.#entries.identified(entry, uid, isFirst),
      lost: () => this.#entries.allAsOf(entry, this.#options.clock.now()),
      changed: () => {
        if (session.standing.state === 'live') this.#entries.remember(entry, session.version, session.lastLive);
        this.#fire();
      },
      scopeChanged: (kind) => {
        this.#entries.judgeAge(entry, session, kind);
        this.#scopeChanged.fire(kind);
        this.#rowsLater();
      },
    });
    session.version = entry.version;
    session.kinds = entry.kinds;
    session.lastLive = entry.lastLive;
    entry.session = session;
    session.start();
    this.#fire();
  }

  /** Ends the contact and keeps what was learned. */
  #end(entry: ClusterEntry<T>): void {
    const { session } = entry;
    if (session === undefined) return;
    this.#entries.keep(entry, session);
    entry.session = undefined;
    session.dispose();
  }

  /** The kubeconfig changed: clusters come, go, and change their address or credentials. */
  #readContexts(): void {
    const { clock, kubeconfig } = this.#options;
    const known = new Set<string>();
    for (const context of kubeconfig.contexts) {
      known.add(context.id);
      const entry = this.#entries.get(context.id);
      if (entry === undefined) this.#entries.add(context);
      else if (entry.removed || !sameContact(entry.context, context)) {
        entry.removed = false;
        entry.context = context;
        entry.ended = undefined;
        if (entry.open) {
          this.#end(entry);
          this.#start(entry);
        }
      } else entry.context = context;
    }
    for (const entry of [...this.#entries]) {
      if (known.has(entry.context.id) || entry.removed) continue;
      if (!entry.open && !entry.known) {
        this.#entries.forget(entry);
        continue;
      }
      this.#end(entry);
      this.#entries.markRemoved(entry, clock.now());
    }
    this.#fire();
  }

  #pulse(): void {
    const now = this.#options.clock.now();
    const slept = now - this.#lastPulse > sleptMs;
    this.#lastPulse = now;
    for (const entry of this.#entries) {
      if (entry.session?.standing.state === 'live') this.#entries.remember(entry, entry.session.version, now);
    }
    if (!slept) return;
    for (const entry of this.#entries) {
      const state = entry.session?.standing.state;
      if (state !== undefined && state !== 'needsConsent' && state !== 'unauthenticated') entry.session?.wake();
    }
  }

  #fire(): void {
    this.#changed.fire();
    this.#rowsLater();
  }

  #rowsLater(): void {
    this.#rowsTimer ??= this.#options.clock.after(rowsPauseMs, () => {
      this.#rowsTimer = undefined;
      this.#rowsChanged.fire();
    });
  }
}

/** Whether two versions of a context lead to the same place in the same name. */
function sameContact(a: KubeContext, b: KubeContext): boolean {
  return (
    a === b ||
    (isDeepStrictEqual(a.address, b.address) && isDeepStrictEqual(a.auth, b.auth) && a.namespace === b.namespace)
  );
}
