import type { Clock } from './clock.ts';
import { type Disposable, Scope, toDisposable } from './disposable.ts';
import { frameMs } from './liveFeed.ts';
import { weigh } from './wire.ts';

/** An item may be as large as a message from a client; it is the engine's own, so depth is no danger. */
const itemLimits = { messageBytes: 64 * 1024 * 1024, depth: 200 };

/** The most that goes into one message, so that a reader on the same thread can breathe in between. */
const messageBytes = 256 * 1024;

/** Items taken from a source in one turn: 500 small ones take well under a millisecond. */
const restEvery = 500;

export interface TailFeedOptions {
  clock: Clock;
  /** The most that waits for credit; older items are dropped for newer ones. */
  bufferBytes: number;
  /** `dropped` items were lost before the first of `items`. */
  send(batch: { items: unknown[]; bytes: number; dropped: number }): void;
  /** Once, after the last batch: without a failure when the source ended well. */
  end(failure?: { error: unknown }): void;
}

/**
 * Sends a source's items to one reader, in batches of a frame, as far as its credit goes. The source is read without
 * waiting for the reader: what does not fit into the buffer is dropped, oldest first, counted, and told. Only a source
 * that bounds itself (`BoundedItems`) is read as there is room.
 */
export class TailFeed implements Disposable {
  readonly #options: TailFeedOptions;
  readonly #scope = new Scope();
  #buffer: { item: unknown; bytes: number }[] = [];
  #bufferedBytes = 0;
  #dropped = 0;
  #credit = 0;
  #scheduled = false;
  #timer: Disposable | undefined;
  #resting: Disposable | undefined;
  /** Wakes whoever waits for room. */
  #roomMade: (() => void) | undefined;
  #lastSentMs = Number.NEGATIVE_INFINITY;
  #ended: { failure?: { error: unknown } } | undefined;

  constructor(items: AsyncIterable<unknown>, options: TailFeedOptions) {
    this.#options = options;
    void this.#pull(items);
  }

  /** Allows so many more bytes. */
  grant(bytes: number): void {
    this.#credit += bytes;
    this.#schedule();
  }

  dispose(): void {
    this.#buffer = [];
    this.#timer?.dispose();
    this.#resting?.dispose();
    this.#scope.dispose();
    this.#roomMade?.();
  }

  async #pull(items: AsyncIterable<unknown>): Promise<void> {
    try {
      const bounded = 'bounded' in items;
      const iterator = items[Symbol.asyncIterator]();
      // Whoever waits for an item is told to stop waiting; not awaited, because a generator answers only when it wakes.
      this.#scope.add({ dispose: () => void iterator.return?.()?.then(undefined, ignoreAfterEnd) });
      for (let pulled = 1; ; pulled++) {
        const next = await iterator.next();
        if (this.#scope.disposed) return;
        if (next.done === true) break;
        this.#keep(next.value);
        if (bounded && this.#bufferedBytes >= this.#options.bufferBytes / 2) await this.#room();
        // A source that never waits would keep timers and sockets waiting for as long as it has items.
        if (pulled % restEvery === 0) await this.#rest();
        if (this.#scope.disposed) return;
      }
      this.#ended = {};
    } catch (error) {
      if (this.#scope.disposed) return;
      this.#ended = { failure: { error } };
    }
    this.#schedule();
  }

  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#roomMade = resolve;
    });
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.clock.after(0, resolve);
      // Whoever is disposed while it rests wakes up to find it so.
      this.#resting = toDisposable(() => {
        timer.dispose();
        resolve();
      });
    });
  }

  #keep(item: unknown): void {
    const bytes = weigh(item, itemLimits);
    this.#buffer.push({ item, bytes });
    this.#bufferedBytes += bytes;
    let drop = 0;
    while (this.#bufferedBytes > this.#options.bufferBytes && drop < this.#buffer.length - 1) {
      this.#bufferedBytes -= this.#buffer[drop]?.bytes ?? 0;
      drop++;
    }
    if (drop > 0) this.#buffer.splice(0, drop);
    this.#dropped += drop;
    this.#schedule();
  }

  #schedule(): void {
    const hasWork = (this.#buffer.length > 0 && this.#credit > 0) || (this.#buffer.length === 0 && this.#ended);
    if (!hasWork || this.#scheduled || this.#scope.disposed) return;
    this.#scheduled = true;
    const wait = this.#lastSentMs + frameMs - this.#options.clock.now();
    if (wait <= 0) queueMicrotask(() => this.#flush());
    else this.#timer = this.#options.clock.after(wait, () => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    if (this.#scope.disposed) return;
    while (this.#buffer.length > 0 && this.#credit > 0) {
      const items: unknown[] = [];
      let bytes = 0;
      // The last one may overdraw the credit: one item larger than the reader's window must not stop the stream.
      for (const waiting of this.#buffer) {
        if (bytes >= this.#credit || bytes >= messageBytes) break;
        items.push(waiting.item);
        bytes += waiting.bytes;
      }
      this.#buffer.splice(0, items.length);
      this.#bufferedBytes -= bytes;
      this.#credit -= bytes;
      const dropped = this.#dropped;
      this.#dropped = 0;
      this.#lastSentMs = this.#options.clock.now();
      this.#options.send({ items, bytes, dropped });
    }
    if (this.#bufferedBytes < this.#options.bufferBytes / 2) this.#roomMade?.();
    if (this.#buffer.length === 0 && this.#ended !== undefined) {
      this.dispose();
      this.#options.end(this.#ended.failure);
    }
  }
}

function ignoreAfterEnd(): void {
  // The reader has left: nobody is there to hear how the source took it.
}
