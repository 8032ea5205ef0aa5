import { meta } from '../../kube/columns/schema.ts';
import type { Table } from '../../kube/columns/table.ts';
import type { ObjectRef, Relation } from './contract.ts';
import { findRow } from './get.ts';
import type { Sources } from './resources.ts';
import { parseSelector } from './selector.ts';

/** Rows of one relation that are shown; the rest is counted in a sentence. */
const mostOfOne = 200;
/** Owners above owners, and owned below owned. */
const deepest = 8;

/** Kinds whose objects may be owned by, select or use an object of a kind. */
const neighbours: Readonly<Record<string, readonly string[]>> = {
  pods: [
    'services',
    'nodes',
    'poddisruptionbudgets.policy',
    'networkpolicies.networking.k8s.io',
    'secrets',
    'configmaps',
    'persistentvolumeclaims',
    'serviceaccounts',
  ],
  services: ['pods', 'endpointslices.discovery.k8s.io', 'ingresses.networking.k8s.io'],
  'ingresses.networking.k8s.io': ['services', 'secrets'],
  'deployments.apps': ['replicasets.apps', 'pods', 'services', 'horizontalpodautoscalers.autoscaling'],
  'replicasets.apps': ['pods', 'services'],
  'statefulsets.apps': ['pods', 'services', 'horizontalpodautoscalers.autoscaling', 'controllerrevisions.apps'],
  'daemonsets.apps': ['pods', 'services', 'controllerrevisions.apps'],
  'cronjobs.batch': ['jobs.batch', 'pods'],
  'jobs.batch': ['pods'],
  nodes: ['pods'],
  secrets: ['pods', 'ingresses.networking.k8s.io', 'serviceaccounts'],
  configmaps: ['pods'],
  serviceaccounts: ['pods', 'secrets'],
  persistentvolumeclaims: ['pods', 'persistentvolumes'],
  persistentvolumes: ['persistentvolumeclaims'],
  'poddisruptionbudgets.policy': ['pods'],
  'networkpolicies.networking.k8s.io': ['pods'],
};

/** What a custom kind's controller usually makes. */
const usuallyOwned = [
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicasets.apps',
  'jobs.batch',
  'pods',
  'services',
];

export function neighboursOf(kind: string): readonly string[] {
  return neighbours[kind] ?? usuallyOwned;
}

export interface Related {
  rows: Relation[];
  /** Kinds that were needed on the way. */
  kinds: ReadonlySet<string>;
  problems: string[];
}

/** Everything that the tables tell about an object's relations, as a tree with its topmost owner as the root. */
export function findRelated(sources: Sources, object: ObjectRef, index: number): Related {
  return new Finder(sources, object, index).find();
}

interface Place {
  table: Table;
  row: number;
}

type How = Relation['relation'];

class Finder {
  readonly #sources: Sources;
  readonly #object: ObjectRef;
  readonly #index: number;
  readonly #rows = new Map<string, Relation>();
  readonly #kinds = new Set<string>();
  readonly #problems: string[] = [];

  constructor(sources: Sources, object: ObjectRef, index: number) {
    this.#sources = sources;
    this.#object = object;
    this.#index = index;
  }

