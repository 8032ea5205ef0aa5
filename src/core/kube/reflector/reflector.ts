import { type Clock, sleep } from '../../kernel/clock.ts';
import { type Disposable, toDisposable } from '../../kernel/disposable.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { WatchMessage } from '../columns/batch.ts';
import type { KindSchema } from '../columns/schema.ts';
import { MalformedMessage } from '../projectors/protobuf.ts';
import { ApiFailure, type Transport } from '../transport/index.ts';
import type { Abilities, FetchMode } from './abilities.ts';
import { Backoff } from './backoff.ts';
import { decide, SlowLink } from './decide.ts';
import type { EventSink } from './events.ts';
import { endedEarly, noStreamingList, toFailure, words } from './failures.ts';
import { accepts, asMalformed, checkEncoding, collectionPath, pageSize, watchQuery } from './fetch.ts';
import { FrameSplitter, LineSplitter, type Splitter } from './frames.ts';
import type { Gate } from './gate.ts';
import { jsonVersion, readWatchLine } from './jsonStream.ts';
import { fetchPage } from './listPage.ts';
import { type ListMeta, protobufVersion, readWatchFrame } from './protobufStream.ts';
import type { RowSink } from './rows.ts';
import { Telling } from './telling.ts';

export interface ReflectorOptions {
  cluster: number;
  schema: KindSchema;
  /** A namespace, or '' for all. */
  scope: string;
  custom: boolean;
  priority: () => number;
  /** Version to go on from, out of a snapshot. */
  resume: string | undefined;
  rows: RowSink;
  transport: Pick<Transport, 'open' | 'request' | 'stream' | 'slowLink' | 'reading'>;
  abilities: Abilities;
  gate: Gate;
  clock: Clock;
  random: () => number;
  /** Runs when the current turn of the event loop has read its sockets. */
  defer: (run: () => void) => void;
  emit: (message: WatchMessage) => void;
}

/** What went on, for diagnosis. */
export interface ReflectorCounters {
  lists: number;
  watches: number;
  events: number;
  /** Objects that were left out, because JSON of them could not be read either. */
  unreadable: number;
  /** Frames or lists that could not be read; each caused a fresh list. */
  torn: number;
  expired: number;
}

/** Rows in a batch: large enough to be cheap, small enough to paint the first ones early. */
const batchRows = 1000;
/** Without a word from a server that sends bookmarks each minute, a watch is taken for dead. */
const silenceMs = 100_000;
/** A server that knows no streaming list answers with the objects and never says that they are complete. */
const endlessMs = 10_000;
/** After the head of a watch, what the server had in store comes at once. */
const caughtUpMs = 150;
const longWaitMs = 300_000;
/** client-go: a watch that ends sooner, with nothing said, is a failure. */
const shortWatchMs = 1_000;

/**
 * Keeps the rows of one kind (in one scope of one cluster) equal to the server's, whatever happens in between. See
 * docs/spec/reflector.md. Ends with `dispose` only.
 */
