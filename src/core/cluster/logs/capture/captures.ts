import type { LiveSource, LiveState } from '../../../kernel/contract.ts';
import { type Disposable, Scope } from '../../../kernel/disposable.ts';
import { Emitter } from '../../../kernel/emitter.ts';
import { KubeSageError } from '../../../kernel/errors.ts';
import type { Store } from '../../../platform/store/index.ts';
import { createFilter } from '../filter.ts';
import type { LogDeps } from '../model.ts';
import {
  deleteCapture,
  deleteLine,
  deleteLines,
  idOf,
  insertCapture,
  readCaptures,
  readCounts,
  readQuantile,
  readSources,
  readTakeUps,
  updateCapture,
} from './captureStore.ts';
import type { Capture, CapturedSource, CaptureLimits } from './contract.ts';
import { LineWriter, type WrittenLines } from './lineWriter.ts';
import { type KnownCapture, RunningCapture } from './runningCapture.ts';

/** A line is on the disk after this, milliseconds; what a crash may lose. */
const periodMs = 500;
/** The list is told of changes this often, milliseconds. */
const tellMs = 500;
/** What is too old or too much is looked for, and that captures still run is noted, this often. Milliseconds. */
const careMs = 5000;
/** What gives way when a capture is full, of its lines. */
const shareLetGo = 0.1;
const dayMs = 86_400_000;

export interface CaptureDeps extends LogDeps {
  /** Opens the file; called once, when it is needed. */
  openStore(): Promise<Store>;
  /** There is a file already: what it says was running goes on. */
  hasFile: boolean;
  /** Told why nothing is kept, and null when it is again. */
  onProblem(message: string | null): void;
}

export interface CaptureHead {
  path: string | null;
  bytes: number;
  problem: string | null;
}

/** All captures: those that run, and what was kept. */
export class Captures implements Disposable {
  readonly #deps: CaptureDeps;
  readonly #scope = new Scope();
  readonly #changed = new Emitter<void>();
  readonly #known = new Map<number, KnownCapture>();
  #opening: Promise<Store> | undefined;
  #store: Store | undefined;
  #writer: LineWriter | undefined;
  #problem: string | null = null;
  #nextSource = 0;
  #nextCapture = 1;
  #telling: Disposable | undefined;
  #caring: Promise<void> | undefined;
  readonly onChange = this.#changed.event;

