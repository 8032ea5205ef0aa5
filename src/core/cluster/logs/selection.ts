import { type Disposable, Scope } from '../../kernel/disposable.ts';
import { Emitter } from '../../kernel/emitter.ts';
import { meta } from '../../kube/columns/schema.ts';
import type { Table } from '../../kube/columns/table.ts';
import type { ObjectRef } from '../resources/contract.ts';
import { findRow, parseSelector } from '../resources/index.ts';
import type { LogQuery } from './contract.ts';
import type { LogDeps, PodName } from './model.ts';

/** A pod as the tables have it. */
export interface SelectedPod extends PodName {
  /** Another one when something happened to the pod that its logs may hear of. */
  mark: string;
}

/** Between a change of the tables and a look at them. Milliseconds. */
const pauseMs = 150;

/** What stands between a kind and its pods. */
const between: Readonly<Record<string, readonly string[]>> = {
  'deployments.apps': ['replicasets.apps'],
  'cronjobs.batch': ['jobs.batch'],
  'replicasets.apps': [],
  'statefulsets.apps': [],
  'daemonsets.apps': [],
  replicationcontrollers: [],
  'jobs.batch': [],
  services: [],
  nodes: [],
  namespaces: [],
};

/** What controllers of custom kinds usually make. */
const usuallyBetween = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'replicasets.apps', 'jobs.batch'];

/** Owners of owners that are followed. */
const deepest = 4;

interface Wanted {
  cluster: string;
  kinds: readonly string[];
  /** Adds the uids' texts, or rows, of the pods that are meant now. */
  find(pods: Table, index: number, add: (row: number) => void): void;
}

/** The pods that a query means, kept up to date by the tables. */
export class PodSelection implements Disposable {
  readonly #deps: LogDeps;
  readonly #scope = new Scope();
  readonly #changed = new Emitter<void>();
  readonly #wanted: readonly Wanted[];
  #timer: Disposable | undefined;
  #look: readonly SelectedPod[] = [];

  readonly onChange = this.#changed.event;

  constructor(deps: LogDeps, query: Pick<LogQuery, 'objects' | 'labels'>) {
    this.#deps = deps;
    this.#wanted = [
      ...query.objects.map((object) => this.#wantObject(object)),
      ...query.labels.map(({ cluster, namespace, selector }) => wantLabels(cluster, namespace, selector)),
    ];
    const look = () => this.#schedule();
    const demands = new Map<string, Set<string>>();
    for (const { cluster, kinds } of this.#wanted) {
      for (const kind of kinds) demands.set(kind, (demands.get(kind) ?? new Set()).add(cluster));
    }
    for (const [kind, clusters] of demands) {
      this.#scope.add(deps.fleet.demand(kind, { clusters: [...clusters], priority: 0 }));
    }
    for (const table of deps.tables.all()) this.#follow(table, demands);
    this.#scope.add(deps.tables.onTable((table) => this.#follow(table, demands)));
    this.#scope.add(deps.fleet.onScopeChange(look));
    this.#find();
  }

  /** In no particular order. */
  get pods(): readonly SelectedPod[] {
    return this.#look;
  }

  /** Every list that is needed is there, or will not come. */
  get settled(): boolean {
    return this.#scopes().every(({ state }) => state !== undefined && state !== 'listing');
  }

  get problems(): string[] {
    const problems: string[] = [];
    for (const { cluster, kind, state, reason } of this.#scopes()) {
      if (state === undefined || state === 'live' || state === 'listing' || state === 'absent') continue;
      const name = this.#deps.fleet.byId(cluster)?.name ?? cluster;
      if (state === 'forbidden') problems.push(`${name}: ${kind} may not be listed: ${reason ?? 'forbidden'}`);
      else problems.push(`${name}: ${kind} may be out of date${reason === undefined ? '' : `: ${reason}`}`);
    }
    return [...new Set(problems)];
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#scope.dispose();
    this.#changed.dispose();
  }

