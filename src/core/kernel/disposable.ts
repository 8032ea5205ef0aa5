/** Something that lives until `dispose` is called. Calling it again does nothing. */
export interface Disposable {
  dispose(): void;
}

/** A disposable from a function; the function runs at most once. */
export function toDisposable(release: () => void): Disposable {
  let released = false;
  return {
    dispose() {
      if (released) return;
      released = true;
      release();
    },
  };
}

/**
 * Owns disposables and releases them together, last added first, so that what was built on top goes first.
 * Adding to an already disposed scope releases the newcomer at once: a late arrival never leaks.
 */
export class Scope implements Disposable {
  readonly #owned = new Set<Disposable>();
  #disposed = false;

  get disposed(): boolean {
    return this.#disposed;
  }

  add<T extends Disposable>(owned: T): T {
    if (this.#disposed) owned.dispose();
    else this.#owned.add(owned);
    return owned;
  }

  /** Releases one owned disposable early. */
  release(owned: Disposable): void {
    if (this.#owned.delete(owned)) owned.dispose();
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const errors: unknown[] = [];
    for (const owned of [...this.#owned].reverse()) {
      try {
        owned.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    this.#owned.clear();
    if (errors.length > 0) throw new AggregateError(errors, 'Some parts failed to be released');
  }
}