  find(): Related {
    this.#kinds.add(this.#object.kind);
    for (const kind of neighboursOf(this.#object.kind)) this.#kinds.add(kind);
    const self = this.#at(this.#object.kind, this.#object);
    if (self === undefined) {
      const key = keyOf(this.#object);
      const unknown = {
        key,
        object: this.#object,
        relation: 'self',
        parent: null,
        tone: 'unknown',
        status: '',
      } as const;
      this.#rows.set(key, unknown);
    } else {
      const parent = this.#owners(self);
      const key = this.#add(self, 'self', parent);
      const pods = this.#owned(self, key, 0);
      this.#around(self, key, pods);
    }
    return { rows: [...this.#rows.values()], kinds: this.#kinds, problems: this.#problems };
  }

  /** The owners from the topmost down; returns the key of the nearest. */
  #owners(self: Place): string | null {
    const chain: (Place | Relation)[] = [];
    let at: Place | undefined = self;
    const seen = new Set<string>();
    while (at !== undefined && chain.length < deepest) {
      const owner: string = at.table.text(at.row, meta.owner);
      const uid: string = at.table.text(at.row, meta.ownerUid);
      if (owner === '' || seen.has(uid)) break;
      seen.add(uid);
      const [kindName, name] = [owner.slice(0, owner.indexOf('/')), owner.slice(owner.indexOf('/') + 1)];
      const kind = this.#sources.kindId(this.#object.cluster, kindName, '');
      if (kind !== undefined) this.#kinds.add(kind);
      const table: Table | undefined = kind === undefined ? undefined : this.#sources.tables.get(kind);
      const row: number = table === undefined ? -1 : table.find(this.#index, uid);
      if (table !== undefined && row !== -1) {
        at = { table, row };
        chain.unshift(at);
        continue;
      }
      // Its name is known though it is not: forbidden, of a kind that is not served, or gone.
      const namespace = at.table.text(at.row, meta.namespace);
      const object = { cluster: this.#object.cluster, kind: kind ?? kindName, namespace, name, uid };
      chain.unshift({ key: keyOf(object), object, relation: 'owner', parent: null, tone: 'unknown', status: '' });
      break;
    }
    let parent: string | null = null;
    for (const owner of chain) {
      if ('table' in owner) parent = this.#add(owner, 'owner', parent);
      else {
        this.#rows.set(owner.key, owner);
        parent = owner.key;
      }
    }
    return parent;
  }

  /** Everything below, depth first; returns the pods among it. */
  #owned(of: Place, parent: string, depth: number): Place[] {
    const uid = of.table.uid(of.row);
    const pods: Place[] = [];
    if (depth >= deepest) return pods;
    for (const table of this.#sources.tables.all()) {
      const owners = table.textStore(meta.ownerUid);
      const id = owners.dictionary.find(uid);
      if (id === undefined) continue;
      const rows = this.#rowsWhere(table, (row) => owners.ids[row] === id);
      for (const row of this.#limited(rows, table.schema.kind)) {
        const place = { table, row };
        const key = this.#add(place, 'owned', parent);
        if (table.schema.id === 'pods') pods.push(place);
        pods.push(...this.#owned(place, key, depth + 1));
      }
    }
    return pods;
  }

  /** Relations by selectors and references. */
  #around(self: Place, parent: string, owned: readonly Place[]): void {
    const { table, row } = self;
    const { id } = table.schema;
    const text = (column: string) => table.text(row, table.column(column));
    const namespace = table.text(row, meta.namespace);
    const name = table.text(row, meta.name);
    const refer = (kind: string, target: { namespace: string; name: string }, how: How = 'uses') => {
      if (target.name !== '') this.#refer(kind, target, { how, parent });
    };
    if (id === 'pods') {
      this.#selectedBy(self, parent);
      refer('nodes', { namespace: '', name: text('node') }, 'runsOn');
      refer('serviceaccounts', { namespace, name: text('serviceaccount') });
    } else {
      // One pod stands for all: those of one workload have the same labels.
      const [pod] = owned;
      if (pod !== undefined && id !== 'services') this.#selectedBy(pod, parent);
    }
    this.#references(text('refs'), namespace, refer);
    this.#references(text('backends'), namespace, refer);
    if (id === 'persistentvolumeclaims') refer('persistentvolumes', { namespace: '', name: text('volume') });
    const claim = id === 'persistentvolumes' ? text('claim') : '';
    if (claim !== '') {
      const [space = '', claimName = ''] = claim.split('/');
      refer('persistentvolumeclaims', { namespace: space, name: claimName }, 'usedBy');
    }
    if (id === 'horizontalpodautoscalers.autoscaling') this.#references(text('target'), namespace, refer);
    if (['services', 'poddisruptionbudgets.policy', 'networkpolicies.networking.k8s.io'].includes(id)) {
      this.#selects(self, parent);
    }
    if (id === 'nodes') this.#users('pods', (pods, at) => pods.text(at, pods.column('node')) === name, { parent });
    if (id === 'serviceaccounts') {
      this.#users('pods', (pods, at) => pods.text(at, pods.column('serviceaccount')) === name, { parent, namespace });
    }
    this.#usedBy(self, parent);
  }

  /** Objects that name this one in a column of `Kind/name` lines. */
  #usedBy(self: Place, parent: string): void {
    const { kind } = self.table.schema;
    const namespace = self.table.text(self.row, meta.namespace);
    const line = `${kind}/${self.table.text(self.row, meta.name)}`;
    for (const table of this.#sources.tables.all()) {
      for (const id of ['refs', 'backends', 'target']) {
        const store = table.store(id);
        // Another kind's `target` may mean something else; a line in the form of a reference does not.
        if (store?.type !== 'text' || table === self.table) continue;
        const { dictionary } = store;
        const marks = new Uint8Array(dictionary.size);
        for (let at = 1; at < dictionary.size; at++) if (dictionary.text(at).split('\n').includes(line)) marks[at] = 1;
        if (!marks.includes(1)) continue;
        this.#users(table.schema.id, (_, row) => marks[store.ids[row] as number] === 1, { parent, namespace });
      }
    }
  }

  #users(
    kind: string,
    isUser: (table: Table, row: number) => boolean,
    at: { parent: string; namespace?: string },
  ): void {
    const table = this.#sources.tables.get(kind);
    if (table === undefined) return;
    const rows = this.#rowsWhere(
      table,
      (row) => (at.namespace === undefined || table.text(row, meta.namespace) === at.namespace) && isUser(table, row),
    );
    for (const row of this.#limited(rows, table.schema.kind)) this.#add({ table, row }, 'usedBy', at.parent);
  }

  #selectedBy(pod: Place, parent: string): void {
    const labels = pod.table.text(pod.row, meta.labels);
    const namespace = pod.table.text(pod.row, meta.namespace);
    for (const kind of ['services', 'poddisruptionbudgets.policy', 'networkpolicies.networking.k8s.io']) {
      const table = this.#sources.tables.get(kind);
      if (table === undefined) continue;
      const selector = table.column('selector');
      const rows = this.#rowsWhere(
        table,
        (row) => table.text(row, meta.namespace) === namespace && parseSelector(table.text(row, selector))(labels),
      );
      for (const row of this.#limited(rows, table.schema.kind)) this.#add({ table, row }, 'selectedBy', parent);
    }
  }

  #selects(self: Place, parent: string): void {
    const pods = this.#sources.tables.get('pods');
    if (pods === undefined) return;
    const matches = parseSelector(self.table.text(self.row, self.table.column('selector')));
    const namespace = self.table.text(self.row, meta.namespace);
    const store = pods.textStore(meta.labels);
    const answers = new Map<number, boolean>();
    const rows = this.#rowsWhere(pods, (row) => {
      if (pods.text(row, meta.namespace) !== namespace) return false;
      const id = store.ids[row] as number;
      let answer = answers.get(id);
      if (answer === undefined) {
        answer = matches(store.dictionary.text(id));
        answers.set(id, answer);
      }
      return answer;
    });
    for (const row of this.#limited(rows, 'Pod')) this.#add({ table: pods, row }, 'selects', parent);
  }

