import { type Disposable, toDisposable } from '../../kernel/disposable.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { DialOptions, Wire } from '../../kube/transport/index.ts';
import type { ServerConnection } from './exchange.ts';
import type { VirtualClock } from './virtualClock.ts';

/** How a link carries bytes from the server. Milliseconds and bytes. */
export interface Link {
  latencyMs: number;
  /** Most bytes of one delivery; the rest follows after `gapMs`. */
  packetBytes: number;
  gapMs: number;
  /** Nothing gets through in either direction, and nobody is told. */
  hole: boolean;
  /** Nobody listens on the port. */
  refused: boolean;
}

export const goodLink: Readonly<Link> = {
  latencyMs: 1,
  packetBytes: Number.POSITIVE_INFINITY,
  gapMs: 0,
  hole: false,
  refused: false,
};

/** Kernel probes: after 10 s of silence one a second, and the connection is given up after ten without an answer. */
const keepAliveMs = 10_000;
const keepAliveEndMs = 20_000;

export interface Listener {
  /** Returns who takes the bytes of the client. */
  accept(connection: VirtualConnection): { data(bytes: Uint8Array): void; closed(): void };
}

/** The way to one server: TCP as far as a client can tell, in virtual time. */
export class Network {
  readonly link: Link = { ...goodLink };
  readonly connections = new Set<VirtualConnection>();
  readonly #clock: VirtualClock;
  readonly #listener: Listener;
  dials = 0;
  /** A reset did not get through: the client goes on to believe in a connection that is none. */
  onLostReset: () => void = () => undefined;