  constructor(deps: CaptureDeps) {
    this.#deps = deps;
    this.#scope.add(deps.fleet.onChange(() => this.#tell()));
    this.#scope.add(deps.clock.every(careMs, () => void this.care()));
    if (deps.hasFile) void this.opened().catch((error: unknown) => this.#report(String(error)));
  }

  get head(): CaptureHead {
    return { path: this.#store?.path ?? null, bytes: this.#store?.bytes() ?? 0, problem: this.#problem };
  }

  /** Newest first. */
  rows(): Capture[] {
    return [...this.#known.values()].map((known) => this.#row(known)).reverse();
  }

  /** By their numbers, those of all captures. */
  get sources(): readonly CapturedSource[] {
    return [...this.#known.values()].flatMap(({ sources }) => sources);
  }

  /** The store, with everything in it that has come so far. */
  async read(): Promise<Store> {
    const store = await this.opened();
    await this.#writer?.flush();
    return store;
  }

  /** @throws KubeSageError `invalid` for a pattern that cannot be used */
  async start(input: { name: string; query: Capture['query']; limits: CaptureLimits; past: boolean }): Promise<number> {
    createFilter(input.query);
    const store = await this.opened();
    if (store.problem !== null) {
      throw new KubeSageError('unavailable', store.problem, { hint: 'Lines would be lost with this window.' });
    }
    const now = this.#deps.clock.now();
    const { name, query, limits } = input;
    const id = this.#nextCapture++;
    const stored = { id, name, query, limits, startedAt: now, seenAt: now, stoppedAt: null, isFull: false, letGo: 0 };
    await insertCapture(store, stored);
    const known: KnownCapture = { stored, sources: [], counts: new Map(), reading: undefined };
    this.#known.set(id, known);
    this.#run(known, input.past, undefined);
    this.#tell();
    return id;
  }

  async stop(capture: string): Promise<void> {
    await this.opened();
    await this.#end(this.#known.get(idOf(capture, this.#known)) as KnownCapture, false);
  }

  async remove(capture: string): Promise<void> {
    const store = await this.opened();
    const id = idOf(capture, this.#known);
    const known = this.#known.get(id) as KnownCapture;
    known.reading?.dispose();
    known.reading = undefined;
    await this.#writer?.flush();
    await deleteCapture(store, id);
    this.#known.delete(id);
    await store.run('CHECKPOINT');
    this.#tell();
  }

  /** Lets go of what is too old or too much, and notes that what runs still runs. */
  care(): Promise<void> {
    this.#caring ??= this.#care().finally(() => {
      this.#caring = undefined;
    });
    return this.#caring;
  }

  /** Writes what waits. Captures that run go on with the next start. */
  async close(): Promise<void> {
    if (this.#opening === undefined) return;
    await this.#opening.catch(() => undefined);
    const store = this.#store;
    if (store === undefined) return;
    for (const { reading } of this.#known.values()) reading?.dispose();
    await this.#writer?.flush();
    for (const known of this.#known.values()) if (known.reading !== undefined) await this.#seen(store, known);
  }

  dispose(): void {
    this.#scope.dispose();
    this.#telling?.dispose();
    for (const { reading } of this.#known.values()) reading?.dispose();
    this.#writer?.dispose();
    this.#changed.dispose();
    this.#store?.close();
  }

  opened(): Promise<Store> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<Store> {
    const store = await this.#deps.openStore();
    this.#store = store;
    // Lines are compressed when they leave the log: in large pieces that costs the least.
    await store.run("SET wal_autocheckpoint = '64MB'");
    this.#report(store.problem);
    this.#writer = new LineWriter(store, {
      clock: this.#deps.clock,
      periodMs,
      onWritten: (written) => this.#written(written),
      onProblem: (message) => this.#report(message),
    });
    const [captures, sources, counts] = [await readCaptures(store), await readSources(store), await readCounts(store)];
    for (const stored of captures) {
      const own = sources.filter(({ capture }) => Number(capture) === stored.id);
      const ownCounts = own.flatMap(({ index }) => {
        const count = counts.get(index);
        return count === undefined ? [] : [[index, count] as const];
      });
      this.#known.set(stored.id, { stored, sources: own, counts: new Map(ownCounts), reading: undefined });
    }
    this.#nextCapture = Math.max(0, ...captures.map(({ id }) => id)) + 1;
    this.#nextSource = Math.max(-1, ...sources.map(({ index }) => index)) + 1;
    for (const known of this.#known.values()) {
      if (known.stored.stoppedAt !== null || store.problem !== null) continue;
      const own = known.sources.map(({ index }) => index);
      this.#run(known, true, await readTakeUps(store, own));
    }
    this.#tell();
    return store;
  }

  #run(known: KnownCapture, past: boolean, takeUps: Awaited<ReturnType<typeof readTakeUps>> | undefined): void {
    known.reading = new RunningCapture(this.#deps, {
      known,
      writer: this.#writer as LineWriter,
      past,
      takeUps,
      takeSourceNumber: () => this.#nextSource++,
      forget: (source, number) => void this.#forget(known, source, number),
      onChange: () => this.#tell(),
    });
  }

  async #forget(known: KnownCapture, source: number, number: number): Promise<void> {
    try {
      const store = await this.read();
      await deleteLine(store, source, number);
      const count = known.counts.get(source);
      if (count !== undefined) known.counts.set(source, { ...count, lines: count.lines - 1 });
    } catch (error) {
      this.#report(
        `A note in captured lines is out of date: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  #written(written: WrittenLines): void {
    for (const known of this.#known.values()) {
      for (const { index } of known.sources) {
        const more = written.get(index);
        if (more === undefined) continue;
        const before = known.counts.get(index);
        known.counts.set(index, {
          lines: (before?.lines ?? 0) + more.lines,
          bytes: (before?.bytes ?? 0) + more.bytes,
          oldest: Math.min(before?.oldest ?? more.oldest, more.oldest),
          newest: Math.max(before?.newest ?? more.newest, more.newest),
          last: more.last,
        });
      }
      if (known.reading !== undefined && bytesOf(known) > known.stored.limits.maxBytes) void this.care();
    }
    this.#tell();
  }

  async #end(known: KnownCapture, isFull: boolean): Promise<void> {
    if (known.reading === undefined) return;
    known.reading.dispose();
    known.reading = undefined;
    await this.#writer?.flush();
    Object.assign(known.stored, { stoppedAt: this.#deps.clock.now(), isFull });
    await updateCapture(await this.opened(), known.stored);
    this.#tell();
  }

  async #care(): Promise<void> {
    const store = this.#store;
    if (store === undefined || store.problem !== null) return;
    try {
      for (const known of this.#known.values()) {
        if (known.reading !== undefined) await this.#seen(store, known);
        await this.#letGo(store, known);
      }
    } catch (error) {
      this.#report(`Captured lines cannot be looked after: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async #seen(store: Store, known: KnownCapture): Promise<void> {
    known.stored.seenAt = this.#deps.clock.now();
    await updateCapture(store, known.stored);
  }

  async #letGo(store: Store, known: KnownCapture): Promise<void> {
    const { keepDays, maxBytes, whenFull } = known.stored.limits;
    const own = known.sources.map(({ index }) => index);
    const tooOld = this.#deps.clock.now() - keepDays * dayMs;
    let before = oldestOf(known) < tooOld ? tooOld : undefined;
    if (bytesOf(known) > maxBytes) {
      if (whenFull === 'stop') await this.#end(known, true);
      else before = Math.max(before ?? 0, (await readQuantile(store, own, shareLetGo)) ?? 0);
    }
    if (before === undefined) return;
    await this.#writer?.flush();
    const lines = linesOf(known);
    await deleteLines(store, own, before);
    const counts = await readCounts(store);
    for (const index of own) {
      const count = counts.get(index);
      if (count !== undefined) known.counts.set(index, count);
      // Numbers go on where they were.
      else known.counts.set(index, { ...emptyCount, last: known.counts.get(index)?.last ?? 0 });
    }
    known.stored.letGo += Math.max(0, lines - linesOf(known));
    await updateCapture(store, known.stored);
    await store.run('CHECKPOINT');
    this.#tell();
  }

  #row(known: KnownCapture): Capture {
    const { id, name, query, limits, startedAt, stoppedAt, isFull, letGo } = known.stored;
    const { fleet } = this.#deps;
    const isOpen = [...query.objects, ...query.labels].some(({ cluster }) => fleet.byId(cluster)?.open === true);
    const newest = Math.max(...[...known.counts.values()].map((count) => count.newest));
    const oldest = oldestOf(known);
    return {
      key: String(id),
      name,
      query,
      limits,
      state: known.reading === undefined ? (isFull ? 'full' : 'stopped') : isOpen ? 'running' : 'waiting',
      startedAt,
      stoppedAt,
      lines: linesOf(known),
      bytes: bytesOf(known),
      letGo,
      pods: new Set(known.sources.filter(({ pod }) => pod !== '').map(({ uid }) => uid)).size,
      streaming: known.reading?.sources.filter(({ state }) => state === 'streaming').length ?? 0,
      oldest: Number.isFinite(oldest) ? oldest : null,
      newest: Number.isFinite(newest) ? newest : null,
      problems: [...(known.reading?.problems ?? [])],
    };
  }

  #report(problem: string | null): void {
    this.#problem = problem;
    this.#deps.onProblem(problem);
    this.#tell();
  }

