import { type Disposable, Scope } from '../../kernel/disposable.ts';
import { decodeSnapshot } from '../../kube/columns/snapshot.ts';
import type { KubeContext } from '../../kube/kubeconfig/index.ts';
import type { Document } from '../../platform/settings/index.ts';
import type { FleetMemory } from './clusterSettings.ts';
import { createKeeper, type Keeper, type KeptCluster } from './keeper.ts';
import { fileNameOf, type Kept, keptContext, keptKinds, knownKinds, lostContext, neededSchema } from './kept.ts';
import type { ClusterTransport, FleetOptions } from './ports.ts';
import type { ClusterEntry } from './rows.ts';
import type { Session } from './session.ts';

const memoryMs = 60_000;

/**
 * The known clusters with what is known of each: their rows in the tables, how old these are, and what outlives a
 * contact or the process. Contacts nobody.
 */
export class Entries<T extends ClusterTransport> implements Disposable {
  readonly #options: FleetOptions<T>;
  readonly #memory: Document<FleetMemory>;
  readonly #nameOf: (entry: ClusterEntry<T>) => string;
  readonly #entries = new Map<string, ClusterEntry<T>>();
  readonly #scope = new Scope();
  readonly #keeper: Keeper | undefined;
  #nextIndex = 0;

  /** @param memory what earlier runs learned */
  constructor(
    options: FleetOptions<T>,
    { memory, nameOf }: { memory: Document<FleetMemory>; nameOf(entry: ClusterEntry<T>): string },
  ) {
    this.#options = options;
    this.#memory = memory;
    this.#nameOf = nameOf;
    const { snapshots, watchers, tables, clock } = options;
    if (snapshots !== undefined) {
      const describe = (index: number) => this.#toKeep(index);
      this.#keeper = this.#scope.add(createKeeper({ snapshots, watchers, tables, clock, describe }));
    }
  }

  [Symbol.iterator](): IterableIterator<ClusterEntry<T>> {
    return this.#entries.values();
  }

  ids(): Iterable<string> {
    return this.#entries.keys();
  }

  get(id: string): ClusterEntry<T> | undefined {
    return this.#entries.get(id);
  }

  async flush(): Promise<void> {
    await this.#keeper?.flush();
  }

  dispose(): void {
    this.#entries.clear();
    this.#scope.dispose();
  }

  /** A context that was not known: nothing is shown of it yet, but for what earlier runs remember. */
  add(context: KubeContext): void {
    this.#entries.set(context.id, this.#newEntry(context));
  }

  /** Its contact has ended: what was learned in it stays. To be called before the session is disposed. */
  keep(entry: ClusterEntry<T>, session: Session<T>): void {
    if (session.standing.state === 'live') session.lastLive = this.#options.clock.now();
    entry.version = session.version;
    entry.kinds = session.kinds;
    entry.lastLive = session.lastLive;
    entry.hidden = session.watches?.limits() ?? entry.hidden;
    entry.unseen = session.watches?.unseen() ?? entry.unseen;
    this.#keeper?.changed(entry.index);
    this.remember(entry, session.version, session.lastLive);
  }

  /** It left the kubeconfig, and what is known of it stays. */
  markRemoved(entry: ClusterEntry<T>, since: number): void {
    entry.removed = true;
    entry.known = this.hasRows(entry);
    entry.ended = {
      state: 'stale',
      since,
      reason: `Its context is no longer in ${entry.context.source}`,
      hint: 'What was known stays until you close it.',
    };
  }

  /** Nothing is known of it any more. */
  forget(entry: ClusterEntry<T>): void {
    const { id } = entry.context;
    this.#entries.delete(id);
    this.dropRows(entry);
    this.#keeper?.forget({ index: entry.index, id });
  }

  hasRows({ index }: ClusterEntry<T>): boolean {
    return this.#options.tables.all().some((table) => table.countOf(index) > 0);
  }

  dropRows(entry: ClusterEntry<T>): void {
    this.#options.tables.removeCluster(entry.index);
    entry.known = false;
    entry.seen.clear();
    entry.live.clear();
    entry.asOf.clear();
    entry.rowColumns.clear();
  }

  /** A cluster that was built anew behind the same address has nothing in common with the one before. */
  identified(entry: ClusterEntry<T>, uid: string | null, isFirst: boolean): void {
    const { tables, snapshots } = this.#options;
    const before = entry.uid;
    entry.uid = uid;
    if (isFirst) return;
    if (before !== null && uid !== null) {
      if (before === uid) return;
      // Its objects are gone for good, and the history is told so.
      for (const table of tables.all()) table.clear(entry.index, '');
      this.dropRows(entry);
      this.#keeper?.forget({ index: entry.index, id: entry.context.id });
      snapshots?.notify(`rebuilt:${fileNameOf(entry.context.id)}`, {
        message: `${entry.context.context} is another cluster than before: what was known of the old one was dropped`,
        hint: 'It was built anew behind the same address. Its history is kept.',
      });
    } else {
      // Versions of one cluster mean nothing in another: without proof that it is the same, everything is listed.
      for (const table of tables.all()) table.forgetVersions(entry.index);
    }
  }

