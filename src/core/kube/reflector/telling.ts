import type { Clock } from '../../kernel/clock.ts';
import type { WatchMessage, WatchState } from '../columns/batch.ts';
import type { KindSchema } from '../columns/schema.ts';
import { MalformedMessage } from '../projectors/protobuf.ts';
import { asMalformed } from './fetch.ts';
import type { RowSink } from './rows.ts';

export interface TellingOptions {
  cluster: number;
  schema: KindSchema;
  /** A namespace, or '' for all. */
  scope: string;
  rows: RowSink;
  clock: Clock;
  /** Runs when the current turn of the event loop has read its sockets. */
  defer: (run: () => void) => void;
  emit: (message: WatchMessage) => void;
  /** When it is aborted, nothing is said any more. */
  signal: AbortSignal;
  /** Up to which everything was read. */
  version: () => string | undefined;
  /** An object was left out. */
  onUnreadable: () => void;
}

/** The first rows of a list are painted at once; behind them larger batches cost less. */
const firstFlushMs = 8;
const listingFlushMs = 50;
/** A change after quiet goes on at once; those that follow within so long are one batch, which costs as much as a row. */
const watchingFlushMs = 10;
const startsWithDigit = /^\d/;

/** What one reflector says: its rows, in batches, and where its scope stands. */
export class Telling {
  readonly #options: TellingOptions;
  state: WatchState | undefined;
  /** Objects of the current list that could not be read. */
  #unreadable = 0;
  #flushPlanned = false;
  /** When rows were handed over last, by the steady clock. */
  #flushedAt = Number.NEGATIVE_INFINITY;
  /** The current list has shown its first rows. */
  #painted = false;

  constructor(options: TellingOptions) {
    this.#options = options;
  }

  beginList(): void {
    this.flush();
    this.#unreadable = 0;
    this.#painted = false;
  }

  /**
   * JSON is the last way of reading. An object that it does not understand either would keep the whole kind from ever
   * being complete, so it is left out, and the state says how many there are.
   */
  readJson(bytes: Uint8Array, start: number, end: number, op: 0 | 1): void {
    try {
      this.#options.rows.json(bytes, start, end, op);
    } catch (error) {
      if (!(asMalformed(error) instanceof MalformedMessage)) throw error;
      this.#options.onUnreadable();
      this.#unreadable++;
      if (this.state?.state === 'live') this.#setLive();
    }
  }

  planFlush(listing: boolean): void {
    if (this.#flushPlanned) return;
    this.#flushPlanned = true;
    const run = () => {
      this.#flushPlanned = false;
      this.flush();
    };
    if (listing) {
      this.#options.clock.after(this.#painted ? listingFlushMs : firstFlushMs, run);
      this.#painted = true;
      return;
    }
    const { clock, defer } = this.#options;
    const restMs = this.#flushedAt + watchingFlushMs - clock.steady();
    if (restMs > 0) clock.after(restMs, run);
    else defer(run);
  }

  flush(): void {
    const { rows, scope, emit } = this.#options;
    if (rows.count === 0 || this.#options.signal.aborted) return;
    this.#flushedAt = this.#options.clock.steady();
    emit({ type: 'rows', batch: rows.take(), scope });
    // Versions that are no numbers cannot be compared: whoever resumes must not be shown the same events again.
    const version = this.#options.version();
    if (version !== undefined && !startsWithDigit.test(version))
      this.tell({ type: 'progress', resourceVersion: version });
  }

  markLive(): void {
    if (this.state?.state === 'live') return;
    this.flush();
    this.#setLive();
  }

  #setLive(): void {
    const since = this.state?.state === 'live' ? this.state.since : this.#options.clock.now();
    const unreadable = this.#unreadable;
    this.state = { state: 'live', since, ...(unreadable > 0 ? { unreadable } : {}) };
    this.tell({ type: 'state', state: this.state });
  }

  setStale(reason: string, code: string): void {
    const now = this.state;
    // The first reason's moment is the age of the rows; a later reason replaces the words only.
    const since = now?.state === 'stale' ? now.since : this.#options.clock.now();
    if (now?.state === 'stale' && now.reason === reason && now.code === code) return;
    this.setState({ state: 'stale', since, reason, code });
  }

  setState(state: WatchState): void {
    if (state.state === this.state?.state && state.state !== 'stale') return;
    this.state = state;
    this.tell({ type: 'state', state });
  }

  tell(
    message:
      | { type: 'listing' }
      | { type: 'listed' | 'progress'; resourceVersion: string }
      | { type: 'state'; state: WatchState },
  ): void {
    if (this.#options.signal.aborted) return;
    const { cluster, schema, scope, emit } = this.#options;
    emit({ ...message, cluster, kind: schema.id, scope });
  }
}
