import { stringify } from 'yaml';
import type { Clock } from '../../kernel/clock.ts';
import { type Disposable, Scope } from '../../kernel/disposable.ts';
import { Emitter } from '../../kernel/emitter.ts';
import { toErrorValue } from '../../kernel/errors.ts';
import { meta } from '../../kube/columns/schema.ts';
import type { Table } from '../../kube/columns/table.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { DiscoveredKind } from '../../kube/discovery/discovered.ts';
import type { FleetCluster, OpenClusters } from '../fleet/openClusters.ts';
import type { ObjectRef } from '../resources/contract.ts';
import { objectPath } from '../resources/index.ts';
import type { GitopsScope } from './contract.ts';
import { type GitopsKind, gitopsKinds } from './kinds.ts';
import { at, type KubeObject, keyOf, listAt } from './model.ts';

/** Not every change of a status shows in a column: versions are compared this often while somebody looks. Milliseconds. */
const compareMs = 1_000;
/** What comes at once is read at once. Milliseconds. */
const settleMs = 100;
/** What could not be read is tried again after this. Milliseconds. */
const retryMs = 10_000;
/** More changed objects than this are read as a list. */
const mostSingles = 20;
const singlesAtOnce = 4;
const pageSize = 200;

interface Known {
  version: number;
  object: KubeObject;
}

/** The objects of one kind in one cluster. */
interface Shelf {
  kind: GitopsKind;
  cluster: string;
  /** By uid. */
  known: Map<string, Known>;
  reading: boolean;
  /** All that its list names has been read once. */
  complete: boolean;
  problem: { message: string; hint: string; at: number } | undefined;
}

/**
 * The objects of both engines in all open clusters, whole but for what no row shows. The live tables tell which there are
 * and which have changed; what changed is read again.
 */
export class GitopsObjects implements Disposable {
  readonly #fleet: OpenClusters;
  readonly #tables: Tables;
  readonly #clock: Clock;
  readonly #scope = new Scope();
  readonly #changed = this.#scope.add(new Emitter<void>());
  readonly onChange = this.#changed.event;
  readonly #ended = new AbortController();
  readonly #demanded = new Set<string>();
  readonly #followed = new Set<string>();
  readonly #shelves = new Map<string, Shelf>();
  readonly #byKey = new Map<string, KubeObject>();
  #settling: Disposable | undefined;
  #telling: Disposable | undefined;

  constructor(deps: { fleet: OpenClusters; tables: Tables; clock: Clock }) {
    const { fleet, tables, clock } = deps;
    this.#fleet = fleet;
    this.#tables = tables;
    this.#clock = clock;
    this.#scope.add(fleet.onChange(() => this.#follow()));
    this.#scope.add(fleet.onScopeChange((kind) => this.#demanded.has(kind) && this.#soon()));
    this.#scope.add(tables.onTable(() => this.#follow()));
    this.#scope.add(clock.every(compareMs, () => this.#compare()));
    this.#follow();
  }

  /** Every object of these kinds, by cluster. */
  *all(): Generator<{ kind: GitopsKind; cluster: string; object: KubeObject }> {
    for (const { kind, cluster, known } of this.#shelves.values()) {
      for (const { object } of known.values()) yield { kind, cluster, object };
    }
  }

  lookup(ref: ObjectRef): KubeObject | undefined {
    return this.#byKey.get(keyOf(ref));
  }

  /** How far each of these clusters is. */
  scopes(clusters: readonly string[]): GitopsScope[] {
    return this.#open()
      .filter(({ id }) => clusters.length === 0 || clusters.includes(id))
      .map((cluster) => this.#scopeOf(cluster));
  }

  dispose(): void {
    this.#ended.abort();
    this.#settling?.dispose();
    this.#telling?.dispose();
    this.#scope.dispose();
  }

  #open(): FleetCluster[] {
    return this.#fleet.all().filter(({ open }) => open);
  }

