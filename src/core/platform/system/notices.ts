import type { Clock } from '../../kernel/clock.ts';
import type { LiveSource } from '../../kernel/contract.ts';
import { type Disposable, Scope } from '../../kernel/disposable.ts';
import { Emitter, type Event } from '../../kernel/emitter.ts';

export interface Notice {
  /** A notice with the same key replaces the one before. */
  key: string;
  /** Milliseconds. */
  at: number;
  tone: 'warning' | 'failed' | 'progressing';
  message: string;
  hint?: string | undefined;
}

/** More than a person reads; the oldest go. */
const mostNotices = 100;

/** What the user should know about the engine itself, newest first. Kept for as long as the engine lives. */
export class Notices implements Disposable {
  readonly #clock: Clock;
  readonly #changed = new Emitter<void>();
  readonly onChange: Event<void> = this.#changed.event;
  #list: readonly Notice[] = [];
  #rev = 0;
  #next = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get list(): readonly Notice[] {
    return this.#list;
  }

  add(notice: Omit<Notice, 'key' | 'at'> & { key?: string; at?: number }): void {
    const complete: Notice = {
      ...notice,
      key: notice.key ?? `notice-${this.#next++}`,
      at: notice.at ?? this.#clock.now(),
    };
    this.#set([complete, ...this.#list.filter(({ key }) => key !== complete.key)].slice(0, mostNotices));
  }

  /** Takes a notice back: what it told is over. */
  remove(key: string): void {
    if (this.#list.some((notice) => notice.key === key)) this.#set(this.#list.filter((notice) => notice.key !== key));
  }

  live(): LiveSource<Record<string, never>, Notice> {
    const scope = new Scope();
    const changed = scope.add(new Emitter<void>());
    scope.add(this.onChange(() => changed.fire()));
    return {
      read: () => ({ rev: this.#rev, head: {}, rows: this.#list }),
      onChange: changed.event,
      dispose: () => scope.dispose(),
    };
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #set(list: readonly Notice[]): void {
    this.#list = list;
    this.#rev++;
    this.#changed.fire();
  }
}
