import type { Disposable } from '../../../kernel/disposable.ts';
import { type LogQuery, type LogSource, severities } from '../contract.ts';
import { createFilter } from '../filter.ts';
import type { TakeUp } from '../follower.ts';
import type { LogDeps } from '../model.ts';
import type { PartsSink } from '../olderPart.ts';
import { PodFollowers } from '../podFollowers.ts';
import { severityOf } from '../severity.ts';
import { isSame, type SourceCount, type StoredCapture } from './captureStore.ts';
import type { CapturedSource } from './contract.ts';
import type { LineWriter } from './lineWriter.ts';

const note = severities.indexOf('note');

/** More than lines that a container ever keeps, and few enough to be counted exactly. */
const partNumbers = 2 ** 40;

/** A capture with what is known of it. */
export interface KnownCapture {
  readonly stored: StoredCapture;
  sources: CapturedSource[];
  /** What is on the disk, by source. */
  counts: Map<number, SourceCount>;
  /** While it goes on. */
  reading: RunningCapture | undefined;
}

export interface RunningOptions {
  known: KnownCapture;
  writer: LineWriter;
  /** What is read at the beginning: all, or no line that is there already. */
  past: boolean;
  /** It ran in an earlier run of the engine: where the reading of each source stopped. */
  takeUps: ReadonlyMap<number, TakeUp> | undefined;
  /** The number of the next source of any capture. */
  takeSourceNumber(): number;
  /** Takes a line of a source back. */
  forget(source: number, number: number): void;
  onChange(): void;
}

/** What is known of a source while it is read. */
interface Reading {
  id: number;
  /** Of the last line of the part that is read beside the newer one, see `PartsSink`. */
  older: number;
  /** Of the line before. */
  number: number;
  run: number;
}

/** Follows what a capture means, and hands the lines to the writer. */
export class RunningCapture implements Disposable {
  readonly #options: RunningOptions;
  readonly #deps: LogDeps;
  readonly #filter: ReturnType<typeof createFilter>;
  readonly #followers: PodFollowers;
  readonly #readings = new Map<number, Reading>();
  /** That nothing was read for a while is said once something is read again. */
  #gapSince: number | undefined;
  /** Sources of which no line comes at the moment. */
  #ended = 0;

  /** @throws KubeSageError `invalid` for a pattern that cannot be used */
  constructor(deps: LogDeps, options: RunningOptions) {
    const { known, writer, past, takeUps } = options;
    this.#options = options;
    this.#deps = deps;
    this.#filter = createFilter(known.stored.query);
    this.#gapSince = takeUps === undefined ? undefined : known.stored.seenAt;
    const query: LogQuery & { follow: boolean } = {
      ...known.stored.query,
      previous: false,
      follow: true,
      ...(!past && takeUps === undefined && { tailLines: 0 }),
    };
    this.#followers = new PodFollowers(deps, query, {
      line: (source, at, text) => this.#line(source, at, text),
      note: (source, at, text) => this.#note(source, at, text),
      behind: () => undefined,
      changed: () => this.#changed(),
      over: () => undefined,
      parts: (source) => this.#parts(source),
      takeUp: (source) => this.#takeUp(source),
      hold: () => writer.full,
    });
    this.#followers.start();
  }

  get sources(): readonly LogSource[] {
    return this.#followers.sources;
  }

  get problems(): readonly string[] {
    return this.#followers.problems;
  }

  dispose(): void {
    this.#followers.dispose();
  }

  #changed(): void {
    const isReading = this.sources.some(({ state }) => state === 'streaming' || state === 'ended');
    if (isReading && this.#gapSince !== undefined) {
      const [from, to] = [this.#gapSince, this.#deps.clock.now()].map((at) => new Date(at).toISOString().slice(0, 19));
      this.#say(
        this.#gapSince,
        `Nothing was read from ${from}Z to ${to}Z. What the nodes still had of it was read afterwards; lines of pods that were deleted meanwhile are missing`,
      );
      this.#gapSince = undefined;
    }
    // What ended is searched the soonest: nothing more comes that would take the last lines along.
    const ended = this.sources.filter(({ state }) => state === 'ended').length;
    if (ended > this.#ended) void this.#options.writer.flush();
    this.#ended = ended;
    this.#options.onChange();
  }

  /** About the capture as a whole. */
  #say(at: number, text: string): void {
    const { known, writer } = this.#options;
    const source =
      known.sources.find(({ pod }) => pod === '') ??
      this.#add({ cluster: '', namespace: '', pod: '', uid: '', container: '', type: 'main', node: '' });
    const number = (known.counts.get(source.index)?.last ?? 0) + 1;
    writer.add(source.index, number, 0, at, note, text);
  }

  #takeUp(source: LogSource): TakeUp | undefined {
    return this.#options.takeUps?.get(this.#reading(source).id);
  }

  #line(index: number, at: number, text: string): void {
    const severity = severityOf(text);
    if (this.#filter?.(text, severity) === false) return;
    const reading = this.#readingOf(index);
    this.#options.writer.add(reading.id, ++reading.number, reading.run, at, severity, text);
  }

  #note(index: number, at: number, text: string): void {
    const reading = this.#readingOf(index);
    // Notes stand between runs: what comes now is the new one's.
    reading.run = this.sources[index]?.restarts ?? reading.run;
    this.#options.writer.add(reading.id, ++reading.number, reading.run, at, note, text);
  }

  /** The lines of the newer part are numbered from far on, so that those of the older one have their places. */
  #parts(index: number): PartsSink {
    const { forget, writer } = this.#options;
    let mark: number | undefined;
    return {
      split: (at) => {
        const reading = this.#readingOf(index);
        reading.number += partNumbers;
        mark = ++reading.number;
        const text = 'The lines before this one were still being read when the engine ended: some are missing';
        writer.add(reading.id, mark, reading.run, at, note, text);
      },
      older: (at, text) => {
        const severity = severityOf(text);
        if (this.#filter?.(text, severity) === false) return;
        const reading = this.#readingOf(index);
        writer.add(reading.id, ++reading.older, reading.run, at, severity, text);
      },
      joined: () => {
        if (mark !== undefined) forget(this.#readingOf(index).id, mark);
      },
      lost: (reason) => {
        const reading = this.#readingOf(index);
        const text = `What was written before could not be read to its end: ${reason}`;
        writer.add(reading.id, ++reading.older, reading.run, this.#deps.clock.now(), note, text);
      },
    };
  }

  #readingOf(index: number): Reading {
    return this.#readings.get(index) ?? this.#reading(this.sources[index] as LogSource);
  }

  #reading(source: LogSource): Reading {
    const known = this.#readings.get(source.index);
    if (known !== undefined) return known;
    const { known: capture, takeUps } = this.#options;
    const stored = capture.sources.find((it) => isSame(it, source)) ?? this.#add(source);
    const reading = {
      id: stored.index,
      older: capture.counts.get(stored.index)?.last ?? 0,
      number: capture.counts.get(stored.index)?.last ?? 0,
      run: takeUps?.get(stored.index)?.run ?? source.restarts,
    };
    this.#readings.set(source.index, reading);
    return reading;
  }

  #add({ cluster, namespace, pod, uid, container, type, node }: Omit<CapturedSource, 'index' | 'capture'>) {
    const { known, writer, takeSourceNumber } = this.#options;
    const capture = String(known.stored.id);
    const added = { index: takeSourceNumber(), capture, cluster, namespace, pod, uid, container, type, node };
    known.sources.push(added);
    writer.addSource(added);
    return added;
  }
}
