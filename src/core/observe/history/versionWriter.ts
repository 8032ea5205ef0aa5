import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { appendColumns, bytesOf, type ColumnData, Commits, type Store } from '../../platform/store/index.ts';
import type { CellPage } from './cellPage.ts';
import type { VersionSchema } from './model.ts';
import { pageFormats } from './readPage.ts';
import { VersionBatch, type VersionHead } from './versionBatch.ts';
import { VersionNumbers } from './versionNumbers.ts';

export interface VersionWriterOptions {
  clock: Clock;
  /** How long a version waits at most before it is on disk, milliseconds. */
  periodMs: number;
  /** Versions kept in memory while the disk refuses; older ones are dropped and counted. */
  mostPending?: number;
  onProblem(message: string | null): void;
}

/** Smaller pages are kept as they are. */
const leastCompressed = 1_024;
const compress = promisify(zstdCompress);
const quickly = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/**
 * Writes versions to the store. `add` copies their cells into columns; a batch is compressed on another thread and goes
 * to DuckDB as a few copies, committed whole, so that a crash loses at most one period.
 */
export class VersionWriter implements Disposable {
  readonly #store: Store;
  readonly #commits: Commits;
  readonly #mostPending: number;
  /** What could not be written yet, oldest first; then the batch that is being filled. */
  #waiting: SealedBatch[] = [];
  #batch = new VersionBatch();
  #waitingCount = 0;
  #dropped = 0;
  #numbers: VersionNumbers | undefined;

  constructor(store: Store, options: VersionWriterOptions) {
    const { clock, periodMs, onProblem, mostPending = 500_000 } = options;
    this.#store = store;
    this.#mostPending = mostPending;
    const [isEmpty, write] = [() => this.pending === 0, () => this.#write()];
    this.#commits = new Commits({ clock, periodMs, isEmpty, write, onProblem });
  }

  /** Versions that are not on the disk. */
  get pending(): number {
    return this.#waitingCount + this.#batch.count;
  }

  /** Versions that were given up because the disk refused for too long. */
  get dropped(): number {
    return this.#dropped;
  }

  /** See `VersionBatch.add`. */
  add(schema: VersionSchema, head: VersionHead, uid: Uint32Array, at: number, write: (page: CellPage) => void): void {
    this.#batch.add(schema, head, uid, at, write);
    if (this.#batch.count * 10 >= this.#mostPending) this.#seal();
    while (this.pending > this.#mostPending) this.#dropOldest();
  }

  /** Resolves when everything added before is committed, or the failure was reported. */
  flush(): Promise<void> {
    return this.#commits.flush();
  }

  dispose(): void {
    this.#commits.dispose();
  }

  #seal(): void {
    if (this.#batch.count === 0) return;
    this.#batch.seal();
    this.#waiting.push({ versions: this.#batch, bodies: undefined });
    this.#waitingCount += this.#batch.count;
    this.#batch = new VersionBatch();
  }

  #dropOldest(): void {
    const oldest = this.#waiting.shift();
    if (oldest === undefined) return;
    this.#waitingCount -= oldest.versions.count;
    this.#dropped += oldest.versions.count;
  }

  async #write(): Promise<void> {
    this.#seal();
    const batches = [...this.#waiting];
    for (const batch of batches) batch.bodies ??= await Promise.all(batch.versions.bodies.map(pack));
    this.#numbers ??= await VersionNumbers.read(this.#store);
    const numbers = this.#numbers;
    await this.#store.transaction(async (connection) => {
      for (const { versions, bodies = [] } of batches) {
        const firstPage = numbers.takePages(bodies.length);
        await appendColumns(connection, 'cell_pages', pageColumns(bodies, firstPage), bodies.length);
        await appendColumns(connection, 'versions', versionColumns(versions, numbers, firstPage), versions.count);
      }
      for (const { table, columns, count } of numbers.news()) await appendColumns(connection, table, columns, count);
    });
    numbers.commit();
    const written = new Set(batches);
    this.#waiting = this.#waiting.filter((batch) => !written.has(batch));
    this.#waitingCount = this.#waiting.reduce((sum, { versions }) => sum + versions.count, 0);
  }
}

interface SealedBatch {
  versions: VersionBatch;
  /** Its pages as they are kept, once they have been made. */
  bodies: readonly Page[] | undefined;
}

interface Page {
  format: number;
  body: Uint8Array;
}

async function pack(body: Uint8Array): Promise<Page> {
  if (body.length < leastCompressed) return { format: pageFormats.page, body };
  return { format: pageFormats.zstdPage, body: await compress(body, quickly) };
}

function pageColumns(pages: readonly Page[], first: number): ColumnData[] {
  return [
    { type: 'uinteger', bytes: bytesOf(Uint32Array.from(pages, (_page, at) => first + at)) },
    { type: 'utinyint', bytes: Uint8Array.from(pages, ({ format }) => format) },
    { type: 'blob', blobs: pages.map(({ body }) => body) },
  ];
}

/** The columns of `versions`, in order. */
function versionColumns(batch: VersionBatch, numbers: VersionNumbers, firstPage: number): ColumnData[] {
  const places = Uint32Array.from(batch.placeList, (place) => numbers.place(place));
  const statuses = Uint32Array.from(batch.statusList, (status) => numbers.status(status));
  const { count } = batch;
  const numbered = (own: Uint32Array, of: (number: number) => number) => {
    const numbered = new Uint32Array(count);
    for (let row = 0; row < count; row++) numbered[row] = of(own[row] as number);
    return bytesOf(numbered);
  };
  return [
    { type: 'uinteger', bytes: numbered(batch.places, (place) => places[place] as number) },
    { type: 'uuid', bytes: bytesOf(batch.uids) },
    { type: 'varchar', texts: batch.names },
    { type: 'bigint', bytes: bytesOf(batch.times) },
    { type: 'utinyint', bytes: batch.changes },
    { type: 'utinyint', bytes: batch.tones },
    { type: 'uinteger', bytes: numbered(batch.statuses, (status) => statuses[status] as number) },
    { type: 'double', bytes: bytesOf(batch.fingerprints) },
    { type: 'uinteger', bytes: numbered(batch.pages, (page) => firstPage + page) },
    { type: 'usmallint', bytes: bytesOf(batch.positions) },
  ];
}
