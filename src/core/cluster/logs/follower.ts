import { sleep } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { LogQuery, LogSource } from './contract.ts';
import { LineReader } from './lineReader.ts';
import { type Container, type LogDeps, logPath, type Pod, type PodName } from './model.ts';
import { OlderPart, type PartsSink } from './olderPart.ts';
import { Overlap } from './overlap.ts';
import { findSplit } from './split.ts';

/** Waits before a broken stream is taken up again, or a status is looked at again: doubles up to the last. Milliseconds. */
const shortestWaitMs = 300;
const longestWaitMs = 8000;
/** A stream that has the past no more to give is quiet for this long. Milliseconds. */
const quietMs = 150;

/** What a container's reader tells. */
export interface FollowerSink {
  line(at: number, text: string): void;
  /** Something about the container, to stand between its lines. */
  note(at: number, text: string): void;
  state(state: LogSource['state'], reason?: string, rule?: string): void;
  restarts(count: number): void;
  /** The past begins to be read, or has been. */
  behind(isBehind: boolean): void;
  /** Where there is one, a long past is read from two places at once. */
  parts?: PartsSink | undefined;
}

/** Where an earlier reading of a container stopped. */
export interface TakeUp {
  /** Restarts of the run that was read. */
  run: number;
  /** Its last lines, oldest first: all that may come again, see `Overlap`. */
  lines: readonly { at: number; text: string }[];
}

export interface FollowerOptions {
  deps: LogDeps;
  pod: PodName;
  container: string;
  query: Pick<LogQuery, 'previous' | 'sinceSeconds' | 'tailLines'>;
  follow: boolean;
  takeUp?: TakeUp | undefined;
  /** While it answers with a promise, the stream is let go of, and taken up again when that resolves. */
  hold?(): Promise<void> | undefined;
  /** Reads the pod now; undefined when it is gone. */
  readPod(): Promise<Pod | undefined>;
  /** Resolves when the pod may have changed, or after that many milliseconds. */
  changed(withinMs: number): Promise<void>;
  sink: FollowerSink;
  signal: AbortSignal;
}

/**
 * Reads one container's lines from one run of it to the next, each line once: a broken stream is taken up at the last
 * line's time, and what was left of a run that ended meanwhile is read as the previous one's.
 */
export class Follower {
  readonly #options: FollowerOptions;
  #overlap = new Overlap();
  /** The beginning of a long past, while it is read beside its end. */
  #older: OlderPart | undefined;
  /** Restarts at the time of the run that is being read; undefined before the first. */
  #run: number | undefined;
  /** The stream before ended because the container did, or the server closed it in good order. */
  #clean = true;
  #waitMs = shortestWaitMs;

  constructor(options: FollowerOptions) {
    this.#options = options;
    const { takeUp } = options;
    if (takeUp === undefined) return;
    for (const { at, text } of takeUp.lines) this.#overlap.accepts(at, text);
    this.#run = takeUp.run;
    // What came after the last line is not known.
    this.#clean = false;
  }

