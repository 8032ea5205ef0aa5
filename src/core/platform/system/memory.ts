import { getHeapStatistics } from 'node:v8';
import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import type { Notices } from './notices.ts';

/** Something that is kept only because it may be wanted again. Nothing that is shown depends on it. */
export interface Sheddable {
  /** As a sentence says it: 'lists that nobody looks at'. */
  name: string;
  /** Lets go of it. It may grow again afterwards. */
  shed(): void;
}

/** One limit of the process, bytes. */
export interface MemoryUse {
  /** 'memory' or 'JavaScript memory'. */
  what: string;
  used: number;
  limit: number;
}

const lookMs = 5_000;
/** Parts of a limit: from the first on something is let go of at every look, from the second on everything at once. */
const shortAt = 0.8;
const dangerAt = 0.92;
/** Below this it is over. */
const overAt = 0.7;
/** What has been let go of has grown again by then, at the earliest. */
const againMs = 60_000;

/**
 * Lets go of caches, the cheapest to make again first, before the system ends the process for its memory (F24), and tells
 * the user for as long as it lasts.
 */
export class MemoryWatch implements Disposable {
  readonly #options: MemoryWatchOptions;
  readonly #timer: Disposable;
  #shed = 0;
  #shedAt = 0;

  constructor(options: MemoryWatchOptions) {
    this.#options = options;
    this.#timer = options.clock.every(lookMs, () => this.#look());
  }

  dispose(): void {
    this.#timer.dispose();
  }

  #look(): void {
    const { clock, read, sheddables, notices } = this.#options;
    const tightest = read().reduce<MemoryUse | undefined>(
      (worst, use) => (worst === undefined || partOf(use) > partOf(worst) ? use : worst),
      undefined,
    );
    if (tightest === undefined) return;
    const part = partOf(tightest);
    if (part < overAt) {
      this.#shed = 0;
      notices.remove(noticeKey);
    }
    if (part < shortAt) return;
    if (this.#shed === sheddables.length) {
      if (clock.steady() - this.#shedAt < againMs) return;
      this.#shed = 0;
    }
    const upTo = part >= dangerAt ? sheddables.length : this.#shed + 1;
    for (const { shed } of sheddables.slice(this.#shed, upTo)) shed();
    this.#shed = upTo;
    this.#shedAt = clock.steady();
    const gone = sheddables.slice(0, upTo).map(({ name }) => name);
    notices.add({
      key: noticeKey,
      tone: part >= dangerAt ? 'failed' : 'warning',
      message: `Little memory is left: ${megabytes(tightest.used)} of ${megabytes(tightest.limit)} MB of ${tightest.what} are used`,
      hint: `Forgotten, to be read again when it is wanted: ${gone.join(', ')}. Lists stay complete. Closing clusters frees more.`,
    });
  }
}

export interface MemoryWatchOptions {
  clock: Clock;
  notices: Notices;
  /** Limits that hold now; none is fine. */
  read(): readonly MemoryUse[];
  /** What costs least to make again comes first. */
  sheddables: readonly Sheddable[];
}

const noticeKey = 'memory';

/**
 * What this process uses of what it may: of its control group's memory, where that is limited, and of the heap of the
 * calling thread. @param limit bytes, instead of the control group's
 */
export function readMemory(limit: number = process.constrainedMemory()): MemoryUse[] {
  const { used_heap_size: used, heap_size_limit: most } = getHeapStatistics();
  const uses = [{ what: 'JavaScript memory', used, limit: most }];
  // Without a limit, 0 or the largest number is told.
  if (limit > 0 && limit < unlimited) uses.push({ what: 'memory', used: process.memoryUsage.rss(), limit });
  return uses;
}

const unlimited = 2 ** 50;

function partOf({ used, limit }: MemoryUse): number {
  return used / limit;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / (1 << 20));
}
