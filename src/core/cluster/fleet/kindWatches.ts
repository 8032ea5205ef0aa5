import type { Disposable } from '../../kernel/disposable.ts';
import type { WatchMessage, WatchState } from '../../kube/columns/batch.ts';
import { type KindSchema, meta } from '../../kube/columns/schema.ts';
import type { DiscoveredKind } from '../../kube/discovery/discovered.ts';
import { builtInSchemas, withUserColumns } from '../../kube/projectors/index.ts';
import { findListableNamespaces, mayList } from './access.ts';
import { type Limit, limitsOf } from './limits.ts';
import type { ClusterTransport, FleetOptions } from './ports.ts';
import { createRegain } from './regain.ts';
import { combineScopes, type KindState } from './scopeStates.ts';

/** Kinds that say how a cluster is doing: always watched while it is open. */
export const essentialKinds: readonly string[] = ['namespaces', 'nodes', 'pods'];

/** The same as every API server has them: known before the server has said what it serves. */
export const essentials: readonly DiscoveredKind[] = essentialKinds.flatMap((kind) => {
  const schema = builtInSchemas.find(({ id }) => id === kind);
  if (schema === undefined) return [];
  const { columns: _columns, ...names } = schema;
  return { ...names, verbs: ['get', 'list', 'watch'], shortNames: [], categories: [], custom: false, schema };
});

/** The watches of one connected cluster: what is wanted and served is watched, where it may be. */
export interface KindWatches extends Disposable {
  /** Starts or ends the watch of a kind by what is wanted of it now. */
  update(kind: string): void;
  updateAll(): void;
  /** Tries again what was forbidden: rights may have been given since. */
  retry(): void;
  /** What the tables hold of a kind has a hole: it is listed from nothing. */
  resync(kind: string): void;
  /** The user's columns of a kind changed: it is listed again with those of now. */
  columnsChanged(kind: string): void;
  /** Undefined when it is not watched. One that was not heard of yet is being read. */
  state(kind: string): KindState | undefined;
  /** States of the essential kinds that the server has; empty before the first message. */
  essential(): KindState[];
  /** What may not be seen, as far as it was tried. */
  limits(): Limit[];
  /** Kinds of which nothing at all may be listed. */
  unseen(): string[];
  /** Namespaces that pods are limited to, by the user or by their rights; null for all. */
  namespaces(): string[] | null;
}

interface KindWatch {
  kind: DiscoveredKind;
  scopes: Map<string, WatchState>;
  /** null: all. */
  namespaces: readonly string[] | null;
  /** Looking for namespaces, since all of them may not be listed. */
  searching: boolean;
  /** The server's words for the refusal of the whole. */
  refusal: string | undefined;
  priority: 0 | 1 | 2;
  /** When it was started, milliseconds. */
  since: number;
}

/** What the cells of a kind are made of: rows that were written with another content are of no use. */
export function contentOf(schema: KindSchema): string {
  return JSON.stringify(schema.columns.map(({ id, type, from }) => [id, type, from?.from, from?.path]));
}