  #tell(): void {
    if (this.#scope.disposed) return;
    this.#telling ??= this.#deps.clock.after(tellMs, () => {
      this.#telling = undefined;
      this.#changed.fire();
    });
  }
}

const emptyCount = { lines: 0, bytes: 0, oldest: Number.POSITIVE_INFINITY, newest: Number.NEGATIVE_INFINITY };

function linesOf({ counts }: KnownCapture): number {
  return [...counts.values()].reduce((sum, { lines }) => sum + lines, 0);
}

function bytesOf({ counts }: KnownCapture): number {
  return [...counts.values()].reduce((sum, { bytes }) => sum + bytes, 0);
}

function oldestOf({ counts }: KnownCapture): number {
  return Math.min(...[...counts.values()].map(({ oldest }) => oldest));
}

/** The list of captures as one caller follows it. */
export class CaptureList implements LiveSource<CaptureHead, Capture> {
  readonly #captures: Captures;
  readonly #changed = new Emitter<void>();
  readonly #subscription: Disposable;
  readonly onChange = this.#changed.event;
  #rev = 0;

  constructor(captures: Captures) {
    this.#captures = captures;
    this.#subscription = captures.onChange(() => {
      this.#rev++;
      this.#changed.fire();
    });
  }

  read(): LiveState<CaptureHead, Capture> {
    return { rev: this.#rev, head: this.#captures.head, rows: this.#captures.rows() };
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
