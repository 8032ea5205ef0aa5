import { isDeepStrictEqual } from 'node:util';
import { type Disposable, Scope } from '../../kernel/disposable.ts';
import { Emitter, type Event } from '../../kernel/emitter.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { KubeContext } from '../../kube/kubeconfig/index.ts';
import type { Document } from '../../platform/settings/index.ts';
import { type ClusterSettings, FleetMemory, FleetSettings } from './clusterSettings.ts';
import type { Cluster } from './contract.ts';
import { createDemands, type Demands } from './demands.ts';
import type { FleetCluster, OpenClusters } from './openClusters.ts';
import type { ClusterTransport, FleetOptions } from './ports.ts';
import { type ClusterEntry, clusterRow, scopeOf, standingOf } from './rows.ts';
import { Session } from './session.ts';
import { createSlots, type Slots } from './slots.ts';
import { createTotals, type Totals } from './totals.ts';

/** All known clusters: which are open, how they stand, and what the capabilities above need of them. */
export interface Fleet extends OpenClusters, Disposable {
  /** Rows of the contract, in order; an unchanged cluster is the same object as before. */
  rows(): readonly Cluster[];
  /** Fires at most four times a second when `rows` or the problems may have changed. */
  readonly onRows: Event<void>;
  /** Contacts clusters; one that is open is tried again at once. Rejects with `notFound`. */
  open(clusters: readonly string[]): void;
  close(clusters: readonly string[]): void;
  approve(cluster: string, hash: string): Promise<void>;
  update(cluster: string, change: ClusterSettings): Promise<void>;
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
const memoryMs = 60_000;

/** Opens the pinned clusters and contacts no other. */
export async function createFleet<T extends ClusterTransport>(options: FleetOptions<T>): Promise<Fleet> {
  const settings = await options.documents.open('clusters', FleetSettings);
  const memory = await options.documents.open('clusters-seen', FleetMemory);
  return new ClusterFleet(options, settings, memory);
}

class ClusterFleet<T extends ClusterTransport> implements Fleet {
  readonly #options: FleetOptions<T>;
  readonly #settings: Document<FleetSettings>;
  readonly #memory: Document<FleetMemory>;
  readonly #entries = new Map<string, ClusterEntry<T>>();
  readonly #scope = new Scope();
  readonly #changed = this.#scope.add(new Emitter<void>());
  readonly #scopeChanged = this.#scope.add(new Emitter<string>());
  readonly #rowsChanged = this.#scope.add(new Emitter<void>());
  readonly #demands: Demands;
  readonly #totals: Totals;
  readonly #slots: Slots;
  readonly onChange = this.#changed.event;
  readonly onScopeChange = this.#scopeChanged.event;
  readonly onRows = this.#rowsChanged.event;
  #nextIndex = 0;
  #rowsTimer: Disposable | undefined;
  #lastPulse: number;

