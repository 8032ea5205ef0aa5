interface Forgetful {
  forget(): void;
}

/** Every cache of this thread. */
const caches = new Set<WeakRef<Forgetful>>();

/** Empties every cache of this thread: memory is short. */
export function forgetByteCaches(): void {
  for (const each of caches) {
    const cache = each.deref();
    if (cache === undefined) caches.delete(each);
    else cache.forget();
  }
}

/**
 * Values made from bytes, remembered by these bytes: the same words (images, labels, owners, node names) come by the
 * thousand, and finding one again costs neither a string nor an object. A cache only: when it is full it forgets all,
 * which no caller can notice. Not for values that are mostly unique.
 */
export class ByteCache<T> implements Forgetful {
  readonly #make: (bytes: Uint8Array, start: number, end: number) => T;
  readonly #maxBytes: number;
  readonly #longest: number;
  /** Open addressing: index of an entry plus one, 0 when free. Twice the entries at least. */
  #slots = new Int32Array(1024);
  #hashes = new Int32Array(512);
  #ends = new Uint32Array(512);
  #values: T[] = [];
  #arena = new Uint8Array(16 * 1024);
  #used = 0;

  /** Keys longer than `longest` bytes are made anew each time. */
  constructor(make: (bytes: Uint8Array, start: number, end: number) => T, maxBytes = 8 * 1024 * 1024, longest = 1024) {
    this.#make = make;
    this.#maxBytes = maxBytes;
    this.#longest = longest;
    caches.add(new WeakRef<Forgetful>(this));
  }

  get size(): number {
    return this.#values.length;
  }

  get(bytes: Uint8Array, start: number, end: number): T {
    const length = end - start;
    if (length > this.#longest) return this.#make(bytes, start, end);
    const hash = hashOf(bytes, start, end);
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash & mask;
    let same = 0;
    for (let entry = slots[slot] as number; entry !== 0; slot = (slot + 1) & mask, entry = slots[slot] as number) {
      const index = entry - 1;
      if (this.#hashes[index] !== hash) continue;
      if (this.#equals(index, bytes, start, length)) return this.#values[index] as T;
      // Keys made to collide cost what an unknown key costs, and no more.
      if (++same === longestChain) return this.#make(bytes, start, end);
    }
    return this.#add(hash, bytes, start, end);
  }

  #equals(index: number, bytes: Uint8Array, start: number, length: number): boolean {
    const from = index === 0 ? 0 : (this.#ends[index - 1] as number);
    if ((this.#ends[index] as number) - from !== length) return false;
    const arena = this.#arena;
    for (let i = 0; i < length; i++) if (arena[from + i] !== bytes[start + i]) return false;
    return true;
  }

  #add(hash: number, bytes: Uint8Array, start: number, end: number): T {
    const length = end - start;
    // Made first: when that throws, nothing has been remembered.
    const value = this.#make(bytes, start, end);
    if (this.#used + length > this.#maxBytes) this.clear();
    if (this.#used + length > this.#arena.length) {
      const arena = new Uint8Array(Math.max(this.#arena.length * 2, this.#used + length));
      arena.set(this.#arena);
      this.#arena = arena;
    }
    const index = this.#values.length;
    if (index === this.#ends.length) this.#grow();
    this.#arena.set(bytes.subarray(start, end), this.#used);
    this.#used += length;
    this.#ends[index] = this.#used;
    this.#hashes[index] = hash;
    this.#values.push(value);
    this.#place(hash, index);
    return value;
  }

  #place(hash: number, index: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = index + 1;
  }

  #grow(): void {
    const capacity = this.#ends.length * 2;
    const ends = new Uint32Array(capacity);
    ends.set(this.#ends);
    this.#ends = ends;
    const hashes = new Int32Array(capacity);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    this.#slots = new Int32Array(capacity * 2);
    for (let index = 0; index < this.#values.length; index++) this.#place(hashes[index] as number, index);
  }

  /** Gives the room back, too. */
  forget(): void {
    this.#slots = new Int32Array(1024);
    this.#hashes = new Int32Array(512);
    this.#ends = new Uint32Array(512);
    this.#arena = new Uint8Array(16 * 1024);
    this.#values = [];
    this.#used = 0;
  }

  clear(): void {
    this.#slots.fill(0);
    this.#values = [];
    this.#used = 0;
  }
}

const longestChain = 16;

/** Four bytes a step (as murmur3 mixes them): one byte a step takes three times as long. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (const stop = end - 3; at < stop; at += 4) {
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    hash = Math.imul(hash ^ Math.imul(word, 0xcc9e2d51), 0x1b873593);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
