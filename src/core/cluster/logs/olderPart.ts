import { KubeSageError } from '../../kernel/errors.ts';
import { Overlap } from './overlap.ts';

/** Hears of a past that is read in two parts. */
export interface PartsSink {
  /** What is told as new from now on begins here, behind a part that is still being read. */
  split(at: number): void;
  /** The next line of the older part. */
  older(at: number, text: string): void;
  /** The older part is complete: the newer one follows it. */
  joined(): void;
  /** The older part ends here, and is not complete. */
  lost(reason: string): void;
}

interface OlderOptions {
  /** Reads an answer to its end; `since` is the time of the newest line that is there. Rejects as streams do. */
  read(since: number | undefined, take: (at: number, text: string) => void, signal: AbortSignal): Promise<void>;
  /** Resolves when another attempt is worth it; rejects when none is. */
  again(error: unknown): Promise<void>;
  sink: PartsSink;
  signal: AbortSignal;
}

/** The beginning of a container's log, read while its end is read elsewhere, up to where that begins. */
export class OlderPart {
  readonly #options: OlderOptions;
  readonly #overlap = new Overlap();
  readonly #abort = new AbortController();
  /** The first line of the newer part. */
  #until: { at: number; text: string } | undefined;
  #met = false;
  /** It was read to the end of the file. */
  #ended = false;
  /** Resolves when there will be no more of it. */
  readonly done: Promise<void>;

  constructor(options: OlderOptions) {
    this.#options = options;
    this.done = this.#run();
  }

  /**
   * Where the newer part begins. Answers with what was read when that was passed already: the newer part then knows by it
   * which of its lines are new.
   */
  meet(at: number, text: string): Overlap | undefined {
    this.#until = { at, text };
    this.#options.sink.split(at);
    const passed = (this.#overlap.newest ?? Number.NEGATIVE_INFINITY) >= at;
    if (!passed && !this.#ended) return undefined;
    this.#join();
    return this.stop();
  }

  /** Reads no further. Answers with what was read. */
  stop(): Overlap {
    this.#abort.abort(new KubeSageError('cancelled', 'The older part is not needed'));
    return this.#overlap;
  }

  #join(): void {
    if (this.#met) return;
    this.#met = true;
    this.#options.sink.joined();
    this.#abort.abort(new KubeSageError('cancelled', 'The older part is complete'));
  }

  async #run(): Promise<void> {
    const { read, again, sink, signal } = this.#options;
    const either = AbortSignal.any([signal, this.#abort.signal]);
    const take = (at: number, text: string) => {
      if (either.aborted || !this.#overlap.accepts(at, text)) return;
      const until = this.#until;
      if (until !== undefined && at === until.at && text === until.text) this.#join();
      else sink.older(at, text);
    };
    for (;;) {
      try {
        this.#overlap.begin();
        await read(this.#overlap.newest, take, either);
        // Its end, without having met: the file is another one by now.
        this.#ended = true;
        if (!either.aborted && this.#until !== undefined) this.#join();
        return;
      } catch (error) {
        if (either.aborted) return;
        try {
          await again(error);
        } catch (reason) {
          if (!either.aborted) sink.lost(reason instanceof Error ? reason.message : String(reason));
          return;
        }
      }
    }
  }
}
