import type { Clock } from './clock.ts';
import type { CallContext } from './contract.ts';
import type { Dispatch } from './dispatch.ts';
import { type Disposable, Scope } from './disposable.ts';
import { LiveFeed } from './liveFeed.ts';
import { TailFeed } from './tailFeed.ts';

/** Proxies close connections that say nothing for a minute or less; a comment is the shortest thing to say. */
const keepAliveMs = 15_000;
const keepAlive = ': \n\n';

/** What of a tail may wait to be pulled. */
const windowBytes = 256 * 1024;

export interface EventStreamOptions {
  dispatch: Dispatch;
  clock: Clock;
  tailBufferBytes: number;
  context: CallContext;
}

/**
 * Server-sent events (HTML standard, section 9.2) as a pull: asking for the next text is the credit, so that a slow
 * reader costs one difference here as well. Rejects when the stream cannot be opened; later errors are events.
 *
 * A live sends `change` events, the first one a snapshot; a tail `items` and `gap`, and `end` when it is over.
 */
export async function openEventStream(
  address: string,
  input: unknown,
  options: EventStreamOptions,
): Promise<AsyncIterable<string>> {
  const { dispatch, clock, context } = options;
  const events = new Events(clock, context.signal);
  if (dispatch.find(address).procedure.kind === 'live') {
    let rev = 0;
    const source = await dispatch.live(address, input, context);
    const feed = new LiveFeed(source, {
      clock,
      nextRev: () => ++rev,
      send: (change) => events.push(eventOf('change', change)),
      fail: (error) => events.end(eventOf('error', dispatch.explain(address, error).toValue())),
    });
    return events.open(feed, () => feed.grant(1));
  }
  const items = await dispatch.tail(address, input, context);
  const feed = new TailFeed(items, {
    clock,
    bufferBytes: options.tailBufferBytes,
    send: ({ items: batch, bytes, dropped }) => {
      sentBytes += bytes;
      events.push((dropped > 0 ? eventOf('gap', { dropped }) : '') + eventOf('items', batch));
    },
    end: (failure) =>
      events.end(
        failure === undefined
          ? eventOf('end', {})
          : eventOf('error', dispatch.explain(address, failure.error).toValue()),
      ),
  });
  let sentBytes = windowBytes;
  return events.open(feed, () => {
    feed.grant(sentBytes);
    sentBytes = 0;
  });
}

function eventOf(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Texts waiting to be pulled. */
class Events {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #scope = new Scope();
  readonly #texts: string[] = [];
  #wake: (() => void) | undefined;
  #ended = false;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  push(text: string): void {
    this.#texts.push(text);
    this.#wake?.();
  }

  end(text: string): void {
    this.push(text);
    this.#ended = true;
    this.#wake?.();
  }

  /** The texts as they come. The feed ends with the iteration or with the signal, also before the first is asked for. */
  open(feed: Disposable, pull: () => void): AsyncIterable<string> {
    this.#scope.add(feed);
    const stop = () => {
      this.#scope.dispose();
      this.#wake?.();
    };
    if (this.#signal.aborted) stop();
    else this.#signal.addEventListener('abort', stop, { once: true });
    this.#scope.add({ dispose: () => this.#signal.removeEventListener('abort', stop) });
    return this.#iterate(pull);
  }

  async *#iterate(pull: () => void): AsyncGenerator<string> {
    try {
      pull();
      while (!this.#signal.aborted) {
        const text = this.#texts.shift();
        if (text !== undefined) {
          yield text;
          if (this.#texts.length === 0 && !this.#ended) pull();
        } else if (this.#ended) return;
        else if (await this.#quiet()) yield keepAlive;
      }
    } finally {
      this.#scope.dispose();
    }
  }

  /** Waits for a text, an end or an abort. True when none came for long. */
  #quiet(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(keepAliveMs, () => {
        this.#wake = undefined;
        resolve(true);
      });
      this.#wake = () => {
        this.#wake = undefined;
        timer.dispose();
        resolve(false);
      };
    });
  }
}
