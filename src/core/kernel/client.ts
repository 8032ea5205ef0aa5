import type { z } from 'zod';
import type { Command, Contract, Live, LiveState, Pipe, Procedure, Query, Tail } from './contract.ts';
import type { Disposable } from './disposable.ts';
import type { Event } from './emitter.ts';
import type { KubeSageError } from './errors.ts';

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
