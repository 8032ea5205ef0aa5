import net from 'node:net';
import { systemClock } from '../../src/core/kernel/clock.ts';
import { ApiServer, type Flavour } from '../../src/core/weather/testing/apiServer.ts';
import { Etcd } from '../../src/core/weather/testing/etcd.ts';
import { Exchange, RequestReader, type ServerConnection } from '../../src/core/weather/testing/exchange.ts';
import { servedKind } from '../../src/core/weather/testing/servedKinds.ts';

/** The model's API server behind real sockets, with a link that can be made bad. */
export class WeatherServer {
  readonly etcd = new Etcd(0, { opaque: false, steady: () => systemClock.steady() });
  readonly api: ApiServer;
  /** Nothing gets through while it is set. */
  #hole = false;
  /** Bytes of one packet, and the milliseconds between two. */
  #slow: { bytes: number; gapMs: number } | undefined;
  #server: net.Server | undefined;
  readonly #sockets = new Set<SlowSocket>();
  #port = 0;

  constructor(flavour: Flavour) {
    this.api = new ApiServer(this.etcd, { clock: systemClock, flavour });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  put(name: string, seed: number): void {
    this.etcd.put(servedKind('pods'), name, 'default', seed);
  }

  remove(name: string): void {
    this.etcd.remove('pods', name, 'default');
  }

  /** `name@version` of every pod, sorted. */
  rows(): string[] {
    return this.etcd
      .of('pods')
      .map(({ name, revision }) => `${name}@${revision}`)
      .sort();
  }

  listen(): Promise<void> {
    const server = net.createServer((socket) => this.#accept(socket));
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', () => {
        this.#port = (server.address() as net.AddressInfo).port;
        resolve();
      });
    });
  }

  resetAll(): void {
    for (const socket of this.#sockets) socket.reset();
  }

  async stop(): Promise<void> {
    this.resetAll();
    await new Promise<void>((resolve) =>
      this.#server === undefined ? resolve() : this.#server.close(() => resolve()),
    );
  }

  hole(isHole: boolean): void {
    this.#hole = isHole;
    for (const socket of this.#sockets) socket.pump();
  }

  slow(how: { bytes: number; gapMs: number } | undefined): void {
    this.#slow = how;
    for (const socket of this.#sockets) socket.pump();
  }

  #accept(socket: net.Socket): void {
    const held: Uint8Array[] = [];
    let exchange: Exchange | undefined;
    const connection = new SlowSocket(socket, () => ({ hole: this.#hole, slow: this.#slow }));
    this.#sockets.add(connection);
    const reader = new RequestReader((request) => {
      exchange = new Exchange({ ...request, at: systemClock.steady() }, connection, () => new Date());
      this.api.serve(exchange);
    });
    const read = () => {
      if (this.#hole) setTimeout(read, 100);
      else for (const bytes of held.splice(0)) reader.read(bytes);
    };
    socket.on('data', (bytes) => {
      held.push(bytes);
      read();
    });
    // Resets are what this is about.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(connection);
      exchange?.onClose();
    });
  }
}

/** A socket that sends in packets, when it may. */
class SlowSocket implements ServerConnection {
  readonly #socket: net.Socket;
  readonly #link: () => { hole: boolean; slow: { bytes: number; gapMs: number } | undefined };
  #waiting = Buffer.alloc(0);
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: net.Socket, link: () => { hole: boolean; slow: { bytes: number; gapMs: number } | undefined }) {
    this.#socket = socket;
    this.#link = link;
    socket.setNoDelay(true);
  }

  get open(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  write(bytes: Uint8Array): void {
    this.#waiting = Buffer.concat([this.#waiting, bytes]);
    this.pump();
  }

  end(): void {
    this.#socket.end();
  }

  reset(): void {
    clearTimeout(this.#timer);
    this.#socket.resetAndDestroy();
  }

  pump(): void {
    const { hole, slow } = this.#link();
    if (hole || this.#waiting.length === 0 || this.#timer !== undefined) return;
    if (slow === undefined) {
      this.#socket.write(this.#waiting);
      this.#waiting = Buffer.alloc(0);
      return;
    }
    this.#socket.write(this.#waiting.subarray(0, slow.bytes));
    this.#waiting = this.#waiting.subarray(slow.bytes);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.pump();
    }, slow.gapMs);
  }
}
