import { Activity, type Start } from './activity.ts';
import type { Port } from './client.ts';
import { type Clock, systemClock } from './clock.ts';
import type { CallContext, Contract, ContractImplementation, Principal } from './contract.ts';
import { createDispatch, type Dispatch, type DispatchOptions } from './dispatch.ts';
import { type Disposable, Scope, toDisposable } from './disposable.ts';
import { KubeSageError } from './errors.ts';
import { type LostLimits, LostLives } from './lostLives.ts';
import { messageLimits } from './messageLimits.ts';
import { RateLimit } from './rateLimit.ts';
import { openStream } from './streams.ts';
import { readClientMessage, type ServerMessage, weigh } from './wire.ts';

export interface ServerLimits extends LostLimits {
  /** The most that one message from a client may weigh, in bytes. */
  messageBytes: number;
  /** How deep its values may be nested. */
  depth: number;
  /** Calls and streams under way at once, per port. */
  callsPerPort: number;
  streamsPerPort: number;
  /** Sustained; a burst may be twice that. Ten times as many close the port. */
  messagesPerSecond: number;
  /** What waits for a slow reader of a tail, and then is dropped. */
  tailBufferBytes: number;
  /** What waits for a slow reader of a pipe; nothing of it can be dropped, so more ends the pipe. */
  pipeBufferBytes: number;
}

export const serverLimits: ServerLimits = {
  ...messageLimits,
  callsPerPort: 256,
  streamsPerPort: 256,
  // A window shows some 20 lives; each answers up to 62 frames a second with a credit: 1,240.
  messagesPerSecond: 5000,
  tailBufferBytes: 1024 * 1024,
  pipeBufferBytes: 8 * 1024 * 1024,
  resumeMs: 60_000,
  resumeCount: 64,
};

export interface ServerOptions extends DispatchOptions {
  limits?: Partial<ServerLimits>;
  clock?: Clock;
}

export interface Server extends Disposable {
  /** Serves one port until it closes or the result is disposed; both end everything that it opened. */
  accept(port: Port, principal: Principal): Disposable;
  /** What the faces without ports are made from. */
  readonly dispatch: Dispatch;
  /** Memory is short: clients that lost their port get whole states when they come back, not differences. */
  forgetLost(): void;
}

/** Serves a contract over any number of ports. Disposing it ends them all. */
export function createServer<C extends Contract>(
  contract: C,
  implementation: ContractImplementation<C>,
  options: ServerOptions = {},
): Server {
  const clock = options.clock ?? systemClock;
  const limits = { ...serverLimits, ...options.limits };
  const sessions = new Scope();
  // Revisions grow over restarts too, so that one of a former server is never taken for one of this: they start at the
  // time in units of 1/1024 ms, and no server sends a thousand changes a millisecond.
  let lastRev = clock.now() * 1024;
  const shared: Shared = {
    dispatch: createDispatch(contract, implementation, options),
    clock,
    limits,
    nextRev: () => ++lastRev,
    lost: new LostLives(clock, limits),
  };
  sessions.add(shared.lost);
  return {
    dispatch: shared.dispatch,
    accept(port, principal) {
      const session = sessions.add(new Session(port, principal, shared));
      port.onClose(() => sessions.release(session));
      return toDisposable(() => sessions.release(session));
    },
    forgetLost: () => shared.lost.dispose(),
    dispose: () => sessions.dispose(),
  };
}

interface Shared {
  dispatch: Dispatch;
  clock: Clock;
  limits: ServerLimits;
  nextRev: () => number;
  lost: LostLives;
}

/** One port's side of the server. */
class Session implements Disposable {
  readonly #port: Port;
  readonly #principal: Principal;
  readonly #shared: Shared;
  readonly #activities = new Map<number, Activity>();
  readonly #rate: RateLimit;
  readonly #flood: RateLimit;
  readonly #listening: Disposable;
  #closed = false;

  constructor(port: Port, principal: Principal, shared: Shared) {
    this.#port = port;
    this.#principal = principal;
    this.#shared = shared;
    const { messagesPerSecond } = shared.limits;
    this.#rate = new RateLimit(shared.clock, messagesPerSecond, 2 * messagesPerSecond);
    this.#flood = new RateLimit(shared.clock, 10 * messagesPerSecond, 10 * messagesPerSecond);
    this.#listening = port.onMessage((raw) => this.#receive(raw));
  }

