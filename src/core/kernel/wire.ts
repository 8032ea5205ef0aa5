import { z } from 'zod';
import { KubeSageError } from './errors.ts';
import { ErrorValue } from './errorValue.ts';
import { type MessageLimits, messageLimits } from './messageLimits.ts';

/*
 * The eight messages that every face with a port speaks: docs/spec/wire.md has the rules (W1…), and the tests cite them.
 *
 *   client to server   call, open, credit, item (a pipe's way up), cancel
 *   server to client   ok, err, item, credit (for a pipe's way up), end
 */

/** Chosen by the client, unique among what it has under way on its port. */
const Id = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** `capability.procedure` */
const Address = z.string().min(3).max(200);

/** Messages for a `live`, bytes (as `weigh` counts them) for a `tail` and each way of a `pipe`. */
const Amount = z
  .number()
  .int()
  .min(1)
  .max(2 ** 30);

export const CallMessage = z.strictObject({ type: z.literal('call'), id: Id, to: Address, input: z.unknown() });

export const OpenMessage = z.strictObject({
  type: z.literal('open'),
  id: Id,
  to: Address,
  input: z.unknown(),
  credit: z
    .number()
    .int()
    .min(0)
    .max(2 ** 30),
  /** For a `live`: the `rev` of the last change that was applied, before the port was lost. */
  since: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
});

export const CreditMessage = z.strictObject({ type: z.literal('credit'), id: Id, credit: Amount });

export const UpMessage = z.strictObject({ type: z.literal('item'), id: Id, value: z.unknown() });

export const CancelMessage = z.strictObject({ type: z.literal('cancel'), id: Id });

export const ClientMessage = z.discriminatedUnion('type', [
  CallMessage,
  OpenMessage,
  CreditMessage,
  UpMessage,
  CancelMessage,
]);
export type ClientMessage = z.infer<typeof ClientMessage>;

const OkMessage = z.strictObject({ type: z.literal('ok'), id: Id, result: z.unknown() });

/** With `id: null` it answers a message that could not be read or that belongs to nothing. */
const ErrMessage = z.strictObject({ type: z.literal('err'), id: Id.nullable(), error: ErrorValue });

const KeyedRow = z.custom<{ key: string }>(
  (row) => typeof row === 'object' && row !== null && typeof (row as { key?: unknown }).key === 'string',
);

/** What changed in a `live` since the last message; see diff.ts for its meaning. */
export const LiveItem = z.strictObject({
  rev: z.number().int(),
  /** Present when this is the whole state, to be applied to nothing. */
  snapshot: z.literal(true).optional(),
  head: z.unknown().optional(),
  patch: z.record(z.string(), z.unknown()).optional(),
  unset: z.array(z.string()).optional(),
  order: z.array(z.string()).optional(),
  upsert: z.array(KeyedRow),
  remove: z.array(z.string()),
});
export type LiveItem = z.infer<typeof LiveItem>;

const ItemMessage = z.union([
  z.strictObject({ type: z.literal('item'), id: Id, change: LiveItem }),
  z.strictObject({
    type: z.literal('item'),
    id: Id,
    /** So many were dropped before the first of these. */
    dropped: z.number().int().min(1).optional(),
    items: z.array(z.unknown()),
    /** What these cost of the reader's credit. */
    bytes: z.number().int().min(0),
  }),
]);

const EndMessage = z.strictObject({ type: z.literal('end'), id: Id });

export const ServerMessage = z.union([OkMessage, ErrMessage, ItemMessage, CreditMessage, EndMessage]);
export type ServerMessage = z.infer<typeof ServerMessage>;

/** What a pipe's client may send before it is granted more; both ends know it. Bytes as `weigh` counts them. */
export const pipeWindowBytes = 256 * 1024;

/**
 * The length of a value as JSON, without counting escapes. Both ends count credit with it.
 * Throws `tooLarge` when it passes the limits, and `invalid` for what JSON does not have (functions, dates, maps, typed
 * arrays, NaN) or what could change an object's prototype. A cycle ends at the depth limit, and a value that is shared
 * is counted wherever it is seen, so that the work is bounded by the limit and not by what the sender made of it.
 */
export function weigh(value: unknown, limits: MessageLimits = messageLimits): number {
  const bytes = weighInto(value, limits, 0, 0);
  if (bytes > limits.messageBytes) throw tooLarge(limits);
  return bytes;
}