  #follow(): void {
    const open = this.#open();
    for (const kind of gitopsKinds) {
      const served = open.filter((cluster) => servedBy(cluster, kind.id) !== undefined);
      if (served.length > 0 && !this.#demanded.has(kind.id)) {
        this.#demanded.add(kind.id);
        this.#scope.add(this.#fleet.demand(kind.id, { priority: 1 }));
      }
      const table = this.#tables.get(kind.id);
      if (table !== undefined && !this.#followed.has(kind.id)) {
        this.#followed.add(kind.id);
        this.#scope.add(table.onChange(() => this.#soon()));
      }
      for (const { id } of served) this.#shelf(id, kind);
    }
    for (const [key, { cluster, kind, known }] of this.#shelves) {
      const still = open.find(({ id }) => id === cluster);
      if (still !== undefined && (still.kinds.length === 0 || servedBy(still, kind.id) !== undefined)) continue;
      for (const { object } of known.values()) this.#byKey.delete(keyOf(refOf(cluster, kind.id, object)));
      this.#shelves.delete(key);
    }
    this.#soon();
  }

  #shelf(cluster: string, kind: GitopsKind): Shelf {
    const key = `${cluster} ${kind.id}`;
    const shelf = this.#shelves.get(key) ?? {
      kind,
      cluster,
      known: new Map(),
      reading: false,
      complete: false,
      problem: undefined,
    };
    this.#shelves.set(key, shelf);
    return shelf;
  }

  #soon(): void {
    this.#settling ??= this.#clock.after(settleMs, () => {
      this.#settling = undefined;
      this.#compare();
      this.#tell();
    });
  }

  #tell(): void {
    this.#telling ??= this.#clock.after(0, () => {
      this.#telling = undefined;
      this.#changed.fire();
    });
  }

  #compare(): void {
    for (const shelf of this.#shelves.values()) {
      const cluster = this.#fleet.byId(shelf.cluster);
      const table = this.#tables.get(shelf.kind.id);
      if (cluster === undefined || table === undefined || shelf.reading) continue;
      const { problem } = shelf;
      if (problem !== undefined && this.#clock.steady() - problem.at < retryMs) continue;
      const { wanted, gone } = this.#differing(shelf, table, cluster.index);
      for (const uid of gone) this.#drop(shelf, uid);
      if (gone.length > 0) this.#tell();
      const kind = servedBy(cluster, shelf.kind.id);
      if (wanted.length > 0 && kind !== undefined && cluster.state === 'live') void this.#read(shelf, kind, wanted);
      else if (wanted.length === 0 && !shelf.complete && this.#isListed(shelf)) {
        shelf.complete = true;
        this.#tell();
      }
    }
  }

  #differing(shelf: Shelf, table: Table, cluster: number): { wanted: Wanted[]; gone: string[] } {
    const wanted: Wanted[] = [];
    const present = new Set<string>();
    for (const row of table.rowsOf(cluster)) {
      const uid = table.uid(row);
      present.add(uid);
      const known = shelf.known.get(uid);
      const version = table.versions[row] as number;
      // What was read may be newer than what the watch has told of.
      if (known !== undefined && known.version >= version) continue;
      wanted.push({ name: table.text(row, meta.name), namespace: table.text(row, meta.namespace), version, uid });
    }
    return { wanted, gone: [...shelf.known.keys()].filter((uid) => !present.has(uid)) };
  }

  async #read(shelf: Shelf, kind: DiscoveredKind, wanted: readonly Wanted[]): Promise<void> {
    shelf.reading = true;
    try {
      if (wanted.length > mostSingles) await this.#readList(shelf, kind);
      else await this.#readSingles(shelf, kind, wanted);
      shelf.problem = undefined;
    } catch (error) {
      if (this.#ended.signal.aborted) return;
      const { message, hint = '' } = toErrorValue(error);
      shelf.problem = { message, hint, at: this.#clock.steady() };
      this.#tell();
    } finally {
      shelf.reading = false;
    }
    this.#soon();
  }

  async #readList(shelf: Shelf, kind: DiscoveredKind): Promise<void> {
    const places = this.#fleet.scopes(kind.id).find(({ cluster }) => cluster === shelf.cluster)?.namespaces;
    for (const namespace of places ?? ['']) {
      let next = '';
      do {
        const path = objectPath(kind, namespace, 'x').slice(0, -2);
        const list = await this.#get(
          shelf.cluster,
          `${path}?limit=${pageSize}${next === '' ? '' : `&continue=${next}`}`,
        );
        for (const object of listAt(list, 'items')) this.#keep(shelf, object as KubeObject);
        this.#tell();
        next = encodeURIComponent(String(at(list, 'metadata', 'continue') ?? ''));
      } while (next !== '');
    }
  }

  async #readSingles(shelf: Shelf, kind: DiscoveredKind, wanted: readonly Wanted[]): Promise<void> {
    const waiting = [...wanted];
    const worker = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        try {
          const object = await this.#get(shelf.cluster, objectPath(kind, next.namespace, next.name));
          this.#keep(shelf, object as KubeObject);
          this.#tell();
        } catch (error) {
          // It went meanwhile: the table says so in a moment.
          if (toErrorValue(error).code !== 'notFound') throw error;
        }
      }
    };
    await Promise.all(Array.from({ length: singlesAtOnce }, worker));
  }

  #keep(shelf: Shelf, object: KubeObject): void {
    const { uid = '', resourceVersion } = object.metadata;
    const kept = trim(object);
    shelf.known.set(uid, { version: Number(resourceVersion), object: kept });
    this.#byKey.set(keyOf(refOf(shelf.cluster, shelf.kind.id, object)), kept);
  }

  #drop(shelf: Shelf, uid: string): void {
    const known = shelf.known.get(uid);
    shelf.known.delete(uid);
    if (known === undefined) return;
    const key = keyOf(refOf(shelf.cluster, shelf.kind.id, known.object));
    // One of the same name may have come since.
    if (this.#byKey.get(key) === known.object) this.#byKey.delete(key);
  }

  async #get(cluster: string, path: string): Promise<unknown> {
    const answer = await this.#fleet.request(cluster, {
      path,
      headers: { Accept: 'application/json' },
      signal: this.#ended.signal,
    });
    return JSON.parse(new TextDecoder().decode(answer.body));
  }

  #isListed({ cluster, kind }: Shelf): boolean {
    const state = this.#fleet.scopes(kind.id).find((scope) => scope.cluster === cluster)?.state;
    return state !== undefined && state !== 'listing';
  }

  #scopeOf(cluster: FleetCluster): GitopsScope {
    const shelves = [...this.#shelves.values()].filter((shelf) => shelf.cluster === cluster.id);
    const engines = [
      ...new Set(shelves.filter(({ kind }) => kind.family === undefined).map(({ kind }) => kind.engine)),
    ];
    const scope: GitopsScope = {
      cluster: cluster.id,
      name: cluster.name,
      state: 'ready',
      engines,
      message: '',
      hint: '',
      rule: '',
    };
    if (cluster.state !== 'live' && cluster.state !== 'connecting') {
      return {
        ...scope,
        state: 'failed',
        message: cluster.reason ?? 'It is not connected',
        hint: cluster.hint ?? '',
      };
    }
    if (cluster.state === 'connecting' || cluster.kinds.length === 0) return { ...scope, state: 'loading' };
    if (engines.length === 0) return { ...scope, state: 'absent' };
    const stateOf = ({ kind }: Shelf) => this.#fleet.scopes(kind.id).find((each) => each.cluster === cluster.id)?.state;
    const forbidden = shelves.filter((shelf) => stateOf(shelf) === 'forbidden');
    const limits = forbidden.length === 0 ? {} : { message: forbiddenText(forbidden), rule: ruleOf(forbidden) };
    const deliveries = shelves.filter(({ kind }) => kind.family === undefined);
    if (deliveries.every((shelf) => forbidden.includes(shelf))) return { ...scope, ...limits, state: 'forbidden' };
    const broken = shelves.find(({ problem }) => problem !== undefined)?.problem;
    if (broken !== undefined) return { ...scope, state: 'failed', message: broken.message, hint: broken.hint };
    const loading = shelves.some((shelf) => !shelf.complete && !forbidden.includes(shelf));
    return { ...scope, ...limits, state: loading ? 'loading' : 'ready' };
  }
}

