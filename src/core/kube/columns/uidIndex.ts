const empty = 0;
const removed = -1;

/**
 * Finds the row of an object by its cluster and uid: an open-addressing hash table whose slots hold row + 1. Keys stay
 * where the table keeps them, so that an entry costs 4 bytes and the load factor.
 */
export class UidIndex {
  #slots = new Int32Array(64);
  #mask = 63;
  #live = 0;
  /** Slots that are not empty, removed ones included. */
  #occupied = 0;
  readonly #keys: () => { clusters: Uint16Array; uids: Uint32Array };

  /** @param keys the table's current arrays: a cluster a row, four words of uid a row */
  constructor(keys: () => { clusters: Uint16Array; uids: Uint32Array }) {
    this.#keys = keys;
  }

  /** The row, or -1. `words[at .. at + 4]` is the uid. */
  find(cluster: number, words: Uint32Array, at: number): number {
    const { clusters, uids } = this.#keys();
    const w0 = words[at] as number;
    const w1 = words[at + 1] as number;
    const w2 = words[at + 2] as number;
    const w3 = words[at + 3] as number;
    let slot = hash(cluster, w0, w1, w2, w3) & this.#mask;
    for (;;) {
      const entry = this.#slots[slot] as number;
      if (entry === empty) return -1;
      if (entry !== removed) {
        const row = entry - 1;
        const key = row * 4;
        if (
          uids[key] === w0 &&
          uids[key + 1] === w1 &&
          uids[key + 2] === w2 &&
          uids[key + 3] === w3 &&
          clusters[row] === cluster
        ) {
          return row;
        }
      }
      slot = (slot + 1) & this.#mask;
    }
  }

  /** Adds a row whose key is already in the table's arrays and not yet in the index. */
  add(row: number): void {
    // At most 5 of 8 slots are taken: probes stay short, and an entry costs 6.4 to 12.8 bytes.
    if ((this.#occupied + 1) * 8 > this.#slots.length * 5) this.#rebuild(this.#live + 1);
    this.#place(row);
    this.#live++;
    this.#occupied++;
  }

  /** Removes a row whose key is still in the table's arrays. */
  remove(row: number): void {
    let slot = this.#home(row);
    for (;;) {
      const entry = this.#slots[slot] as number;
      if (entry === empty) return;
      if (entry === row + 1) break;
      slot = (slot + 1) & this.#mask;
    }
    this.#slots[slot] = removed;
    this.#live--;
  }

  /** Makes room at once for that many rows more. */
  reserve(more: number): void {
    if ((this.#occupied + more) * 8 > this.#slots.length * 5) this.#rebuild(this.#live + more);
  }

  bytes(): number {
    return this.#slots.byteLength;
  }

  #home(row: number): number {
    const { clusters, uids } = this.#keys();
    const key = row * 4;
    return (
      hash(
        clusters[row] as number,
        uids[key] as number,
        uids[key + 1] as number,
        uids[key + 2] as number,
        uids[key + 3] as number,
      ) & this.#mask
    );
  }

  #place(row: number): void {
    let slot = this.#home(row);
    while (this.#slots[slot] !== empty) slot = (slot + 1) & this.#mask;
    this.#slots[slot] = row + 1;
  }

  #rebuild(live: number): void {
    let size = 64;
    while (live * 8 > size * 5) size *= 2;
    const before = this.#slots;
    this.#slots = new Int32Array(size);
    this.#mask = size - 1;
    for (let slot = 0; slot < before.length; slot++) {
      const entry = before[slot] as number;
      if (entry > 0) this.#place(entry - 1);
    }
    this.#occupied = this.#live;
  }
}

/** Uids are random but for their version bits; hashed ones may be not, so all words are mixed (murmur3's finalizer). */
function hash(cluster: number, w0: number, w1: number, w2: number, w3: number): number {
  let h = Math.imul(w0 ^ Math.imul(cluster + 1, 0x9e3779b1), 0x85ebca6b) ^ w1;
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35) ^ w2;
  h = Math.imul(h ^ (h >>> 13), 0x27d4eb2f) ^ w3;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}