  constructor(options: FleetOptions<T>, settings: Document<FleetSettings>, memory: Document<FleetMemory>) {
    this.#options = options;
    this.#settings = settings;
    this.#memory = memory;
    this.#slots = createSlots(contactsAtOnce, { clock: options.clock, holdMs: contactMs });
    const { clock, kubeconfig, tables } = options;
    this.#demands = this.#scope.add(
      createDemands(clock, (kind) => {
        for (const entry of this.#entries.values()) entry.session?.demandChanged(kind);
        this.#scopeChanged.fire(kind);
      }),
    );
    this.#totals = this.#scope.add(createTotals(tables, () => this.#rowsLater()));
    this.#scope.add(kubeconfig.onChange(() => this.#readContexts()));
    this.#scope.add(settings.onChange(() => this.#rowsLater()));
    this.#lastPulse = clock.now();
    this.#scope.add(clock.every(pulseMs, () => this.#pulse()));
    this.#readContexts();
    for (const entry of this.#entries.values()) if (this.#of(entry).pinned) this.#start(entry);
  }

  dispose(): void {
    this.#rowsTimer?.dispose();
    for (const entry of this.#entries.values()) entry.session?.dispose();
    this.#entries.clear();
    this.#scope.dispose();
  }

  rows(): readonly Cluster[] {
    const rows: Cluster[] = [];
    for (const entry of this.#entries.values()) {
      const row = clusterRow(entry, this.#of(entry), this.#totals);
      if (!isDeepStrictEqual(row, entry.row)) entry.row = row;
      rows.push(entry.row ?? row);
    }
    return rows;
  }

  all(): readonly FleetCluster[] {
    return [...this.#entries.values()].map((entry) => this.#describe(entry));
  }

  byId(id: string): FleetCluster | undefined {
    const entry = this.#entries.get(id);
    return entry === undefined ? undefined : this.#describe(entry);
  }

  demand(kind: string, options?: { clusters?: readonly string[]; priority?: 0 | 1 | 2 }): Disposable {
    return this.#demands.add(kind, options);
  }

  scopes(kind: string) {
    const count = (index: number) => this.#options.tables.get(kind)?.countOf(index) ?? 0;
    return [...this.#entries.values()]
      .filter((entry) => entry.open)
      .map((entry) => scopeOf(entry, kind, count(entry.index)));
  }

  async request(cluster: string, request: Parameters<OpenClusters['request']>[1]) {
    const entry = this.#entry(cluster);
    if (entry.session === undefined) {
      throw new KubeSageError('unreachable', `${entry.context.context} is not open`, {
        hint: 'Open it first: KubeSage contacts no cluster by itself.',
      });
    }
    return entry.session.request(request);
  }

  open(clusters: readonly string[]): void {
    for (const entry of clusters.map((id) => this.#entry(id))) {
      this.#options.authenticator.forgive(entry.context);
      if (entry.session === undefined) this.#start(entry);
      else entry.session.retry();
    }
  }

  close(clusters: readonly string[]): void {
    for (const entry of clusters.map((id) => this.#entry(id))) {
      if (!entry.open) continue;
      this.#end(entry);
      entry.open = false;
      entry.ended = {
        state: 'stale',
        since: this.#options.clock.now(),
        reason: 'Closed: what is shown is what was known then',
        hint: 'Open it to see it live.',
      };
      if (entry.removed) {
        this.#entries.delete(entry.context.id);
        this.#options.tables.removeCluster(entry.index);
      }
    }
    this.#fire();
  }

  async approve(cluster: string, hash: string): Promise<void> {
    const entry = this.#entry(cluster);
    await this.#options.authenticator.approve(entry.context, hash);
    // The same plugin may be what other clusters wait for.
    for (const other of this.#entries.values()) {
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
      this.#options.tables.removeCluster(entry.index);
      this.#start(entry);
    }
    this.#fire();
    await written;
  }

  #entry(id: string): ClusterEntry<T> {
    const entry = this.#entries.get(id);
    if (entry !== undefined) return entry;
    throw new KubeSageError('notFound', `There is no cluster ${id}`, { hint: 'It may have left the kubeconfig.' });
  }

  #of(entry: ClusterEntry<T>): ClusterSettings {
    return this.#settings.value.clusters[entry.context.id] ?? {};
  }

  #describe(entry: ClusterEntry<T>): FleetCluster {
    const { state, since, reason, hint } = standingOf(entry);
    const { alias } = this.#of(entry);
    return {
      id: entry.context.id,
      index: entry.index,
      name: alias || entry.context.context,
      state,
      since,
      reason,
      hint,
      open: entry.open,
      kinds: entry.session?.kinds ?? entry.kinds,
    };
  }

  #start(entry: ClusterEntry<T>): void {
    const { index, context } = entry;
    entry.open = true;
    entry.ended = undefined;
    const session = new Session<T>({
      fleet: this.#options,
      index,
      context,
      namespaces: this.#of(entry).namespaces ?? null,
      turn: (task, signal) => this.#slots.take(task, signal),
      priorityOf: (kind) => this.#demands.priorityOf(kind, context.id),
      hasRows: () => entry.seen.size > 0 || this.#options.tables.all().some((table) => table.countOf(index) > 0),
      changed: () => {
        if (session.standing.state === 'live') this.#remember(entry, session.version, session.lastLive);
        this.#fire();
      },
      scopeChanged: (kind) => {
        if (session.watches?.state(kind)?.state === 'live') entry.seen.add(kind);
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
    if (session.standing.state === 'live') session.lastLive = this.#options.clock.now();
    entry.version = session.version;
    entry.kinds = session.kinds;
    entry.lastLive = session.lastLive;
    entry.hidden = session.watches?.limits() ?? entry.hidden;
    entry.unseen = session.watches?.unseen() ?? entry.unseen;
    entry.session = undefined;
    this.#remember(entry, session.version, session.lastLive);
    session.dispose();
  }

  /** For the next run. A minute more or less does not matter, and is not worth a write. */
  #remember(entry: ClusterEntry<T>, version: string | null, lastLive: number | null): void {
    const { id } = entry.context;
    const known = this.#memory.value.clusters[id];
    const sameMinute = Math.abs((known?.lastLive ?? 0) - (lastLive ?? 0)) < memoryMs;
    if (known !== undefined && known.version === version && sameMinute) return;
    if (version === null && lastLive === null) return;
    const written = this.#memory.update((value) => ({
      ...value,
      clusters: { ...value.clusters, [id]: { version, lastLive } },
    }));
    // A convenience: what cannot be written is learned again. The settings' own writes tell of a full disk.
    written.catch(() => undefined);
  }

  /** The kubeconfig changed: clusters come, go, and change their address or credentials. */
  #readContexts(): void {
    const { clock, kubeconfig, tables } = this.#options;
    const known = new Set<string>();
    for (const context of kubeconfig.contexts) {
      known.add(context.id);
      const entry = this.#entries.get(context.id);
      if (entry === undefined) this.#entries.set(context.id, this.#newEntry(context));
      else if (entry.removed || !sameContact(entry.context, context)) {
        entry.removed = false;
        entry.context = context;
        if (entry.open) {
          this.#end(entry);
          this.#start(entry);
        }
      } else entry.context = context;
    }
    for (const [id, entry] of this.#entries) {
      if (known.has(id) || entry.removed) continue;
      if (!entry.open) {
        this.#entries.delete(id);
        tables.removeCluster(entry.index);
        continue;
      }
      this.#end(entry);
      entry.removed = true;
      entry.ended = {
        state: 'stale',
        since: clock.now(),
        reason: `Its context is no longer in ${entry.context.source}`,
        hint: 'What was known stays until you close it.',
      };
    }
    this.#fire();
  }

  #newEntry(context: KubeContext): ClusterEntry<T> {
    const before = this.#memory.value.clusters[context.id];
    return {
      context,
      index: this.#nextIndex++,
      since: this.#options.clock.now(),
      open: false,
      removed: false,
      session: undefined,
      ended: undefined,
      version: before?.version ?? null,
      kinds: [],
      lastLive: before?.lastLive ?? null,
      hidden: [],
      seen: new Set(),
      unseen: [],
      row: undefined,
    };
  }

  #pulse(): void {
    const now = this.#options.clock.now();
    const slept = now - this.#lastPulse > sleptMs;
    this.#lastPulse = now;
    for (const entry of this.#entries.values()) {
      if (entry.session?.standing.state === 'live') this.#remember(entry, entry.session.version, now);
    }
    if (!slept) return;
    for (const entry of this.#entries.values()) {
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
