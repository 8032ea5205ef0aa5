/**
 * The texts of one column, each once. Ids count up from 0, which is always ''. Texts are ordered by UTF-16 code units,
 * which for what Kubernetes allows in names and words is the order of kubectl's own lists.
 */
export class Dictionary {
  #texts: string[] = [''];
  #ids = new Map<string, number>([['', 0]]);
  #characters = 0;
  /** Ids in the texts' order, for the first `#sorted.length` ids. */
  #sorted: number[] = [0];
  #ranks = new Uint32Array(1);
  #generation = 0;

  /** Number of ids given out. */
  get size(): number {
    return this.#texts.length;
  }

  /** Grows when ids are given out anew: whatever was cached by id is then worthless. */
  get generation(): number {
    return this.#generation;
  }

  text(id: number): string {
    return this.#texts[id] ?? '';
  }

  /** The id of a text that is there; undefined otherwise. */
  find(text: string): number | undefined {
    return this.#ids.get(text);
  }

  intern(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = this.#texts.length;
    this.#texts.push(text);
    this.#ids.set(text, id);
    this.#characters += text.length;
    return id;
  }

  /** The position of every id in the texts' order. Later additions move ranks, but never the order of two ids. */
  ranks(): Uint32Array {
    const size = this.#texts.length;
    const known = this.#sorted.length;
    if (known === size) return this.#ranks;
    const fresh: number[] = [];
    for (let id = known; id < size; id++) fresh.push(id);
    const texts = this.#texts;
    const textOf = (id: number) => texts[id] as string;
    fresh.sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
    const merged: number[] = new Array(size);
    let left = 0;
    let right = 0;
    for (let at = 0; at < size; at++) {
      const a = this.#sorted[left];
      const b = fresh[right];
      if (b === undefined || (a !== undefined && textOf(a) < textOf(b))) {
        merged[at] = a as number;
        left++;
      } else {
        merged[at] = b;
        right++;
      }
    }
    this.#sorted = merged;
    this.#ranks = new Uint32Array(size);
    for (let at = 0; at < size; at++) this.#ranks[merged[at] as number] = at;
    return this.#ranks;
  }

  /**
   * Drops the texts that nothing uses any more.
   * @param used one byte an id, not 0 for those to keep; id 0 always stays
   * @returns the new id of every old one
   */
  compact(used: Uint8Array): Uint32Array {
    const mapping = new Uint32Array(this.#texts.length);
    const kept: string[] = [''];
    this.#ids = new Map([['', 0]]);
    this.#characters = 0;
    for (let id = 1; id < this.#texts.length; id++) {
      if (used[id] === 0) continue;
      const text = this.#texts[id] as string;
      mapping[id] = kept.length;
      this.#ids.set(text, kept.length);
      this.#characters += text.length;
      kept.push(text);
    }
    this.#texts = kept;
    this.#sorted = [0];
    this.#ranks = new Uint32Array(1);
    this.#generation++;
    return mapping;
  }

  /**
   * Estimated memory. A V8 string of one-byte characters takes 16 bytes and its characters, rounded up to 8; an array
   * slot 8; an entry of a Map 3 words and its share of the buckets: 36. Ranks, where they were asked for, 12.
   */
  bytes(): number {
    return this.#characters + this.#texts.length * (16 + 4 + 8 + 36) + this.#sorted.length * 12;
  }
}
