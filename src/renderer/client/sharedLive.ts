import type { LiveObserver } from '../../core/kernel/client.ts';
import type { LiveState } from '../../core/kernel/contract.ts';
import type { Disposable } from '../../core/kernel/disposable.ts';
import type { KubeSageError } from '../../core/kernel/errors.ts';

export interface LiveSnapshot<H, R> {
  data: { head: H; rows: readonly R[]; rev: number } | undefined;
  error: KubeSageError | undefined;
}

type Subscribe<I, H, R extends { key: string }> = (input: I, observer: LiveObserver<H, R>) => Disposable;

/** How long a stream outlives its last reader, so that moving between two screens that show it keeps it open. */
const lingerMs = 2_000;

/** One stream for every reader of the same procedure with the same input. */
export class SharedLive<I, H, R extends { key: string }> {
  #snapshot: LiveSnapshot<H, R> = { data: undefined, error: undefined };
  #listeners = new Set<() => void>();
  #stream: Disposable | undefined;
  #linger: ReturnType<typeof setTimeout> | undefined;
  readonly #open: () => Disposable;
  readonly #forget: () => void;

  constructor(subscribe: Subscribe<I, H, R>, input: I, forget: () => void) {
    this.#forget = forget;
    this.#open = () =>
      subscribe(input, {
        change: (state: LiveState<H, R>) =>
          this.#set({ data: { head: state.head, rows: state.rows, rev: state.rev }, error: undefined }),
        error: (error) => this.#set({ data: this.#snapshot.data, error }),
      });
  }

  readonly read = (): LiveSnapshot<H, R> => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    clearTimeout(this.#linger);
    this.#listeners.add(listener);
    this.#stream ??= this.#open();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#linger = setTimeout(() => this.#end(), lingerMs);
    };
  };

  /** Opens the stream again after an error. */
  readonly retry = (): void => {
    this.#stream?.dispose();
    this.#set({ data: this.#snapshot.data, error: undefined });
    this.#stream = this.#listeners.size > 0 ? this.#open() : undefined;
  };

  #end(): void {
    this.#stream?.dispose();
    this.#stream = undefined;
    this.#forget();
  }

  #set(snapshot: LiveSnapshot<H, R>): void {
    this.#snapshot = snapshot;
    for (const listener of [...this.#listeners]) listener();
  }
}

const byProcedure = new WeakMap<object, Map<string, SharedLive<never, unknown, { key: string }>>>();

/** The shared stream for a procedure and an input; streams are equal when their inputs are, as JSON. */
export function sharedLive<I, H, R extends { key: string }>(
  procedure: Subscribe<I, H, R>,
  input: I,
): SharedLive<I, H, R> {
  let streams = byProcedure.get(procedure);
  if (streams === undefined) {
    streams = new Map();
    byProcedure.set(procedure, streams);
  }
  const key = JSON.stringify(input);
  const found = streams.get(key);
  // The map is keyed by the procedure itself, so what is found under it has that procedure's types.
  if (found !== undefined) return found as unknown as SharedLive<I, H, R>;
  const made = new SharedLive(procedure, input, () => streams.delete(key));
  streams.set(key, made as unknown as SharedLive<never, unknown, { key: string }>);
  return made;
}
