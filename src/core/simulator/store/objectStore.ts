import { type Disposable, toDisposable } from '../../kernel/disposable.ts';
import type { KubeObject, ObjectMeta } from '../objects.ts';

/** An object with its place in the order of writes, and its encodings once somebody has asked for them. */
export interface Entry {
  readonly key: string;
  readonly revision: number;
  readonly object: KubeObject;
  json?: Buffer | undefined;
  protobuf?: Uint8Array | undefined;
}

export interface Change {
  readonly revision: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** The new state; of a deleted object the last one, with the deletion's revision. */
  readonly entry: Entry;
  readonly previous: Entry | undefined;
}

/** Everything of one type. */
class Shelf {
  readonly entries = new Map<string, Entry>();
  readonly byNamespace = new Map<string, Map<string, Entry>>();
  changes: Change[] = [];
  /** A watch from this revision or a later one can be served. */
  floor: number;
  listeners: readonly ((change: Change) => void)[] = [];
  #sorted: string[] | undefined = [];

  constructor(floor: number) {
    this.floor = floor;
  }

  set(entry: Entry): void {
    if (!this.entries.has(entry.key)) this.#sorted = undefined;
    this.entries.set(entry.key, entry);
    const namespace = namespaceOf(entry.key);
    let within = this.byNamespace.get(namespace);
    if (within === undefined) {
      within = new Map();
      this.byNamespace.set(namespace, within);
    }
    within.set(entry.key, entry);
  }

  delete(key: string): void {
    this.entries.delete(key);
    this.byNamespace.get(namespaceOf(key))?.delete(key);
    this.#sorted = undefined;
  }

  /** Keys in etcd's order. */
  sortedKeys(): readonly string[] {
    this.#sorted ??= [...this.entries.keys()].sort();
    return this.#sorted;
  }
}

function namespaceOf(key: string): string {
  return key.slice(0, key.indexOf('/'));
}

export function keyOf(metadata: Pick<ObjectMeta, 'namespace' | 'name'>): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

/**
 * The objects of one cluster, by type. Every write has a revision of its own, a watch can start from any revision that
 * the ring of recent changes still covers, and an object is found by its uid and its owner's uid.
 */
export class ObjectStore {
  readonly #shelves = new Map<string, Shelf>();
  readonly #owned = new Map<string, Map<string, { type: string; key: string }>>();
  /** Types whose adopted entries are not among the owned yet. */
  readonly #ownersUnknown = new Set<string>();
  readonly #ringSize: number;
  /** Off while nobody can watch yet: a past would only fill the rings with what nobody asks for. */
  keepsChanges = true;
  #revision: number;
  #listeners: readonly ((type: string, change: Change) => void)[] = [];

  constructor(options: { firstRevision?: number; ringSize?: number } = {}) {
    this.#revision = options.firstRevision ?? 1;
    this.#compacted = this.#revision;
    this.#ringSize = options.ringSize ?? 2000;
  }

  get revision(): number {
    return this.#revision;
  }

  get(type: string, key: string): Entry | undefined {
    return this.#shelves.get(type)?.entries.get(key);
  }

  object(type: string, namespace: string, name: string): KubeObject | undefined {
    return this.#shelves.get(type)?.entries.get(`${namespace}/${name}`)?.object;
  }

  size(type: string): number {
    return this.#shelves.get(type)?.entries.size ?? 0;
  }

