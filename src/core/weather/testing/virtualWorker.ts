import { EventEmitter } from 'node:events';
import type { Order, Report } from '../../kube/reflector/messages.ts';
import { type ShardHostOptions, type ShardPort, serveShard } from '../../kube/reflector/shardHost.ts';
import type { VirtualClock } from './virtualClock.ts';

/** A worker thread in virtual time: its messages are cloned and transferred as those of a real one, and take time. */
export class VirtualWorker extends EventEmitter {
  readonly #clock: VirtualClock;
  readonly #orders = new EventEmitter();
  readonly #shard: { dispose(): void };
  readonly #delayMs: () => number;
  #over = false;
  /** No message overtakes another, whatever the delays. */
  #arrivesAt = 0;

  /** @param options.delayMs how long the engine's thread lets a message wait now */
  constructor(options: Omit<ShardHostOptions, 'clock' | 'defer'> & { clock: VirtualClock; delayMs: () => number }) {
    super();
    this.#clock = options.clock;
    this.#delayMs = options.delayMs;
    const port: ShardPort = {
      on: (event, listener) => this.#orders.on(event, listener),
      postMessage: (report: Report, transfer: ArrayBuffer[] = []) => {
        const copy = structuredClone(report, { transfer });
        this.#arrivesAt = Math.max(this.#arrivesAt, this.#clock.steady() + this.#delayMs());
        this.#clock.after(this.#arrivesAt - this.#clock.steady(), () => {
          if (!this.#over) this.emit('message', copy);
        });
      },
    };
    const { clock, random, version, transport } = options;
    const defer = (run: () => void) => void clock.after(0, run);
    this.#shard = serveShard(port, { clock, random, defer, version, transport });
  }

  postMessage(order: Order): void {
    const copy = structuredClone(order);
    this.#clock.after(0, () => {
      if (!this.#over) this.#orders.emit('message', copy);
    });
  }

  terminate(): void {
    this.#over = true;
    this.#shard.dispose();
  }

  /** Dies as by a defect: what it had not delivered is lost. */
  crash(): void {
    if (this.#over) return;
    this.terminate();
    this.emit('error', new Error('a bug'));
    this.emit('exit');
  }
}
