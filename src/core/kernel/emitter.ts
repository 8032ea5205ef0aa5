import { type Disposable, toDisposable } from './disposable.ts';

/** Subscribes a listener; disposing the result ends the subscription. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** A source of events. A listener added or removed while an event fires takes effect with the next one. */
export class Emitter<T> implements Disposable {
  #listeners: readonly ((value: T) => void)[] = [];

  readonly event: Event<T> = (listener) => {
    // A wrapper per subscription, so that one function subscribed twice is called twice and removed once.
    const entry = (value: T) => listener(value);
    this.#listeners = [...this.#listeners, entry];
    return toDisposable(() => {
      this.#listeners = this.#listeners.filter((other) => other !== entry);
    });
  };

  get hasListeners(): boolean {
    return this.#listeners.length > 0;
  }

  fire(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }

  dispose(): void {
    this.#listeners = [];
  }
}
