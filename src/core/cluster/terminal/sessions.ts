import type { Clock } from '../../kernel/clock.ts';
import type { PipeEnd, Principal } from '../../kernel/contract.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { TerminalSessionRow, TerminalUp } from './contract.ts';
import type { TerminalSession } from './terminal.ts';

/** A terminal without a screen goes on for so long: a page that is loaded again, a laptop that is carried home. */
const keptMs = 30 * 60_000;
/** More of one user's at once are none that anybody looks at. */
const most = 100;

/** The terminals that go on, by their ids. Each is its user's own. */
export class Sessions implements Disposable {
  readonly #clock: Clock;
  readonly #kept = new Map<string, { session: TerminalSession; leaving: Disposable | undefined }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Keeps a new one. @throws KubeSageError `tooMany` */
  add(session: TerminalSession): void {
    if (
      [...this.#kept.values()].filter(({ session: { principal } }) => principal.id === session.principal.id).length >=
      most
    ) {
      session.dispose();
      throw new KubeSageError('tooMany', `${most} terminals are open`, { hint: 'Close some of them.' });
    }
    this.#kept.set(session.id, { session, leaving: undefined });
  }

  /** @throws KubeSageError `notFound`, also for somebody else's */
  find(id: string, principal: Principal): TerminalSession {
    const session = this.#kept.get(id)?.session;
    if (session === undefined || session.principal.id !== principal.id) {
      throw new KubeSageError('notFound', 'That terminal is over', { hint: 'Open a new one.' });
    }
    return session;
  }

  rows({ id }: Principal): TerminalSessionRow[] {
    return this.all()
      .filter(({ principal }) => principal.id === id)
      .map(({ row }) => row);
  }

  all(): TerminalSession[] {
    return [...this.#kept.values()].map(({ session }) => session);
  }

  /** A pipe to one, which is kept for some time after the pipe is gone. */
  hold(session: TerminalSession, end: PipeEnd<TerminalUp>): PipeEnd<TerminalUp> {
    const kept = this.#kept.get(session.id);
    kept?.leaving?.dispose();
    if (kept !== undefined) kept.leaving = undefined;
    return {
      receive: (message) => {
        end.receive(message);
        if (message.type === 'close') this.remove(session);
      },
      dispose: () => {
        end.dispose();
        const left = this.#kept.get(session.id);
        // Another screen may have it by now.
        if (left === undefined || session.row.attached) return;
        left.leaving?.dispose();
        left.leaving = this.#clock.after(keptMs, () => this.remove(session));
      },
    };
  }

  remove(session: TerminalSession): void {
    this.#kept.get(session.id)?.leaving?.dispose();
    this.#kept.delete(session.id);
    session.dispose();
  }

  dispose(): void {
    for (const session of this.all()) this.remove(session);
  }
}
