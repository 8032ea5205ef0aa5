import type { Clock } from './clock.ts';
import type { LiveState } from './contract.ts';
import { diff, isEmpty, type LiveChange, snapshotOf } from './diff.ts';
import type { AnyLiveSource } from './dispatch.ts';
import { type Disposable, Scope } from './disposable.ts';

/** One screen frame: what changes more often than the eye sees is sent once. 1000 ms / 16 ms = 62 messages a second. */
export const frameMs = 16;

type State = LiveState<unknown, { key: string }>;
export type AnyLiveChange = LiveChange<unknown, { key: string }> & { snapshot?: true };

export interface LiveFeedOptions {
  clock: Clock;
  /** Gives out revisions: growing, and never the same twice. */
  nextRev: () => number;
  send(change: AnyLiveChange): void;
  /** Reading the source failed; the feed has ended. */
  fail(error: unknown): void;
  /** What the reader already has. */
  resume?: State | undefined;
}

/**
 * Sends a source's changes to one reader. Nothing goes out without credit; however many changes come in between, the
 * source is read once and one change is sent. The first change after quiet goes out in the same turn, further ones
 * once a frame.
 */
export class LiveFeed implements Disposable {
  readonly #source: AnyLiveSource;
  readonly #options: LiveFeedOptions;
  readonly #scope = new Scope();
  #credit = 0;
  #dirty = true;
  #scheduled = false;
  #timer: Disposable | undefined;
  #lastSentMs = Number.NEGATIVE_INFINITY;
  #sent: State | undefined;
  #resuming: boolean;

  constructor(source: AnyLiveSource, options: LiveFeedOptions) {
    this.#source = source;
    this.#options = options;
    this.#sent = options.resume;
    this.#resuming = options.resume !== undefined;
    this.#scope.add(source);
    this.#scope.add(
      source.onChange(() => {
        this.#dirty = true;
        this.#schedule();
      }),
    );
  }

  /** What the reader has, or undefined before the first message. Its `rev` is the one that was sent. */
  get sent(): State | undefined {
    return this.#sent;
  }

  /** Allows so many more messages. */
  grant(messages: number): void {
    this.#credit += messages;
    this.#schedule();
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#scope.dispose();
  }

  #schedule(): void {
    if (!this.#dirty || this.#credit === 0 || this.#scheduled || this.#scope.disposed) return;
    this.#scheduled = true;
    const wait = this.#lastSentMs + frameMs - this.#options.clock.now();
    // In a microtask even when it is due: a source that fires several times in one turn is then read when it is done.
    if (wait <= 0) queueMicrotask(() => this.#flush());
    else this.#timer = this.#options.clock.after(wait, () => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    if (this.#scope.disposed || !this.#dirty || this.#credit === 0) return;
    this.#dirty = false;
    try {
      const state = this.#source.read();
      const change = this.#changeTo(state);
      if (change === undefined) return;
      this.#sent = { rev: change.rev, head: state.head, rows: state.rows };
      this.#resuming = false;
      this.#credit--;
      this.#lastSentMs = this.#options.clock.now();
      this.#options.send(change);
    } catch (error) {
      this.dispose();
      this.#options.fail(error);
    }
  }

  #changeTo(state: State): AnyLiveChange | undefined {
    if (this.#sent === undefined) return { ...snapshotOf(state), rev: this.#options.nextRev(), snapshot: true };
    const change = diff(this.#sent, state);
    // Who resumes is told that it is up to date even when nothing changed.
    if (isEmpty(change) && !this.#resuming) return undefined;
    change.rev = this.#options.nextRev();
    return change;
  }
}
