import type { z } from 'zod';
import { type Clock, systemClock } from './clock.ts';
import type { Command, Contract, Live, LiveState, Pipe, Procedure, Query, Tail } from './contract.ts';
import type { Disposable } from './disposable.ts';
import { Emitter, type Event } from './emitter.ts';
import { KubeSageError } from './errors.ts';
import { Requests } from './requests.ts';

/** One end of a connection that carries whole messages in order. Implemented over ports, sockets and memory. */
export interface Port extends Disposable {
  /** Values that `structuredClone` takes; over a WebSocket they travel as JSON. */
  post(message: unknown): void;
  readonly onMessage: Event<unknown>;
  /** Fires once, also when the other side went away. */
  readonly onClose: Event<void>;
}

export interface CallOptions {
  signal?: AbortSignal;
}

export interface LiveObserver<H, R extends { key: string }> {
  /** The whole state after each change; unchanged rows keep their identity. */
  change(state: LiveState<H, R>): void;
  error(error: KubeSageError): void;
}

export interface TailObserver<T> {
  items(items: readonly T[]): void;
  /** That many items were dropped here, because this reader was slower than the source. */
  gap(dropped: number): void;
  error(error: KubeSageError): void;
  end(): void;
}

export interface PipeObserver<D> {
  message(message: D): void;
  error(error: KubeSageError): void;
  end(): void;
}

export interface PipeHandle<U> extends Disposable {
  send(message: U): void;
}

/** How a procedure is called. Disposing what a stream returned ends it on both sides. */
export type Call<P extends Procedure> =
  P extends Query<infer I, infer R>
    ? (input: z.input<I>, options?: CallOptions) => Promise<z.output<R>>
    : P extends Command<infer I, infer R>
      ? (input: z.input<I>, options?: CallOptions) => Promise<z.output<R>>
      : P extends Live<infer I, infer H, infer R>
        ? (input: z.input<I>, observer: LiveObserver<z.output<H>, z.output<R>>) => Disposable
        : P extends Tail<infer I, infer T>
          ? (input: z.input<I>, observer: TailObserver<z.output<T>>) => Disposable
          : P extends Pipe<infer I, infer U, infer D>
            ? (input: z.input<I>, observer: PipeObserver<z.output<D>>) => PipeHandle<z.input<U>>
            : never;

/** The whole contract as functions: `client.fleet.open({ clusters })`. */
export type Client<C extends Contract> = {
  readonly [K in keyof C]: { readonly [P in keyof C[K]]: Call<C[K][P]> };
};

export type ConnectionState = 'connecting' | 'connected' | 'reconnecting' | 'closed';

export interface ConnectionOptions {
  clock?: Clock;
  /** From 0 to 1, for the back-off. */
  random?: () => number;
}

/** A client that outlives its ports. */
export interface Connection<C extends Contract> extends Disposable {
  readonly client: Client<C>;
  readonly state: ConnectionState;
  /** Why it is not connected: the last attempt's error. */
  readonly problem: KubeSageError | undefined;
  readonly onState: Event<ConnectionState>;
}

/** The first wait after a lost port, doubled up to the last: 0.1 0.2 0.4 … 5 s, each less up to a half by chance. */
const firstWaitMs = 100;
const lastWaitMs = 5000;

/**
 * Connects, and connects again when the port is lost. Then lives are opened again from where they were and queries are
 * asked again; what may have had an effect or cannot be continued (commands, tails, pipes) fails with `unavailable`.
 * Before the first connection everything waits; while reconnecting only lives and queries do.
 */
export function createConnection<C extends Contract>(
  contract: C,
  connect: () => Promise<Port>,
  options: ConnectionOptions = {},
): Connection<C> {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const onState = new Emitter<ConnectionState>();
  const requests = new Requests();
  let state: ConnectionState = 'connecting';
  let problem: KubeSageError | undefined;
  let port: Port | undefined;
  let waiting: Disposable | undefined;
  let waitMs = firstWaitMs;

  const enter = (next: ConnectionState) => {
    if (state === next) return;
    state = next;
    onState.fire(next);
  };
  const retry = () => {
    const delayMs = waitMs * (1 - random() / 2);
    waitMs = Math.min(lastWaitMs, waitMs * 2);
    waiting = clock.after(delayMs, attempt);
  };
  const attempt = () => {
    connect().then(
      (opened) => {
        if (state === 'closed') {
          opened.dispose();
          return;
        }
        port = opened;
        problem = undefined;
        opened.onClose(() => lose(opened));
        requests.attach(opened);
        enter('connected');
        // Not sooner: a server that accepts and closes at once is to be left alone for longer and longer.
        waiting = clock.after(lastWaitMs, () => {
          waitMs = firstWaitMs;
        });
      },
      (error: unknown) => {
        if (state === 'closed') return;
        problem =
          error instanceof KubeSageError
            ? error
            : new KubeSageError('unavailable', "KubeSage's engine could not be reached", { cause: error });
        retry();
      },
    );
  };
  const lose = (lost: Port) => {
    if (state === 'closed' || port !== lost) return;
    port = undefined;
    waiting?.dispose();
    requests.detach();
    enter('reconnecting');
    retry();
  };

  attempt();
  return {
    client: clientOf(contract, requests),
    get state() {
      return state;
    },
    get problem() {
      return problem;
    },
    onState: onState.event,
    dispose() {
      if (state === 'closed') return;
      waiting?.dispose();
      requests.close();
      enter('closed');
      port?.dispose();
      onState.dispose();
    },
  };
}

/** A client of one port: when it closes, everything under way fails with `unavailable`. */
export function createClient<C extends Contract>(contract: C, port: Port): Client<C> {
  const requests = new Requests();
  requests.attach(port);
  port.onClose(() => requests.close());
  return clientOf(contract, requests);
}

/** The contract as functions over requests. */
function clientOf<C extends Contract>(contract: C, requests: Requests): Client<C> {
  const capabilities: Record<string, Record<string, unknown>> = {};
  for (const [capability, procedures] of Object.entries(contract)) {
    const calls: Record<string, unknown> = {};
    for (const [name, { kind }] of Object.entries(procedures)) {
      calls[name] = callOf(kind, `${capability}.${name}`, requests);
    }
    capabilities[capability] = calls;
  }
  // What `Call` says of each kind is what `callOf` returns for it; the compiler cannot follow a loop over keys.
  return capabilities as Client<C>;
}

function callOf(kind: Procedure['kind'], to: string, requests: Requests): unknown {
  switch (kind) {
    case 'query':
    case 'command':
      return (input: unknown, options?: CallOptions) => requests.call(kind, to, input, options?.signal);
    case 'live':
      return (input: unknown, observer: LiveObserver<unknown, { key: string }>) => requests.live(to, input, observer);
    case 'tail':
      return (input: unknown, observer: TailObserver<unknown>) => requests.tail(to, input, observer);
    case 'pipe':
      return (input: unknown, observer: PipeObserver<unknown>) => requests.pipe(to, input, observer);
  }
}