  /** Lines of `Kind/name`. */
  #references(
    lines: string,
    namespace: string,
    refer: (kind: string, target: { namespace: string; name: string }) => void,
  ): void {
    for (const line of lines.split('\n')) {
      const cut = line.indexOf('/');
      if (cut === -1) continue;
      const kind = this.#sources.kindId(this.#object.cluster, line.slice(0, cut), '');
      if (kind !== undefined) refer(kind, { namespace, name: line.slice(cut + 1) });
    }
  }

  /** An object by its name; shown as unknown when it is not there, for a reference to nothing is worth seeing. */
  #refer(kind: string, target: { namespace: string; name: string }, as: { how: How; parent: string }): void {
    this.#kinds.add(kind);
    const place = this.#at(kind, target);
    if (place !== undefined) {
      this.#add(place, as.how, as.parent);
      return;
    }
    const object = { cluster: this.#object.cluster, kind, ...target };
    const key = keyOf(object);
    const isListed = this.#sources.fleet
      .scopes(kind)
      .some(
        (scope) => scope.cluster === this.#object.cluster && scope.state === 'live' && scope.namespaces === undefined,
      );
    const found = isListed
      ? ({ tone: 'warning', status: 'Missing' } as const)
      : ({ tone: 'unknown', status: '' } as const);
    if (!this.#rows.has(key)) this.#rows.set(key, { key, object, relation: as.how, parent: as.parent, ...found });
  }

  #at(kind: string, target: Pick<ObjectRef, 'namespace' | 'name' | 'uid'>): Place | undefined {
    const table = this.#sources.tables.get(kind);
    if (table === undefined) return undefined;
    const row = findRow(table, this.#index, target);
    return row === -1 ? undefined : { table, row };
  }

  #rowsWhere(table: Table, accepts: (row: number) => boolean): number[] {
    const rows: number[] = [];
    for (let row = 0; row < table.limit; row++) {
      if (table.clusters[row] === this.#index && table.has(row) && accepts(row)) rows.push(row);
    }
    return rows.sort((a, b) => table.compareNames(a, b));
  }

  #limited(rows: number[], kind: string): number[] {
    if (rows.length <= mostOfOne) return rows;
    this.#problems.push(`${rows.length} objects of kind ${kind} are related; the first ${mostOfOne} are shown`);
    return rows.slice(0, mostOfOne);
  }

  /** An object is shown once, where it was met first. */
  #add({ table, row }: Place, relation: How, parent: string | null): string {
    const object: ObjectRef = {
      cluster: this.#object.cluster,
      kind: table.schema.id,
      namespace: table.text(row, meta.namespace),
      name: table.text(row, meta.name),
      uid: table.uid(row),
    };
    const key = keyOf(object);
    const status = table.text(row, meta.status);
    if (!this.#rows.has(key)) this.#rows.set(key, { key, object, relation, parent, tone: table.tone(row), status });
    return key;
  }
}

function keyOf(object: ObjectRef): string {
  return `${object.cluster}/${object.kind}/${object.namespace}/${object.name}`;
}