export class Reflector implements Disposable {
  readonly #options: ReflectorOptions;
  readonly #end = new AbortController();
  readonly #backoff: Backoff;
  readonly counters: ReflectorCounters = {
    lists: 0,
    watches: 0,
    events: 0,
    unreadable: 0,
    torn: 0,
    expired: 0,
  };
  #version: string | undefined;
  #quorum = false;
  #unpaged = false;
  #listedOnce = false;
  /** A list is being read: the rows are not complete, or not of now, until its end. */
  #listing = false;
  readonly #said: Telling;
  /** Of the stream that runs now. */
  #stream: AbortController | undefined;
  #streamHeardAt = 0;
  /** Ends the current pause. */
  #wake: AbortController | undefined;
  #failuresInRow = 0;
  #lastFailure = '';

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.clock, options.random);
    this.#version = options.resume;
    this.#listedOnce = options.resume !== undefined;
    const { signal } = this.#end;
    this.#said = new Telling({
      ...options,
      signal,
      version: () => this.#version,
      onUnreadable: () => this.counters.unreadable++,
    });
  }

  start(): void {
    this.#run().catch((error: unknown) => {
      // The loop handles every failure of the server; this is a defect of ours, and must be seen.
      if (!this.#end.signal.aborted) this.#said.setStale(`Watching ended by a defect: ${String(error)}`, 'internal');
    });
  }

  dispose(): void {
    this.#end.abort();
  }

  /** Ends the pause, if there is one. */
  retry(): void {
    this.#backoff.reset();
    this.#wake?.abort();
  }

  /** The server gives no sign of life: rows are shown with their age, the stream is kept for now. */
  stalled(reason: string): void {
    if (this.#said.state?.state === 'live' || this.#said.state?.state === 'listing')
      this.#said.setStale(reason, 'timeout');
  }

  /** The server answers again. A stream that has not spoken since `from` is opened anew, since it may be half-open. */
  recovered(from: number): void {
    if (this.#stream === undefined) this.retry();
    else if (this.#streamHeardAt >= from && this.#said.state?.state === 'stale') {
      if (!this.#listing) this.#said.markLive();
      else if (!this.#listedOnce) this.#said.setState({ state: 'listing', since: this.#options.clock.now() });
    } else if (this.#said.state?.state === 'stale')
      this.drop(new KubeSageError('unreachable', 'The watch may be half-open'));
  }

  /** Ends the stream that runs now; the loop goes on as after a reset. */
  drop(reason: KubeSageError): void {
    this.#stream?.abort(reason);
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      const mode = this.#options.abilities.modeOf(this.#options.schema.id, this.#options.custom);
      const attempt: Attempt = {
        phase: this.#version === undefined ? 'listing' : 'watching',
        inStream: false,
        paging: false,
      };
      let failure: KubeSageError | undefined;
      try {
        if (this.#version !== undefined) await this.#watch(mode, attempt, this.#version);
        else await this.#fetch(mode, attempt);
        this.#failuresInRow = 0;
      } catch (error) {
        if (signal.aborted) return;
        failure = toFailure(error);
      }
      this.#said.flush();
      if (failure !== undefined) await this.#afterFailure(failure, attempt, mode);
    }
  }

  async #afterFailure(failure: KubeSageError, attempt: Attempt, mode: FetchMode): Promise<void> {
    const options = this.#options;
    const { random } = options;
    const key = `${failure.code}:${failure instanceof ApiFailure ? failure.status : ''}`;
    this.#failuresInRow = key === this.#lastFailure ? this.#failuresInRow + 1 : 1;
    this.#lastFailure = key;
    const decision = decide(failure, { ...attempt, mode, inRow: this.#failuresInRow });
    if (decision.torn) this.counters.torn++;
    if (failure.code === 'gone') this.counters.expired++;
    if (decision.lacks === 'streaming') options.abilities.noStreamingList();
    if (decision.lacks === 'protobuf') options.abilities.noProtobuf(options.schema.id);
    if (decision.lacks !== undefined) this.#failuresInRow = 0;
    if (decision.unpaged) this.#unpaged = true;
    if (decision.version !== 'keep') {
      this.#version = undefined;
      this.#quorum = decision.version === 'quorum';
    }
    if (decision.state === 'stale') {
      // A fall-back to another way of asking is no news to whoever looks at the rows.
      if (decision.lacks === undefined && !(failure instanceof SlowLink))
        this.#said.setStale(words(failure), failure.code);
    } else this.#said.setState({ state: decision.state, since: options.clock.now(), reason: failure.message });
    let pauseMs = decision.wait === 'backoff' ? this.#backoff.next() : 0;
    if (decision.atLeastMs > 0) pauseMs = Math.max(pauseMs, decision.atLeastMs + Math.round(random() * 1_000));
    if (decision.wait === 'long') pauseMs = Math.round(longWaitMs * (0.8 + 0.4 * random()));
    if (pauseMs > 0) await this.#pause(pauseMs);
  }

  async #pause(pauseMs: number): Promise<void> {
    const wake = new AbortController();
    const end = () => wake.abort();
    this.#wake = wake;
    this.#end.signal.addEventListener('abort', end, { once: true });
    try {
      await sleep(this.#options.clock, pauseMs, wake.signal);
    } catch (error) {
      // Woken early, by retry or by the end: the loop sees which.
      if (!wake.signal.aborted) throw error;
    } finally {
      this.#end.signal.removeEventListener('abort', end);
      this.#wake = undefined;
    }
  }

  /** Everything that there is: as a list, or as the beginning of a watch. */
  async #fetch(mode: FetchMode, attempt: Attempt): Promise<void> {
    const { transport, abilities, gate, priority } = this.#options;
    const { signal } = this.#end;
    const slot = await gate.enter(priority, signal);
    try {
      this.#beginListing();
      if (mode.streaming) await transport.open(signal);
      if (!mode.streaming || transport.slowLink || (mode.numerous && (await abilities.sendsLists(transport, signal)))) {
        await this.#list(mode, attempt);
      } else {
        const version = this.#quorum ? undefined : '0';
        await this.#open(mode, attempt, slot, { version, initial: true, timeoutSeconds: this.#watchSeconds() });
      }
    } finally {
      slot.dispose();
    }
  }

  async #watch(mode: FetchMode, attempt: Attempt, version: string): Promise<void> {
    const slot = await this.#options.gate.enter(this.#options.priority, this.#end.signal);
    try {
      await this.#open(mode, attempt, slot, { version, initial: false, timeoutSeconds: this.#watchSeconds() });
    } finally {
      slot.dispose();
    }
  }

  /** client-go: 5 to 10 minutes at random, so that watches do not end together. */
  #watchSeconds(): number {
    return Math.round(300 * (1 + this.#options.random()));
  }

  async #open(
    mode: FetchMode,
    attempt: Attempt,
    slot: Disposable,
    query: { version: string | undefined; initial: boolean; timeoutSeconds: number },
  ): Promise<void> {
    const { transport, schema, scope, clock } = this.#options;
    const stream = new AbortController();
    const end = () => stream.abort();
    this.#end.signal.addEventListener('abort', end, { once: true });
    this.#stream = stream;
    this.counters.watches++;
    if (query.initial) this.counters.lists++;
    let pendingFailure: ApiFailure | undefined;
    let openedAt: number | undefined;
    const startedAt = clock.steady();
    let events = 0;
    let bookmarks = false;
    const fromProtobuf = mode.encoding === 'protobuf';
    const { rows } = this.#options;

    const sink: EventSink = {
      object: (op, bytes, start, stop) => {
        events++;
        if (fromProtobuf) rows.protobuf(bytes, start, stop, op);
        else this.#said.readJson(bytes, start, stop, op);
        // Initial events are in no order; only the bookmark behind them is a version to go on from.
        if (attempt.phase === 'watching') {
          const version = fromProtobuf ? protobufVersion(bytes, start, stop) : jsonVersion(bytes, start, stop);
          if (version !== '') this.#version = version;
        }
        if (rows.count >= batchRows) this.#said.flush();
      },
      bookmark: (version, initialEnd) => {
        bookmarks = true;
        if (attempt.phase === 'listing') {
          // Before the end of the initial events there is no bookmark, unless the server did not understand.
          if (!initialEnd) throw noStreamingList();
          attempt.phase = 'watching';
          slot.dispose();
          this.#completeListing(version);
          return;
        }
        this.#version = version;
        this.#said.flush();
        this.#said.tell({ type: 'progress', resourceVersion: version });
      },
      error: (failure) => {
        // The server may leave the stream open behind its error (an old etcd does): it is not waited for.
        attempt.inStream = true;
        pendingFailure = failure;
        throw failure;
      },
    };
    const splitter: Splitter = fromProtobuf
      ? new FrameSplitter((bytes, start, stop) => readWatchFrame(bytes, start, stop, sink))
      : new LineSplitter((bytes, start, stop) => readWatchLine(bytes, start, stop, sink));

    const timers: Disposable[] = [];
    const check = clock.every(10_000, () => {
      // Nobody listens: its silence is ours.
      if (!transport.reading) this.#streamHeardAt = clock.steady();
      const silentMs = clock.steady() - this.#streamHeardAt;
      // What ran before has ended, and nothing tells what happened since.
      if (openedAt === undefined) this.#said.setStale('The server does not answer', 'timeout');
      if (openedAt !== undefined && bookmarks && silentMs > silenceMs) {
        stream.abort(new KubeSageError('timeout', 'The watch fell silent'));
      } else if (openedAt !== undefined && attempt.phase === 'listing' && silentMs >= endlessMs) {
        stream.abort(noStreamingList());
      } else if (clock.steady() - startedAt > (query.timeoutSeconds + 60) * 1000) {
        stream.abort(new KubeSageError('timeout', 'The server did not end a watch in its time'));
      }
    });
    timers.push(check);
    try {
      await transport.stream({
        path: `${collectionPath(schema, scope)}?${watchQuery(query)}`,
        headers: { Accept: fromProtobuf ? accepts.protobufWatch : accepts.json },
        signal: stream.signal,
        headTimeoutMs: 30_000,
        bulk: () => attempt.phase === 'listing',
        onHead: (head) => {
          checkEncoding(head, mode.encoding);
          openedAt = clock.steady();
          this.#streamHeardAt = openedAt;
          if (!query.initial) {
            slot.dispose();
            timers.push(this.#whenCaughtUp(stream.signal));
          }
        },
        onData: (bytes, start, stop) => {
          this.#streamHeardAt = clock.steady();
          // A stream is never compressed, a list is.
          if (attempt.phase === 'listing' && transport.slowLink) throw new SlowLink();
          try {
            splitter.push(bytes, start, stop);
          } catch (error) {
            throw asMalformed(error);
          }
          if (rows.count > 0) this.#said.planFlush(attempt.phase === 'listing');
        },
      });
    } catch (error) {
      if (openedAt !== undefined && !(error instanceof SlowLink)) this.#options.gate.lost();
      throw pendingFailure ?? (stream.signal.aborted && !this.#end.signal.aborted ? stream.signal.reason : error);
    } finally {
      for (const timer of timers) timer.dispose();
      this.#end.signal.removeEventListener('abort', end);
      this.#stream = undefined;
      this.counters.events += events;
    }
    // A frame that was cut by a proper end of the body: what it was is not known.
    if (!splitter.empty) throw new MalformedMessage('A watch ended in the middle of an event');
    if (attempt.phase === 'listing') throw endedEarly();
    if (clock.steady() - startedAt < shortWatchMs && events === 0 && !bookmarks) {
      throw new KubeSageError('unavailable', 'The server ended a watch at once');
    }
  }

  /** A list, in pages where it is JSON; the watch follows with the next turn of the loop. */
  async #list(mode: FetchMode, attempt: Attempt): Promise<void> {
    const stream = new AbortController();
    const end = () => stream.abort();
    this.#end.signal.addEventListener('abort', end, { once: true });
    this.#stream = stream;
    this.#streamHeardAt = this.#options.clock.steady();
    this.counters.lists++;
    try {
      let meta = await this.#listPage(mode, '', stream.signal);
      // Pages are of one moment; were they not, the first one's version would be the one that misses nothing.
      const version = meta.resourceVersion;
      while (meta.continue !== '') {
        attempt.paging = true;
        meta = await this.#listPage(mode, meta.continue, stream.signal);
      }
      if (version === '') throw new MalformedMessage('A list has no version');
      this.#completeListing(version);
    } catch (error) {
      throw stream.signal.aborted && !this.#end.signal.aborted ? stream.signal.reason : error;
    } finally {
      this.#end.signal.removeEventListener('abort', end);
      this.#stream = undefined;
    }
  }

  #listPage(mode: FetchMode, token: string, signal: AbortSignal): Promise<ListMeta> {
    const { schema, scope, rows, transport } = this.#options;
    const compressed = transport.slowLink;
    return fetchPage({
      transport,
      path: collectionPath(schema, scope),
      encoding: mode.encoding,
      // The server's cache ignores pages at version 0, so pages are asked of etcd and whole lists of the cache.
      limit: mode.encoding === 'json' && !this.#unpaged ? pageSize : 0,
      anyVersion: !this.#quorum,
      token,
      signal,
      onProtobuf: (bytes, start, end) => {
        rows.protobuf(bytes, start, end, 0);
        if (rows.count >= batchRows) this.#said.flush();
      },
      onJson: (bytes, start, end) => this.#said.readJson(bytes, start, end, 0),
      onTurn: () => {
        this.#streamHeardAt = this.#options.clock.steady();
        if (mode.encoding === 'protobuf' && !compressed && transport.slowLink) throw new SlowLink();
        if (rows.count > 0) this.#said.planFlush(true);
      },
    });
  }

  #beginListing(): void {
    this.#said.beginList();
    this.#listing = true;
    if (!this.#listedOnce) this.#said.setState({ state: 'listing', since: this.#options.clock.now() });
    this.#said.tell({ type: 'listing' });
  }

  #completeListing(version: string): void {
    this.#said.flush();
    this.#listing = false;
    this.#version = version;
    this.#quorum = false;
    this.#unpaged = false;
    this.#listedOnce = true;
    this.#failuresInRow = 0;
    this.#said.tell({ type: 'listed', resourceVersion: version });
    this.#said.markLive();
  }

  /** Marks the rows as live when the server has sent what it had in store, 3 s after the head at the latest. */
  #whenCaughtUp(signal: AbortSignal): Disposable {
    const { clock } = this.#options;
    const latest = clock.steady() + 3_000;
    let timer: Disposable | undefined;
    const look = () => {
      if (signal.aborted) return;
      const heard = clock.steady() - this.#streamHeardAt < caughtUpMs;
      if (!this.#options.transport.reading || (clock.steady() < latest && heard)) {
        timer = clock.after(caughtUpMs, look);
        return;
      }
      this.#failuresInRow = 0;
      this.#said.markLive();
    };
    timer = clock.after(caughtUpMs, look);
    return toDisposable(() => timer?.dispose());
  }
}

interface Attempt {
  phase: 'listing' | 'watching';
  inStream: boolean;
  paging: boolean;
}
