import type { LiveState } from './contract.ts';
import type { Disposable } from './disposable.ts';
import { KubeSageError } from './errors.ts';
import { messageLimits } from './messageLimits.ts';
import type { Stream } from './streams.ts';
import type { ClientMessage } from './wire.ts';

/** What starts something. */
export type Start = Extract<ClientMessage, { type: 'call' | 'open' }>;

/** What a port has under way: a call, or a stream that may still be opening. */
export class Activity implements Disposable {
  readonly start: Start;
  readonly #abort = new AbortController();
  #stream: Stream | undefined;
  #credit: number;
  #early: { value: unknown; bytes: number }[] = [];

  constructor(start: Start) {
    this.start = start;
    this.#credit = start.type === 'open' ? start.credit : 0;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get sent(): LiveState<unknown, { key: string }> | undefined {
    return this.#stream?.sent;
  }

  /** The stream is open: what came for it while it was opening is handed on. */
  attach(stream: Stream): void {
    if (this.#abort.signal.aborted) {
      stream.dispose();
      return;
    }
    this.#stream = stream;
    for (const { value, bytes } of this.#early) stream.receive(value, bytes);
    this.#early = [];
    if (this.#credit > 0) stream.grant(this.#credit);
  }

  grant(credit: number): void {
    if (this.#stream === undefined) this.#credit += credit;
    else this.#stream.grant(credit);
  }

  receive(value: unknown, bytes: number): void {
    if (this.#stream !== undefined) {
      this.#stream.receive(value, bytes);
      return;
    }
    if (this.start.type === 'call') throw new KubeSageError('invalid', 'Only a pipe takes messages');
    // Bounded by the window: nothing is granted before the pipe is open.
    const waiting = this.#early.reduce((sum, early) => sum + early.bytes, bytes);
    if (waiting > messageLimits.messageBytes || this.#early.length >= 1000) {
      throw new KubeSageError('tooMany', 'The pipe was sent more than its credit allows');
    }
    this.#early.push({ value, bytes });
  }

  dispose(): void {
    this.#abort.abort(new KubeSageError('cancelled', 'Cancelled'));
    this.#stream?.dispose();
  }
}
