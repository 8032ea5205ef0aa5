const most = 4096;

/**
 * The versions at which the latest deleted objects went, so that an event from before the deletion that arrives after
 * it does not bring the object back. A uid is never used again, so forgetting the oldest is the only limit.
 */
export class Tombstones {
  readonly #versions = new Map<string, number>();

  add(cluster: number, words: Uint32Array, at: number, version: number): void {
    if (Number.isNaN(version)) return;
    const id = key(cluster, words, at);
    const known = this.#versions.get(id) ?? version;
    this.#versions.delete(id);
    this.#versions.set(id, Math.max(version, known));
    if (this.#versions.size <= most) return;
    for (const oldest of this.#versions.keys()) {
      this.#versions.delete(oldest);
      break;
    }
  }

  /** Whether the object is known to have been deleted at that version or later. */
  isNewer(cluster: number, words: Uint32Array, at: number, version: number): boolean {
    if (this.#versions.size === 0) return false;
    return this.version(cluster, words, at) >= version;
  }

  /** NaN when unknown. */
  version(cluster: number, words: Uint32Array, at: number): number {
    return this.#versions.get(key(cluster, words, at)) ?? Number.NaN;
  }
}

function key(cluster: number, words: Uint32Array, at: number): string {
  return `${cluster}.${words[at]}.${words[at + 1]}.${words[at + 2]}.${words[at + 3]}`;
}
