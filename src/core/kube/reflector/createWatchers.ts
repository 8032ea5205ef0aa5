import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { Emitter } from '../../kernel/emitter.ts';
import { KubeSageError, toErrorValue } from '../../kernel/errors.ts';
import type { ConnectionSpec, CredentialSource } from '../auth/connection.ts';
import type { WatchMessage } from '../columns/batch.ts';
import { forgetByteCaches } from '../projectors/byteCache.ts';
import type { createTransport } from '../transport/index.ts';
import type { Order, Report, WorkerData } from './messages.ts';
import { Shard } from './shard.ts';
import type { Watchers, WatchTarget } from './watchers.ts';

export interface WatchersOptions {
  /** Threads. 0 watches in the caller's thread. Absent: one less than the cores, 1 to 4. */
  workers?: number | undefined;
  /** Where the built worker is; absent for the source file beside this one. */
  workerUrl?: URL | undefined;
  /** The product's version, for the User-Agent. */
  version?: string | undefined;
  /** For this thread; workers use the machine's clock. */
  clock?: Clock | undefined;
  random?: (() => number) | undefined;
  defer?: ((run: () => void) => void) | undefined;
  /** Without workers only. */
  transport?: typeof createTransport | undefined;
  /** Starts a worker; tests bring workers that live in their own thread and time. */
  startWorker?: ((data: WorkerData) => WatcherThread) | undefined;
}

/** What is used of a Worker. */
export interface WatcherThread {
  postMessage(order: Order): void;
  terminate(): unknown;
  on(event: 'message', listener: (report: Report) => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  on(event: 'exit', listener: () => void): unknown;
}

/** Megabytes for the new objects of a thread: parsing keeps few, and left alone V8 takes 60 for them. */
const youngMb = 12;

export function createWatchers(options: WatchersOptions = {}): Watchers {
  const workers = options.workers ?? Math.min(4, Math.max(1, availableParallelism() - 1));
  return workers === 0 ? localWatchers(options) : new ThreadedWatchers(workers, options);
}

function localWatchers(options: WatchersOptions): Watchers {
  const emitter = new Emitter<WatchMessage>();
  const shard = new Shard({
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    defer: options.defer ?? ((run) => setImmediate(run)),
    version: options.version ?? '0',
    transport: options.transport,
    emit: (message) => emitter.fire(message),
  });
  return {
    onMessage: emitter.event,
    connect: (cluster, spec, credentials) => shard.connect(cluster, spec, credentials),
    disconnect: (cluster) => shard.disconnect(cluster),
    watch: (cluster, target) => shard.watch(cluster, target),
    unwatch: (cluster, kind) => shard.unwatch(cluster, kind),
    retry: (cluster) => shard.retry(cluster),
    shed: forgetByteCaches,
    dispose() {
      shard.dispose();
      emitter.dispose();
    },
  };
}

interface Assigned {
  thread: Thread;
  spec: ConnectionSpec;
  credentials: CredentialSource;
  watches: Map<string, { watch: number; target: WatchTarget; scopes: Set<string> }>;
}

interface Thread {
  worker: WatcherThread;
  clusters: Set<number>;
  /** Crashes so far, for the pause before the next start. */
  crashes: number;
}

class ThreadedWatchers implements Watchers {
  readonly #options: WatchersOptions;
  readonly #clock: Clock;
  readonly #emitter = new Emitter<WatchMessage>();
  readonly #threads: Thread[] = [];
  readonly #clusters = new Map<number, Assigned>();
  readonly #size: number;
  readonly onMessage = this.#emitter.event;
  #nextWatch = 1;
  #disposed = false;

  constructor(size: number, options: WatchersOptions) {
    this.#size = size;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  connect(cluster: number, spec: ConnectionSpec, credentials: CredentialSource): void {
    const known = this.#clusters.get(cluster);
    const thread = known?.thread ?? this.#leastLoaded();
    thread.clusters.add(cluster);
    if (known === undefined) this.#clusters.set(cluster, { thread, spec, credentials, watches: new Map() });
    else Object.assign(known, { spec, credentials });
    this.#order(thread, { type: 'connect', cluster, spec });
  }

  disconnect(cluster: number): void {
    const assigned = this.#clusters.get(cluster);
    if (assigned === undefined) return;
    this.#clusters.delete(cluster);
    assigned.thread.clusters.delete(cluster);
    this.#order(assigned.thread, { type: 'disconnect', cluster });
  }

  watch(cluster: number, target: WatchTarget): void {
    const assigned = this.#clusters.get(cluster);
    if (assigned === undefined) throw new KubeSageError('invalid', `Cluster ${cluster} is not connected`);
    // The same demand goes on under its number when only its urgency or its namespaces change.
    const known = assigned.watches.get(target.schema.id);
    const watch = known?.watch ?? this.#nextWatch++;
    assigned.watches.set(target.schema.id, { watch, target, scopes: known?.scopes ?? new Set() });
    this.#order(assigned.thread, { type: 'watch', cluster, watch, target });
  }

