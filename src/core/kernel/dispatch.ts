import type { z } from 'zod';
import type {
  Access,
  CallContext,
  Contract,
  ContractImplementation,
  LiveSource,
  LiveState,
  PipeEnd,
  Principal,
  Procedure,
} from './contract.ts';
import { isSame } from './diff.ts';
import { KubeSageError } from './errors.ts';
import { explainError } from './explain.ts';
import { describeMisfit } from './wire.ts';

/** A procedure with its address, `capability.procedure`. */
export interface Addressed {
  address: string;
  capability: string;
  name: string;
  procedure: Procedure;
}

/** May this principal do that? Also free to throw a `forbidden` of its own that says more. */
export type Authorize = (principal: Principal, access: Access, address: string) => boolean | Promise<boolean>;

export interface DispatchOptions {
  /** Absent: everyone who got a connection may do everything. */
  authorize?: Authorize;
  /**
   * Parses what implementations answer too: results, heads, rows, items. For tests and development: an answer with a
   * field that the contract does not name, or without one whose default the contract has, is an `internal` error.
   */
  checkResults?: boolean;
  /** Hears of defects: errors that are not KubeSageErrors. They cross the wire without their message. */
  log?: (problem: { address: string; error: unknown }) => void;
}

/** A live's source without its types, as the faces see it. */
export type AnyLiveSource = LiveSource<unknown, { key: string }>;

/**
 * The one place where a call from outside becomes a call of an implementation: found by address, allowed, parsed.
 * All methods throw KubeSageErrors only.
 */
export interface Dispatch {
  readonly procedures: readonly Addressed[];
  /** Throws `notFound`. */
  find(address: string): Addressed;
  /** For queries and commands. */
  call(address: string, input: unknown, context: CallContext): Promise<unknown>;
  live(address: string, input: unknown, context: CallContext): Promise<AnyLiveSource>;
  tail(address: string, input: unknown, context: CallContext): Promise<AsyncIterable<unknown>>;
  /** The end that comes back parses what it receives, and throws `invalid` for what does not fit. */
  pipe(
    address: string,
    input: unknown,
    send: (message: unknown) => void,
    context: CallContext,
  ): Promise<PipeEnd<unknown>>;
  /** What a caller is told of an error: a defect's text stays here, and `log` hears it. */
  explain(address: string, error: unknown): KubeSageError;
}

// The contract is a value, so which implementation has which type is known to the compiler only where both are named.
// Here, where they are looked up by name, the schemas guard the types.
type Loose = (...parameters: unknown[]) => unknown;

