import type { Disposable } from '../disposable.ts';
import { Emitter, type Event } from '../emitter.ts';

/** The receiving half of a port: keeps what arrives before anybody listens, and says once that it is closed. */
export class Inbox implements Disposable {
  readonly #messages = new Emitter<unknown>();
  readonly #closing = new Emitter<void>();
  #early: unknown[] = [];
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  readonly onMessage: Event<unknown> = (listener) => {
    const subscription = this.#messages.event(listener);
    // In order and before anything that arrives later: deliveries come from tasks, this from a microtask.
    if (this.#early.length > 0) queueMicrotask(() => this.#drain());
    return subscription;
  };

  /** A listener that comes too late hears of it all the same. */
  readonly onClose: Event<void> = (listener) => {
    if (!this.#closed) return this.#closing.event(listener);
    const late = new Emitter<void>();
    late.event(listener);
    queueMicrotask(() => late.fire());
    return late;
  };

  deliver(message: unknown): void {
    if (this.#closed) return;
    if (this.#messages.hasListeners && this.#early.length === 0) this.#messages.fire(message);
    else this.#early.push(message);
  }

  /** Nothing is delivered after this. */
  dispose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#early = [];
    this.#closing.fire();
    this.#closing.dispose();
    this.#messages.dispose();
  }

  #drain(): void {
    while (this.#early.length > 0 && this.#messages.hasListeners) this.#messages.fire(this.#early.shift());
  }
}
