import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';

/** What a recording is of, as its first line keeps it. */
export interface Recorded {
  title: string;
  cluster: string;
  clusterName: string;
  mode: string;
  principal: string;
  required: boolean;
  withInput: boolean;
  columns: number;
  rows: number;
}

/** How a finished recording is, for the record of changes. */
export interface Finished {
  key: string;
  sha256: string;
  bytes: number;
  seconds: number;
}

export interface Recorder {
  readonly key: string;
  output(text: string): void;
  /** What was typed: nothing unless it was asked for. */
  input(text: string): void;
  resize(columns: number, rows: number): void;
  /** A note at this moment. */
  mark(text: string): void;
  /** Resolves when all is on the disk; the same for every call. */
  end(): Promise<Finished>;
}

/** More than this is no terminal any more: the recording ends, and what must be recorded ends with it. */
const mostBytes = 1024 * 1024 * 1024;
/** So much may wait for the disk. */
const mostWaiting = 32 * 1024 * 1024;
/** The last line of a recording that came to its end. */
export const endMark = 'end';

/** Lines are gathered for so long: what a sudden end of the program loses. */
const gatherMs = 250;

/**
 * Starts a recording: a file that only this user may read, written as it goes. Rejects with `unavailable` when it cannot
 * be made. `failed` is called once when it cannot go on.
 */
export async function startRecorder(
  options: { folder: string; clock: Clock; recorded: Recorded },
  failed: (error: KubeSageError) => void,
): Promise<Recorder> {
  const { folder, clock, recorded } = options;
  const startedAt = clock.now();
  const key = `${new Date(startedAt).toISOString().replace(/[:.]/g, '-')}-${randomBytes(3).toString('hex')}`;
  try {
    const file = await open(join(folder, `${key}.cast`), 'wx', 0o600);
    return new FileRecorder(key, file, startedAt, clock, recorded, failed);
  } catch (cause) {
    throw new KubeSageError('unavailable', 'The recording cannot be written', {
      hint: 'Free some space on the disk, or make the data folder writable.',
      cause,
    });
  }
}

class FileRecorder implements Recorder {
  readonly key: string;
  readonly #file: FileHandle;
  readonly #clock: Clock;
  readonly #withInput: boolean;
  readonly #failed: (error: KubeSageError) => void;
  readonly #hash = createHash('sha256');
  readonly #startedMs: number;
  #waiting = '';
  #written = 0;
  #lastSeconds = 0;
  #gathering = false;
  #writing: Promise<void> = Promise.resolve();
  #over = false;
  #ended: Promise<Finished> | undefined;

  constructor(
    key: string,
    file: FileHandle,
    startedAt: number,
    clock: Clock,
    { columns, rows, withInput, ...recorded }: Recorded,
    failed: (error: KubeSageError) => void,
  ) {
    this.key = key;
    this.#file = file;
    this.#clock = clock;
    this.#withInput = withInput;
    this.#failed = failed;
    this.#startedMs = clock.steady();
    // Players read the first six and leave the last one alone.
    const head = {
      version: 2,
      width: columns,
      height: rows,
      timestamp: Math.floor(startedAt / 1000),
      title: recorded.title,
      env: { TERM: 'xterm-256color' },
      kubesage: { ...recorded, withInput, startedAt },
    };
    this.#line(JSON.stringify(head));
  }

  output(text: string): void {
    this.#event('o', text);
  }

  input(text: string): void {
    if (this.#withInput) this.#event('i', text);
  }

  resize(columns: number, rows: number): void {
    this.#event('r', `${columns}x${rows}`);
  }

  mark(text: string): void {
    this.#event('m', text);
  }

  end(): Promise<Finished> {
    this.#ended ??= this.#finish();
    return this.#ended;
  }

  async #finish(): Promise<Finished> {
    this.#event('m', endMark);
    this.#over = true;
    try {
      this.#write();
      await this.#writing;
      await this.#file.sync();
    } finally {
      await this.#file.close();
    }
    return { key: this.key, sha256: this.#hash.digest('hex'), bytes: this.#written, seconds: this.#lastSeconds };
  }

  #event(kind: string, text: string): void {
    if (this.#over) return;
    this.#lastSeconds = Math.round((this.#clock.steady() - this.#startedMs) * 1000) / 1_000_000;
    this.#line(JSON.stringify([this.#lastSeconds, kind, text]));
    if (this.#waiting.length > mostWaiting) this.#fail('The disk is too slow for the recording');
    else if (this.#written + this.#waiting.length > mostBytes) this.#fail('The recording is full: it has 1 GiB');
  }

  #line(text: string): void {
    this.#waiting += `${text}\n`;
    if (this.#gathering) return;
    this.#gathering = true;
    this.#clock.after(gatherMs, () => {
      this.#gathering = false;
      if (!this.#over) this.#write();
    });
  }

  /** One after the other; what comes meanwhile goes with the next. */
  #write(): void {
    if (this.#waiting === '') return;
    const bytes = Buffer.from(this.#waiting);
    this.#waiting = '';
    this.#written += bytes.length;
    this.#hash.update(bytes);
    this.#writing = this.#writing.then(() => this.#file.appendFile(bytes));
    this.#writing.catch((cause: unknown) => this.#fail('The recording cannot be written', cause));
  }

  #fail(message: string, cause?: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#failed(new KubeSageError('unavailable', message, { hint: 'Free some space on the disk.', cause }));
  }
}