export function createDispatch<C extends Contract>(
  contract: C,
  implementation: ContractImplementation<C>,
  options: DispatchOptions = {},
): Dispatch {
  const entries = new Map<string, { addressed: Addressed; run: Loose }>();
  for (const addressed of proceduresOf(contract)) {
    const capability = (implementation as Record<string, Record<string, Loose> | undefined>)[addressed.capability];
    const run = capability?.[addressed.name];
    if (capability === undefined || typeof run !== 'function') {
      throw new KubeSageError('internal', `Nothing implements ${addressed.address}`);
    }
    entries.set(addressed.address, { addressed, run: run.bind(capability) });
  }
  const check = options.checkResults === true;

  function entry(address: string) {
    const found = entries.get(address);
    if (found === undefined) {
      throw new KubeSageError('notFound', `There is no procedure ${address.slice(0, 100)}`, {
        hint: 'The procedures are listed in /api/v1/openapi.json.',
      });
    }
    return found;
  }

  /** Finds, allows and parses; only what comes out of here reaches an implementation. */
  async function admit<K extends Procedure['kind']>(
    address: string,
    kinds: readonly K[],
    input: unknown,
    context: CallContext,
  ): Promise<{ run: Loose; procedure: Extract<Procedure, { kind: K }>; input: unknown }> {
    const { addressed, run } = entry(address);
    const { procedure } = addressed;
    if (!isKind(procedure, kinds)) {
      throw new KubeSageError('invalid', `${address} is a ${procedure.kind}, not a ${kinds.join(' or ')}`);
    }
    if (options.authorize !== undefined) {
      const allowed = await options.authorize(context.principal, procedure.access, address);
      if (!allowed) {
        throw new KubeSageError(
          'forbidden',
          `${context.principal.name} may not ${procedure.access.verb} ${procedure.access.resource}`,
        );
      }
    }
    const parsed = procedure.input.safeParse(input);
    if (!parsed.success) throw describeMisfit(`The input of ${address}`, parsed.error);
    if (context.signal.aborted) throw new KubeSageError('cancelled', 'Cancelled');
    return { run, procedure, input: parsed.data };
  }

  return {
    procedures: [...entries.values()].map(({ addressed }) => addressed),
    find: (address) => entry(address).addressed,

    async call(address, input, context) {
      const admitted = await admit(address, ['query', 'command'], input, context);
      const result = await admitted.run(admitted.input, context);
      if (check) verify(`The result of ${address}`, admitted.procedure.result, result);
      return result;
    },

    async live(address, input, context) {
      const admitted = await admit(address, ['live'], input, context);
      const source = (await admitted.run(admitted.input, context)) as AnyLiveSource;
      return check ? checkedSource(address, admitted.procedure, source) : source;
    },

    async tail(address, input, context) {
      const admitted = await admit(address, ['tail'], input, context);
      const items = admitted.run(admitted.input, context) as AsyncIterable<unknown>;
      if (!check) return items;
      const checked = checkedItems(address, admitted.procedure.item, items);
      return 'bounded' in items ? Object.assign(checked, { bounded: true }) : checked;
    },

    async pipe(address, input, send, context) {
      const admitted = await admit(address, ['pipe'], input, context);
      const { up, down } = admitted.procedure;
      const checkedSend = (message: unknown) => {
        if (check) verify(`A message of ${address}`, down, message);
        send(message);
      };
      const end = (await admitted.run(admitted.input, checkedSend, context)) as PipeEnd<unknown>;
      return {
        receive(message) {
          const parsed = up.safeParse(message);
          if (!parsed.success) throw describeMisfit(`A message to ${address}`, parsed.error);
          end.receive(parsed.data);
        },
        dispose: () => end.dispose(),
      };
    },

    explain: (address, error) => explainError(address, error, options.log),
  };
}

/** Every procedure of a contract, in its order. */
export function proceduresOf(contract: Contract): Addressed[] {
  return Object.entries(contract).flatMap(([capability, procedures]) =>
    Object.entries(procedures).map(([name, procedure]) => ({
      address: `${capability}.${name}`,
      capability,
      name,
      procedure,
    })),
  );
}

function isKind<K extends Procedure['kind']>(
  procedure: Procedure,
  kinds: readonly K[],
): procedure is Extract<Procedure, { kind: K }> {
  return (kinds as readonly string[]).includes(procedure.kind);
}

function verify(what: string, schema: z.ZodType, value: unknown): void {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new KubeSageError('internal', describeMisfit(what, parsed.error).message);
  }
  if (!isSame(parsed.data, value)) {
    throw new KubeSageError('internal', `${what} has a field that its contract does not name, or lacks a default`);
  }
}

function checkedSource(
  address: string,
  procedure: Extract<Procedure, { kind: 'live' }>,
  source: AnyLiveSource,
): AnyLiveSource {
  let rows = new WeakSet<object>();
  let head: unknown = checkedSource;
  return {
    read(): LiveState<unknown, { key: string }> {
      const state = source.read();
      if (state.head !== head) verify(`The head of ${address}`, procedure.head, state.head);
      head = state.head;
      const checked = new WeakSet<object>();
      const keys = new Set<string>();
      for (const row of state.rows) {
        if (!rows.has(row)) verify(`A row of ${address}`, procedure.row, row);
        if (keys.has(row.key)) throw new KubeSageError('internal', `${address} has two rows with the key ${row.key}`);
        keys.add(row.key);
        checked.add(row);
      }
      rows = checked;
      return state;
    },
    onChange: source.onChange,
    dispose: () => source.dispose(),
  };
}

async function* checkedItems(address: string, item: z.ZodType, items: AsyncIterable<unknown>): AsyncIterable<unknown> {
  for await (const value of items) {
    verify(`An item of ${address}`, item, value);
    yield value;
  }
}