  constructor(clock: VirtualClock, listener: Listener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  /** As the transport's own: time limit and abort signal included. */
  dial(options: DialOptions): Promise<Wire> {
    this.dials++;
    const { target, timeoutMs, signal, clock } = options;
    return new Promise((resolve, reject) => {
      const parts: Disposable[] = [];
      const settle = (act: () => void) => {
        for (const part of parts.splice(0)) part.dispose();
        act();
      };
      const fail = (error: KubeSageError) => settle(() => reject(error));
      const abort = () => fail(new KubeSageError('cancelled', 'The request was cancelled'));
      if (signal?.aborted) return abort();
      signal?.addEventListener('abort', abort, { once: true });
      parts.push(toDisposable(() => signal?.removeEventListener('abort', abort)));
      const late = new KubeSageError('timeout', `${target.name} did not accept a connection in time`);
      parts.push(clock.after(timeoutMs, () => fail(late)));
      const arrive = () => {
        // A SYN is repeated until it gets through.
        if (this.link.hole) parts.push(this.#clock.after(1_000, arrive));
        else if (this.link.refused) fail(new KubeSageError('unreachable', `${target.name} refuses connections`));
        else {
          const connection = new VirtualConnection(this.#clock, this, this.#listener);
          settle(() => resolve(connection.wire));
        }
      };
      parts.push(this.#clock.after(2 * this.link.latencyMs, arrive));
    });
  }

  resetAll(): void {
    for (const connection of [...this.connections]) connection.reset();
  }
}

/** One connection; its server's end is itself, its client's end is `wire`. */
export class VirtualConnection implements ServerConnection {
  readonly wire: Wire;
  readonly #clock: VirtualClock;
  readonly #network: Network;
  readonly #server: ReturnType<Listener['accept']>;
  #queue: Uint8Array[] = [];
  #ending: 'fin' | 'rst' | undefined;
  #pumping = false;
  #paused = false;
  #clientClosed = false;
  #serverClosed = false;
  #heardAt: number;
  #keepAlive: Disposable;
  /** Nothing gets through on this flow alone: a middlebox forgot it. */
  hole = false;
  /** When bytes last got nearer to the client, or began to wait, by the steady clock. */
  movedAt = 0;

  constructor(clock: VirtualClock, network: Network, listener: Listener) {
    this.#clock = clock;
    this.#network = network;
    this.#heardAt = clock.steady();
    this.wire = this.#createWire();
    network.connections.add(this);
    this.#server = listener.accept(this);
    this.#keepAlive = clock.every(keepAliveMs, () => this.#probe());
  }

  get open(): boolean {
    return !this.#serverClosed;
  }

  /** Bytes that the client has not got. */
  get waiting(): boolean {
    return this.#queue.length > 0 && !this.#clientClosed;
  }

  write(bytes: Uint8Array): void {
    if (this.#serverClosed || bytes.length === 0) return;
    if (this.#queue.length === 0) this.movedAt = this.#clock.steady();
    this.#queue.push(bytes);
    this.#pump(this.#network.link.latencyMs);
  }

  end(): void {
    this.#endBy('fin');
  }

  reset(): void {
    this.#queue = [];
    this.#endBy('rst');
  }

  #endBy(how: 'fin' | 'rst'): void {
    if (this.#serverClosed) return;
    this.#ending = how;
    this.#closeServer();
    this.#pump(this.#network.link.latencyMs);
  }

  #createWire(): Wire {
    const connection = this;
    return {
      onData: () => undefined,
      onClose: () => undefined,
      get closed() {
        return connection.#clientClosed;
      },
      write: (data) => {
        const bytes = typeof data === 'string' ? Buffer.from(data) : Uint8Array.from(data);
        connection.#send(() => {
          if (!connection.#serverClosed) connection.#server.data(bytes);
        });
      },
      pause: () => {
        connection.#paused = true;
      },
      resume: () => {
        connection.#paused = false;
        connection.#pump(0);
      },
      destroy: () => {
        if (connection.#clientClosed) return;
        connection.#closeClient(undefined, false);
        connection.#send(() => connection.#closeServer());
      },
    };
  }

  /** From the client to the server: repeated until it gets through. */
  #send(arrive: () => void): void {
    const attempt = () => {
      if (this.#isHole()) this.#clock.after(1_000, attempt);
      else arrive();
    };
    this.#clock.after(this.#network.link.latencyMs, attempt);
  }

  #isHole(): boolean {
    return this.hole || this.#network.link.hole;
  }

  #pump(afterMs: number): void {
    if (this.#pumping || this.#clientClosed) return;
    this.#pumping = true;
    this.#clock.after(afterMs, () => {
      this.#pumping = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    if (this.#clientClosed || this.#paused) return;
    // Retransmitted until it gets through; a reset is sent once, and lost when it does not.
    if (this.#isHole()) {
      if (this.#ending === 'rst') this.#network.onLostReset();
      else this.#pump(1_000);
      return;
    }
    const { packetBytes, gapMs } = this.#network.link;
    const bytes = this.#queue.length > 1 ? Buffer.concat(this.#queue) : (this.#queue[0] ?? new Uint8Array());
    const packet = bytes.subarray(0, packetBytes);
    this.#queue = packet.length < bytes.length ? [bytes.subarray(packet.length)] : [];
    if (packet.length > 0) {
      this.movedAt = this.#clock.steady();
      this.#heardAt = this.movedAt;
      // The reader's buffer is its own: what it keeps of ours would be overwritten.
      const copy = Uint8Array.from(packet);
      this.wire.onData(copy, 0, copy.length);
      copy.fill(0xff);
    }
    if (this.#clientClosed) return;
    if (this.#queue.length > 0) this.#pump(gapMs);
    else if (this.#ending !== undefined) {
      this.#closeClient(this.#ending === 'rst' ? resetError() : undefined, true);
    }
  }

  #probe(): void {
    if (this.#clientClosed) return;
    const silentMs = this.#clock.steady() - this.#heardAt;
    if (silentMs < keepAliveMs) return;
    if (this.#isHole()) {
      if (silentMs < keepAliveEndMs) return;
      this.#closeClient(new KubeSageError('unreachable', 'The connection timed out'), true);
    } else if (this.#serverClosed && this.#ending === 'rst') this.#closeClient(resetError(), true);
    else this.#heardAt = this.#clock.steady();
  }

  #closeClient(error: KubeSageError | undefined, tell: boolean): void {
    this.#clientClosed = true;
    this.#queue = [];
    this.#keepAlive.dispose();
    this.#network.connections.delete(this);
    const { onClose } = this.wire;
    this.wire.onData = () => undefined;
    this.wire.onClose = () => undefined;
    if (tell) onClose(error);
  }

  #closeServer(): void {
    if (this.#serverClosed) return;
    this.#serverClosed = true;
    this.#server.closed();
  }
}

function resetError(): KubeSageError {
  return new KubeSageError('unreachable', 'The connection was reset');
}