  unwatch(cluster: number, kind: string): void {
    const assigned = this.#clusters.get(cluster);
    if (assigned?.watches.delete(kind) !== true) return;
    this.#order(assigned.thread, { type: 'unwatch', cluster, kind });
  }

  retry(cluster: number): void {
    const assigned = this.#clusters.get(cluster);
    if (assigned !== undefined) this.#order(assigned.thread, { type: 'retry', cluster });
  }

  shed(): void {
    for (const thread of this.#threads) this.#order(thread, { type: 'shed' });
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#emitter.dispose();
    for (const { worker } of this.#threads) void worker.terminate();
    this.#clusters.clear();
  }

  #order(thread: Thread, order: Order): void {
    thread.worker.postMessage(order);
  }

  #leastLoaded(): Thread {
    if (this.#threads.length < this.#size && this.#threads.every(({ clusters }) => clusters.size > 0)) {
      const thread: Thread = { worker: this.#startWorker(), clusters: new Set(), crashes: 0 };
      this.#listen(thread);
      this.#threads.push(thread);
      return thread;
    }
    return this.#threads.reduce((best, other) => (other.clusters.size < best.clusters.size ? other : best));
  }

  #startWorker(): WatcherThread {
    const workerData: WorkerData = { version: this.#options.version ?? '0' };
    if (this.#options.startWorker !== undefined) return this.#options.startWorker(workerData);
    const url = this.#options.workerUrl ?? new URL('./watcherWorker.ts', import.meta.url);
    return new Worker(url, { workerData, name: 'watcher', resourceLimits: { maxYoungGenerationSizeMb: youngMb } });
  }

  #listen(thread: Thread): void {
    const { worker } = thread;
    let problem = 'it ended';
    worker.on('message', (report: Report) => {
      if (report.type === 'messages') this.#deliver(worker, report.messages);
      else void this.#answerCredentials(thread, report);
    });
    worker.on('error', (error) => {
      problem = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', () => {
      if (!this.#disposed) this.#restart(thread, problem);
    });
  }

  #deliver(worker: WatcherThread, messages: Extract<Report, { type: 'messages' }>['messages']): void {
    let rows = 0;
    for (const { watch, message } of messages) {
      if (message.type === 'rows') rows += message.batch.count;
      const cluster = message.type === 'rows' ? message.batch.cluster : message.cluster;
      const kind = message.type === 'rows' ? message.batch.kind : message.kind;
      const known = this.#clusters.get(cluster)?.watches.get(kind);
      // Sent before the worker knew that nobody wants it any more.
      if (known?.watch !== watch) continue;
      known.scopes.add(message.scope);
      this.#emitter.fire(message);
    }
    if (rows > 0 && !this.#disposed) worker.postMessage({ type: 'taken', rows });
  }

  async #answerCredentials(thread: Thread, request: Extract<Report, { type: 'credentials' }>): Promise<void> {
    const { id, cluster, refused } = request;
    const { worker } = thread;
    let answer: Order;
    try {
      const source = this.#clusters.get(cluster)?.credentials;
      if (source === undefined) throw new KubeSageError('cancelled', 'The cluster was closed');
      answer = { type: 'credentials', id, credentials: await source.get(refused) };
    } catch (error) {
      answer = { type: 'credentials', id, error: toErrorValue(error) };
    }
    // A worker that has crashed meanwhile asks anew.
    if (!this.#disposed && thread.worker === worker) worker.postMessage(answer);
  }

  /** A crashed worker loses its rows' versions: its clusters are marked stale, and listed anew by the next one. */
  #restart(thread: Thread, problem: string): void {
    thread.crashes++;
    const since = this.#clock.now();
    for (const cluster of thread.clusters) {
      for (const [kind, { scopes }] of this.#clusters.get(cluster)?.watches ?? []) {
        for (const scope of scopes) {
          const reason = `The watcher stopped (${problem}) and is started again`;
          const state = { state: 'stale' as const, since, reason, code: 'internal' };
          this.#emitter.fire({ type: 'state', cluster, kind, scope, state });
        }
      }
    }
    this.#clock.after(Math.min(100 * 2 ** thread.crashes, 30_000), () => {
      if (this.#disposed) return;
      thread.worker = this.#startWorker();
      this.#listen(thread);
      for (const cluster of thread.clusters) {
        const assigned = this.#clusters.get(cluster);
        if (assigned === undefined) continue;
        this.#order(thread, { type: 'connect', cluster, spec: assigned.spec });
        for (const [kind, entry] of assigned.watches) {
          const target = { ...entry.target, resume: undefined };
          assigned.watches.set(kind, { ...entry, target });
          this.#order(thread, { type: 'watch', cluster, watch: entry.watch, target });
        }
      }
    });
  }
}
