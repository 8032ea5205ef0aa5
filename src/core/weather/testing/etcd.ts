import { Emitter } from '../../kernel/emitter.ts';
import type { ServedKind } from './servedKinds.ts';

/** One object at one version. */
export interface Stored {
  kind: string;
  namespace: string;
  name: string;
  uid: string;
  revision: number;
  /** As the API shows it. */
  object: { metadata: { name: string; namespace?: string; uid: string; resourceVersion: string } };
}

export interface LogEntry {
  revision: number;
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  stored: Stored;
  /** By the steady clock, milliseconds. */
  at: number;
}

/** The truth of one cluster: every object's newest version, and what happened since the last compaction. */
export class Etcd {
  revision = 100;
  /** Versions below this are gone. */
  compacted = 0;
  readonly objects = new Map<string, Stored>();
  log: LogEntry[] = [];
  /** Versions are opaque texts, as an extension server's may be. */
  readonly opaque: boolean;
  readonly changed = new Emitter<LogEntry>();
  readonly #number: number;
  readonly #steady: () => number;
  #uids = 0;

  constructor(number: number, options: { opaque: boolean; steady: () => number }) {
    this.#number = number;
    this.opaque = options.opaque;
    this.#steady = options.steady;
  }

  textOf(revision: number): string {
    return this.opaque ? `v${revision.toString(36)}-${this.#number}` : String(revision);
  }

  /** The revision that a version's text stands for; NaN when it is none of ours. */
  revisionOf(text: string): number {
    if (!this.opaque || text === '0') return Number(text);
    const digits = /^v([0-9a-z]+)-/.exec(text)?.[1];
    return digits === undefined ? Number.NaN : Number.parseInt(digits, 36);
  }

  /** @param within the namespace; of no matter where the kind has none */
  put(kind: ServedKind, name: string, within: string, seed: number): LogEntry {
    const namespace = kind.namespaced ? within : '';
    const key = keyOf(kind.id, namespace, name);
    const known = this.objects.get(key);
    const uid = known?.uid ?? this.#newUid();
    const revision = ++this.revision;
    const metadata = {
      name,
      ...(kind.namespaced ? { namespace } : {}),
      uid,
      resourceVersion: this.textOf(revision),
      creationTimestamp: '2026-01-01T00:00:00Z',
      // So that cells can be told to be of the version that they come with.
      labels: { at: `r${revision}`, app: name },
    };
    const object = { apiVersion: kind.apiVersion, kind: kind.kind, metadata, ...kind.body(seed) };
    const stored: Stored = { kind: kind.id, namespace, name, uid, revision, object };
    this.objects.set(key, stored);
    return this.#write(known === undefined ? 'ADDED' : 'MODIFIED', stored);
  }

  remove(kind: string, name: string, namespace: string): LogEntry | undefined {
    const key = keyOf(kind, namespace, name);
    const known = this.objects.get(key);
    if (known === undefined) return undefined;
    this.objects.delete(key);
    const revision = ++this.revision;
    const metadata = { ...known.object.metadata, resourceVersion: this.textOf(revision) };
    return this.#write('DELETED', { ...known, revision, object: { ...known.object, metadata } });
  }

  compact(): void {
    this.compacted = this.revision;
  }

  of(kind: string): Stored[] {
    return [...this.objects.values()].filter((stored) => stored.kind === kind);
  }

  #write(type: LogEntry['type'], stored: Stored): LogEntry {
    const entry: LogEntry = { revision: stored.revision, type, stored, at: this.#steady() };
    this.log.push(entry);
    this.changed.fire(entry);
    return entry;
  }

  #newUid(): string {
    const tail = `${this.#number}`.padStart(4, '0') + `${++this.#uids}`.padStart(8, '0');
    return `00000000-0000-4000-8000-${tail}`;
  }
}

function keyOf(kind: string, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}
