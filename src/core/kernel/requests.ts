import type { LiveObserver, PipeHandle, PipeObserver, Port, TailObserver } from './client.ts';
import type { LiveState } from './contract.ts';
import { apply, diff, type LiveChange } from './diff.ts';
import { type Disposable, toDisposable } from './disposable.ts';
import { KubeSageError } from './errors.ts';
import { type ClientMessage, pipeWindowBytes, readServerMessage, type ServerMessage, weigh } from './wire.ts';

/** What a tail or a pipe may have on its way to this client: 20 ms of 10 MB/s. */
const windowBytes = 256 * 1024;

/** A live is granted one change at a time, the next when that one has been applied. */
const liveCredit = 1;

type ItemMessage = Extract<ServerMessage, { type: 'item' }>;

/** Something asked that is not yet answered in full. */
interface Pending {
  /** What to send when there is a port, again when there is a new one. */
  start(id: number): ClientMessage;
  /** Whether it may be sent again over a new port. */
  survives: boolean;
  ok?(result: unknown): void;
  item?(message: ItemMessage): void;
  credit?(bytes: number): void;
  end?(): void;
  /** It failed, and is over. */
  error(error: KubeSageError): void;
}

/** What a client has under way, over whatever port there is. */
export class Requests {
  readonly #pending = new Map<number, Pending>();
  #port: Port | undefined;
  #listening: Disposable | undefined;
  #nextId = 1;
  #state: 'fresh' | 'attached' | 'detached' | 'closed' = 'fresh';

