import type { TerminalState } from '../../../core/cluster/terminal/contract.ts';
import type { Disposable } from '../../../core/kernel/disposable.ts';
import type { KubeSageClient } from '../../client/index.ts';
import type { Target } from './target.ts';

type Told = Omit<TerminalState, 'type' | 'state'>;

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
}

export interface SessionOptions {
  size: { columns: number; rows: number };
  confirmed: string | undefined;
  /** Shows text, and says when it is shown: only then more is sent. */
  write(text: string, shown: () => void): void;
  /** So many characters were left out here. */
  skipped(count: number): void;
  change(state: SessionState): void;
}

/** Pieces of a paste: one message may weigh 1 MiB, and the way up has its credit. */
const pieceLength = 32 * 1024;

/** One connection of a terminal. Nothing is told after `dispose`. */
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
    { target, size: options.size, ...(options.confirmed !== undefined && { confirmed: options.confirmed }) },
    {
      message(message) {
        if (disposed) return;
        if (message.type === 'output') {
          const count = message.text.length;
          options.write(message.text, () => !disposed && pipe.send({ type: 'taken', count }));
        } else if (message.type === 'skipped') {
          options.skipped(message.count);
        } else {
          const { type: _, state: name, ...told } = message;
          change({ name, ...told });
        }
      },
      error({ code, message, hint }) {
        const told = { message, ...(hint !== undefined && { hint }) };
        // What a new window of the engine would take up again was lost; anything else was refused.
        if (code === 'needsConfirmation') change({ name: 'asked', ...told });
        else change({ name: code === 'unavailable' ? 'lost' : 'failed', ...told });
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
    dispose() {
      disposed = true;
      pipe.dispose();
    },
  };
}
