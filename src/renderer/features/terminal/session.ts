import type { TerminalState } from '../../../core/cluster/terminal/contract.ts';
import type { Disposable } from '../../../core/kernel/disposable.ts';
import type { KubeSageClient } from '../../client/index.ts';
import type { Target } from './target.ts';

type Told = Omit<TerminalState, 'type' | 'state' | 'session'>;

export type Ended = Told & { name: 'ended' | 'lost' | 'failed' };

/** As the panel shows it: the engine's states, and `asked`: a protected cluster wants its name. */
export type SessionState =
  | (Told & { name: 'connecting' | 'open' })
  | Ended
  | (Told & { name: 'asked'; message: string });

export interface Session extends Disposable {
  input(text: string): void;
  bytes(text: string): void;
  resize(size: { columns: number; rows: number }): void;
  record(on: boolean, input: boolean): void;
  /** Ends the terminal; `dispose` only leaves it. */
  close(): void;
}

export interface SessionOptions {
  size: { columns: number; rows: number };
  confirmed: string | undefined;
  /** The terminal that is taken up again, in place of a new one. */
  session: string | undefined;
  /** What was shown before, where one is taken up again. */
  replay(text: string): void;
  /** By it, it is taken up again. */
  named(session: string): void;
  /** Shows text, and says when it is shown: only then more is sent. */
  write(text: string, shown: () => void): void;
  /** So many characters were left out here. */
  skipped(count: number): void;
  change(state: SessionState): void;
}

/** Pieces of a paste: one message may weigh 1 MiB, and the way up has its credit. */
const pieceLength = 32 * 1024;

/** One connection of a terminal. Nothing is told after `dispose` or `close`. */
export function openSession(client: KubeSageClient, target: Target, options: SessionOptions): Session {
  let disposed = false;
  /** Where it is, which is not said again with every state. */
  let place: Pick<Told, 'pod' | 'container' | 'tty'> = {};
  const change = (state: SessionState) => {
    if (disposed) return;
    const { pod, container, tty } = { ...place, ...state };
    place = { ...(pod && { pod }), ...(container && { container }), ...(tty !== undefined && { tty }) };
    options.change({ ...place, ...state });
  };
  const pipe = client.terminal.open(
    {
      target,
      size: options.size,
      ...(options.confirmed !== undefined && { confirmed: options.confirmed }),
      ...(options.session !== undefined && { session: options.session }),
    },
    {
      message(message) {
        if (disposed) return;
        if (message.type === 'output') {
          const count = message.text.length;
          options.write(message.text, () => !disposed && pipe.send({ type: 'taken', count }));
        } else if (message.type === 'skipped') {
          options.skipped(message.count);
        } else if (message.type === 'replay') {
          options.replay(message.text);
        } else {
          const { type: _, state: name, session, ...told } = message;
          options.named(session);
          change({ name, ...told });
        }
      },
      error({ code, message, hint }) {
        const told = { message, ...(hint !== undefined && { hint }) };
        if (code === 'needsConfirmation') change({ name: 'asked', ...told });
        // The connection to the engine was lost, and the terminal goes on there.
        else if (code === 'unavailable') change({ name: 'lost', continues: true, ...told });
        // One that is over meanwhile was lost: a new one is a key away.
        else change({ name: code === 'notFound' && options.session !== undefined ? 'lost' : 'failed', ...told });
      },
      end: () => change({ name: 'ended' }),
    },
  );
  return {
    input(text) {
      for (let at = 0; at < text.length; ) {
        let end = Math.min(text.length, at + pieceLength);
        // Not between the halves of a character.
        if (end < text.length && /[\ud800-\udbff]/u.test(text.charAt(end - 1))) end--;
        pipe.send({ type: 'input', text: text.slice(at, end) });
        at = end;
      }
    },
    bytes: (text) => pipe.send({ type: 'bytes', text }),
    resize: (size) => pipe.send({ type: 'resize', ...size }),
    record: (on, input) => pipe.send({ type: 'record', on, input }),
    close() {
      if (!disposed) pipe.send({ type: 'close' });
      disposed = true;
      pipe.dispose();
    },
    dispose() {
      disposed = true;
      pipe.dispose();
    },
  };
}