interface Wanted {
  name: string;
  namespace: string;
  version: number;
  uid: string;
}

function servedBy(cluster: FleetCluster, id: string): DiscoveredKind | undefined {
  return cluster.kinds.find((kind) => kind.id === id && kind.verbs.includes('list'));
}

function refOf(cluster: string, kind: string, { metadata }: KubeObject): ObjectRef {
  return { cluster, kind, namespace: metadata.namespace ?? '', name: metadata.name };
}

/** Without what only the page of one delivery shows: it is most of a large one, and is read anew for that page. */
function trim(object: KubeObject): KubeObject {
  const { metadata, status } = object;
  const { managedFields: _, ...rest } = metadata as KubeObject['metadata'] & { managedFields?: unknown };
  const kept = { ...object, metadata: rest };
  if (at(status, 'resources') === undefined && at(status, 'inventory') === undefined) return kept;
  const { operationState, resources, inventory, history, ...others } = status as Record<string, unknown>;
  const { syncResult, ...operation } = (operationState ?? {}) as Record<string, unknown>;
  return {
    ...kept,
    status: {
      ...others,
      ...(operationState !== undefined && {
        operationState: { ...operation, syncResult: { revision: at(syncResult, 'revision') } },
      }),
      ...(Array.isArray(resources) && {
        resources: resources.map((each) => ({
          status: at(each, 'status'),
          health: { status: at(each, 'health', 'status') },
        })),
      }),
      ...(inventory !== undefined && { inventory: { entries: listAt(inventory, 'entries').map(() => 0) } }),
      ...(Array.isArray(history) && { history: history.slice(0, 1) }),
    },
  };
}

function forbiddenText(shelves: readonly Shelf[]): string {
  return `You may not list ${shelves.map(({ kind }) => kind.id.split('.')[0]).join(', ')}`;
}

function ruleOf(shelves: readonly Shelf[]): string {
  const groups = new Map<string, string[]>();
  for (const { kind } of shelves) {
    const [resource = '', ...group] = kind.id.split('.');
    const name = group.join('.');
    groups.set(name, [...(groups.get(name) ?? []), resource]);
  }
  return stringify(
    [...groups].map(([group, resources]) => ({ apiGroups: [group], resources, verbs: ['get', 'list', 'watch'] })),
  );
}