  /** Ends everything that the port opened, and the port. What lives had sent is kept for a while. */
  dispose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listening.dispose();
    for (const activity of this.#activities.values()) {
      const { sent: state, start } = activity;
      if (state !== undefined) {
        this.#shared.lost.keep({ address: start.to, input: start.input, principal: this.#principal.id, state });
      }
      this.#release(activity);
    }
    this.#activities.clear();
    this.#port.dispose();
  }

  #receive(raw: unknown): void {
    if (this.#closed) return;
    if (!this.#flood.take()) {
      this.dispose();
      return;
    }
    const withinRate = this.#rate.take();
    const received = readClientMessage(raw, this.#shared.limits);
    if (!received.ok) {
      // Beyond the rate, what cannot be read is not worth an answer either.
      if (withinRate) this.#refuse(received.id, received.error);
      return;
    }
    const { message } = received;
    switch (message.type) {
      case 'call':
      case 'open':
        this.#start(message, withinRate);
        break;
      case 'credit':
        // Always heard, as `cancel` is: losing one would stop a stream for good.
        this.#activities.get(message.id)?.grant(message.credit);
        break;
      case 'item':
        this.#receiveItem(message.id, message.value);
        break;
      case 'cancel':
        this.#cancel(message.id);
    }
  }

  #cancel(id: number): void {
    const activity = this.#activities.get(id);
    if (activity === undefined) return;
    this.#activities.delete(id);
    this.#release(activity);
  }

  /** A source that cannot be released is a defect, which must keep neither the port nor its other streams. */
  #release(activity: Activity): void {
    try {
      activity.dispose();
    } catch (error) {
      this.#shared.dispatch.explain(activity.start.to, error);
    }
  }

  #receiveItem(id: number, value: unknown): void {
    const activity = this.#activities.get(id);
    // It may have ended while the message was on its way.
    if (activity === undefined) return;
    try {
      activity.receive(value, weigh(value, this.#shared.limits));
    } catch (error) {
      this.#end(activity, error);
    }
  }

  #start(message: Start, withinRate: boolean): void {
    const { id } = message;
    const refusal = this.#whyNot(message, withinRate);
    if (refusal !== undefined) {
      // With an id in use the answer goes without it: an error with it would end what is under way.
      this.#refuse(this.#activities.has(id) ? null : id, refusal);
      return;
    }
    const activity = new Activity(message);
    this.#activities.set(id, activity);
    const context: CallContext = { principal: this.#principal, signal: activity.signal };
    const started = message.type === 'call' ? this.#call(activity, context) : this.#open(activity, message, context);
    started.catch((error: unknown) => this.#end(activity, error));
  }

  #whyNot({ type, id }: Start, withinRate: boolean): KubeSageError | undefined {
    const { callsPerPort, streamsPerPort, messagesPerSecond } = this.#shared.limits;
    if (!withinRate) {
      return new KubeSageError('tooMany', `More than ${messagesPerSecond} messages a second`, { hint: 'Send fewer.' });
    }
    if (this.#activities.has(id)) return new KubeSageError('conflict', `Id ${id} is in use already`);
    const limit = type === 'open' ? streamsPerPort : callsPerPort;
    let underWay = 0;
    for (const activity of this.#activities.values()) if (activity.start.type === type) underWay++;
    if (underWay < limit) return undefined;
    const what = type === 'open' ? 'streams' : 'calls';
    return new KubeSageError('tooMany', `${limit} ${what} are under way on this connection already`, {
      hint: 'End some before starting more.',
    });
  }

  async #call(activity: Activity, context: CallContext): Promise<void> {
    const { id, to, input } = activity.start;
    const result = await this.#shared.dispatch.call(to, input, context);
    if (context.signal.aborted) return;
    this.#send({ type: 'ok', id, result });
    this.#activities.delete(id);
  }

  async #open(activity: Activity, message: Extract<Start, { type: 'open' }>, context: CallContext): Promise<void> {
    const { dispatch, clock, limits, nextRev, lost } = this.#shared;
    const { to: address, input, since } = message;
    const resume =
      since === undefined ? undefined : lost.take(since, { address, input, principal: this.#principal.id });
    const host = {
      dispatch,
      clock,
      ...limits,
      nextRev,
      send: (outgoing: ServerMessage) => this.#sendFor(activity, outgoing),
      fail: (error: unknown) => this.#end(activity, error),
      end: () => this.#end(activity),
    };
    activity.attach(await openStream(message, context, host, resume));
  }

  /** Ends an activity, with an error when there is one. One that was cancelled before is not heard of again. */
  #end(activity: Activity, ...error: [unknown?]): void {
    const { id, to } = activity.start;
    if (this.#activities.get(id) !== activity) return;
    this.#activities.delete(id);
    this.#release(activity);
    if (error.length === 0) this.#post({ type: 'end', id });
    else this.#refuse(id, this.#shared.dispatch.explain(to, error[0]));
  }

  #refuse(id: number | null, error: KubeSageError): void {
    this.#post({ type: 'err', id, error: error.toValue() });
  }

  /** A stream's message goes out as long as the stream is under way; a value that cannot travel ends it. */
  #sendFor(activity: Activity, message: ServerMessage): void {
    if (this.#activities.get(activity.start.id) !== activity) return;
    try {
      this.#send(message);
    } catch (error) {
      this.#end(activity, error);
    }
  }

  #send(message: ServerMessage): void {
    if (!this.#closed) this.#port.post(message);
  }

  /** For messages without foreign values: if such a one cannot be posted, the port is unusable. */
  #post(message: ServerMessage): void {
    try {
      this.#send(message);
    } catch {
      this.dispose();
    }
  }
}
