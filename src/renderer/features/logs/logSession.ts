import type { LogItem, LogSource } from '../../../core/cluster/logs/contract.ts';
import type { Disposable } from '../../../core/kernel/disposable.ts';
import type { KubeSageError } from '../../../core/kernel/errors.ts';
import type { KubeSageClient } from '../../client/index.ts';
import { t } from '../../ui/index.ts';
import { LogBuffer } from './logBuffer.ts';
import type { LogSubject } from './subject.ts';

/** How far back is read. */
export const ranges = ['tail', '1m', '5m', '15m', '1h', 'all'] as const;
export type Range = (typeof ranges)[number];

const seconds: Partial<Record<Range, number>> = { '1m': 60, '5m': 300, '15m': 900, '1h': 3600 };
/** Between two looks of what need not follow every line, such as counts. Milliseconds. */
const slowMs = 250;

/** Of each container, for `tail`. */
const tailLines = 1000;

/** What is read; another one is another stream. */
export interface Reading {
  range: Range;
  previous: boolean;
  /** Names; undefined is the default ones. */
  containers: readonly string[] | undefined;
}

export interface SessionState {
  sources: readonly LogSource[];
  problems: readonly string[];
  resolved: boolean;
  error: KubeSageError | undefined;
  /** The stream has ended: nothing more will come. */
  ended: boolean;
}

const nothing: SessionState = { sources: [], problems: [], resolved: false, error: undefined, ended: false };

/**
 * One tab's stream and what came of it. The lines' list is told at most once a frame; what stands around it when the state
 * changes, else four times a second.
 */
export class LogSession implements Disposable {
  readonly buffer = new LogBuffer();
  readonly #client: KubeSageClient;
  readonly #subject: LogSubject;
  readonly #listeners = new Set<() => void>();
  readonly #slowListeners = new Set<() => void>();
  #stream: Disposable | undefined;
  #frame: number | undefined;
  #expected = 0;
  #newest = 0;
  #version = 0;
  #slowVersion = 0;
  #told: SessionState = nothing;
  #toldAt = 0;
  #later: ReturnType<typeof setTimeout> | undefined;
  state = nothing;

  constructor(client: KubeSageClient, subject: LogSubject) {
    this.#client = client;
    this.#subject = subject;
  }

  /** Begins from nothing, also after `dispose`. */
  read({ range, previous, containers }: Reading): void {
    this.#stream?.dispose();
    this.buffer.clear();
    this.#expected = 0;
    this.state = nothing;
    this.#stream = this.#client.logs.tail(
      {
        objects: this.#subject.objects.map((object) => ({ ...object })),
        previous,
        ...(containers !== undefined && { containers: [...containers] }),
        ...(range === 'tail' && { tailLines }),
        ...(seconds[range] !== undefined && { sinceSeconds: seconds[range] }),
      },
      {
        items: (items) => {
          for (const item of items) this.#take(item);
          this.#changed();
        },
        // Lines say themselves how many are missing, by their number.
        gap: () => undefined,
        error: (error) => this.#set({ error }),
        end: () => this.#set({ ended: true }),
      },
    );
    this.#changed();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  version = (): number => this.#version;

  subscribeSlowly = (listener: () => void): (() => void) => {
    this.#slowListeners.add(listener);
    return () => this.#slowListeners.delete(listener);
  };

  slowVersion = (): number => this.#slowVersion;

  /** Something of the buffer was changed by its user. */
  touch(): void {
    this.#toldAt = 0;
    this.#changed();
  }

  dispose(): void {
    this.#stream?.dispose();
    this.#stream = undefined;
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    clearTimeout(this.#later);
    this.#later = undefined;
  }

  #take(item: LogItem): void {
    if (item.type === 'sources') {
      const { sources, problems, resolved } = item;
      this.state = { ...this.state, sources, problems, resolved };
      return;
    }
    const missing = item.first - this.#expected;
    this.#expected = item.first + item.lines.at.length;
    if (missing > 0) this.buffer.note(this.#newest, t('logs.gap', { count: missing }));
    this.#newest = item.lines.at[item.lines.at.length - 1] ?? this.#newest;
    this.buffer.add(item.lines);
  }

  #set(change: Partial<SessionState>): void {
    this.state = { ...this.state, ...change };
    this.#changed();
  }

  #changed(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#version++;
      for (const listener of this.#listeners) listener();
      const wait = this.#told === this.state ? this.#toldAt + slowMs - performance.now() : 0;
      if (wait <= 0) this.#tellSlowly();
      else this.#later ??= setTimeout(() => this.#tellSlowly(), wait);
    });
  }

  #tellSlowly(): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    this.#told = this.state;
    this.#toldAt = performance.now();
    this.#slowVersion++;
    for (const listener of this.#slowListeners) listener();
  }
}
