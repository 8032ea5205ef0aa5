import type { Clock } from '../../../kernel/clock.ts';
import type { Disposable } from '../../../kernel/disposable.ts';
import { appendColumns, bytesOf, Commits, type Store } from '../../../platform/store/index.ts';
import { insertSources, type SourceCount } from './captureStore.ts';
import type { CapturedSource } from './contract.ts';

/** Lines that go to DuckDB together; a whole number of its vectors. */
const batchLines = 8 * 2048;
/** So many do not wait for the end of the period. */
const soonLines = 4 * batchLines;
/** Characters that wait at most: beyond that, whoever reads has to wait. */
const mostCharacters = 32 * 1024 * 1024;

export interface LineWriterOptions {
  clock: Clock;
  /** How long a line waits at most before it is on the disk, milliseconds. */
  periodMs: number;
  /** Lines of a source were committed. */
  onWritten(batch: WrittenLines): void;
  onProblem(message: string | null): void;
}

/** What a commit has brought, by source. */
export type WrittenLines = ReadonlyMap<number, SourceCount>;

/**
 * Appends lines in batches of columns, off the caller's path: `add` only stores the values. A batch is committed whole, so
 * that a crash loses at most one period. While the disk refuses, what waits is bounded: readers hold.
 */
export class LineWriter implements Disposable {
  readonly #store: Store;
  readonly #onWritten: LineWriterOptions['onWritten'];
  readonly #commits: Commits;
  /** Oldest first; the last one is being filled. */
  #batches: LineBatch[] = [new LineBatch()];
  #characters = 0;
  /** Not on the disk yet: they go there with their first lines. */
  #sources: CapturedSource[] = [];
  /** Settles when there is room again. */
  #room: { promise: Promise<void>; make(): void } | undefined;
  #disposed = false;

  constructor(store: Store, { clock, periodMs, onWritten, onProblem }: LineWriterOptions) {
    this.#store = store;
    this.#onWritten = onWritten;
    const what = 'Captured lines';
    const [isEmpty, write] = [() => this.pending === 0 && this.#sources.length === 0, () => this.#write()];
    this.#commits = new Commits({ clock, periodMs, isEmpty, write, onProblem, what });
  }

  /** Lines that are not on the disk. */
  get pending(): number {
    return this.#batches.reduce((sum, { count }) => sum + count, 0);
  }

  /** While there is no room for more: resolves when there is. */
  get full(): Promise<void> | undefined {
    return this.#room?.promise;
  }

  addSource(source: CapturedSource): void {
    this.#sources.push(source);
  }

  add(source: number, number: number, run: number, at: number, severity: number, text: string): void {
    if (this.#disposed) return;
    let batch = this.#batches[this.#batches.length - 1] as LineBatch;
    if (batch.count === batchLines) {
      batch = new LineBatch();
      this.#batches.push(batch);
    }
    batch.add(source, number, run, at, severity, text);
    this.#characters += text.length;
    if (batch.count === batchLines && this.pending >= soonLines) void this.flush();
    if (this.#characters > mostCharacters && this.#room === undefined) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#room = { promise, make: resolve };
    }
  }

  /** Resolves when everything added before is committed, or the failure was reported. */
  flush(): Promise<void> {
    return this.#commits.flush();
  }

  dispose(): void {
    this.#disposed = true;
    this.#commits.dispose();
    this.#room?.make();
  }

  async #write(): Promise<void> {
    const batches = this.#batches.filter(({ count }) => count > 0);
    // What comes from now on goes into another one, which nobody writes yet.
    this.#batches.push(new LineBatch());
    const written = new Map<number, SourceCount>();
    const sources = [...this.#sources];
    await this.#store.transaction(async (connection) => {
      await insertSources(connection, sources);
      for (const batch of batches) {
        await appendColumns(connection, 'captured_lines', batch.columns(), batch.count);
        batch.tell(written);
      }
    });
    this.#sources = this.#sources.slice(sources.length);
    const done = new Set(batches);
    this.#batches = this.#batches.filter((batch, place) => {
      const isLast = place === this.#batches.length - 1;
      return !done.has(batch) && (isLast || batch.count > 0);
    });
    for (const batch of batches) this.#characters -= batch.characters;
    if (this.#characters < mostCharacters / 2 && this.#room !== undefined) {
      this.#room.make();
      this.#room = undefined;
    }
    this.#onWritten(written);
  }
}

/** Lines in columns. */
class LineBatch {
  readonly #sources = new Uint32Array(batchLines);
  readonly #numbers = new Float64Array(batchLines);
  readonly #runs = new Uint32Array(batchLines);
  readonly #times = new Float64Array(batchLines);
  readonly #severities = new Uint8Array(batchLines);
  readonly #texts: string[] = [];
  characters = 0;

  get count(): number {
    return this.#texts.length;
  }

  add(source: number, number: number, run: number, at: number, severity: number, text: string): void {
    const row = this.#texts.length;
    this.#sources[row] = source;
    this.#numbers[row] = number;
    this.#runs[row] = run;
    this.#times[row] = at;
    this.#severities[row] = severity;
    this.#texts.push(text);
    this.characters += text.length;
  }

  /** As the table has them. */
  columns(): Parameters<typeof appendColumns>[2] {
    return [
      { type: 'uinteger', bytes: bytesOf(this.#sources) },
      { type: 'double', bytes: bytesOf(this.#numbers) },
      { type: 'uinteger', bytes: bytesOf(this.#runs) },
      { type: 'double', bytes: bytesOf(this.#times) },
      { type: 'utinyint', bytes: this.#severities },
      { type: 'varchar', texts: this.#texts },
    ];
  }

  /** Adds up what is in it, by source. */
  tell(into: Map<number, SourceCount>): void {
    for (let row = 0; row < this.count; row++) {
      const source = this.#sources[row] as number;
      const at = this.#times[row] as number;
      let sum = into.get(source);
      if (sum === undefined) {
        sum = { lines: 0, bytes: 0, oldest: at, newest: at, last: 0 };
        into.set(source, sum);
      }
      sum.lines++;
      sum.last = this.#numbers[row] as number;
      sum.bytes += Buffer.byteLength(this.#texts[row] as string);
      if (at < sum.oldest) sum.oldest = at;
      if (at > sum.newest) sum.newest = at;
    }
  }
}
