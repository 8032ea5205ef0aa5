import type { z } from 'zod';
import type { Disposable } from './disposable.ts';
import type { Event } from './emitter.ts';

/** What a caller must be allowed to do: a verb on a resource of the product (not of Kubernetes). */
export interface Access {
  verb: 'read' | 'write' | 'admin';
  resource: string;
}

/** The schema of a live's rows. */
type KeyedRow = z.ZodType<{ key: string }, { key: string }>;

interface Described {
  /** One sentence, shown in the API's documentation, the palette and the command line. */
  summary: string;
  access: Access;
}

/** Asks without effect. */
export interface Query<I extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> extends Described {
  kind: 'query';
  input: I;
  result: R;
}

/** Has an effect; audited. A long one returns a job id. */
export interface Command<I extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> extends Described {
  kind: 'command';
  input: I;
  result: R;
}

/** Keyed rows with a head, kept up to date: a snapshot, then changes. Every row has a string `key`. */
export interface Live<I extends z.ZodType = z.ZodType, H extends z.ZodType = z.ZodType, R extends KeyedRow = KeyedRow>
  extends Described {
  kind: 'live';
  input: I;
  /** What is true of the whole: totals, state, columns. */
  head: H;
  row: R;
}

/** An append-only stream. What was dropped for a slow reader is an explicit gap. */
export interface Tail<I extends z.ZodType = z.ZodType, T extends z.ZodType = z.ZodType> extends Described {
  kind: 'tail';
  input: I;
  item: T;
}

/** Two-way messages, such as a terminal. */
export interface Pipe<I extends z.ZodType = z.ZodType, U extends z.ZodType = z.ZodType, D extends z.ZodType = z.ZodType>
  extends Described {
  kind: 'pipe';
  input: I;
  /** Client to engine. */
  up: U;
  /** Engine to client. */
  down: D;
}

export type Procedure = Query | Command | Live | Tail | Pipe;

/** The procedures of one capability, by name. */
export type Capability = Readonly<Record<string, Procedure>>;

/** The whole product: capabilities by name. A procedure's address is `capability.procedure`. */
export type Contract = Readonly<Record<string, Capability>>;

type Definition<P extends Procedure> = Omit<P, 'kind'>;

export function query<I extends z.ZodType, R extends z.ZodType>(definition: Definition<Query<I, R>>): Query<I, R> {
  return { kind: 'query', ...definition };
}

export function command<I extends z.ZodType, R extends z.ZodType>(
  definition: Definition<Command<I, R>>,
): Command<I, R> {
  return { kind: 'command', ...definition };
}

export function live<I extends z.ZodType, H extends z.ZodType, R extends KeyedRow>(
  definition: Definition<Live<I, H, R>>,
): Live<I, H, R> {
  return { kind: 'live', ...definition };
}

export function tail<I extends z.ZodType, T extends z.ZodType>(definition: Definition<Tail<I, T>>): Tail<I, T> {
  return { kind: 'tail', ...definition };
}

export function pipe<I extends z.ZodType, U extends z.ZodType, D extends z.ZodType>(
  definition: Definition<Pipe<I, U, D>>,
): Pipe<I, U, D> {
  return { kind: 'pipe', ...definition };
}

/** Who calls. The desktop's one user is `local`. */
export interface Principal {
  id: string;
  name: string;
}

/** What an implementation learns about a call besides its input. */
export interface CallContext {
  principal: Principal;
  /** Aborted when the caller cancels or its port closes. */
  signal: AbortSignal;
}

/**
 * The state behind a `live`. The server reads it when the client is ready for more, however many changes came between:
 * a slow client costs one diff. `read` must be cheap and return the same row object for an unchanged row, since rows
 * are compared by identity first and by value only when that fails.
 */
export interface LiveSource<H, R extends { key: string }> extends Disposable {
  read(): LiveState<H, R>;
  readonly onChange: Event<void>;
}

export interface LiveState<H, R extends { key: string }> {
  /** Grows with every change. A client that reconnects with the newest one gets no rows again. */
  rev: number;
  head: H;
  /** In order. */
  rows: readonly R[];
}

/**
 * A tail's items that are bounded at their source, which tells by itself what it had to drop: they are taken as the reader
 * is ready for them. Those of any other tail are taken as they come, and dropped when they do not fit.
 */
export interface BoundedItems<T> extends AsyncIterable<T> {
  readonly bounded: true;
}

/** The engine's end of a pipe. */
export interface PipeEnd<U> extends Disposable {
  receive(message: U): void;
}

/** What implements a procedure. */
export type Implementation<P extends Procedure> =
  P extends Query<infer I, infer R>
    ? (input: z.output<I>, context: CallContext) => Promise<z.input<R>> | z.input<R>
    : P extends Command<infer I, infer R>
      ? (input: z.output<I>, context: CallContext) => Promise<z.input<R>> | z.input<R>
      : P extends Live<infer I, infer H, infer R>
        ? (
            input: z.output<I>,
            context: CallContext,
          ) => LiveSource<z.input<H>, z.input<R>> | Promise<LiveSource<z.input<H>, z.input<R>>>
        : P extends Tail<infer I, infer T>
          ? (input: z.output<I>, context: CallContext) => AsyncIterable<z.input<T>>
          : P extends Pipe<infer I, infer U, infer D>
            ? (
                input: z.output<I>,
                send: (message: z.input<D>) => void,
                context: CallContext,
              ) => PipeEnd<z.output<U>> | Promise<PipeEnd<z.output<U>>>
            : never;

/** A capability's `api.ts` is one of these. */
export type Implementations<C extends Capability> = { readonly [K in keyof C]: Implementation<C[K]> };

/** The whole engine behind the contract. */
export type ContractImplementation<C extends Contract> = { readonly [K in keyof C]: Implementations<C[K]> };