  /** Sends everything that waits. */
  attach(port: Port): void {
    this.#port = port;
    this.#state = 'attached';
    this.#listening = port.onMessage((raw) => this.#receive(raw));
    for (const [id, pending] of [...this.#pending]) this.#start(id, pending);
  }

  /** The port is lost: what cannot be asked again fails. */
  detach(): void {
    this.#drop('detached');
    for (const [id, pending] of [...this.#pending]) {
      if (pending.survives) continue;
      this.#pending.delete(id);
      pending.error(lost());
    }
  }

  /** No port will come any more. */
  close(): void {
    this.#drop('closed');
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const each of pending) each.error(lost());
  }

  call(kind: 'query' | 'command', to: string, input: unknown, signal?: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(cancelled(signal));
        return;
      }
      const abort = () => {
        this.#cancel(id, pending);
        reject(cancelled(signal));
      };
      const pending: Pending = {
        start: (own) => ({ type: 'call', id: own, to, input }),
        survives: kind === 'query',
        ok(result) {
          signal?.removeEventListener('abort', abort);
          resolve(result);
        },
        error(error) {
          signal?.removeEventListener('abort', abort);
          reject(error);
        },
      };
      const id = this.#add(pending);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  live(to: string, input: unknown, observer: LiveObserver<unknown, { key: string }>): Disposable {
    let state: LiveState<unknown, { key: string }> | undefined;
    const pending: Pending = {
      start: (own) => ({
        ...{ type: 'open', id: own, to, input, credit: liveCredit },
        ...(state === undefined ? {} : { since: state.rev }),
      }),
      survives: true,
      item: (message) => {
        if (!('change' in message)) return this.#breakOff(id, pending, to);
        const change = message.change as LiveChange<unknown, { key: string }>;
        if (message.change.snapshot !== true && state === undefined) return this.#breakOff(id, pending, to);
        state = message.change.snapshot === true ? replace(state, change) : apply(state ?? nothing, change);
        try {
          observer.change(state);
        } finally {
          if (this.#pending.get(id) === pending) this.#post({ type: 'credit', id, credit: liveCredit });
        }
      },
      end: () => observer.error(new KubeSageError('gone', `${to} has ended`)),
      error: (error) => observer.error(error),
    };
    const id = this.#add(pending);
    return toDisposable(() => this.#cancel(id, pending));
  }

  tail(to: string, input: unknown, observer: TailObserver<unknown>): Disposable {
    const pending: Pending = {
      start: (own) => ({ type: 'open', id: own, to, input, credit: windowBytes }),
      survives: false,
      item: (message) => {
        if ('change' in message) return this.#breakOff(id, pending, to);
        try {
          if (message.dropped !== undefined) observer.gap(message.dropped);
          if (this.#pending.get(id) === pending) observer.items(message.items);
        } finally {
          this.#giveBack(id, pending, message.bytes);
        }
      },
      end: () => observer.end(),
      error: (error) => observer.error(error),
    };
    const id = this.#add(pending);
    return toDisposable(() => this.#cancel(id, pending));
  }

  pipe(to: string, input: unknown, observer: PipeObserver<unknown>): PipeHandle<unknown> {
    let credit = pipeWindowBytes;
    let opened = false;
    const waiting: { value: unknown; bytes: number }[] = [];
    const flush = () => {
      while (opened && credit > 0 && this.#pending.get(id) === pending) {
        const next = waiting.shift();
        if (next === undefined) return;
        credit -= next.bytes;
        this.#post({ type: 'item', id, value: next.value });
      }
    };
    const pending: Pending = {
      start: (own) => {
        opened = true;
        // After the message that opens it.
        queueMicrotask(flush);
        return { type: 'open', id: own, to, input, credit: windowBytes };
      },
      survives: false,
      item: (message) => {
        if ('change' in message) return this.#breakOff(id, pending, to);
        try {
          for (const item of message.items) if (this.#pending.get(id) === pending) observer.message(item);
        } finally {
          this.#giveBack(id, pending, message.bytes);
        }
      },
      credit(bytes) {
        credit += bytes;
        flush();
      },
      end: () => observer.end(),
      error: (error) => observer.error(error),
    };
    const id = this.#add(pending);
    return {
      send: (value) => {
        if (this.#pending.get(id) !== pending) return;
        waiting.push({ value, bytes: weigh(value) });
        flush();
      },
      dispose: () => this.#cancel(id, pending),
    };
  }

  #add(pending: Pending): number {
    const id = this.#nextId++;
    if (this.#state === 'closed' || (this.#state === 'detached' && !pending.survives)) {
      // Later, as every other answer: who calls does not expect to be called back before it has the result.
      queueMicrotask(() => pending.error(lost()));
      return id;
    }
    this.#pending.set(id, pending);
    if (this.#state === 'attached') this.#start(id, pending);
    return id;
  }

  #start(id: number, pending: Pending): void {
    try {
      const message = pending.start(id);
      // The server refuses it without a word of whose it was: the call would never end.
      weigh(message);
      this.#post(message);
    } catch (error) {
      this.#pending.delete(id);
      const refused =
        error instanceof KubeSageError && error.code === 'tooLarge'
          ? error
          : new KubeSageError('invalid', 'The input cannot be sent', { cause: error });
      queueMicrotask(() => pending.error(refused));
    }
  }

  #cancel(id: number, pending: Pending): void {
    if (this.#pending.get(id) !== pending) return;
    this.#pending.delete(id);
    this.#post({ type: 'cancel', id });
  }

  #giveBack(id: number, pending: Pending, bytes: number): void {
    if (bytes > 0 && this.#pending.get(id) === pending) this.#post({ type: 'credit', id, credit: bytes });
  }

  /** The server sent what this kind of stream does not have. */
  #breakOff(id: number, pending: Pending, to: string): void {
    this.#cancel(id, pending);
    pending.error(new KubeSageError('internal', `${to} answered with a message that does not fit`));
  }

  #post(message: ClientMessage): void {
    this.#port?.post(message);
  }

  #drop(state: 'detached' | 'closed'): void {
    this.#state = state;
    this.#listening?.dispose();
    this.#port = undefined;
  }

  #receive(raw: unknown): void {
    const received = readServerMessage(raw);
    // With a server of the same version this cannot happen; with another one, what was asked fails rather than hangs.
    if (!received.ok) {
      if (received.id !== null) this.#settle(received.id)?.error(received.error);
      return;
    }
    const { message } = received;
    if (message.id === null) return;
    switch (message.type) {
      case 'ok':
        this.#settle(message.id)?.ok?.(message.result);
        break;
      case 'err':
        this.#settle(message.id)?.error(KubeSageError.fromValue(message.error));
        break;
      case 'end':
        this.#settle(message.id)?.end?.();
        break;
      case 'item':
        this.#pending.get(message.id)?.item?.(message);
        break;
      case 'credit':
        this.#pending.get(message.id)?.credit?.(message.credit);
        break;
    }
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }
}

const nothing: LiveState<unknown, { key: string }> = { rev: 0, head: undefined, rows: [] };

/** A snapshot after a reconnect says nothing about what stayed the same, so rows are compared to keep their identity. */
function replace(
  before: LiveState<unknown, { key: string }> | undefined,
  snapshot: LiveChange<unknown, { key: string }>,
): LiveState<unknown, { key: string }> {
  const fresh = apply(nothing, snapshot);
  return before === undefined ? fresh : apply(before, diff(before, fresh));
}

function lost(): KubeSageError {
  return new KubeSageError('unavailable', "The connection to KubeSage's engine was lost", {
    hint: 'It reconnects by itself. Whether a command that was under way had its effect has to be looked at.',
  });
}

function cancelled(signal: AbortSignal | undefined): KubeSageError {
  return new KubeSageError('cancelled', 'Cancelled', { cause: signal?.reason });
}