  #follow(table: Table, demands: ReadonlyMap<string, unknown>): void {
    if (demands.has(table.schema.id)) this.#scope.add(table.onChange(() => this.#schedule()));
  }

  #schedule(): void {
    if (this.#scope.disposed) return;
    this.#timer ??= this.#deps.clock.after(pauseMs, () => {
      this.#timer = undefined;
      this.#find();
      this.#changed.fire();
    });
  }

  #find(): void {
    const pods = this.#deps.tables.get('pods');
    if (pods === undefined) return;
    const rows = new Map<number, string>();
    for (const wanted of this.#wanted) {
      const index = this.#deps.fleet.byId(wanted.cluster)?.index;
      if (index !== undefined) wanted.find(pods, index, (row) => rows.set(row, wanted.cluster));
    }
    const marks = ['status', 'reason', 'deleting', 'restarts', 'containers'].map((id) => pods.column(id));
    this.#look = [...rows].map(([row, cluster]) => ({
      cluster,
      namespace: pods.text(row, meta.namespace),
      name: pods.text(row, meta.name),
      uid: pods.uid(row),
      mark: marks.map((column) => (column === -1 ? '' : pods.cell(row, column))).join('\n'),
    }));
  }

  #scopes() {
    return this.#wanted.flatMap(({ cluster, kinds }) =>
      kinds
        // What a cluster does not serve has no objects there.
        .filter((kind) => this.#deps.fleet.byId(cluster)?.kinds.some(({ id }) => id === kind) !== false)
        .map((kind) => {
          const scope = this.#deps.fleet.scopes(kind).find((it) => it.cluster === cluster);
          return { cluster, kind, state: scope?.state, reason: scope?.reason };
        }),
    );
  }

  #wantObject(object: ObjectRef): Wanted {
    const { cluster, kind, namespace, name } = object;
    if (kind === 'pods') {
      return {
        cluster,
        kinds: ['pods'],
        // By its name, not by its uid: whoever replaces it under the same name is meant, too.
        find: (pods, index, add) => {
          const row = findRow(pods, index, { namespace, name });
          if (row !== -1) add(row);
        },
      };
    }
    const middle = between[kind] ?? usuallyBetween;
    const kinds = [kind, ...middle.filter((it) => it !== kind), 'pods'];
    const row = (index: number) => {
      const table = this.#deps.tables.get(kind);
      if (table === undefined) return undefined;
      const byName = findRow(table, index, { namespace, name });
      return byName === -1 ? undefined : { table, row: byName };
    };
    if (kind === 'services') {
      return {
        cluster,
        kinds,
        find(pods, index, add) {
          const service = row(index);
          if (service === undefined) return;
          const selector = service.table.text(service.row, service.table.column('selector'));
          addSelected(pods, index, { namespace, selector }, add);
        },
      };
    }
    if (kind === 'nodes') return { cluster, kinds: ['pods'], find: byText('node', name) };
    if (kind === 'namespaces') return { cluster, kinds: ['pods'], find: byText('namespace', name) };
    return {
      cluster,
      kinds,
      find: (pods, index, add) => {
        const root = row(index);
        const uid = root?.table.uid(root.row) ?? object.uid;
        if (uid === undefined) return;
        const owners = this.#owned(middle, index, uid);
        for (const owner of owners) addOwned(pods, index, owner, add);
      },
    };
  }

  /** An object's uid and those of what it owns, over all of the kinds. */
  #owned(kinds: readonly string[], index: number, root: string): Set<string> {
    const uids = new Set([root]);
    let edge = [root];
    for (let depth = 0; depth < deepest && edge.length > 0; depth++) {
      const next: string[] = [];
      for (const kind of kinds) {
        const table = this.#deps.tables.get(kind);
        if (table === undefined) continue;
        for (const owner of edge) {
          addOwned(table, index, owner, (row) => {
            const uid = table.uid(row);
            if (!uids.has(uid)) next.push(uid);
            uids.add(uid);
          });
        }
      }
      edge = next;
    }
    return uids;
  }
}

function wantLabels(cluster: string, namespace: string, selector: string): Wanted {
  return {
    cluster,
    kinds: ['pods'],
    find: (pods, index, add) => addSelected(pods, index, { namespace, selector }, add),
  };
}

function byText(column: string, text: string): Wanted['find'] {
  return (pods, index, add) => {
    const store = pods.textStore(pods.column(column));
    const id = store.dictionary.find(text);
    if (id === undefined) return;
    for (const row of pods.rowsOf(index)) if (store.ids[row] === id) add(row);
  };
}

function addOwned(table: Table, index: number, owner: string, add: (row: number) => void): void {
  const store = table.textStore(meta.ownerUid);
  const id = store.dictionary.find(owner);
  if (id === undefined) return;
  for (let row = 0; row < table.limit; row++) {
    if (store.ids[row] === id && table.clusters[row] === index && table.has(row)) add(row);
  }
}

function addSelected(
  pods: Table,
  index: number,
  { namespace, selector }: { namespace: string; selector: string },
  add: (row: number) => void,
): void {
  const matches = parseSelector(selector);
  const namespaces = pods.textStore(meta.namespace);
  const inside = namespaces.dictionary.find(namespace);
  const labels = pods.textStore(meta.labels);
  const answers = new Map<number, boolean>();
  for (const row of pods.rowsOf(index)) {
    if (namespace !== '' && namespaces.ids[row] !== inside) continue;
    const id = labels.ids[row] as number;
    let answer = answers.get(id);
    if (answer === undefined) {
      answer = matches(labels.dictionary.text(id));
      answers.set(id, answer);
    }
    if (answer) add(row);
  }
}
