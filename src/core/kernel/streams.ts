import type { Clock } from './clock.ts';
import type { CallContext, LiveState, PipeEnd } from './contract.ts';
import type { Dispatch } from './dispatch.ts';
import type { Disposable } from './disposable.ts';
import { KubeSageError } from './errors.ts';
import { LiveFeed } from './liveFeed.ts';
import { TailFeed } from './tailFeed.ts';
import { type ClientMessage, type LiveItem, pipeWindowBytes, type ServerMessage, weigh } from './wire.ts';

/** What a server's streams need of it. */
export interface StreamHost {
  dispatch: Dispatch;
  clock: Clock;
  tailBufferBytes: number;
  pipeBufferBytes: number;
  nextRev: () => number;
  send(message: ServerMessage): void;
  /** Ends the stream with an error. */
  fail(error: unknown): void;
  /** Ends the stream well. */
  end(): void;
}

/** A stream under way on a port. */
export interface Stream extends Disposable {
  grant(credit: number): void;
  /** A message on a pipe's way up, and what it weighs. Throws when there is no way up, or no credit for it. */
  receive(value: unknown, bytes: number): void;
  /** A live's last state as the reader has it, for resuming. */
  readonly sent?: LiveState<unknown, { key: string }> | undefined;
}

type Open = Extract<ClientMessage, { type: 'open' }>;

/** Opens what the message names. Credit is granted by the caller once the stream is there. */
export async function openStream(
  message: Open,
  context: CallContext,
  host: StreamHost,
  resume: LiveState<unknown, { key: string }> | undefined,
): Promise<Stream> {
  const { kind } = host.dispatch.find(message.to).procedure;
  if (kind === 'live') return openLive(message, context, host, resume);
  if (kind === 'tail') return openTail(message, context, host);
  if (kind === 'pipe') return openPipe(message, context, host);
  throw new KubeSageError('invalid', `${message.to} is a ${kind}: it is called, not opened`);
}

async function openLive(
  { id, to, input }: Open,
  context: CallContext,
  host: StreamHost,
  resume: LiveState<unknown, { key: string }> | undefined,
): Promise<Stream> {
  const source = await host.dispatch.live(to, input, context);
  const feed = new LiveFeed(source, {
    clock: host.clock,
    nextRev: host.nextRev,
    resume,
    send: (change) => host.send({ type: 'item', id, change: change as LiveItem }),
    fail: (error) => host.fail(error),
  });
  return {
    grant: (credit) => feed.grant(credit),
    receive: refuseItem,
    get sent() {
      return feed.sent;
    },
    dispose: () => feed.dispose(),
  };
}

async function openTail({ id, to, input }: Open, context: CallContext, host: StreamHost): Promise<Stream> {
  const items = await host.dispatch.tail(to, input, context);
  const feed = new TailFeed(items, {
    clock: host.clock,
    bufferBytes: host.tailBufferBytes,
    send: ({ items: batch, bytes, dropped }) =>
      host.send({ type: 'item', id, items: batch, bytes, ...(dropped > 0 ? { dropped } : {}) }),
    end: (failure) => (failure === undefined ? host.end() : host.fail(failure.error)),
  });
  return { grant: (credit) => feed.grant(credit), receive: refuseItem, dispose: () => feed.dispose() };
}

async function openPipe({ id, to, input }: Open, context: CallContext, host: StreamHost): Promise<Stream> {
  let credit = 0;
  let window = pipeWindowBytes;
  let waiting: { message: unknown; bytes: number }[] = [];
  let waitingBytes = 0;
  let closed = false;

  const flush = () => {
    while (!closed && waiting.length > 0 && credit > 0) {
      const items: unknown[] = [];
      let bytes = 0;
      for (const next of waiting) {
        if (bytes >= credit) break;
        items.push(next.message);
        bytes += next.bytes;
      }
      waiting.splice(0, items.length);
      waitingBytes -= bytes;
      credit -= bytes;
      host.send({ type: 'item', id, items, bytes });
    }
  };
  const send = (message: unknown) => {
    if (closed) return;
    const bytes = weigh(message, { messageBytes: host.pipeBufferBytes, depth: 64 });
    waiting.push({ message, bytes });
    waitingBytes += bytes;
    if (waitingBytes > host.pipeBufferBytes) {
      host.fail(
        new KubeSageError('tooMany', `More than ${host.pipeBufferBytes} bytes wait for a reader that is too slow`, {
          hint: 'Open it again.',
        }),
      );
      return;
    }
    flush();
  };

  const end: PipeEnd<unknown> = await host.dispatch.pipe(to, input, send, context);
  return {
    grant(bytes) {
      credit += bytes;
      flush();
    },
    receive(value, bytes) {
      // A client may overdraw with its last message, as the server may; after that it has to wait.
      if (window <= 0) throw new KubeSageError('tooMany', 'The pipe was sent more than its credit allows');
      window -= bytes;
      end.receive(value);
      window += bytes;
      host.send({ type: 'credit', id, credit: Math.max(1, bytes) });
    },
    dispose() {
      closed = true;
      waiting = [];
      end.dispose();
    },
  };
}

function refuseItem(): never {
  throw new KubeSageError('invalid', 'Only a pipe takes messages');
}