  types(): string[] {
    return [...this.#shelves.keys()];
  }

  /** Entries in the order of their keys, of one namespace or (undefined) of all, after a key when given. */
  *list(type: string, namespace?: string, after = ''): Generator<Entry> {
    const shelf = this.#shelves.get(type);
    if (shelf === undefined) return;
    const keys = shelf.sortedKeys();
    const prefix = namespace === undefined ? '' : `${namespace}/`;
    for (let index = firstAfter(keys, after > prefix ? after : prefix, after > prefix); index < keys.length; index++) {
      const key = keys[index] ?? '';
      if (!key.startsWith(prefix)) return;
      const entry = shelf.entries.get(key);
      if (entry !== undefined) yield entry;
    }
  }

  /** Objects in the order of their creation, which costs no sorting. */
  objects(type: string, namespace?: string): KubeObject[] {
    const shelf = this.#shelves.get(type);
    const entries = namespace === undefined ? shelf?.entries : shelf?.byNamespace.get(namespace);
    const objects: KubeObject[] = [];
    for (const entry of entries?.values() ?? []) objects.push(entry.object);
    return objects;
  }

  /** Objects that name this uid among their owners. */
  ownedBy(uid: string): { type: string; object: KubeObject }[] {
    this.#learnOwners();
    const found: { type: string; object: KubeObject }[] = [];
    for (const { type, key } of this.#owned.get(uid)?.values() ?? []) {
      const entry = this.get(type, key);
      if (entry !== undefined) found.push({ type, object: entry.object });
    }
    return found;
  }

  /** Writes an object: a new one, or a new version. Its resourceVersion is set here. */
  put(type: string, object: KubeObject): KubeObject {
    const shelf = this.#shelf(type);
    const key = keyOf(object.metadata);
    const previous = shelf.entries.get(key);
    const revision = ++this.#revision;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
    const entry: Entry = { key, revision, object: stored };
    shelf.set(entry);
    if (
      !this.#ownersUnknown.has(type) &&
      previous?.object.metadata.ownerReferences !== stored.metadata.ownerReferences
    ) {
      if (previous !== undefined) this.#disown(type, previous);
      for (const owner of stored.metadata.ownerReferences ?? []) this.#own(owner.uid, type, key);
    }
    this.#publish(type, shelf, { revision, type: previous === undefined ? 'ADDED' : 'MODIFIED', entry, previous });
    return stored;
  }

  remove(type: string, key: string): KubeObject | undefined {
    const shelf = this.#shelf(type);
    const previous = shelf.entries.get(key);
    if (previous === undefined) return undefined;
    shelf.delete(key);
    if (!this.#ownersUnknown.has(type)) this.#disown(type, previous);
    const revision = ++this.#revision;
    const metadata = { ...previous.object.metadata, resourceVersion: String(revision) };
    const entry: Entry = { key, revision, object: { ...previous.object, metadata } };
    this.#publish(type, shelf, { revision, type: 'DELETED', entry, previous });
    return entry.object;
  }

  /**
   * Takes over entries that were made elsewhere, in the order of their keys or not: how a hundred equal clusters share
   * one memory. Who owns them is looked up when somebody asks for it: reading an entry's object may cost.
   */
  adopt(type: string, entries: Iterable<Entry>): void {
    const shelf = this.#shelf(type);
    for (const entry of entries) {
      shelf.set(entry);
      this.#revision = Math.max(this.#revision, entry.revision);
    }
    shelf.floor = this.#revision;
    this.#ownersUnknown.add(type);
  }

  /** Changes after a revision, oldest first; undefined when some of them are no longer known. */
  changesSince(type: string, revision: number): readonly Change[] | undefined {
    const shelf = this.#shelf(type);
    if (revision < shelf.floor) return undefined;
    const first = shelf.changes.findIndex((change) => change.revision > revision);
    return first < 0 ? [] : shelf.changes.slice(first);
  }

  /** Forgets all past changes, as etcd's compaction does: older watches and continues get 410. */
  compact(): void {
    for (const shelf of this.#shelves.values()) {
      shelf.changes = [];
      shelf.floor = this.#revision;
    }
    this.#compacted = this.#revision;
  }

  /** The oldest revision that a paged list may still continue at. */
  get compactedRevision(): number {
    return this.#compacted;
  }

  #compacted: number;

  subscribe(type: string, listener: (change: Change) => void): Disposable {
    const shelf = this.#shelf(type);
    shelf.listeners = [...shelf.listeners, listener];
    return toDisposable(() => {
      shelf.listeners = shelf.listeners.filter((other) => other !== listener);
    });
  }

  /** Every change of every type; controllers and recorders listen here. */
  subscribeAll(listener: (type: string, change: Change) => void): Disposable {
    this.#listeners = [...this.#listeners, listener];
    return toDisposable(() => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    });
  }

  #shelf(type: string): Shelf {
    let shelf = this.#shelves.get(type);
    if (shelf === undefined) {
      shelf = new Shelf(this.#compacted);
      this.#shelves.set(type, shelf);
    }
    return shelf;
  }

  #publish(type: string, shelf: Shelf, change: Change): void {
    if (this.keepsChanges) shelf.changes.push(change);
    else shelf.floor = change.revision;
    // Trimmed in halves, so that a write costs no array shift.
    if (shelf.changes.length > this.#ringSize * 2) {
      const dropped = shelf.changes.splice(0, this.#ringSize);
      shelf.floor = dropped.at(-1)?.revision ?? shelf.floor;
    }
    for (const listener of shelf.listeners) listener(change);
    for (const listener of this.#listeners) listener(type, change);
  }

  #learnOwners(): void {
    for (const type of this.#ownersUnknown) {
      for (const { key, object } of this.#shelf(type).entries.values()) {
        for (const owner of object.metadata.ownerReferences ?? []) this.#own(owner.uid, type, key);
      }
    }
    this.#ownersUnknown.clear();
  }

  #own(uid: string, type: string, key: string): void {
    let owned = this.#owned.get(uid);
    if (owned === undefined) {
      owned = new Map();
      this.#owned.set(uid, owned);
    }
    owned.set(`${type} ${key}`, { type, key });
  }

  #disown(type: string, entry: Entry): void {
    for (const owner of entry.object.metadata.ownerReferences ?? []) {
      const owned = this.#owned.get(owner.uid);
      owned?.delete(`${type} ${entry.key}`);
      if (owned?.size === 0) this.#owned.delete(owner.uid);
    }
  }
}

/** The index of the first key that is greater than (or, unless `beyond`, equal to) the given one. */
function firstAfter(keys: readonly string[], key: string, beyond: boolean): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const candidate = keys[middle] ?? '';
    if (candidate < key || (beyond && candidate === key)) low = middle + 1;
    else high = middle;
  }
  return low;
}