export function createKindWatches<T extends ClusterTransport>(options: {
  fleet: FleetOptions<T>;
  index: number;
  contextNamespace: string;
  namespaces: readonly string[] | null;
  /** Columns that the rows were written with, by kind. */
  rowColumns: Map<string, string>;
  transport(): T | undefined;
  kinds(): readonly DiscoveredKind[];
  priorityOf(kind: string): 0 | 1 | 2 | undefined;
  changed(kind: string): void;
}): KindWatches {
  const { fleet, index } = options;
  const { watchers, tables, clock } = fleet;
  const watches = new Map<string, KindWatch>();
  const ended = new AbortController();

  const wanted = (kind: string): 0 | 1 | 2 | undefined => {
    const demanded = options.priorityOf(kind);
    if (!essentialKinds.includes(kind)) return demanded;
    return demanded === undefined ? 1 : (Math.min(demanded, 1) as 0 | 1);
  };

  /** With what the user's own columns read. */
  const schemaOf = (kind: DiscoveredKind) => withUserColumns(kind.schema, fleet.userColumns?.of(kind.id) ?? []);

  /** Rows of an earlier contact stay until the watch has caught up, unless it would never come to speak of them. */
  const clearUnfit = (kind: DiscoveredKind, schema: KindSchema, namespaces: readonly string[] | null) => {
    const columns = contentOf(schema);
    const before = options.rowColumns.get(kind.id);
    options.rowColumns.set(kind.id, columns);
    // A row whose version is known is not written again, so cells of new columns would stay empty.
    if (before !== undefined && before !== columns) tables.forget(index, kind.id);
    const table = tables.table(schema, index);
    if (namespaces === null || !kind.namespaced) return;
    const known = new Set<string>();
    for (const row of table.rows(index)) known.add(table.text(row, meta.namespace));
    for (const namespace of known) if (!namespaces.includes(namespace)) tables.forget(index, kind.id, namespace);
    if (table.resourceVersions(index).has('')) table.forgetVersions(index);
  };

  const start = (kind: DiscoveredKind, namespaces: readonly string[] | null, refusal?: string) => {
    const schema = schemaOf(kind);
    clearUnfit(kind, schema, namespaces);
    const versions = Object.fromEntries(tables.table(schema, index).resourceVersions(index));
    const priority = wanted(kind.id) ?? 2;
    const since = clock.now();
    watches.set(kind.id, { kind, scopes: new Map(), namespaces, searching: false, refusal, priority, since });
    const resume = Object.keys(versions).length === 0 ? undefined : versions;
    watchers.watch(index, { schema, namespaces, resume, custom: kind.custom, priority });
  };

  const begin = (kind: DiscoveredKind) => {
    const limited = kind.namespaced && options.namespaces !== null ? options.namespaces : null;
    start(kind, limited);
  };

  const stop = (id: string) => {
    if (watches.delete(id)) watchers.unwatch(index, id);
  };

  const regain = createRegain({
    clock,
    random: fleet.random ?? Math.random,
    limited: () =>
      [...watches.values()]
        .filter((watch) => watch.refusal !== undefined && watch.namespaces !== null)
        .map((watch) => watch.kind),
    async mayList(kind, signal) {
      const transport = options.transport();
      return transport !== undefined && mayList(transport, { kind, namespace: '', unanswered: false }, signal);
    },
    regained(kind) {
      if (!watches.has(kind.id)) return;
      stop(kind.id);
      begin(kind);
      options.changed(kind.id);
    },
  });

  /** The whole may not be listed: the namespaces that may be are looked for. */
  const fallBack = async (watch: KindWatch, refusal: string) => {
    const transport = options.transport();
    if (transport === undefined || watch.searching || watch.refusal !== undefined) return;
    watch.searching = true;
    watch.refusal = refusal;
    try {
      const found = await findListableNamespaces(transport, watch.kind, options.contextNamespace, ended.signal);
      if (watches.get(watch.kind.id) !== watch) return;
      if (found.length > 0) {
        watchers.unwatch(index, watch.kind.id);
        start(watch.kind, found, refusal);
        regain.look();
      }
    } catch {
      // Not known: the kind stays as the server said, until it says so again.
      watch.refusal = undefined;
    } finally {
      watch.searching = false;
      if (!ended.signal.aborted) options.changed(watch.kind.id);
    }
  };

  const listen = (message: WatchMessage) => {
    if (message.type !== 'state' || message.cluster !== index) return;
    const watch = watches.get(message.kind);
    if (watch === undefined) return;
    watch.scopes.set(message.scope, message.state);
    const whole = message.scope === '' && watch.namespaces === null;
    if (whole && message.state.state === 'live') watch.refusal = undefined;
    if (whole && message.state.state === 'forbidden' && watch.kind.namespaced) {
      void fallBack(watch, message.state.reason);
    }
    options.changed(message.kind);
  };
  const subscription = watchers.onMessage(listen);

  const stateOf = (watch: KindWatch): KindState => {
    // Nothing is decided while namespaces are being looked for.
    if (watch.searching) {
      const since = watch.scopes.get('')?.since ?? clock.now();
      return { state: 'listing', since, reason: undefined, code: undefined, namespaces: null };
    }
    const state = combineScopes(watch.scopes);
    const expected = watch.namespaces === null || !watch.kind.namespaced ? 1 : watch.namespaces.length;
    // Not all were heard of yet: they are being read, or catch up.
    if (state === undefined || (state.state === 'live' && watch.scopes.size < expected)) {
      return { state: 'listing', since: watch.since, reason: undefined, code: undefined, namespaces: null };
    }
    return state;
  };

  const update = (id: string) => {
    const kind = options.kinds().find((other) => other.id === id);
    const running = watches.get(id);
    const may = kind?.verbs.includes('list') && kind.verbs.includes('watch');
    if (kind === undefined || !may || wanted(id) === undefined) {
      if (running !== undefined) {
        stop(id);
        options.changed(id);
      }
    } else if (running === undefined) begin(kind);
    else if (running.kind.version !== kind.version) {
      // The preferred version changed: the rows are the same objects, read in another way.
      stop(id);
      tables.forget(index, id);
      begin(kind);
    } else {
      const priority = wanted(id) ?? 2;
      if (priority >= running.priority) return;
      // It came on screen: the same watch goes on, more urgently. A watch that leaves it is urgent enough as it is.
      running.priority = priority;
      const { namespaces } = running;
      watchers.watch(index, { schema: schemaOf(kind), namespaces, custom: kind.custom, priority });
    }
  };

  return {
    update,
    updateAll() {
      const ids = new Set([...watches.keys(), ...options.kinds().map((kind) => kind.id)]);
      // What is on screen begins first, then what the overview shows of every cluster.
      const urgency = (id: string) => wanted(id) ?? 2;
      for (const id of [...ids].sort((a, b) => urgency(a) - urgency(b))) update(id);
    },
    columnsChanged(id) {
      const watch = watches.get(id);
      if (watch === undefined || options.rowColumns.get(id) === contentOf(schemaOf(watch.kind))) return;
      stop(id);
      start(watch.kind, watch.namespaces, watch.refusal);
      options.changed(id);
    },
    resync(id) {
      const watch = watches.get(id);
      if (watch === undefined) return;
      stop(id);
      tables.get(id)?.forgetVersions(index);
      start(watch.kind, watch.namespaces, watch.refusal);
      options.changed(id);
    },
    retry() {
      for (const [id, watch] of [...watches]) {
        if (watch.refusal === undefined && stateOf(watch).state !== 'forbidden') continue;
        stop(id);
        begin(watch.kind);
      }
      regain.reset();
    },
    state(kind) {
      const watch = watches.get(kind);
      return watch === undefined ? undefined : stateOf(watch);
    },
    essential() {
      const found: KindState[] = [];
      for (const id of essentialKinds) {
        const watch = watches.get(id);
        if (watch !== undefined) found.push(stateOf(watch));
      }
      return found;
    },
    limits: () => limitsOf([...watches.values()].map((watch) => ({ ...watch, state: stateOf(watch) }))),
    unseen: () =>
      [...watches.values()].filter((watch) => stateOf(watch).state === 'forbidden').map((watch) => watch.kind.id),
    namespaces() {
      const pods = watches.get('pods');
      return pods?.namespaces == null ? null : [...pods.namespaces];
    },
    dispose() {
      ended.abort();
      regain.dispose();
      subscription.dispose();
      watches.clear();
    },
  };
}