  /** Rows of a kind are as of the moment when it was last live, until it is again. */
  judgeAge(entry: ClusterEntry<T>, session: Session<T>, kind: string): void {
    const watch = session.watches?.state(kind);
    if (watch?.state === 'live') {
      entry.seen.add(kind);
      entry.live.add(kind);
      entry.asOf.delete(kind);
    } else if (entry.live.delete(kind)) {
      entry.asOf.set(kind, watch?.state === 'stale' ? watch.since : this.#options.clock.now());
    }
  }

  /** Its contact ended: what was live is as of now. */
  allAsOf(entry: ClusterEntry<T>, now: number): void {
    for (const kind of entry.live) entry.asOf.set(kind, now);
    entry.live.clear();
  }

  /** For the next run. A minute more or less does not matter, and is not worth a write. */
  remember(entry: ClusterEntry<T>, version: string | null, lastLive: number | null): void {
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

  #toKeep(index: number): KeptCluster | undefined {
    const { clock, snapshots } = this.#options;
    const entry = [...this.#entries.values()].find((one) => one.index === index);
    // The demo fleet begins anew with each start.
    if (entry === undefined || snapshots === undefined || entry.context.demo || !this.hasRows(entry)) return undefined;
    const { context, session, uid } = entry;
    const isLive = session?.standing.state === 'live';
    const asOf = isLive ? clock.now() : (session?.lastLive ?? entry.lastLive ?? clock.now());
    const facts = {
      program: snapshots.program,
      asOf,
      kindsAsOf: Object.fromEntries(entry.asOf),
      context: keptContext(context),
      version: session?.version ?? entry.version,
      rowColumns: Object.fromEntries(entry.rowColumns),
      kinds: keptKinds(session?.kinds ?? entry.kinds),
      hidden: session?.watches?.limits() ?? entry.hidden,
      unseen: session?.watches?.unseen() ?? entry.unseen,
    };
    return { index, id: context.id, name: this.#nameOf(entry), uid, facts };
  }

  /**
   * Shows what an earlier run has written.
   * @param toCome see `decodeSnapshot`
   */
  restore(kept: Kept, toCome: Map<string, number>): void {
    const { tables, snapshots } = this.#options;
    const { id, uid, facts } = kept;
    let entry = this.#entries.get(id);
    const isLost = entry === undefined;
    entry ??= this.#newEntry(lostContext(kept));
    const { index } = entry;
    const kinds = knownKinds(facts.kinds);
    const byId = new Map(kinds.map((kind) => [kind.id, kind]));
    const result = decodeSnapshot(kept.file, tables, {
      indexOf: () => index,
      schemaOf: (kind, schema) => neededSchema(byId.get(kind), schema),
      outdated: facts.program !== snapshots?.program,
      toCome,
    });
    const refused =
      'problem' in result ? [result.problem] : result.refused.map((part) => `${part.kind}: ${part.reason}`);
    if (refused.length > 0) {
      snapshots?.notify(`snapshot:${fileNameOf(id)}`, {
        message: `A part of what was known of ${facts.context.context} can't be used. ${refused.join('; ')}`,
        hint: 'The rest is shown. Open the cluster to have its state anew.',
      });
    }
    if (!this.hasRows(entry)) return;
    if (isLost) {
      this.#entries.set(id, entry);
      this.markRemoved(entry, facts.asOf);
    }
    entry.known = true;
    entry.uid = uid;
    entry.kinds = kinds;
    entry.version = facts.version;
    entry.lastLive = facts.asOf;
    entry.hidden = facts.hidden;
    entry.unseen = facts.unseen;
    for (const [kind, columns] of Object.entries(facts.rowColumns)) entry.rowColumns.set(kind, columns);
    for (const { schema, resourceVersions } of 'problem' in result ? [] : result.loaded) {
      entry.asOf.set(schema.id, facts.kindsAsOf[schema.id] ?? facts.asOf);
      // Without a version, its list was not complete.
      if (Object.keys(resourceVersions).length > 0) entry.seen.add(schema.id);
    }
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
      uid: null,
      known: false,
      live: new Set(),
      asOf: new Map(),
      rowColumns: new Map(),
      hidden: [],
      seen: new Set(),
      unseen: [],
      row: undefined,
    };
  }
}
