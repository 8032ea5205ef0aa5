import { CellPage } from './cellPage.ts';
import type { VersionSchema } from './model.ts';

/** One version, but for its uid and its cells. */
export interface VersionHead {
  cluster: string;
  namespace: string;
  name: string;
  status: string;
  /** Index in `changes`. */
  change: number;
  tone: number;
  /** Milliseconds, whole. */
  at: number;
  fingerprint: number;
}

/** Where an object belongs. */
export interface Place {
  cluster: string;
  kind: string;
  namespace: string;
}

const firstCapacity = 64;

/**
 * Versions on their way to the disk, in columns as DuckDB keeps them. Places, statuses and pages are numbered within the
 * batch; they get their own numbers when it is written.
 */
export class VersionBatch {
  count = 0;
  places: Uint32Array = new Uint32Array(firstCapacity);
  /** As DuckDB keeps a UUID: four words, the lowest first, the topmost bit turned over. */
  uids: Uint32Array = new Uint32Array(4 * firstCapacity);
  readonly names: string[] = [];
  /** 64-bit integers in two words each. */
  times: Uint32Array = new Uint32Array(2 * firstCapacity);
  changes: Uint8Array = new Uint8Array(firstCapacity);
  tones: Uint8Array = new Uint8Array(firstCapacity);
  statuses: Uint32Array = new Uint32Array(firstCapacity);
  fingerprints: Float64Array = new Float64Array(firstCapacity);
  pages: Uint32Array = new Uint32Array(firstCapacity);
  positions: Uint16Array = new Uint16Array(firstCapacity);
  readonly placeList: Place[] = [];
  readonly statusList: string[] = [];
  /** Complete pages by number; those still being written are missing. */
  readonly bodies: Uint8Array[] = [];
  readonly #placeNumbers = new Map<string, Map<string, Map<string, number>>>();
  readonly #statusNumbers = new Map<string, number>();
  /** By kind: the page that is being written, and its number. */
  readonly #open = new Map<string, { page: CellPage; number: number }>();
  #pageCount = 0;

  /**
   * Adds a version.
   * @param uid four words from `uid[at]` on, the highest first
   * @param write puts the cells into the page: exactly one row
   */
  add(schema: VersionSchema, head: VersionHead, uid: Uint32Array, at: number, write: (page: CellPage) => void): void {
    const row = this.count;
    if (row === this.places.length) this.#grow(2 * row);
    const { page, number } = this.#pageOf(schema);
    this.pages[row] = number;
    this.positions[row] = page.rows;
    write(page);
    if (page.isFull) this.#close(schema.id);
    this.places[row] = this.#placeOf(head.cluster, schema.id, head.namespace);
    for (let word = 0; word < 4; word++) this.uids[4 * row + word] = uid[at + 3 - word] as number;
    this.uids[4 * row + 3] = ((uid[at] as number) ^ 0x80000000) >>> 0;
    this.names.push(head.name);
    this.times[2 * row] = head.at % 4_294_967_296;
    this.times[2 * row + 1] = Math.floor(head.at / 4_294_967_296);
    this.changes[row] = head.change;
    this.tones[row] = head.tone;
    this.statuses[row] = this.#statusOf(head.status);
    this.fingerprints[row] = head.fingerprint;
    this.count++;
  }

  /** Completes all pages. Nothing is added afterwards. */
  seal(): void {
    for (const kind of [...this.#open.keys()]) this.#close(kind);
  }

  #pageOf(schema: VersionSchema): { page: CellPage; number: number } {
    let open = this.#open.get(schema.id);
    // A kind whose columns have changed continues on a page of its own.
    if (open !== undefined && open.page.schema !== schema) {
      this.#close(schema.id);
      open = undefined;
    }
    if (open === undefined) {
      open = { page: new CellPage(schema), number: this.#pageCount++ };
      this.#open.set(schema.id, open);
    }
    return open;
  }

  #close(kind: string): void {
    const open = this.#open.get(kind);
    if (open === undefined) return;
    this.bodies[open.number] = open.page.take();
    this.#open.delete(kind);
  }

  #placeOf(cluster: string, kind: string, namespace: string): number {
    const numbers = inner(inner(this.#placeNumbers, cluster), kind);
    let number = numbers.get(namespace);
    if (number === undefined) {
      number = this.placeList.push({ cluster, kind, namespace }) - 1;
      numbers.set(namespace, number);
    }
    return number;
  }

  #statusOf(status: string): number {
    let number = this.#statusNumbers.get(status);
    if (number === undefined) {
      number = this.statusList.push(status) - 1;
      this.#statusNumbers.set(status, number);
    }
    return number;
  }

  #grow(capacity: number): void {
    this.places = grown(this.places, new Uint32Array(capacity));
    this.uids = grown(this.uids, new Uint32Array(4 * capacity));
    this.times = grown(this.times, new Uint32Array(2 * capacity));
    this.changes = grown(this.changes, new Uint8Array(capacity));
    this.tones = grown(this.tones, new Uint8Array(capacity));
    this.statuses = grown(this.statuses, new Uint32Array(capacity));
    this.fingerprints = grown(this.fingerprints, new Float64Array(capacity));
    this.pages = grown(this.pages, new Uint32Array(capacity));
    this.positions = grown(this.positions, new Uint16Array(capacity));
  }
}

function inner<V>(maps: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let map = maps.get(key);
  if (map === undefined) {
    map = new Map();
    maps.set(key, map);
  }
  return map;
}

function grown<T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