function weighInto(value: unknown, limits: MessageLimits, soFar: number, depth: number): number {
  if (soFar > limits.messageBytes) throw tooLarge(limits);
  switch (typeof value) {
    case 'string':
      return soFar + value.length + 2;
    case 'number':
      if (!Number.isFinite(value)) throw notJson('a number that is not finite');
      // Up to 24 characters; whole numbers are the common case and their length is that of their digits.
      return soFar + (Number.isInteger(value) ? digits(value) : 18);
    case 'boolean':
      return soFar + (value ? 4 : 5);
    case 'undefined':
      return soFar;
    case 'object':
      break;
    default:
      throw notJson(`a ${typeof value}`);
  }
  if (value === null) return soFar + 4;
  if (depth >= limits.depth) throw new KubeSageError('tooLarge', `The message is nested deeper than ${limits.depth}`);
  if (Array.isArray(value)) {
    let bytes = soFar + 2;
    for (let index = 0; index < value.length; index++) bytes = weighInto(value[index], limits, bytes + 1, depth + 1);
    return bytes;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && !isPlainPrototype(prototype)) throw notJson('an object with a class');
  let bytes = soFar + 2;
  for (const key of Object.keys(value)) {
    if (key === '__proto__') throw notJson('a key named __proto__');
    bytes = weighInto((value as Record<string, unknown>)[key], limits, bytes + key.length + 4, depth + 1);
  }
  return bytes;
}

function tooLarge(limits: MessageLimits): KubeSageError {
  return new KubeSageError('tooLarge', `The message is larger than ${limits.messageBytes} bytes`, {
    hint: 'Ask for less at once, or send it in parts.',
  });
}

/** Also true for plain objects of another realm, as a preload script's are. */
function isPlainPrototype(prototype: unknown): boolean {
  return prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function digits(whole: number): number {
  const positive = Math.abs(whole);
  return (whole < 0 ? 1 : 0) + (positive < 10 ? 1 : Math.floor(Math.log10(positive)) + 1);
}

function notJson(what: string): KubeSageError {
  return new KubeSageError('invalid', `The message contains ${what}, and only JSON values travel`);
}

/** What became of a message that came in: read, or refused with the id that it seems to belong to. */
export type Received<M> =
  | { ok: true; message: M; bytes: number }
  | { ok: false; id: number | null; error: KubeSageError };

/** Reads a message from a client. Never throws. */
export function readClientMessage(raw: unknown, limits: MessageLimits = messageLimits): Received<ClientMessage> {
  return read(ClientMessage, raw, limits);
}

/** Reads a message from the server. Its weight is not counted: the client asked for it and granted credit. */
export function readServerMessage(raw: unknown): Received<ServerMessage> {
  return read(ServerMessage, raw, undefined);
}

function read<M>(schema: z.ZodType<M>, raw: unknown, limits: MessageLimits | undefined): Received<M> {
  try {
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
      return { ok: false, id: null, error: new KubeSageError('invalid', 'A message is an object with a type') };
    }
    const bytes = limits === undefined ? 0 : weigh(raw, limits);
    const parsed = schema.safeParse(raw);
    if (parsed.success) return { ok: true, message: parsed.data, bytes };
    return { ok: false, id: idOf(raw), error: describeMisfit('The message', parsed.error) };
  } catch (error) {
    const refused =
      error instanceof KubeSageError
        ? error
        : new KubeSageError('invalid', 'The message could not be read', { cause: error });
    return { ok: false, id: null, error: refused };
  }
}

function idOf(raw: object): number | null {
  const id = Id.safeParse((raw as { id?: unknown }).id);
  return id.success ? id.data : null;
}

/** An `invalid` that names the first few places where a value did not fit its schema. */
export function describeMisfit(what: string, error: z.ZodError): KubeSageError {
  const shown = error.issues.slice(0, 3).map((issue) => {
    const place = issue.path.map(String).join('.');
    return place === '' ? issue.message : `${place}: ${issue.message}`;
  });
  const more = error.issues.length > shown.length ? ` (and ${error.issues.length - shown.length} more)` : '';
  return new KubeSageError('invalid', `${what} does not fit: ${shown.join('; ')}${more}`);
}