  /** Resolves when there will be no more lines. Rejects with the signal's reason only. */
  async run(): Promise<void> {
    const { signal, sink } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      let goesOn: boolean;
      try {
        goesOn = await this.#turn();
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof Held) {
          this.#clean = false;
          await this.#options.hold?.();
          continue;
        }
        const failure = error instanceof KubeSageError ? error : undefined;
        if (failure?.code === 'forbidden') {
          sink.state('forbidden', failure.message, rule);
          return;
        }
        // A defect and a refusal that will not change are told; everything else is a matter of time.
        if (failure === undefined || ['invalid', 'unsupported'].includes(failure.code) || !this.#options.follow) {
          sink.state('failed', error instanceof Error ? error.message : String(error));
          return;
        }
        this.#clean = false;
        sink.state('reconnecting', failure.message);
        await this.#rest();
        continue;
      }
      if (!goesOn) return;
    }
  }

  /** One look at the pod and what follows from it; false when it is over. */
  async #turn(): Promise<boolean> {
    const { container: name, follow, query, sink } = this.#options;
    const pod = await this.#options.readPod();
    const container = pod?.containers.find((it) => it.name === name);
    if (container === undefined) {
      if (!this.#clean) this.#note('The pod is gone; its last lines may be missing, since the connection had broken');
      sink.state('gone');
      return false;
    }
    sink.restarts(container.restarts);
    if (query.previous) {
      await this.#readPrevious();
      return false;
    }
    if (!container.ran) {
      sink.state('waiting', container.reason);
      if (!follow) return false;
      await this.#options.changed(longestWaitMs);
      return true;
    }
    if (this.#run !== undefined && container.restarts > this.#run) await this.#bridge(container);
    else if (this.#run !== undefined && this.#clean && container.state !== 'running') {
      // It was read to its end.
      await this.#older?.done;
      sink.state('ended', container.reason);
      if (container.final || !follow) return false;
      await this.#options.changed(longestWaitMs);
      return true;
    }
    this.#run = container.restarts;
    const lines = await this.#stream(false, follow);
    if (lines > 0) this.#waitMs = shortestWaitMs;
    this.#clean = true;
    if (!follow) {
      sink.state('ended', container.reason);
      return false;
    }
    // The status comes after the end of the stream.
    await this.#rest();
    return true;
  }

  /** The container was started again since: what was left of the run before, and that there is a new one. */
  async #bridge(container: Container): Promise<void> {
    const lost = container.restarts - (this.#run ?? 0) - 1;
    try {
      await this.#stream(true, false);
    } catch (error) {
      this.#options.signal.throwIfAborted();
      const isGone = error instanceof KubeSageError && ['invalid', 'notFound'].includes(error.code);
      if (!isGone) throw error;
      if (!this.#clean) this.#note('The container was restarted; the last lines of the run before may be missing');
    }
    if (lost > 0) this.#note(`The container was restarted ${lost} more times; what those runs wrote is not kept`);
    this.#note(`Restarted for the ${ordinal(container.restarts)} time`);
    this.#clean = true;
  }

  async #readPrevious(): Promise<void> {
    const { sink } = this.#options;
    try {
      await this.#stream(true, false);
      sink.state('ended');
    } catch (error) {
      // The kubelet's word for a container that was never restarted.
      if (!(error instanceof KubeSageError) || error.code !== 'invalid') throw error;
      sink.state('ended', 'It was not restarted, or its previous run is no longer kept');
    }
  }

  /** Reads one answer to its end; returns how many new lines it had. */
  async #stream(previous: boolean, follow: boolean): Promise<number> {
    const { container, deps, pod, query, sink, signal } = this.#options;
    const isAll = query.sinceSeconds === undefined && query.tailLines === undefined && !previous;
    if (sink.parts !== undefined && isAll && this.#overlap.newest === undefined) {
      const tailLines = await findSplit(deps, pod, container, signal).catch(() => undefined);
      signal.throwIfAborted();
      if (tailLines !== undefined) return this.#streamParts(sink.parts, tailLines, follow);
    }
    this.#overlap.begin();
    let lines = 0;
    await this.#read(this.#path(previous, follow), signal, (at, text) => {
      if (!this.#overlap.accepts(at, text)) return;
      lines++;
      sink.line(at, text);
    });
    return lines;
  }

  /** The end of a long past, from so many lines on, and its beginning at the same time. */
  async #streamParts(parts: PartsSink, tailLines: number, follow: boolean): Promise<number> {
    const { container, pod, sink, signal } = this.#options;
    const older = new OlderPart({
      sink: parts,
      signal,
      read: (since, take, until) =>
        this.#read(logPath(pod, container, since === undefined ? {} : sinceTime(since)), until, take),
      again: async (error) => {
        if (error instanceof Held) await this.#options.hold?.();
        else if (!(error instanceof KubeSageError) || ['forbidden', 'notFound', 'invalid'].includes(error.code))
          throw error;
        else await sleep(this.#options.deps.clock, longestWaitMs, signal);
      },
    });
    this.#older = older;
    let lines = 0;
    let isFirst = true;
    try {
      const parameters = { tailLines: String(tailLines), ...(follow && { follow: 'true' }) };
      await this.#read(logPath(pod, container, parameters), signal, (at, text) => {
        if (isFirst) {
          isFirst = false;
          const passed = older.meet(at, text);
          if (passed !== undefined) {
            this.#overlap = passed;
            this.#overlap.begin();
          }
        }
        if (!this.#overlap.accepts(at, text)) return;
        lines++;
        sink.line(at, text);
      });
    } finally {
      // It goes on as one, from where the beginning was read to.
      if (isFirst) this.#overlap = older.stop();
    }
    await older.done;
    return lines;
  }

  /** Reads one answer to its end, whatever it has. */
  async #read(path: string, signal: AbortSignal, take: (at: number, text: string) => void): Promise<void> {
    const { deps, hold, pod, sink } = this.#options;
    let behind = true;
    let heard = 0;
    let now = Number.POSITIVE_INFINITY;
    const endOfPast = () => {
      if (!behind) return;
      behind = false;
      sink.behind(false);
    };
    const reader = new LineReader((at, text) => {
      // A container that never rests is caught up with once its lines are from after the beginning.
      if (at >= now) endOfPast();
      take(at, text);
    });
    sink.behind(true);
    const watching = deps.clock.every(quietMs, () => {
      if (heard > 0 && deps.clock.steady() - heard >= quietMs) endOfPast();
    });
    try {
      await deps.fleet.stream(pod.cluster, {
        path,
        signal,
        onHead() {
          heard = deps.clock.steady();
          now = deps.clock.now() + (deps.fleet.byId(pod.cluster)?.clockSkewMs ?? 0);
          sink.state('streaming');
        },
        onData(bytes, start, end) {
          if (hold?.() !== undefined) throw new Held();
          if (behind) heard = deps.clock.steady();
          reader.push(bytes, start, end);
        },
      });
      reader.end();
    } catch (error) {
      // The line that was under way comes again, whole.
      reader.drop();
      const isWaiting =
        error instanceof KubeSageError &&
        error.code === 'invalid' &&
        /waiting to start|is not running/.test(error.message);
      if (!isWaiting) throw error;
    } finally {
      watching.dispose();
      endOfPast();
    }
  }

  #path(previous: boolean, follow: boolean): string {
    const { pod, container, query } = this.#options;
    const { newest } = this.#overlap;
    return logPath(pod, container, {
      ...(follow && { follow: 'true' }),
      ...(previous && { previous: 'true' }),
      ...(newest !== undefined
        ? sinceTime(newest)
        : {
            ...(query.sinceSeconds !== undefined && { sinceSeconds: String(query.sinceSeconds) }),
            ...(query.tailLines !== undefined && { tailLines: String(query.tailLines) }),
          }),
    });
  }

  #note(text: string): void {
    this.#options.sink.note(this.#overlap.newest ?? this.#options.deps.clock.now(), text);
  }

  async #rest(): Promise<void> {
    await sleep(this.#options.deps.clock, this.#waitMs, this.#options.signal);
    this.#waitMs = Math.min(longestWaitMs, this.#waitMs * 2);
  }
}

/** Ends a stream that is taken up again. */
class Held extends KubeSageError {
  constructor() {
    super('cancelled', 'Whoever takes the lines is not ready for more');
  }
}

/** The API takes whole seconds. */
function sinceTime(at: number): { sinceTime: string } {
  return { sinceTime: `${new Date(Math.floor(at / 1000) * 1000).toISOString().slice(0, 19)}Z` };
}

const rule = '- apiGroups: [""]\n  resources: ["pods/log"]\n  verbs: ["get"]\n';

function ordinal(count: number): string {
  const suffix = count % 100 >= 11 && count % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${count}${suffix}`;
}
