import type { Clock } from '../../kernel/clock.ts';
import { type Disposable, Scope } from '../../kernel/disposable.ts';

/** A disk that refuses is asked again after a period, then more and more rarely up to this, milliseconds. */
const longestPauseMs = 30_000;

export interface CommitsOptions {
  clock: Clock;
  /** How long what waits stays unwritten at most, milliseconds. */
  periodMs: number;
  isEmpty(): boolean;
  /** Commits what waits when it begins; rejects when nothing of it was committed. */
  write(): Promise<void>;
  /** What is written, in the plural or as one thing, for `onProblem`; absent: the history. */
  what?: string;
  /** Told once why nothing is written, and null when it is again. */
  onProblem(message: string | null): void;
}

/** When a writer commits: once a period, one commit at a time, and ever more rarely while the disk refuses. */
export class Commits implements Disposable {
  readonly #options: CommitsOptions;
  readonly #scope = new Scope();
  #writing: Promise<void> | undefined;
  #problem: string | null = null;
  #pauseMs = 0;
  /** Nothing is tried before. */
  #retryAt = Number.NEGATIVE_INFINITY;

  constructor(options: CommitsOptions) {
    this.#options = options;
    this.#scope.add(options.clock.every(options.periodMs, () => void this.flush()));
  }

  /** Resolves when everything that waited is committed, or the failure was reported. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    if (this.#options.isEmpty() || this.#options.clock.now() < this.#retryAt) return;
    this.#writing = this.#write().finally(() => {
      this.#writing = undefined;
    });
    await this.#writing;
  }

  dispose(): void {
    this.#scope.dispose();
  }

  async #write(): Promise<void> {
    const { clock, periodMs, write } = this.#options;
    try {
      await write();
      this.#pauseMs = 0;
      this.#report(null);
    } catch (error) {
      this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs === 0 ? periodMs : this.#pauseMs * 2);
      this.#retryAt = clock.now() + this.#pauseMs;
      const message = error instanceof Error ? error.message.split('\n')[0] : String(error);
      this.#report(`${this.#options.what ?? 'The history'} cannot be written: ${message}`);
    }
  }

  #report(problem: string | null): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#options.onProblem(problem);
  }
}
